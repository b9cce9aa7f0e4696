"""Where the five municipalities differ: D1 to D20, as far as routing decides it.

D11 (つなぎもどし), D12 (meetings), D16 (targets), D18 (the channel), D19 (the period of the plan) and D20 (who evaluates) are kept
by handoff and the tables of the directory: test_requirements_elsewhere. D13, the penalty that 仙北市 prints on the paper of its
meeting, concerns the paper of that meeting alone.
"""

import pytest

from nlp.reading import Concern
from routing.card import card_for
from routing.city import State
from routing.load import KEYS
from routing.referral import Actor, Destination, Kind, Outcome
from tests.routing.support import FRIDAY_NOON, ask, cities, codes, kinds, named, offered

every_city = pytest.mark.parametrize("key", KEYS)
COMPOUND = ("care@mother", "hikikomori@son", "debt@son")


@every_city
def test_d1_no_new_window_stands_between_the_resident_and_the_existing_ones(key: str) -> None:
    names = [place.name for concern in Concern for place in ask(key, concern).shown]
    assert names
    assert not any(word in name for name in names for word in ("総合窓口", "ワンストップ", "多機関協働"))


@pytest.mark.parametrize(
    ("key", "title"),
    [
        ("semboku", "重層的支援コーディネーター"),
        ("sakata", "CSW"),
        ("nonoichi", "調整役"),
        ("oshu", "多機関協働推進員"),
        ("aizuwakamatsu", "包括化支援員"),
    ],
)
def test_d2_each_city_calls_its_coordinator_by_its_own_title_for_staff_alone(key: str, title: str) -> None:
    referral = ask(key, *COMPOUND)
    assert any(title in reason.text for reason in referral.reasons if reason.code == "coordinator_candidate")
    assert not any(title in place.name for place in referral.shown)


@every_city
@pytest.mark.parametrize("actor", Actor)
def test_d3_nobody_is_sent_to_the_coordinator_by_the_bot_and_agencies_read_how_they_refer(key: str, actor: Actor) -> None:
    referral = ask(key, *COMPOUND, actor=actor)
    assert Kind.COORDINATOR not in kinds(referral)
    assert ("agency" in codes(referral)) is (actor is Actor.AGENCY)


def test_d3_a_minsei_of_sakata_is_marked_for_staff_who_decide_whether_to_take_it_on() -> None:
    assert "minsei" in codes(ask("sakata", "living_env@neighbour", actor=Actor.MINSEI))


@pytest.mark.parametrize("key", ["sakata", "nonoichi"])
def test_d4_where_the_coordinator_stands_behind_the_window_stays_in_front(key: str) -> None:
    referral = ask(key, *COMPOUND, district="富奥", actor=Actor.AGENCY)
    assert referral.outcome is Outcome.WINDOW
    assert referral.main is not None
    assert cities()[key].windows[referral.main.window].kind is not Kind.COORDINATOR


@every_city
def test_d5_the_coordinating_programme_is_passed_over_with_a_reason_whoever_runs_it(key: str) -> None:
    windows = [window for window in cities()[key].windows.values() if window.kind is Kind.COORDINATOR]
    assert windows
    assert not named(ask(key, *Concern)) & {window.id for window in windows}


@pytest.mark.parametrize(
    ("key", "window"),
    [("semboku", "semboku-w14"), ("nonoichi", "nonoichi-w24"), ("oshu", "oshu-w14"), ("aizuwakamatsu", "aizu-w52"), ("sakata", "desk")],
)
def test_d6_outreach_is_who_carries_it_out_in_that_city_and_the_desk_where_it_had_not_begun(key: str, window: str) -> None:
    places = {place.window for place in ask(key, "health@father", refuses=True).also if place.kind is Kind.OUTREACH}
    assert places == {window}


@pytest.mark.parametrize(
    ("key", "window"),
    [("semboku", "semboku-w13"), ("nonoichi", "nonoichi-w25"), ("oshu", "oshu-w13"), ("aizuwakamatsu", "aizu-w56"), ("sakata", "desk")],
)
def test_d7_participation_is_who_carries_it_out_in_that_city_and_the_desk_where_it_had_not_begun(key: str, window: str) -> None:
    places = {place.window for place in ask(key, "hikikomori").also if place.kind is Kind.PARTICIPATION}
    assert places == {window}


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("semboku", "仙北市社会福祉協議会"),
        ("sakata", "自立相談支援事業"),
        ("nonoichi", "ののいち自立生活サポートセンター"),
        ("oshu", "生活困窮者自立支援事業"),
        ("aizuwakamatsu", "生活サポート相談窓口"),
    ],
)
def test_d8_the_window_for_people_in_need_is_the_one_of_the_city(key: str, name: str) -> None:
    main = ask(key, "money_living").main
    assert main is not None
    assert main.name == name


@pytest.mark.parametrize(
    ("key", "window"),
    [
        ("semboku", "semboku-w02"),
        ("sakata", "desk"),
        ("nonoichi", "nonoichi-w04"),
        ("oshu", "oshu-w03"),
        ("aizuwakamatsu", "aizu-w08"),
    ],
)
def test_d9_the_window_for_disabilities_is_the_central_one_and_sakata_does_not_say_that_there_is_none(key: str, window: str) -> None:
    referral = ask(key, "disability")
    assert referral.main is not None
    assert (referral.main.window, referral.main.kind) == (window, Kind.DISABILITY)
    assert not any("ありません" in reason.text for reason in referral.reasons)


def test_d9_counsellors_of_semboku_who_are_persons_are_known_to_staff_and_offered_to_nobody() -> None:
    referral = ask("semboku", "disability")
    persons = {considered.window for considered in referral.considered if considered.code == "person"}
    assert {"semboku-w06", "semboku-w07", "semboku-w08"} <= persons


@pytest.mark.parametrize(
    ("key", "main", "asks"),
    [
        ("semboku", "semboku-w01", False),
        ("sakata", "sakata-w01", True),
        ("nonoichi", "desk", True),
        ("oshu", "oshu-w02", True),
        ("aizuwakamatsu", "desk", True),
    ],
)
def test_d10_care_goes_to_the_one_centre_or_asks_for_the_district_and_never_guesses(key: str, main: str, asks: bool) -> None:
    referral = ask(key, "care@mother")
    assert referral.main is not None
    assert (referral.main.window, referral.main.kind) == (main, Kind.ELDERLY)
    assert (referral.ask == "district") is asks


@every_city
def test_d14_hikikomori_is_a_priority_of_aizuwakamatsu_alone(key: str) -> None:
    assert ("city_priority" in codes(ask(key, "hikikomori@son"))) is (key == "aizuwakamatsu")


@pytest.mark.parametrize(
    ("concern", "kind"),
    [
        ("consumer", Kind.CONSUMER),
        ("admin_other", Kind.CITY_DESK),
        ("housing", Kind.HOUSING),
        ("job_trouble", Kind.EMPLOYMENT),
        ("dv", Kind.WOMEN),
        ("debt", Kind.LEGAL),
        ("living_env", Kind.CITY_DESK),
    ],
)
@every_city
def test_d15_matters_outside_the_four_fields_are_received_in_every_city(key: str, concern: str, kind: Kind) -> None:
    referral = ask(key, concern)
    assert kind in kinds(referral)
    assert offered(referral)


def test_d15_only_aizuwakamatsu_names_its_own_consumer_centre_elsewhere_the_national_line_stands_in() -> None:
    mains = {key: main.window for key in KEYS if (main := ask(key, "consumer").main) is not None}
    assert mains == {key: "aizu-w53" if key == "aizuwakamatsu" else "line:consumer" for key in KEYS}


def test_d17_the_household_of_oshu_told_by_its_care_manager_enters_at_the_elderly_centre_and_is_a_case_for_the_coordinator() -> None:
    needs = ("care@grandmother", "dementia_rights@grandmother", "disability@father", "dv@mother", "money_living@mother", "mental@mother")
    referral = ask("oshu", *needs, "development@grandchild", actor=Actor.AGENCY)
    assert referral.main is not None
    assert referral.main.window == "oshu-w02"
    assert {Kind.DISABILITY, Kind.WOMEN, Kind.CHILD, Kind.POVERTY, Kind.HEALTH} <= kinds(referral)
    assert referral.coordinator_candidate


def test_a07_the_paused_nursery_is_the_only_one_that_is_not_offered_for_its_state() -> None:
    city = cities()["aizuwakamatsu"]
    assert [window.name for window in city.windows.values() if window.state is State.PAUSED] == ["門田報徳保育園"]
    assert "aizu-w22" not in named(ask("aizuwakamatsu", "parenting"))


def test_o01_a_programme_known_only_by_its_number_of_places_is_named_with_its_division_and_no_facility() -> None:
    city = cities()["oshu"]
    card = card_for(city, Destination(window="oshu-w02", name="", kind=Kind.ELDERLY), FRIDAY_NOON)
    assert (card.title, card.address) == ("地域包括支援センター", "")
    assert "地域共生社会課" in card.operator
