"""What a text means, decided from its scores and the rows that fired. Rows of danger are never overruled by weights."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.learned.model import CONCERNS, INTENTS, KINDS, LEVELS, SPEAKERS, Model
from nlp.lexicon.scan import Hit
from nlp.reading import Concern, Intent, Risk, RiskKind, Score, Speaker
from nlp.risk import RiskFound, rule_risk

MAX_CANDIDATES = 3
_SPEAKERS_AT = len(CONCERNS)
_INTENTS_AT = _SPEAKERS_AT + len(SPEAKERS)
_LEVELS_AT = _INTENTS_AT + len(INTENTS)
_KINDS_AT = _LEVELS_AT + len(LEVELS)
_CONCERN_AT = {name: at for at, name in enumerate(CONCERNS)}
_SPEAKER_ORDER = tuple(Speaker)
_INTENT_ORDER = tuple(Intent)
_TELLING = frozenset([Intent.DISCLOSE, Intent.REPORT, Intent.WRONG_WINDOW])
_IDLE = frozenset([Intent.OTHER, Intent.GREETING])


@dataclass(frozen=True, slots=True)
class Decision:
    """The labels of a reading, with how sure each of them is."""

    concerns: tuple[Concern, ...]
    candidates: tuple[Concern, ...]
    speaker: Speaker
    intent: Intent
    risk: RiskFound
    scores: tuple[Score, ...]


def decide(values: Sequence[float], hits: Sequence[Hit], learned: Model) -> Decision:
    """Decide every label from the model's scores, one a column, and the hits."""
    bars = learned.bars
    decided = [name for name, value in zip(CONCERNS, values, strict=False) if value >= bars[name]]
    risk, shown = _risk(values, hits, learned)
    intents = _softmax(values[_INTENTS_AT:_LEVELS_AT], learned.settings.temperature["intent"])
    intent = _intent(intents, tells=bool(decided) or risk.level is not Risk.NONE)
    concerns = tuple(Concern(name) for name in decided)
    candidates = _candidates(values, decided, learned)
    speakers = _softmax(values[_SPEAKERS_AT:_INTENTS_AT], learned.settings.temperature["speaker"])
    speaker = _speaker(speakers, tells=bool(concerns or risk.kinds) and intent in _TELLING)
    for name in (*concerns, *candidates):
        shown[str(name)] = learned.probability(name, values[_CONCERN_AT[name]])
    shown[f"speaker:{speaker}"] = speakers[_SPEAKER_ORDER.index(speaker)]
    shown[f"intent:{intent}"] = intents[_INTENT_ORDER.index(intent)]
    scores = tuple(Score(label=label, probability=round(likely, 4)) for label, likely in shown.items())
    return Decision(concerns, candidates, speaker, intent, risk, scores)


def _candidates(values: Sequence[float], decided: Sequence[str], learned: Model) -> tuple[Concern, ...]:
    """Choose the likeliest undecided concerns, in the order of :class:`Concern`."""
    bars = learned.suggesting
    open_ones = [
        (value - bar, name) for name, value, bar in zip(CONCERNS, values, bars, strict=False) if value >= bar and name not in decided
    ]
    best = {name for _, name in sorted(open_ones, reverse=True)[:MAX_CANDIDATES]}
    return tuple(Concern(name) for name in CONCERNS if name in best) if best else ()


def _risk(values: Sequence[float], hits: Sequence[Hit], learned: Model) -> tuple[RiskFound, dict[str, float]]:
    """Take the higher of what the rows say and what the weights say, with the kinds of either.

    A row of danger gives its level. Rows that the corpus showed to fire on calm messages too give it only where the weights find
    danger possible, else ``watch``: a known word in a harmless place calls nobody, and is not silent either.
    """
    noisy = learned.settings.noisy_rows
    ruled, sure = rule_risk(hits), rule_risk([hit for hit in hits if hit.row.id not in noisy])
    bars = learned.bars
    watch, urgent, emergency = values[_LEVELS_AT:_KINDS_AT]
    level = Risk.NONE
    if urgent >= bars["level:urgent"]:
        level = Risk.EMERGENCY if emergency >= bars["level:emergency"] else Risk.URGENT
    elif watch >= bars["level:watch"]:
        level = Risk.WATCH
    level = max(level, sure.level, key=lambda risk: risk.rank)
    if ruled.level.rank > level.rank:
        level = ruled.level if urgent >= bars["row:urgent"] else max(level, Risk.WATCH, key=lambda risk: risk.rank)
    if level is Risk.NONE:
        return RiskFound(level, ()), {}
    likely = dict(zip(KINDS, values[_KINDS_AT:], strict=True))
    found = {name for name, value in likely.items() if value >= bars[name]} | {f"risk:{kind}" for kind in ruled.kinds}
    if level.rank >= Risk.URGENT.rank and not found:
        found = {max(likely, key=lambda name: likely[name])}
    kinds = tuple(kind for kind in RiskKind if f"risk:{kind}" in found)
    shown = {f"level:{level}": learned.probability(f"level:{level}", values[_LEVELS_AT + level.rank - 1])}
    return RiskFound(level, kinds), shown | {f"risk:{kind}": learned.probability(f"risk:{kind}", likely[f"risk:{kind}"]) for kind in kinds}


def _intent(sure: Sequence[float], *, tells: bool) -> Intent:
    """Choose the likeliest intent; who shows a trouble tells it, and makes no small talk."""
    intent = max(zip(sure, Intent, strict=True), key=lambda pair: pair[0])[1]
    return Intent.DISCLOSE if tells and intent in _IDLE else intent


def _speaker(sure: Sequence[float], *, tells: bool) -> Speaker:
    """Choose the likeliest speaker; who tells of a trouble is somebody."""
    choices = [(likely, speaker) for likely, speaker in zip(sure, Speaker, strict=True) if not (tells and speaker is Speaker.UNKNOWN)]
    return max(choices, key=lambda pair: pair[0])[1]


def _softmax(values: Sequence[float], temperature: float) -> list[float]:
    highest = max(values)
    powers = [math.exp((value - highest) / temperature) for value in values]
    total = sum(powers)
    return [power / total for power in powers]
