"""What a text means, decided from its scores and the rows that fired. Rows of danger are never overruled by weights."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.learned.model import CONCERNS, INTENTS, KINDS, LEVELS, SPEAKERS, Model
from nlp.lexicon.scan import Hit
from nlp.reading import Concern, Intent, Polarity, Risk, RiskKind, Score, Speaker
from nlp.risk import RiskFound, rule_risk

MAX_CANDIDATES = 3
_SPEAKERS_AT = len(CONCERNS)
_INTENTS_AT = _SPEAKERS_AT + len(SPEAKERS)
_LEVELS_AT = _INTENTS_AT + len(INTENTS)
_KINDS_AT = _LEVELS_AT + len(LEVELS)
_CONCERN_AT = {name: at for at, name in enumerate(CONCERNS)}
_SPEAKER_ORDER = tuple(Speaker)
_INTENT_ORDER = tuple(Intent)
_HELD_BACK = (Polarity.NEGATED, Polarity.PAST)
_WEAK = 0.4
_BARE = 12
"""A message of at most so many characters says one thing."""
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


def decide(values: Sequence[float], hits: Sequence[Hit], learned: Model, length: int) -> Decision:
    """Decide every label from the model's scores, one a column, and the hits of a text of so many characters."""
    bars = learned.bars
    decided = [name for name, value in zip(CONCERNS, values, strict=False) if value >= bars[name]]
    risk, shown = _risk(values, hits, learned)
    intents = _softmax(values[_INTENTS_AT:_LEVELS_AT], learned.settings.temperature["intent"])
    tells = bool(decided) or risk.level is not Risk.NONE
    intent = _said(hits, length) or _intent(intents, hits, tells=tells)
    if intent is Intent.DISCLOSE and not tells and not hits and length <= _BARE:
        intent = Intent.OTHER
    concerns = tuple(Concern(name) for name in decided)
    candidates = _candidates(values, decided, hits, learned)
    speakers = _softmax(values[_SPEAKERS_AT:_INTENTS_AT], learned.settings.temperature["speaker"])
    speaker = _speaker(speakers, tells=bool(concerns or risk.kinds) and intent in _TELLING)
    if speaker is Speaker.SELF and not tells and not candidates and length <= _BARE:
        speaker = Speaker.UNKNOWN
    for name in (*concerns, *candidates):
        shown[str(name)] = learned.probability(name, values[_CONCERN_AT[name]])
    shown[f"speaker:{speaker}"] = speakers[_SPEAKER_ORDER.index(speaker)]
    shown[f"intent:{intent}"] = intents[_INTENT_ORDER.index(intent)]
    scores = tuple(Score(label=label, probability=round(likely, 4)) for label, likely in shown.items())
    return Decision(concerns, candidates, speaker, intent, risk, scores)


def _candidates(values: Sequence[float], decided: Sequence[str], hits: Sequence[Hit], learned: Model) -> tuple[Concern, ...]:
    """Choose the likeliest undecided concerns, and those that a row only suggests, in the order of :class:`Concern`."""
    bars = learned.suggesting
    open_ones = [(value - bar, name) for name, value, bar in zip(CONCERNS, values, bars, strict=False) if value >= bar]
    open_ones += [(0.0, str(name)) for hit in hits if hit.speaks and hit.row.strength == "candidate" for name in hit.row.concerns]
    best = dict.fromkeys(name for _, name in sorted(open_ones, reverse=True) if name not in decided)
    chosen = list(best)[:MAX_CANDIDATES]
    return tuple(Concern(name) for name in CONCERNS if name in chosen) if chosen else ()


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
    denied = sure.level is Risk.WATCH and any(hit.polarity in _HELD_BACK and hit.row.level.rank >= Risk.URGENT.rank for hit in hits)
    if urgent >= bars["denied:urgent" if denied else "level:urgent"]:
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


def _said(hits: Sequence[Hit], length: int) -> Intent | None:
    """Return the intent that a bare message says in so many words; None when it says more."""
    if length > _BARE:
        return None
    said = [hit for hit in hits if hit.speaks and hit.row.of("intent") and 2 * (hit.end - hit.start) > length]
    return Intent(max(said, key=lambda hit: hit.end - hit.start).row.of("intent")[0]) if said else None


def _intent(sure: Sequence[float], hits: Sequence[Hit], *, tells: bool) -> Intent:
    """Choose the likeliest intent. Who shows a trouble tells it; what nobody asked for in words is not done on a weak guess."""
    likely, intent = max(zip(sure, Intent, strict=True), key=lambda pair: pair[0])
    plain = Intent.DISCLOSE if tells else Intent.OTHER
    if intent in _IDLE:
        return plain if tells else intent if likely >= _WEAK else Intent.OTHER
    asked = likely >= _WEAK or any(hit.speaks and intent in hit.row.of("intent") for hit in hits)
    return intent if asked or intent is Intent.DISCLOSE else plain


def _speaker(sure: Sequence[float], *, tells: bool) -> Speaker:
    """Choose the likeliest speaker; who tells of a trouble is somebody."""
    choices = [(likely, speaker) for likely, speaker in zip(sure, Speaker, strict=True) if not (tells and speaker is Speaker.UNKNOWN)]
    return max(choices, key=lambda pair: pair[0])[1]


def _softmax(values: Sequence[float], temperature: float) -> list[float]:
    highest = max(values)
    powers = [math.exp((value - highest) / temperature) for value in values]
    total = sum(powers)
    return [power / total for power in powers]
