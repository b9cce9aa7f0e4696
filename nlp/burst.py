"""Several messages of one burst, read together as well as one by one: a household story often comes in five short pieces."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from nlp.reader import Context, read
from nlp.reading import Circumstance, Concern, Evidence, Intent, Reading, Risk, RiskKind, Score

_Span = TypeVar("_Span", Circumstance, Evidence)
_Item = TypeVar("_Item")

_ACTS = frozenset([Intent.ERASE, Intent.STOP, Intent.TALK_TO_HUMAN, Intent.WRONG_WINDOW])
"""What a resident asks us to do stands, even when a story surrounds it."""


def read_burst(messages: Sequence[str], context: Context | None = None) -> Reading:
    r"""Read ``messages`` as one text and each alone, and keep what either shows. Spans are told in ``"\n".join(messages)``.

    The risk is the highest of all readings; a request of a single message (stop, erase, a person) is not lost in the story around it.
    """
    whole = read("\n".join(messages), context)
    if len(messages) < 2 or whole.truncated:  # noqa: PLR2004 - one message is no burst
        return whole
    alone = [read(message, context) for message in messages]
    moved = list(_moved(messages, alone))
    readings = [whole, *moved]
    acts = [reading.intent for reading in moved if reading.intent in _ACTS]
    concerns = {concern for reading in readings for concern in reading.concerns}
    kinds = {kind for reading in readings for kind in reading.risk_kinds}
    return replace(
        whole,
        concerns=tuple(concern for concern in Concern if concern in concerns),
        candidates=tuple(concern for concern in whole.candidates if concern not in concerns),
        intent=acts[-1] if acts else whole.intent,
        risk=max((reading.risk for reading in readings), key=_rank),
        risk_kinds=tuple(kind for kind in RiskKind if kind in kinds),
        circumstances=_unique(spot for reading in readings for spot in reading.circumstances),
        evidence=_unique(proof for reading in readings for proof in reading.evidence),
        scores=_best_scores(readings),
    )


def _rank(risk: Risk) -> int:
    return risk.rank


def _moved(messages: Sequence[str], alone: Sequence[Reading]) -> Iterable[Reading]:
    """Tell each reading in the offsets of the joined text."""
    at = 0
    for message, reading in zip(messages, alone, strict=True):
        yield replace(
            reading,
            circumstances=tuple(_shift(spot, at) for spot in reading.circumstances),
            evidence=tuple(_shift(proof, at) for proof in reading.evidence),
        )
        at += len(message) + 1


def _shift(span: _Span, by: int) -> _Span:
    return replace(span, start=span.start + by, end=span.end + by)


def _unique(items: Iterable[_Item]) -> tuple[_Item, ...]:
    return tuple(dict.fromkeys(items))


def _best_scores(readings: Sequence[Reading]) -> tuple[Score, ...]:
    best: dict[str, float] = {}
    for reading in readings:
        for score in reading.scores:
            best[score.label] = max(best.get(score.label, 0.0), score.probability)
    return tuple(Score(label=label, probability=probability) for label, probability in best.items())
