"""How low a text must score for the gate to end its reading, from scores of writers that were held out. Plain numbers, no libraries."""

import math
from collections.abc import Iterable, Sequence

MISSES, MISSED_DANGER = (0.03, 0.05), (0.01, 0.016)
"""Of what the weights find on writers that were held out, the share of concerns and of dangers that the gate may lose.

By the letters, and with the words. What the weights would not find is not lost by closing, nor is what a guard keeps open.
"""
Scores = Sequence[float]
"""What a text scores by its letters, and by letters and words. A text that a guard keeps open: infinite."""


def quantile(values: Iterable[float], share: float) -> float:
    """Return the value below which this share of ``values`` lies: between two of them in proportion, beside infinity the lower one."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
    return low + (high - low) * (place - math.floor(place)) if math.isfinite(low) and math.isfinite(high) else low


def limits(scores: Sequence[Scores], concern: Sequence[bool], danger: Sequence[bool]) -> tuple[float, float]:
    """Choose how low a text must score by its letters, and with its words: ``small, words``.

    ``concern`` and ``danger`` tell which texts the weights read rightly; of neither may the gate lose more than its share. What the
    letters end is lost already, and counts as such for the words.
    """

    def limit(at: int, ended: Sequence[bool]) -> float:
        column = [-math.inf if over else score[at] for score, over in zip(scores, ended, strict=True)]
        kept = ((concern, MISSES[at]), (danger, MISSED_DANGER[at]))
        return min(quantile((value for value, right in zip(column, found, strict=True) if right), share) for found, share in kept)

    small = limit(0, [False] * len(scores))
    words = limit(1, [score[0] < small for score in scores])
    return round(small, 4), round(words, 4)
