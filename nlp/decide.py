"""What a text means, decided from its scores and the rows that fired. Rows of danger are never overruled by weights."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.learned.model import CONCERNS, INTENTS, KINDS, LEVELS, SPEAKERS, Model
from nlp.lexicon.scan import Hit
from nlp.reading import Concern, Intent, Risk, RiskKind, Score, Speaker
from nlp.risk import RiskFound, rule_risk

MAX_CANDIDATES = 3
SUGGESTED = 0.12
"""A concern below its threshold but at least so likely is offered as a quick reply."""
_SPEAKERS_AT = len(CONCERNS)
_INTENTS_AT = _SPEAKERS_AT + len(SPEAKERS)
_LEVELS_AT = _INTENTS_AT + len(INTENTS)
_KINDS_AT = _LEVELS_AT + len(LEVELS)
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
    sure = [learned.probability(name, value) for name, value in zip(CONCERNS, values, strict=False)]
    ruled = rule_risk(hits)
    risk, danger = _risk(values, ruled, learned)
    intents = _softmax(values[_INTENTS_AT:_LEVELS_AT], learned.settings.temperature["intent"])
    intent = _intent(intents, risk.level)
    limits = learned.settings.thresholds
    decided = [name for name, likely in zip(CONCERNS, sure, strict=True) if likely >= limits[name]]
    concerns = tuple(Concern(name) for name in decided)
    candidates = _candidates(sure, decided)
    speakers = _softmax(values[_SPEAKERS_AT:_INTENTS_AT], learned.settings.temperature["speaker"])
    speaker = _speaker(speakers, tells=bool(concerns or risk.kinds) and intent in _TELLING)
    shown = {name: sure[CONCERNS.index(name)] for name in (*concerns, *candidates)}
    shown[f"speaker:{speaker}"] = speakers[list(Speaker).index(speaker)]
    shown[f"intent:{intent}"] = intents[list(Intent).index(intent)]
    shown |= danger
    scores = tuple(Score(label=str(label), probability=round(likely, 4)) for label, likely in shown.items())
    return Decision(concerns, candidates, speaker, intent, risk, scores)


def _candidates(sure: Sequence[float], decided: Sequence[str]) -> tuple[Concern, ...]:
    """The likeliest undecided concerns, in the order of :class:`Concern`."""
    open_ones = [(likely, name) for name, likely in zip(CONCERNS, sure, strict=True) if likely >= SUGGESTED and name not in decided]
    best = {name for _, name in sorted(open_ones, reverse=True)[:MAX_CANDIDATES]}
    return tuple(Concern(name) for name in CONCERNS if name in best)


def _risk(values: Sequence[float], ruled: RiskFound, learned: Model) -> tuple[RiskFound, dict[str, float]]:
    """Take the higher of what the rows say and what the weights say, with the kinds of either."""
    limits = learned.settings.thresholds
    sure = {name: learned.probability(name, value) for name, value in zip(LEVELS, values[_LEVELS_AT:_KINDS_AT], strict=True)}
    kinds = {name: learned.probability(name, value) for name, value in zip(KINDS, values[_KINDS_AT:], strict=True)}
    level = Risk.NONE
    if sure["level:urgent"] >= limits["level:urgent"]:
        level = Risk.EMERGENCY if sure["level:emergency"] >= limits["level:emergency"] else Risk.URGENT
    elif sure["level:watch"] >= limits["level:watch"]:
        level = Risk.WATCH
    level = max(level, ruled.level, key=lambda risk: risk.rank)
    found = {name for name, likely in kinds.items() if likely >= limits[name]} | {f"risk:{kind}" for kind in ruled.kinds}
    if level.rank >= Risk.URGENT.rank and not found:
        found = {max(kinds, key=lambda name: kinds[name])}
    told = tuple(kind for kind in RiskKind if f"risk:{kind}" in found) if level is not Risk.NONE else ()
    shown = {f"level:{level}": sure[f"level:{level}"]} if level is not Risk.NONE else {}
    return RiskFound(level, told), shown | {f"risk:{kind}": kinds[f"risk:{kind}"] for kind in told}


def _intent(sure: Sequence[float], risk: Risk) -> Intent:
    """Choose the likeliest intent; danger is told, never small talk."""
    intent = max(zip(sure, Intent, strict=True), key=lambda pair: pair[0])[1]
    return Intent.DISCLOSE if intent in _IDLE and risk.rank >= Risk.URGENT.rank else intent


def _speaker(sure: Sequence[float], *, tells: bool) -> Speaker:
    """Choose the likeliest speaker; who tells of a trouble is somebody."""
    choices = [(likely, speaker) for likely, speaker in zip(sure, Speaker, strict=True) if not (tells and speaker is Speaker.UNKNOWN)]
    return max(choices, key=lambda pair: pair[0])[1]


def _softmax(values: Sequence[float], temperature: float) -> list[float]:
    highest = max(values)
    powers = [math.exp((value - highest) / temperature) for value in values]
    total = sum(powers)
    return [power / total for power in powers]
