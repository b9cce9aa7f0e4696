"""What a text means, decided from its scores and the rows that fired. Rows of danger are never overruled by weights."""

from collections.abc import Sequence
from itertools import compress
from math import exp
from operator import ge
from typing import NamedTuple

from nlp.learned.model import COLUMNS, CONCERNS, INTENTS, LEVELS, SPEAKERS, Model
from nlp.lexicon.scan import Hit
from nlp.reading import Concern, Intent, Polarity, Risk, RiskKind, Score, Speaker
from nlp.risk import RiskFound, rule_risk

MAX_CANDIDATES = 3
_PLACES = range(len(CONCERNS))
_SPEAKERS_AT = len(CONCERNS)
_INTENTS_AT = _SPEAKERS_AT + len(SPEAKERS)
_LEVELS_AT = _INTENTS_AT + len(INTENTS)
_KINDS_AT = _LEVELS_AT + len(LEVELS)
_CONCERNS, _SPEAKERS, _INTENTS, _KINDS = tuple(Concern), tuple(Speaker), tuple(Intent), tuple(RiskKind)
_OTHER, _DISCLOSE = Intent.OTHER, Intent.DISCLOSE
_SELF, _NOBODY = Speaker.SELF, Speaker.UNKNOWN
_UNSHOWN = frozenset(
    [
        *(_SPEAKERS_AT + _SPEAKERS.index(speaker) for speaker in (_NOBODY, _SELF)),
        *(_INTENTS_AT + _INTENTS.index(intent) for intent in (_OTHER, _DISCLOSE)),
        *range(_LEVELS_AT, _KINDS_AT),
    ]
)
"""The columns of levels, and of what is taken where nothing says otherwise: no single word speaks for that."""
_NONE, _WATCH, _URGENT, _EMERGENCY = Risk
_CALM = RiskFound(_NONE, ())
_HELD_BACK = (Polarity.NEGATED, Polarity.PAST)
_WEAK = 0.4
_FINE = 10_000
"""Probabilities are told in steps of one ten-thousandth."""
_BARE = 12
"""A message of at most so many characters says one thing."""
_TELLING = frozenset([Intent.DISCLOSE, Intent.REPORT, Intent.WRONG_WINDOW])
_IDLE = frozenset([Intent.OTHER, Intent.GREETING])


class Decision(NamedTuple):
    """The labels of a reading, with how sure each of them is."""

    concerns: tuple[Concern, ...]
    candidates: tuple[Concern, ...]
    speaker: Speaker
    intent: Intent
    risk: RiskFound
    scores: tuple[Score, ...]
    columns: Sequence[int]
    """The places of its labels in :data:`COLUMNS`, in order, but for what is taken where nothing says otherwise."""


def decide(values: Sequence[float], hits: Sequence[Hit], learned: Model, length: int) -> Decision:
    """Decide every label from the model's scores, one a column, and the hits of a text of so many characters."""
    bars = learned.bars
    likely = list(compress(_PLACES, map(ge, values, bars.lowest)))
    decided = [at for at in likely if values[at] >= bars.deciding[at]]
    if hits and len(decided) < len(likely):
        named = {concern for hit in hits if hit.row.strength == "decided" and hit.speaks for concern in hit.row.concerns}
        decided = [at for at in likely if at in decided or (values[at] >= bars.naming[at] and _CONCERNS[at] in named)]
    risk, columns = _risk(values, hits, learned)
    intents = _Chances(values[_INTENTS_AT:_LEVELS_AT], bars.warmth_of_intents)
    tells = bool(decided) or risk.level is not _NONE
    intent = _said(hits, length) or _intent(intents, hits, tells=tells)
    if intent is _DISCLOSE and not tells and not hits and length <= _BARE:
        intent = _OTHER
    candidates = _candidates(values, likely, decided, hits, learned) if hits or len(decided) < len(likely) else ()
    speakers = _Chances(values[_SPEAKERS_AT:_INTENTS_AT], bars.warmth_of_speakers)
    speaker = _speaker(speakers, tells=bool(decided or risk.kinds) and intent in _TELLING)
    if speaker is _SELF and not tells and not candidates and length <= _BARE:
        speaker = _NOBODY
    columns += (*decided, *candidates)
    shown = [(at, learned.probability(at, values[at])) for at in columns]
    speaking, saying = _SPEAKERS.index(speaker), _INTENTS.index(intent)
    shown += [(_SPEAKERS_AT + speaking, speakers.of(speaking)), (_INTENTS_AT + saying, intents.of(saying))]
    return Decision(
        tuple([_CONCERNS[at] for at in decided]),
        tuple([_CONCERNS[at] for at in candidates]),
        speaker,
        intent,
        risk,
        tuple([Score(label=COLUMNS[at], probability=round(_FINE * likely) / _FINE) for at, likely in shown]),
        sorted([at for at, _ in shown if at not in _UNSHOWN]),
    )


class _Chances:
    """How likely each of several labels is of which just one holds."""

    __slots__ = ("_powers", "_total", "likeliest")

    def __init__(self, values: Sequence[float], temperature: float) -> None:
        highest = max(values)
        self.likeliest = values.index(highest)
        self._powers = [exp((value - highest) / temperature) for value in values]
        self._total = sum(self._powers)

    def of(self, at: int) -> float:
        """Return the probability of one label."""
        return self._powers[at] / self._total

    def without_last(self) -> int:
        """Return the place of the likeliest label before the last."""
        powers = self._powers[:-1]
        return powers.index(max(powers))


def _candidates(
    values: Sequence[float], likely: Sequence[int], decided: Sequence[int], hits: Sequence[Hit], learned: Model
) -> Sequence[int]:
    """Choose the likeliest undecided concerns, and those that a row only suggests, by their places in :class:`Concern`."""
    suggesting = learned.bars.suggesting
    found = [(suggesting[at] - values[at], at) for at in likely if at not in decided and values[at] >= suggesting[at]]
    for hit in hits:
        if hit.row.strength == "candidate" and hit.speaks:
            found += [(0.0, at) for at in map(_CONCERNS.index, hit.row.concerns) if at not in decided]
    return sorted(list(dict.fromkeys(at for _, at in sorted(found)))[:MAX_CANDIDATES]) if found else ()


def _risk(values: Sequence[float], hits: Sequence[Hit], learned: Model) -> tuple[RiskFound, list[int]]:
    """Take the higher of what the rows say and what the weights say, with the kinds of either, and the columns of both."""
    bars = learned.bars
    watch, urgent, emergency = values[_LEVELS_AT:_KINDS_AT]
    ruled = sure = _CALM
    denied = False
    if [hit for hit in hits if hit.row.level is not _NONE]:
        calm = [hit for hit in hits if hit.row.id not in learned.noisy]
        ruled = rule_risk(hits)
        sure = ruled if len(calm) == len(hits) else rule_risk(calm)
        denied = sure.level is _WATCH and any(hit.polarity in _HELD_BACK and hit.row.level.rank >= _URGENT.rank for hit in hits)
    level = _NONE
    if urgent >= (bars.denied_urgent if denied else bars.urgent):
        level = _EMERGENCY if emergency >= bars.emergency else _URGENT
    elif watch >= bars.watch:
        level = _WATCH
    if ruled is not _CALM:
        level = _with_rows(level, ruled.level, sure.level, possible=urgent >= bars.row_urgent)
    return (_CALM, []) if level is _NONE else _with_kinds(level, ruled, values, learned)


def _with_rows(level: Risk, ruled: Risk, sure: Risk, *, possible: bool) -> Risk:
    """Raise a level by the rows of danger.

    A row gives its level. Rows that the corpus showed to fire on calm messages too give it only where the weights find danger
    possible, else ``watch``: a known word in a harmless place calls nobody, and is not silent either.
    """
    level = max(level, sure, key=_rank)
    if ruled.rank <= level.rank:
        return level
    return ruled if possible else max(level, _WATCH, key=_rank)


def _rank(risk: Risk) -> int:
    return risk.rank


def _with_kinds(level: Risk, ruled: RiskFound, values: Sequence[float], learned: Model) -> tuple[RiskFound, list[int]]:
    likely = values[_KINDS_AT:]
    found = [kind in ruled.kinds or value >= bar for kind, value, bar in zip(_KINDS, likely, learned.bars.kinds, strict=True)]
    if level.rank >= _URGENT.rank and True not in found:
        found[likely.index(max(likely))] = True
    columns = [_LEVELS_AT + level.rank - 1, *compress(range(_KINDS_AT, len(COLUMNS)), found)]
    return RiskFound(level, tuple(compress(_KINDS, found))), columns


def _said(hits: Sequence[Hit], length: int) -> Intent | None:
    """Return the intent that a bare message says in so many words; None when it says more."""
    if length > _BARE:
        return None
    said = [hit for hit in hits if hit.speaks and hit.row.of("intent") and 2 * (hit.end - hit.start) > length]
    return Intent(max(said, key=lambda hit: hit.end - hit.start).row.of("intent")[0]) if said else None


def _intent(chances: _Chances, hits: Sequence[Hit], *, tells: bool) -> Intent:
    """Choose the likeliest intent. Who shows a trouble tells it; what nobody asked for in words is not done on a weak guess."""
    intent = _INTENTS[chances.likeliest]
    likely = chances.of(chances.likeliest)
    plain = _DISCLOSE if tells else _OTHER
    if intent in _IDLE:
        return plain if tells else intent if likely >= _WEAK else _OTHER
    asked = likely >= _WEAK or any(hit.speaks and intent in hit.row.of("intent") for hit in hits)
    return intent if asked or intent is _DISCLOSE else plain


def _speaker(chances: _Chances, *, tells: bool) -> Speaker:
    """Choose the likeliest speaker; who tells of a trouble is somebody, and ``unknown`` is the last."""
    return _SPEAKERS[chances.without_last() if tells else chances.likeliest]
