from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.reading import Risk, RiskKind
from routing.choose import refer
from routing.city import Foreign
from routing.hours import TOKYO
from routing.lines import describe_line, line_is_open, lines_for
from routing.referral import Profile
from tests.routing.support import cities, japan

NOON = japan("2026-11-20 12:00")
NIGHT = japan("2026-11-20 22:30")


def keys(city: str, *kinds: RiskKind, now: datetime = NOON, child: bool = False, language: str = "ja") -> list[str]:
    return [line.key for line in lines_for(cities()[city], kinds, now, child=child, language=language)]


@pytest.mark.parametrize("city", ["oshu", "aizuwakamatsu"])
def test_yorisoi_has_its_own_number_in_the_three_prefectures(city: str) -> None:
    lines = {line.key: line.number for line in lines_for(cities()[city], [RiskKind.SUICIDE], NOON)}
    assert lines["yorisoi_tohoku3"] == "0120-279-226"
    assert "0120-279-338" not in {line.number for line in cities()[city].lines.values()}


@pytest.mark.parametrize("city", ["semboku", "sakata", "nonoichi"])
def test_elsewhere_yorisoi_has_the_national_number(city: str) -> None:
    assert cities()[city].lines["yorisoi"].number == "0120-279-338"
    assert "yorisoi_tohoku3" not in cities()[city].lines


@pytest.mark.parametrize(
    ("kind", "first"), [(RiskKind.MEDICAL, "119"), (RiskKind.VIOLENCE, "110"), (RiskKind.ABUSE, "189"), (RiskKind.SUICIDE, "0120-279-338")]
)
def test_each_danger_begins_with_its_own_line(kind: RiskKind, first: str) -> None:
    assert lines_for(cities()["semboku"], [kind], NOON)[0].number == first


def test_several_dangers_each_have_their_turn_and_three_is_the_most() -> None:
    shown = keys("semboku", RiskKind.SUICIDE, RiskKind.VIOLENCE, RiskKind.MEDICAL)
    assert shown == ["ambulance", "police", "yorisoi"]


def test_suicidal_feelings_get_listening_lines_and_no_police() -> None:
    shown = keys("semboku", RiskKind.SUICIDE)
    assert len(shown) == 3
    assert not {"police", "ambulance"} & set(shown)
    assert "ibasho" in shown


def test_open_lines_come_before_closed_ones() -> None:
    shown = lines_for(cities()["semboku"], [RiskKind.SUICIDE], NOON, child=True)
    opens = [line_is_open(line, NOON) for line in shown]
    assert opens == sorted(opens, reverse=True)


def test_lines_for_children_are_shown_to_children_only() -> None:
    assert "sos24" in keys("semboku", RiskKind.SUICIDE, child=True)
    assert "sos24" not in keys("semboku", RiskKind.SUICIDE)


def test_a_child_at_night_sees_only_lines_that_never_close() -> None:
    shown = lines_for(cities()["semboku"], [RiskKind.SUICIDE, RiskKind.ABUSE], NIGHT, child=True)
    assert shown
    assert all(line.opens == line.closes for line in shown)


def test_childline_rests_at_the_turn_of_the_year() -> None:
    childline = cities()["semboku"].lines["childline"]
    assert line_is_open(childline, japan("2026-12-28 17:00"))
    assert not line_is_open(childline, japan("2026-12-31 17:00"))
    assert "1月4日" in describe_line(childline, japan("2026-12-31 17:00"))


def test_the_seasonal_line_is_shown_only_inside_its_dates() -> None:
    city = cities()["semboku"]
    seasonal = replace(city.lines["kodoku9999"], kinds=frozenset({RiskKind.DEPRIVATION}))
    assert "kodoku9999" not in [line.key for line in lines_for(replace(city, lines={"kodoku9999": seasonal}), [RiskKind.DEPRIVATION], NOON)]
    dated = replace(seasonal, valid_from=date(2026, 11, 1), valid_to=date(2026, 11, 30))
    inside = replace(city, lines={"kodoku9999": dated})
    assert [line.key for line in lines_for(inside, [RiskKind.DEPRIVATION], NOON)] == ["kodoku9999"]
    assert not lines_for(inside, [RiskKind.DEPRIVATION], japan("2026-12-01 12:00"))


def test_a_line_past_its_review_date_is_not_shown_but_110_119_and_189_always_are() -> None:
    city = cities()["semboku"]
    old = replace(city, lines={key: replace(line, review_on=date(2020, 1, 1)) for key, line in city.lines.items()})
    assert not lines_for(old, [RiskKind.SUICIDE], NOON)
    assert [line.key for line in lines_for(old, [RiskKind.MEDICAL, RiskKind.VIOLENCE, RiskKind.ABUSE], NOON)] == [
        "ambulance",
        "police",
        "child189",
    ]


def test_a_line_with_unknown_hours_is_never_called_open() -> None:
    navi = cities()["semboku"].lines["dv_navi"]
    assert not line_is_open(navi, NOON)
    assert "受付中" not in describe_line(navi, NOON)


def test_numbers_that_cost_money_say_so() -> None:
    text = describe_line(cities()["semboku"].lines["inochi_navi"], NOON)
    assert "0570-783-556" in text
    assert "通話料がかかります" in text
    assert "IP電話" in text


def test_a_free_line_is_described_in_one_line() -> None:
    assert describe_line(cities()["oshu"].lines["yorisoi_tohoku3"], NOON) == "よりそいホットライン 0120-279-226（無料・24時間）"


def test_without_a_kind_the_lines_that_listen_are_shown() -> None:
    assert keys("semboku") == keys("semboku", RiskKind.SUICIDE)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (RiskKind.SUICIDE, ["yorisoi_foreign", "ibasho", "inochi_sos"]),
        (RiskKind.VIOLENCE, ["police", "dv_plus", "yorisoi_foreign"]),
        (RiskKind.ABUSE, ["child189", "police", "jiso_soudan"]),
    ],
)
def test_who_writes_in_another_language_sees_lines_that_answer_in_it_first(kind: RiskKind, expected: list[str]) -> None:
    assert keys("sakata", kind, language="vi") == expected


def test_a_referral_gives_the_lines_of_the_language_of_the_writer() -> None:
    danger = Profile(risk=Risk.URGENT, risk_kinds=(RiskKind.SUICIDE,), language="vi")
    assert list(refer([], danger, cities()["sakata"], NOON).lines) == keys("sakata", RiskKind.SUICIDE, language="vi")
    assert list(refer([], replace(danger, language="ja"), cities()["sakata"], NOON).lines) == keys("sakata", RiskKind.SUICIDE)


def test_a_line_for_other_languages_alone_is_shown_to_nobody_who_writes_japanese() -> None:
    every_kind = [keys(city, kind) for city in cities() for kind in RiskKind]
    assert not {"yorisoi_foreign", "immi"} & {key for shown in every_kind for key in shown}


def test_in_the_three_prefectures_no_other_number_of_yorisoi_is_shown_in_another_language_either() -> None:
    shown = {line.number for kind in RiskKind for line in lines_for(cities()["aizuwakamatsu"], [kind], NOON, language="en")}
    assert "0120-279-338" not in shown
    assert "0120-279-226" in shown


def test_outside_its_hours_a_line_in_the_own_language_comes_after_the_open_ones() -> None:
    assert keys("sakata", RiskKind.SUICIDE, now=NIGHT, language="vi")[0] == "yorisoi"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [("2026-12-10 09:00", True), ("2026-12-11 07:59", True), ("2026-12-11 09:00", False), ("2026-12-09 09:00", False)],
)
def test_the_tenth_of_the_month_has_the_long_hours_that_its_text_says(moment: str, expected: bool) -> None:
    assert line_is_open(cities()["semboku"].lines["inochi_free"], japan(moment)) is expected


@pytest.mark.parametrize(("moment", "expected"), [("2026-11-21 10:00", True), ("2026-11-21 18:00", False), ("2026-11-22 10:00", False)])
def test_houterasu_is_open_on_a_saturday_too(moment: str, expected: bool) -> None:
    assert line_is_open(cities()["semboku"].lines["houterasu"], japan(moment)) is expected


def test_where_hours_vary_a_line_comes_after_the_open_and_before_the_closed_ones() -> None:
    city = cities()["semboku"]
    few = replace(city, lines={key: city.lines[key] for key in ("police9110", "dv_navi", "dv_plus")})
    assert [line.key for line in lines_for(few, [RiskKind.VIOLENCE], NIGHT)] == ["dv_plus", "dv_navi", "police9110"]


def test_a_line_that_was_checked_says_when() -> None:
    checked = replace(cities()["sakata"].lines["yorisoi"], checked_on=date(2026, 11, 1), review_on=date(2027, 5, 1))
    assert describe_line(checked, NOON) == "よりそいホットライン 0120-279-338（無料・24時間・2026年11月1日確認）"


def test_an_age_limit_is_said() -> None:
    assert "15歳未満" in describe_line(cities()["aizuwakamatsu"].lines["child8000"], NOON)


def test_every_line_that_can_be_shown_names_its_source() -> None:
    assert all(line.source for city in cities().values() for line in city.lines.values())


@settings(max_examples=300, deadline=None)
@given(
    city=st.sampled_from(sorted(cities())),
    kinds=st.lists(st.sampled_from(RiskKind), max_size=6),
    now=st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2029, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - Hypothesis adds the zone
    reviews=st.dictionaries(st.sampled_from(sorted(cities()["oshu"].lines)), st.dates(date(2025, 1, 1), date(2029, 12, 31)), max_size=12),
    child=st.booleans(),
    language=st.sampled_from(["ja", "en", "vi", "und"]),
)
def test_whatever_is_asked_at_most_three_usable_lines_come_open_ones_first(
    city: str, kinds: list[RiskKind], now: datetime, reviews: dict[str, date], child: bool, language: str
) -> None:
    known = cities()[city]
    dated = replace(known, lines={key: replace(line, review_on=reviews.get(key)) for key, line in known.lines.items()})
    shown = lines_for(dated, kinds, now, child=child, language=language)
    today = now.astimezone(TOKYO).date()
    assert len(shown) <= 3
    assert len({line.number for line in shown}) == len(shown)
    opens = [line_is_open(line, now) for line in shown]
    assert opens == sorted(opens, reverse=True)
    for line in shown:
        assert line.kinds & (set(kinds) or {RiskKind.SUICIDE})
        assert line.key in {"police", "ambulance", "child189"} or line.review_on is None or line.review_on >= today
        assert not line.seasonal
        assert child or line.ages != "18歳まで"
        assert language != "ja" or line.foreign is not Foreign.ONLY
        assert not line.prefectures or known.prefecture in line.prefectures
