"""A message beside those that came just before it: what the talk knows helps to read it, and what only all of them show is not lost."""

from dataclasses import replace
from datetime import timedelta

from intake.dialogue.turn import TalkState
from nlp import Context
from nlp.reading import Evidence, Intent, Reading, Speaker
from routing.referral import Actor

TOGETHER = timedelta(seconds=60)
"""Messages of a talk that came within this time before another one are read with it."""
_TELLING = frozenset({Intent.DISCLOSE, Intent.ASK_WINDOW, Intent.REPORT, Intent.OTHER})
"""Only what goes on telling is added to; a yes, a thank-you or a wish is taken as it stands."""
_NOT_OF_THE_HOUSEHOLD = frozenset({"self", "other"})


def context_of(state: TalkState) -> Context:
    """Return what earlier messages and taps have shown of who writes."""
    if state.actor is not Actor.RESIDENT:
        return Context(speaker=Speaker.SUPPORTER)
    persons = {need.person for need in state.needs}
    if state.about == "family" or (persons and not persons & _NOT_OF_THE_HOUSEHOLD):
        return Context(speaker=Speaker.FAMILY)
    return Context()


def with_earlier(alone: Reading, whole: Reading, before: TalkState, *, start: int) -> Reading:
    """Return the reading of a message with what it shows only together with the messages before it.

    ``whole`` is the reading of all of them, in which this message begins at ``start``. What earlier messages showed by themselves
    was answered when they came, and is not told again: an added concern is new to the talk, an added risk graver than all before.
    Spans stay those of the message.
    """
    if alone.language != "ja":
        return alone
    if alone.intent not in _TELLING:
        return _graver(alone, whole, before)
    known = {*alone.concerns, *(need.concern for need in before.needs)}
    added = tuple(concern for concern in whole.concerns if concern not in known)
    shown = tuple(_moved(proof, start) for proof in whole.evidence if proof.start >= start and proof.label in added)
    return replace(
        _graver(alone, whole, before),
        concerns=(*alone.concerns, *added),
        candidates=() if added else alone.candidates,
        speaker=alone.speaker if whole.speaker is Speaker.UNKNOWN else whole.speaker,
        evidence=(*alone.evidence, *shown),
    )


def _graver(alone: Reading, whole: Reading, before: TalkState) -> Reading:
    if whole.risk.rank <= max(alone.risk.rank, before.risk.rank):
        return alone
    return replace(alone, risk=whole.risk, risk_kinds=whole.risk_kinds)


def _moved(proof: Evidence, start: int) -> Evidence:
    return replace(proof, start=proof.start - start, end=proof.end - start)
