"""What must hold for any needs in any city at any time, and for any bytes in a table."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.reading import Concern, Risk, RiskKind
from routing.card import card_for
from routing.check import check_folder
from routing.choose import refer
from routing.city import City, State
from routing.load import KEYS
from routing.referral import Actor, Kind, Need, Outcome, Profile, Referral
from routing.schema import COLUMNS, PHONES
from routing.table import read_table
from tests.routing.folders import copy_of
from tests.routing.support import cities, sample_city

NOON = datetime(2026, 11, 20, 3, tzinfo=UTC)
SOMETIMES_OLD = frozenset({"mother", "father", "child", "self"})
"""Persons whose time of life is read from the other needs too, so that a need alone may go elsewhere."""
PERSONS = st.sampled_from(["self", "mother", "father", "child", "son", "grandmother", "other", ""])
NEEDS = st.lists(st.builds(Need, concern=st.sampled_from(Concern), person=PERSONS), max_size=8)
MOMENTS = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone
WINDOWS = sorted({window for city in cities().values() for window in city.windows} | {"desk", "line:consumer", "line:dv_plus"})
CITIES = st.sampled_from([*KEYS, "sample"])
PROFILES = st.builds(
    Profile,
    actor=st.sampled_from(Actor),
    district=st.none() | st.text(max_size=12) | st.sampled_from(["富奥", "本町", "郷", "門田", "押野です"]),
    child_writer=st.booleans(),
    risk=st.sampled_from(Risk),
    risk_kinds=st.lists(st.sampled_from(RiskKind), max_size=3).map(tuple),
    declined=st.frozensets(st.sampled_from(WINDOWS), max_size=6),
    refuses_contact=st.booleans(),
)


def city_of(key: str) -> City:
    return sample_city() if key == "sample" else cities()[key]


@settings(max_examples=400, deadline=None)
@given(needs=NEEDS, profile=PROFILES, key=CITIES, now=MOMENTS)
def test_a_referral_names_only_what_runs_and_never_ends_in_nothing(needs: list[Need], profile: Profile, key: str, now: datetime) -> None:
    city = city_of(key)
    referral = refer(needs, profile, city, now)
    _names_only_what_runs(referral, profile, city, now)
    _shows_few_places(referral)
    assert len(referral.lines) <= 3
    assert referral.reasons
    if profile.risk.rank >= Risk.URGENT.rank:
        assert referral.lines
        assert referral.outcome is not Outcome.LISTEN
    if referral.outcome is Outcome.WINDOW:
        assert referral.main is not None
        assert referral.main.window != "desk"
    assert (referral.outcome is Outcome.LISTEN) == (not needs and profile.risk.rank < Risk.URGENT.rank and profile.actor is Actor.RESIDENT)


def _names_only_what_runs(referral: Referral, profile: Profile, city: City, now: datetime) -> None:
    named = [destination for destination in (referral.main, *referral.also) if destination is not None]
    assert len({(destination.window, destination.kind) for destination in named}) == len(named)
    assert {considered.window for considered in referral.considered}.isdisjoint({destination.window for destination in named})
    for destination in named:
        assert destination.window not in profile.declined
        assert destination.kind is not Kind.COORDINATOR
        card = card_for(city, destination, now)
        assert card.title
        if destination.window in city.windows:
            window = city.windows[destination.window]
            assert window.state is State.RUNNING
            assert window.record != "人"
            assert window.kind is not Kind.COORDINATOR
            assert window.accepts != "機関" or profile.actor is Actor.AGENCY
            assert {phone.number for phone in card.phones} <= {phone.number for phone in window.phones}
        else:
            assert destination.window == "desk" or destination.window.removeprefix("line:") in city.lines


def _shows_few_places(referral: Referral) -> None:
    """At most three beside the main one, each place once, nothing that the referral does not know, no part of a set of districts."""
    places = [destination.window for destination in referral.shown]
    assert len(places) == len(set(places)) <= 4
    assert set(referral.shown) <= {*referral.also, *((referral.main,) if referral.main else ())}
    assert referral.main is None or referral.shown[0] == referral.main
    assert "desk" not in places[1:]


@settings(max_examples=150, deadline=None)
@given(needs=NEEDS, profile=PROFILES, key=CITIES, now=MOMENTS)
def test_no_kind_of_a_need_is_ever_lost_unless_every_place_for_it_was_turned_down(
    needs: list[Need], profile: Profile, key: str, now: datetime
) -> None:
    city = city_of(key)
    open_profile = replace(profile, declined=profile.declined - {"desk"})
    together = refer(needs, open_profile, city, now)
    known = {destination.kind for destination in (together.main, *together.also) if destination is not None}
    for need in needs:
        alone = refer([need], replace(open_profile, household=()), city, now)
        assert alone.main is not None
        # The city's own desk stands in where no window takes a need; one that does, because of another need, is no loss.
        assert alone.main.kind in {*known, Kind.CITY_DESK} or need.person in SOMETIMES_OLD


@settings(max_examples=150, deadline=None)
@given(needs=NEEDS, declined=st.frozensets(st.sampled_from(["nonoichi-w01", "nonoichi-w02", "nonoichi-w03", "nonoichi-w11"])))
def test_centres_of_districts_are_shown_all_that_are_left_or_none(needs: list[Need], declined: frozenset[str]) -> None:
    centres = {"nonoichi-w01", "nonoichi-w02", "nonoichi-w03"}
    referral = refer(needs, Profile(declined=declined), cities()["nonoichi"], NOON)
    assert {destination.window for destination in referral.shown} & centres in (set(), centres - declined)
    assert {destination.window for destination in referral.also} & centres in (set(), centres - declined)


@settings(max_examples=100, deadline=None)
@given(needs=NEEDS, profile=PROFILES, key=CITIES, now=MOMENTS)
def test_the_same_question_has_the_same_answer(needs: list[Need], profile: Profile, key: str, now: datetime) -> None:
    assert refer(needs, profile, city_of(key), now) == refer(needs, profile, city_of(key), now)


@settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_become_rows_or_findings_and_never_an_exception(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / PHONES
        path.write_bytes(content)
        table = read_table(path, COLUMNS[PHONES])
        assert table.rows or table.findings


@settings(max_examples=60, deadline=None)
@given(cells=st.lists(st.text(max_size=12), min_size=7, max_size=7))
def test_any_cells_in_a_table_are_judged_and_never_an_exception(cells: list[str]) -> None:
    with TemporaryDirectory() as folder:
        copied = copy_of("semboku", Path(folder))
        quoted = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
        (copied / PHONES).write_bytes((",".join(COLUMNS[PHONES]) + "\r\n" + quoted + "\r\n").encode("utf-8", "replace"))
        assert check_folder(copied) is not None
