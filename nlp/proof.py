"""Shows the words that moved a reading: the rows that fired, and where none did, the tokens with the greatest weight."""

from collections.abc import Iterable, Iterator, Sequence

from nlp.decide import Decision
from nlp.learned.features import SPACES
from nlp.learned.model import COLUMNS, Model, Weighed
from nlp.learned.table import OFFSET, UNIT
from nlp.lexicon.scan import Hit, Scan
from nlp.reading import Evidence, Intent, Polarity, Risk, Speaker

MOST = 3
"""So many spans are shown for a label that only weights speak for."""
LEAST = 0.3
"""A span must move its label by so many logits, before the length of the message is weighed."""
_HELD_BACK = (Polarity.NEGATED, Polarity.PAST, Polarity.BLOCKED)
_SILENT = frozenset([f"speaker:{Speaker.UNKNOWN}", f"speaker:{Speaker.SELF}", f"intent:{Intent.OTHER}", f"intent:{Intent.DISCLOSE}"])
"""What is taken where nothing says otherwise; no single word speaks for it."""


def prove(found: Scan, decision: Decision, weighed: Weighed, learned: Model) -> tuple[Evidence, ...]:
    """Show what speaks for the labels of a reading, and what was named only to be denied, told as over, or figuratively."""
    shown = {str(concern) for concern in (*decision.concerns, *decision.candidates)}
    shown |= {f"speaker:{decision.speaker}", f"intent:{decision.intent}", *(f"risk:{kind}" for kind in decision.risk.kinds)}
    rows = list(_rows(found, shown))
    told = {proof.label for proof in rows if proof.polarity not in _HELD_BACK}
    rest = [label for label in COLUMNS if label in shown and label not in told and label not in _SILENT]
    return (*rows, *_weights(found, rest, weighed, learned)) if rest else tuple(rows)


def _rows(found: Scan, shown: set[str]) -> Iterator[Evidence]:
    for hit in found.hits:
        start, end = found.repaired.original(hit.start, hit.end)
        for label in _labels(hit, shown):
            yield Evidence(start=start, end=end, label=label, rule=hit.row.id, polarity=hit.polarity)


def _labels(hit: Hit, shown: set[str]) -> Iterable[str]:
    for label in hit.row.labels:
        family, mark, _ = label.partition(":")
        if family == "risk":
            if hit.row.level is not Risk.NONE:
                yield label
        elif not mark:
            if hit.polarity in _HELD_BACK or label in shown:
                yield label
        elif hit.speaks and label in shown:
            yield label


def _weights(found: Scan, labels: Sequence[str], weighed: Weighed, learned: Model) -> Iterator[Evidence]:
    """Show the tokens that moved each label most."""
    places = [at for at, norm in enumerate(found.tokens.norms) if norm not in SPACES]
    moved = [learned.tokens.unpack(packed) for packed in _by_token(found, places, weighed)]
    scale = UNIT / (len(places) + 2) ** 0.5
    for label in labels:
        column = COLUMNS.index(label)
        weights = [(token[column] - OFFSET) * scale for token in moved]
        for weight, first, last in sorted(_runs(weights), reverse=True)[:MOST]:
            start, end = found.tokens.begins[places[first]], found.tokens.begins[places[last - 1] + 1]
            if start < end:
                start, end = found.repaired.original(start, end)
                yield Evidence(start=start, end=end, label=label, rule=f"weight:{weight:+.2f}")


def _by_token(found: Scan, places: Sequence[int], weighed: Weighed) -> list[int]:
    """Give every token the weights of the features and of the letters that begin in it."""
    count = len(places)
    if not count:
        return []
    moved = weighed.tokens[:count]
    moved[-1] += sum(weighed.tokens[count:])
    begins = [found.tokens.begins[at] for at in places]
    token = 0
    for at, packed in enumerate(weighed.letters):
        while token + 1 < count and begins[token + 1] <= at:
            token += 1
        moved[token] += packed
    return moved


def _runs(weights: Sequence[float]) -> Iterator[tuple[float, int, int]]:
    """Yield neighbouring tokens that pull the same way, as (weight, first, after last)."""
    first = 0
    for at in range(len(weights) + 1):
        if at == len(weights) or weights[at] < LEAST:
            if first < at:
                yield sum(weights[first:at]), first, at
            first = at + 1
