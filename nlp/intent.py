"""Intent from the hits: the one thing that a worker must answer first."""

from collections.abc import Sequence

from nlp.lexicon.scan import Hit
from nlp.reading import Intent, Polarity, Risk, Speaker

_FIRST = (Intent.ERASE, Intent.STOP, Intent.WRONG_WINDOW, Intent.COMPLAINT, Intent.TALK_TO_HUMAN)
_LIGHT = (Intent.THANKS, Intent.DECLINE, Intent.ACCEPT, Intent.GREETING)
_SHORT = 25
"""A yes, a no or a thank-you is an intent of its own only in a message of about one line."""
_REPORTERS = (Speaker.NEIGHBOUR, Speaker.SUPPORTER)


def decide_intent(hits: Sequence[Hit], text: str, speaker: Speaker, risk: Risk) -> Intent:
    """The intent. Danger is told, not small talk: light intents never win over an urgent message."""
    found = {Intent(name) for hit in hits if hit.speaks for name in hit.row.of("intent")}
    for intent in _FIRST:
        if intent in found and (risk.rank < Risk.URGENT.rank or intent in (Intent.TALK_TO_HUMAN, Intent.WRONG_WINDOW, Intent.ERASE)):
            return intent
    tells = any(hit.speaks and (hit.row.concerns or hit.row.level is not Risk.NONE) for hit in hits) or risk is not Risk.NONE
    light = next((intent for intent in _LIGHT if intent in found), None)
    if light is not None and risk.rank < Risk.URGENT.rank and len(text.strip()) <= _SHORT and _leads(hits, light, tells=tells):
        return light
    if Intent.ASK_WINDOW in found:
        return Intent.ASK_WINDOW
    if Intent.REPORT in found or (speaker in _REPORTERS and tells):
        return Intent.REPORT
    if tells or _denies(hits):
        return Intent.DISCLOSE
    if light is not None:
        return light
    return Intent.OTHER


def _denies(hits: Sequence[Hit]) -> bool:
    return any(hit.polarity in (Polarity.NEGATED, Polarity.PAST) and (hit.row.concerns or hit.row.level is not Risk.NONE) for hit in hits)


def _leads(hits: Sequence[Hit], intent: Intent, *, tells: bool) -> bool:
    """Whether a light intent is the message, not its wrapping. 「こんにちは、仕事がありません」 tells of work."""
    if not tells:
        return True
    return intent is Intent.THANKS or (
        intent in (Intent.DECLINE, Intent.ACCEPT) and hits[0].start <= 1 and intent in hits[0].row.of("intent")
    )
