"""Shows the words that moved a reading: the rows that fired, and where none did, the tokens with the greatest weight."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from nlp.decide import Decision
from nlp.learned.features import END, KIND, PAIR, START, letter_features
from nlp.learned.model import COLUMNS, Model
from nlp.learned.table import HUNDREDTH, OFFSET
from nlp.lexicon.scan import Hit, Scan
from nlp.reading import Evidence, Intent, Polarity, Risk, Speaker

MOST = 3
"""So many spans are shown for a label that only weights speak for."""
LEAST = 0.3
"""A span must move its label by so many logits, before the length of the message is weighed."""
_HELD_BACK = (Polarity.NEGATED, Polarity.PAST, Polarity.BLOCKED)
_SILENT = (f"speaker:{Speaker.UNKNOWN}", f"intent:{Intent.OTHER}", f"intent:{Intent.DISCLOSE}")


def prove(found: Scan, decision: Decision, learned: Model) -> tuple[Evidence, ...]:
    """Show what speaks for the labels of a reading, and what was named only to be denied, told as over, or figuratively."""
    shown = {str(concern) for concern in (*decision.concerns, *decision.candidates)}
    shown |= {f"speaker:{decision.speaker}", f"intent:{decision.intent}", *(f"risk:{kind}" for kind in decision.risk.kinds)}
    rows = list(_rows(found, shown))
    told = {proof.label for proof in rows if proof.polarity not in _HELD_BACK}
    rest = [label for label in COLUMNS if label in shown and label not in told and label not in _SILENT]
    return (*rows, *_weights(found, rest, learned)) if rest else tuple(rows)


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


def _weights(found: Scan, labels: Sequence[str], learned: Model) -> Iterator[Evidence]:
    """Give every token the weights of the features that it is part of, and show the tokens that moved each label most."""
    moved = [learned.tokens.unpack(total) for total in _by_token(found, learned)]
    scale = HUNDREDTH / (len(found.tokens.norms) + 2) ** 0.5
    for label in labels:
        column = COLUMNS.index(label)
        weights = [(weights[column] - OFFSET) * scale for weights in moved]
        for weight, first, last in sorted(_runs(weights), reverse=True)[:MOST]:
            start, end = found.tokens.span(first, last)
            if start < end:
                start, end = found.repaired.original(start, end)
                yield Evidence(start=start, end=end, label=label, rule=f"weight:{weight:+.2f}")


def _by_token(found: Scan, learned: Model) -> list[int]:
    norms = found.tokens.norms
    table, classes = learned.tokens, learned.classes
    framed = [START, *norms, END]
    kinds = [classes.get(word, word) for word in framed]
    sums = [table.get(norm) for norm in norms]
    for at in range(len(framed) - 1):
        _share(sums, at, at + 1, table.get(framed[at] + PAIR + framed[at + 1]) + table.get(kinds[at] + KIND + kinds[at + 1]))
        for far in (2, 3):
            if at + far < len(kinds):
                _share(sums, at, at + far, table.get(kinds[at] + KIND * far + kinds[at + far]))
    begins = found.tokens.begins
    size = len(found.folded)
    for number, key in enumerate(letter_features(found.folded)):
        at = number if number < size - 1 else number - size + 1
        sums[max(0, bisect_right(begins, at, 0, len(norms)) - 1)] += learned.characters.get(key)
    return sums


def _share(sums: list[int], first: int, last: int, packed: int) -> None:
    """Give a pair's weight to both of its tokens; the frame around the text is no token."""
    if packed:
        for at in (first - 1, last - 1):
            if 0 <= at < len(sums):
                sums[at] += packed


def _runs(weights: Sequence[float]) -> Iterator[tuple[float, int, int]]:
    """Yield neighbouring tokens that pull the same way, as (weight, first, after last)."""
    first = 0
    for at in range(len(weights) + 1):
        if at == len(weights) or weights[at] < LEAST:
            if first < at:
                yield sum(weights[first:at]), first, at
            first = at + 1
