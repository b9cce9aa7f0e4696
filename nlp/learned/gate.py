"""The gate: whether a text holds more than small talk, asked of its letters alone, before any tokenizer is woken.

One automaton finds every two and three letters that have a weight, and the words that the rows guard.
"""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

from ahocorasick_rs import AhoCorasick

from nlp.learned.features import END, START
from nlp.learned.table import UNIT, Table, read_rows
from nlp.lexicon.guard import Guards, Parts
from nlp.reading import Intent

LIGHT = (Intent.OTHER, Intent.GREETING, Intent.THANKS, Intent.ACCEPT, Intent.DECLINE)
"""The intents of a message that asks nobody to do anything."""
LONGEST = 80
"""A longer text is read on in any case, and its sums would not fit their bits."""
SPREAD = 4
"""Added to the length of a text before its root divides the sums, so that one loud pair does not decide a short text."""
BARE = 8
"""So short a text is guarded as one word: it may be a yes, a no or a stop."""


class Gate:
    """Weights of two and three letters in a row, and guarded words. Immutable once loaded."""

    __slots__ = ("_always", "_bare", "_bias", "_finder", "_guarded_from", "_kinds", "_light", "_limit", "_serious", "_telling_from")

    def __init__(self, folder: Path, bias: Sequence[float], threshold: float, guards: Guards) -> None:
        serious, light = dict(read_rows(folder / "gate.tsv")), dict(read_rows(folder / "light.tsv"))
        always, bare = _by_longest(guards.always), _by_longest(guards.bare)
        guarded = dict.fromkeys([*always, *bare])
        telling = [key for key in light if key not in guarded]
        words = [*(key for key in serious if key not in light and key not in guarded), *telling, *guarded]
        self._finder = AhoCorasick(words, store_patterns=False)
        self._guarded_from = len(words) - len(guarded)
        self._telling_from = self._guarded_from - len(telling)
        self._serious = [serious.get(word, 0) for word in words]
        self._light = [light.get(word, 0) for word in words]
        self._always = [always.get(word, ()) for word in words]
        self._bare = [bare.get(word, ()) for word in words]
        self._kinds = Table(len(LIGHT), {})
        self._bias = tuple(bias[1:])
        self._limit = (threshold - bias[0]) / UNIT

    def light_intent(self, folded: str) -> Intent | None:
        """Return the intent of plain small talk; None when the text may hold more, or a guarded word, and whenever in doubt."""
        length = len(folded)
        if length > LONGEST:
            return None
        numbers = [found[0] for found in self._finder.find_matches_as_indexes(f"{START}{folded}{END}", overlapping=True)]
        spread = math.sqrt(length + SPREAD)
        if sum(map(self._serious.__getitem__, numbers)) >= self._limit * spread:
            return None
        highest = max(numbers, default=0)
        if highest >= self._guarded_from and self._is_guarded(numbers, folded):
            return None
        return Intent.OTHER if highest < self._telling_from else self._kind(numbers, spread)

    def _kind(self, numbers: Sequence[int], spread: float) -> Intent:
        weights = self._kinds.unpack(sum(map(self._light.__getitem__, numbers)))
        kinds = [start + weight * UNIT / spread for start, weight in zip(self._bias, weights, strict=True)]
        return LIGHT[kinds.index(max(kinds))]

    def _is_guarded(self, numbers: Sequence[int], folded: str) -> bool:
        """Whether all parts of a guarded word stand in the text."""
        rests = [rest for number in numbers for rest in self._always[number]]
        if len(folded) <= BARE:
            rests += [rest for number in numbers for rest in self._bare[number]]
        return any(all(part in folded for part in rest) for rest in rests)


def _by_longest(words: Iterable[Parts]) -> dict[str, list[Parts]]:
    """Sort words by their longest part; the others are looked for where it stands."""
    found: dict[str, list[Parts]] = {}
    for word in words:
        longest = max(word, key=len)
        found.setdefault(longest, []).append(tuple(part for part in word if part is not longest))
    return found
