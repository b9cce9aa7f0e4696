"""Weights of the words of a text: each alone, with its neighbour as written, and with its neighbour by their classes.

Words are numbered when the tables are loaded, so that a pair of them is found by a number instead of a text put together for it.
"""

from array import array
from collections.abc import Mapping, Sequence
from itertools import repeat
from operator import add, mul
from pathlib import Path

from nlp.learned.features import END, KIND, PAIR, START
from nlp.learned.table import packed, read_lines, read_rows

_STEP = 0x1E3779B1
"""More than there are words, so that two numbers make one; odd, so that a dict sees both in its low bits; one digit of Python's."""
_END = _STEP - 1
"""The number of the end, which is a place; its sign may be a word as well."""
_UNREAD = -1
"""Stands for weights of a word that were not asked for yet."""


class _Numbers(dict[str, int]):
    """Numbers for different words, from 1 on; 0 is for a word that nobody knows."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self) + 1
        return number


class Words:
    """Packed weights, as in :class:`nlp.learned.table.Table`; those of single words are given as written in their table.

    All words of a text are looked up in one table after the other: so the waits for the memory overlap.
    """

    __slots__ = ("_alone", "_class_of", "_kinds", "_last", "_numbers", "_pairs", "_start", "_written")

    def __init__(self, words: Mapping[str, str], pairs: Mapping[str, int], kinds: Mapping[str, int], classes: Mapping[str, str]) -> None:
        self._numbers, names = _Numbers(), _Numbers()
        self._kinds: dict[int, int] = {}
        for key, weight in kinds.items():
            first, _, second = key.partition(KIND)
            self._kinds[names[first] * _STEP + names[second]] = weight
        self._pairs: dict[int, int] = {}
        for key, weight in pairs.items():
            first, _, second = key.partition(PAIR)
            if second == END:
                self._pairs[self._numbers[first] * _STEP + _END] = weight
            self._pairs[self._numbers[first] * _STEP + self._numbers[second]] = weight
        for word in (*classes, *names, *words):
            self._numbers[word]
        self._class_of = array("I", [0, *(names.get(classes.get(word, word), 0) for word in self._numbers)])
        self._written = ["", *(words.get(word, "") for word in self._numbers)]
        self._alone = [0, *repeat(_UNREAD, len(self._numbers))]
        self._start, self._last = self._numbers.get(START, 0), names.get(classes.get(END, END), 0)

    @classmethod
    def load(cls, folder: Path) -> "Words":
        """Read ``words.tsv``, ``pairs.tsv`` and ``kinds.tsv`` (weights), and ``classes.tsv`` (the class of a word)."""
        words, classes = (dict(read_lines(folder / f"{name}.tsv")) for name in ("words", "classes"))
        pairs, kinds = (dict(read_rows(folder / f"{name}.tsv")) for name in ("pairs", "kinds"))
        return cls(words, pairs, kinds, classes)

    def weigh(self, norms: Sequence[str]) -> tuple[list[int], list[int], list[int]]:
        """Return three lists of weights that begin at each word, and after them those of the end: alone, as pairs, as pairs of classes."""
        numbers = list(map(self._numbers.get, norms, repeat(0)))
        classes = list(map(self._class_of.__getitem__, numbers))
        ends = [*numbers, _END]
        pairs = list(map(self._pairs.get, map(add, map(mul, [self._start, *numbers], repeat(_STEP)), ends), repeat(0)))
        first = self._class_of[self._start]
        kinds = list(map(self._kinds.get, map(add, map(mul, [first, *classes], repeat(_STEP)), [*classes, self._last]), repeat(0)))
        return self._each(numbers), pairs, kinds

    def _each(self, numbers: Sequence[int]) -> list[int]:
        """Return the weights of single words, each of which is packed when it is first asked for."""
        found = list(map(self._alone.__getitem__, numbers))
        if _UNREAD not in found:
            return found
        for number in numbers:
            if self._alone[number] == _UNREAD:
                self._alone[number] = packed(self._written[number])
        return [self._alone[number] for number in numbers]
