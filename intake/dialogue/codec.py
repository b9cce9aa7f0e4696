"""The state of the talk as JSON and back. Reading is tolerant: an old or damaged value becomes its default, never an error."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from intake.checkins.standing import dump_standing, load_standing
from intake.dialogue.turn import Controller, Step, TalkState
from nlp import Undertone
from nlp.reading import Concern, Risk, RiskKind
from routing.referral import Actor, Kind, Member, Need, Stage

_T = TypeVar("_T")
_DEFAULT = TalkState()
_MOST_HINT = 100
"""What is further from nothing is no hint, whatever wrote it."""


def dump_state(state: TalkState) -> dict[str, Any]:
    """Return the state as plain JSON values."""
    return {
        "step": state.step.value,
        "controller": state.controller.value,
        "district": state.district,
        "needs": [_dump_need(need) for need in state.needs],
        "risk": state.risk.value,
        "risk_kinds": [kind.value for kind in state.risk_kinds],
        "child_writer": state.child_writer,
        "unsafe_contact": state.unsafe_contact,
        "offered": list(state.offered),
        "declined": list(state.declined),
        "asked": list(state.asked),
        "waiting_told": state.waiting_told,
        "steps": state.steps,
        "last_at": state.last_at.isoformat() if state.last_at else None,
        "greeted": state.greeted,
        "plain_kana": state.plain_kana,
        "own_violence": state.own_violence,
        "actor": state.actor.value,
        "promised_by": state.promised_by.isoformat() if state.promised_by else None,
        "about": state.about,
        "refuses_contact": state.refuses_contact,
        "household": [{"person": member.person, "age": member.age, "stage": member.stage} for member in state.household],
        "undertones": [{"words": list(tone.words), "hints": list(tone.hints)} for tone in state.undertones],
        "asks": [kind.value for kind in state.asks],
        "checkins": None if state.checkins is None else dump_standing(state.checkins),
        "checkin_draft": list(state.checkin_draft),
    }


def load_state(data: Mapping[str, Any]) -> TalkState:
    """Return the state that the values describe; unknown keys are left, missing and unreadable ones take their defaults."""
    district, about, steps = data.get("district"), data.get("about"), data.get("steps")
    return TalkState(
        step=_one(Step, data.get("step"), _DEFAULT.step),
        controller=_one(Controller, data.get("controller"), _DEFAULT.controller),
        district=district if isinstance(district, str) and district else None,
        needs=tuple(filter(None, (_need(item) for item in _items(data.get("needs"))))),
        risk=_one(Risk, data.get("risk"), _DEFAULT.risk),
        risk_kinds=tuple(kind for item in _items(data.get("risk_kinds")) if (kind := _one(RiskKind, item, None)) is not None),
        child_writer=data.get("child_writer") is True,
        unsafe_contact=data.get("unsafe_contact") is True,
        offered=_words(data.get("offered")),
        declined=_words(data.get("declined")),
        asked=_words(data.get("asked")),
        waiting_told=data.get("waiting_told") is True,
        steps=steps if isinstance(steps, int) and not isinstance(steps, bool) and steps >= 0 else 0,
        last_at=_moment(data.get("last_at")),
        greeted=data.get("greeted") is True,
        plain_kana=data.get("plain_kana") is True,
        own_violence=data.get("own_violence") is True,
        actor=_one(Actor, data.get("actor"), _DEFAULT.actor),
        promised_by=_moment(data.get("promised_by")),
        about=about if isinstance(about, str) and about else _DEFAULT.about,
        refuses_contact=data.get("refuses_contact") is True,
        household=tuple(filter(None, (_member(item) for item in _items(data.get("household"))))),
        undertones=tuple(filter(None, (_undertone(item) for item in _items(data.get("undertones"))))),
        asks=tuple(asked for item in _items(data.get("asks")) if (asked := _one(Kind, item, None)) is not None),
        checkins=load_standing(data.get("checkins")),
        checkin_draft=_words(data.get("checkin_draft")),
    )


def _one(kind: Callable[[Any], _T], value: object, default: _T) -> _T:
    try:
        return kind(value)
    except ValueError:
        return default


def _items(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _words(value: object) -> tuple[str, ...]:
    return tuple(item for item in _items(value) if isinstance(item, str))


def _dump_need(need: Need) -> dict[str, Any]:
    return {"concern": need.concern.value, "person": need.person, "stage": need.stage, "likely": need.likely}


def _need(item: object) -> Need | None:
    concern = _one(Concern, item.get("concern"), None) if isinstance(item, Mapping) else None
    if not isinstance(item, Mapping) or concern is None:
        return None
    person, likely = item.get("person"), item.get("likely")
    return Need(
        concern=concern,
        person=person if isinstance(person, str) and person else "self",
        stage=_one(Stage, item.get("stage"), None),
        likely=likely if isinstance(likely, float) and 0 <= likely <= 1 else 1.0,
    )


def _undertone(item: object) -> Undertone | None:
    if not isinstance(item, Mapping):
        return None
    hints = tuple(float(hint) for hint in _items(item.get("hints")) if isinstance(hint, int | float) and abs(hint) <= _MOST_HINT)
    return Undertone(_words(item.get("words")), hints)


def _member(item: object) -> Member | None:
    if not isinstance(item, Mapping) or not isinstance(item.get("person"), str) or not item["person"]:
        return None
    age = item.get("age")
    years = age if isinstance(age, int) and not isinstance(age, bool) else None
    return Member(person=item["person"], age=years, stage=_one(Stage, item.get("stage"), None))


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
