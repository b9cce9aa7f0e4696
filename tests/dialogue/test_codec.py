import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.dialogue.codec import dump_state, load_state
from intake.dialogue.turn import Controller, Step, TalkState
from nlp import Undertone
from nlp.reading import Concern, Risk, RiskKind
from routing.referral import Actor, Kind, Need

_words = st.lists(st.text(min_size=1, max_size=12), max_size=4, unique=True).map(tuple)
_moments = st.none() | st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds
_needs = st.lists(st.builds(Need, concern=st.sampled_from(Concern), person=st.text(min_size=1, max_size=8)), max_size=4).map(tuple)
_undertones = st.builds(Undertone, words=_words, hints=st.lists(st.floats(-4, 4), max_size=3).map(tuple))
_states = st.builds(
    TalkState,
    step=st.sampled_from(Step),
    controller=st.sampled_from(Controller),
    district=st.none() | st.text(min_size=1, max_size=12),
    needs=_needs,
    risk=st.sampled_from(Risk),
    risk_kinds=st.lists(st.sampled_from(RiskKind), max_size=3, unique=True).map(tuple),
    child_writer=st.booleans(),
    unsafe_contact=st.booleans(),
    offered=_words,
    declined=_words,
    asked=_words,
    waiting_told=st.booleans(),
    steps=st.integers(min_value=0, max_value=500),
    last_at=_moments,
    greeted=st.booleans(),
    plain_kana=st.booleans(),
    own_violence=st.booleans(),
    actor=st.sampled_from(Actor),
    promised_by=_moments,
    about=st.sampled_from(["self", "family"]),
    undertones=st.lists(_undertones, max_size=3).map(tuple),
    asks=st.lists(st.sampled_from(Kind), max_size=3, unique=True).map(tuple),
)
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(_states)
def test_every_state_comes_back_from_json_as_it_was(state: TalkState) -> None:
    assert load_state(json.loads(json.dumps(dump_state(state)))) == state


def test_how_sure_a_need_is_comes_back_too() -> None:
    state = load_state(json.loads(json.dumps(dump_state(TalkState(needs=(Need(concern=Concern.DEBT, likely=0.4),))))))
    assert [need.likely for need in state.needs] == [0.4]


@given(st.dictionaries(st.sampled_from([*dump_state(TalkState()), "gone"]), _json))
def test_any_damaged_state_loads_as_some_state_that_dumps_again(data: dict[str, object]) -> None:
    state = load_state(data)
    assert load_state(dump_state(state)) == state


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({}, TalkState()),
        ({"step": "a step of last year", "steps": -3, "risk": "??", "from_the_future": 1}, TalkState()),
        ({"needs": [{"concern": "debt"}, {"concern": "abolished"}, "debt"]}, TalkState(needs=(Need(concern=Concern.DEBT),))),
        ({"needs": [{"concern": "debt", "likely": 7}]}, TalkState(needs=(Need(concern=Concern.DEBT),))),
        ({"last_at": "2026-11-20T10:00:00"}, TalkState()),
        ({"unsafe_contact": "yes"}, TalkState()),
    ],
)
def test_what_cannot_be_read_becomes_the_default(data: dict[str, object], expected: TalkState) -> None:
    assert load_state(data) == expected


@pytest.mark.parametrize("told", [7, "x", {"words": 3, "hints": "x"}, {"hints": [10**400, float("nan"), None, "x", True]}])
def test_a_damaged_undertone_hurts_nothing(told: object) -> None:
    state = load_state({"undertones": [told, {"words": ["母"], "hints": [1.5]}]})
    assert state.undertones[-1] == Undertone(("母",), (1.5,))
