"""What an event tells, written into the state before anything is answered. Old and odd states are put right here."""

from dataclasses import replace
from datetime import datetime, timedelta

from intake.dialogue.own_violence import tells_own_violence
from intake.dialogue.turn import Controller, EventKind, Step, TalkEvent, TalkState
from nlp.reading import Concern, Reading, Risk, RiskKind, Speaker
from routing.needs import MOST_UNDERTONES, told_in
from routing.referral import Actor, Need

BURST = timedelta(seconds=20)
CONTACT_ENDS_AFTER = timedelta(hours=24)
_MOST_NEEDS = 12
_MOST_MEMBERS = 12
_PLAIN_KANA_FROM = 8
_DANGER_AT_HOME = frozenset({RiskKind.VIOLENCE, RiskKind.ABUSE})
_CONCERNS_AT_HOME = frozenset({Concern.DV, Concern.ABUSE})
_OUTSIDERS = frozenset({Speaker.NEIGHBOUR, Speaker.SUPPORTER})


def note(before: TalkState, event: TalkEvent, reading: Reading) -> TalkState:
    """Return the state with what this event tells: count, needs, risk, who writes and how."""
    state = _renewed(before, event.occurred_at)
    told = told_in(reading, event.text)
    return replace(
        _counted(state, event),
        needs=_with_needs(state.needs, told.needs),
        risk=max(state.risk, reading.risk, key=lambda risk: risk.rank),
        risk_kinds=tuple(dict.fromkeys((*state.risk_kinds, *reading.risk_kinds))),
        child_writer=state.child_writer or told.profile.child_writer,
        unsafe_contact=state.unsafe_contact or _danger_at_home(reading),
        own_violence=state.own_violence or tells_own_violence(event.text, reading),
        plain_kana=reading.language != "ja" or _writes_plain_kana(event.text, known=state.plain_kana),
        actor=_actor(state.actor, told.profile.actor),
        refuses_contact=state.refuses_contact or told.profile.refuses_contact,
        household=tuple(dict.fromkeys((*state.household, *told.profile.household)))[:_MOST_MEMBERS],
        undertones=(*state.undertones, *told.profile.undertones)[-MOST_UNDERTONES:],
        asks=tuple(dict.fromkeys((*state.asks, *sorted(told.profile.asks)))),
    )


def _renewed(state: TalkState, at: datetime) -> TalkState:
    """Begin a new contact after a close or a day of silence; what was learned about safety and reading stays."""
    silent = state.last_at is not None and at - state.last_at > CONTACT_ENDS_AFTER
    if state.controller is not Controller.BOT or not (silent or state.step is Step.ENDED):
        return state
    return TalkState(
        step=Step.OPEN if state.greeted else Step.NEW,
        district=state.district,
        child_writer=state.child_writer,
        unsafe_contact=state.unsafe_contact,
        greeted=state.greeted,
        plain_kana=state.plain_kana,
        own_violence=state.own_violence,
        actor=state.actor,
        checkins=state.checkins,
    )


def _counted(state: TalkState, event: TalkEvent) -> TalkState:
    if event.kind is EventKind.FOLLOW:
        return state
    burst = state.last_at is not None and abs(event.occurred_at - state.last_at) <= BURST
    last = max(state.last_at, event.occurred_at) if state.last_at else event.occurred_at
    return replace(state, steps=state.steps if burst and state.steps else state.steps + 1, last_at=last)


def _with_needs(known: tuple[Need, ...], told: tuple[Need, ...]) -> tuple[Need, ...]:
    """Add what is new; what is told again is as sure as its surest telling.

    The words that show a need stand in their message, not in the state: offsets mean nothing without it.
    """
    kept: dict[Need, Need] = {}
    for need in (*known, *(replace(need, evidence=()) for need in told)):
        kept[need] = max(kept.get(need, need), need, key=lambda one: one.likely)
    return tuple(kept.values())[:_MOST_NEEDS]


def _danger_at_home(reading: Reading) -> bool:
    """Somebody else may read the phone of a writer who lives with the danger; a neighbour who reports does not."""
    told = not _DANGER_AT_HOME.isdisjoint(reading.risk_kinds) and reading.risk.rank >= Risk.WATCH.rank
    return (told or not _CONCERNS_AT_HOME.isdisjoint(reading.concerns)) and reading.speaker not in _OUTSIDERS


def _writes_plain_kana(text: str, *, known: bool) -> bool:
    if any("一" <= sign <= "鿿" for sign in text):
        return False
    return known or sum("ぁ" <= sign <= "ヿ" for sign in text) >= _PLAIN_KANA_FROM


def _actor(known: Actor, told: Actor) -> Actor:
    """Keep a 民生委員 as one; who has not said to be one may still say so."""
    return told if known is Actor.RESIDENT or told is Actor.MINSEI else known
