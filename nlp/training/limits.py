"""How low a text must score for the gate to end its reading, from scores of writers that were held out. Plain numbers, no libraries."""

import math
from collections.abc import Iterable, Sequence

FARTHEST = 0.98
"""Where only so few of the texts that the second look ends score higher on the first, it is not taken."""
MISSES, MISSED_DANGER = (0.04, 0.06, 0.08), (0.014, 0.02, 0.024)
"""Of what the weights find on writers that were held out, the share of concerns and of dangers that the gate may lose.

By the first look, with the second, and with the words. What the weights would not find is not lost by closing, nor is what a
guard keeps open.
"""
Scores = Sequence[float]
"""What a text scores on the first look, on the first and second, and on letters and words. A text that a guard keeps open: infinite."""


def quantile(values: Iterable[float], share: float) -> float:
    """Return the value below which this share of ``values`` lies: between two of them in proportion, beside infinity the lower one."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
    return low + (high - low) * (place - math.floor(place)) if math.isfinite(low) and math.isfinite(high) else low


def limits(scores: Sequence[Scores], concern: Sequence[bool], danger: Sequence[bool]) -> tuple[float, float, float, float]:
    """Choose how low a text must score on the first look, with the second one, and with the words: ``small, more, both, words``.

    ``concern`` and ``danger`` tell which texts the weights read rightly; of neither may the gate lose more than its share. What an
    earlier look ends is lost already, and counts as such for the later ones.
    """

    def limit(at: int, ended: Sequence[bool]) -> float:
        column = [-math.inf if over else score[at] for score, over in zip(scores, ended, strict=True)]
        kept = ((concern, MISSES[at]), (danger, MISSED_DANGER[at]))
        return min(quantile((value for value, right in zip(column, found, strict=True) if right), share) for found, share in kept)

    small = limit(0, [False] * len(scores))
    at_first = [score[0] < small for score in scores]
    both = limit(1, at_first)
    second = [not over and score[1] < both for score, over in zip(scores, at_first, strict=True)]
    ended = [score[0] for score, over in zip(scores, second, strict=True) if over]
    more = quantile(ended, FARTHEST) if ended else small
    words = limit(2, [first or (over and score[0] < more) for score, first, over in zip(scores, at_first, second, strict=True)])
    return round(small, 4), round(more, 4), round(both, 4), round(words, 4)
