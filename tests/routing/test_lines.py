from dataclasses import replace
from datetime import date, datetime

import pytest

from nlp.reading import RiskKind
from routing.lines import describe_line, line_is_open, lines_for
from tests.routing.support import cities, japan

NOON = japan("2026-11-20 12:00")
NIGHT = japan("2026-11-20 22:30")


def keys(city: str, *kinds: RiskKind, now: datetime = NOON, child: bool = False) -> list[str]:
    return [line.key for line in lines_for(cities()[city], kinds, now, child=child)]


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
