"""Intent from the hits: the one thing that a worker must answer first."""

import re
from collections.abc import Sequence

from nlp.lexicon.scan import Hit
from nlp.reading import Intent, Risk, Speaker

_FIRST = (Intent.ERASE, Intent.STOP, Intent.WRONG_WINDOW, Intent.COMPLAINT, Intent.TALK_TO_HUMAN)
_EVEN_IN_DANGER = frozenset([Intent.TALK_TO_HUMAN, Intent.WRONG_WINDOW, Intent.ERASE])
_LIGHT = (Intent.THANKS, Intent.DECLINE, Intent.ACCEPT, Intent.GREETING)
_SHORT = 25
"""A yes, a no or a thank-you is an intent of its own only in a message of about one line."""
_TELLING = 10
"""So many characters without any known word are more likely a story than small talk."""
_KANA = re.compile("[ぁ-ん一-龥ァ-ヶ]")
_ASKS = re.compile(
    r"(?:ます|です|せん|でしょう|よろしい|いい|ある|ない)(?:の|ん)?か[。？?！!\s]*$"
    r"|(?:どこ|いつ|いくら|何時|なんじ|何課|どう(?:やって|すれば))[^。]{0,8}[？?]\s*$"
)
_REPORTERS = (Speaker.NEIGHBOUR, Speaker.SUPPORTER)


def decide_intent(hits: Sequence[Hit], text: str, speaker: Speaker, risk: Risk) -> Intent:
    """Choose the intent. Danger is told, not small talk: light intents never win over an urgent message."""
    found = {Intent(name) for hit in hits if hit.speaks for name in hit.row.of("intent")}
    calm = risk.rank < Risk.URGENT.rank
    named = [hit for hit in hits if hit.row.concerns or hit.row.level is not Risk.NONE]
    tells = risk is not Risk.NONE or any(hit.speaks for hit in named)
    light = next((intent for intent in _LIGHT if intent in found), None)
    choices = (
        *((intent, intent in found and (calm or intent in _EVEN_IN_DANGER)) for intent in _FIRST),
        (light, light is not None and calm and len(text.strip()) <= _SHORT and _leads(hits, light, tells=tells)),
        (Intent.ASK_WINDOW, Intent.ASK_WINDOW in found or (calm and _ASKS.search(text) is not None)),
        (Intent.REPORT, Intent.REPORT in found or (speaker in _REPORTERS and (tells or is_story(text)))),
        (Intent.DISCLOSE, tells or bool(named)),
        (light, light is not None),
        (Intent.DISCLOSE, is_story(text)),
    )
    return next((intent for intent, chosen in choices if chosen and intent is not None), Intent.OTHER)


def is_story(text: str) -> bool:
    """Whether a text without known words is long enough to tell something."""
    return len(_KANA.findall(text)) >= _TELLING


def _leads(hits: Sequence[Hit], intent: Intent, *, tells: bool) -> bool:
    """Whether a light intent is the message, not its wrapping. 「こんにちは、仕事がありません」 tells of work."""
    if not tells:
        return True
    return intent is Intent.THANKS or (
        intent in (Intent.DECLINE, Intent.ACCEPT) and hits[0].start <= 1 and intent in hits[0].row.of("intent")
    )
