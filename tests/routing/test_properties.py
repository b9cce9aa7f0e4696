"""What must hold for any needs in any city at any time, and for any bytes in a table."""

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

PERSONS = st.sampled_from(["self", "mother", "father", "child", "son", "grandmother", "other", ""])
NEEDS = st.lists(st.builds(Need, concern=st.sampled_from(Concern), person=PERSONS), max_size=8)
MOMENTS = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone
WINDOWS = sorted({window for city in cities().values() for window in city.windows} | {"desk", "line:consumer", "line:dv_plus"})
CITIES = st.one_of(st.sampled_from(KEYS).map(lambda key: cities()[key]), st.just(sample_city()))
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


@settings(max_examples=400, deadline=None)
@given(needs=NEEDS, profile=PROFILES, city=CITIES, now=MOMENTS)
def test_a_referral_names_only_what_runs_and_never_ends_in_nothing(needs: list[Need], profile: Profile, city: City, now: datetime) -> None:
    referral = refer(needs, profile, city, now)
    _names_only_what_runs(referral, profile, city, now)
    assert len(referral.also) <= 3
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
    assert len({destination.window for destination in named}) == len(named)
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


@settings(max_examples=100, deadline=None)
@given(needs=NEEDS, profile=PROFILES, city=CITIES, now=MOMENTS)
def test_the_same_question_has_the_same_answer(needs: list[Need], profile: Profile, city: City, now: datetime) -> None:
    assert refer(needs, profile, city, now) == refer(needs, profile, city, now)


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
