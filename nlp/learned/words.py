"""Weights of the words of a text: each alone, with its neighbour as written, and with its neighbour by their classes.

Words are numbered when the tables are loaded, so that a pair of them is found by a number instead of a text put together for it.
"""

from collections.abc import Mapping, Sequence
from itertools import repeat
from operator import add, mul
from pathlib import Path

from nlp.learned.features import END, KIND, PAIR, START
from nlp.learned.table import packed, read_lines, read_rows

_STEP = 0x9E3779B1
"""More than there are words, so that two numbers make one, and odd, so that a dict sees both of them in its low bits."""
_END = _STEP - 1
"""The number of the end, which is a place; its sign may be a word as well."""


class _Numbers(dict[str, int]):
    """Numbers for different words, from 1 on; 0 is for a word that nobody knows."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self) + 1
        return number


class _Alone(dict[str, int]):
    """Packed weights of single words, each packed when it is first asked for. Unknown words are not kept."""

    def __init__(self, written: Mapping[str, str]) -> None:
        super().__init__()
        self._written = written

    def __missing__(self, word: str) -> int:
        entries = self._written.get(word)
        if entries is None:
            return 0
        found = self[word] = packed(entries)
        return found


class Words:
    """Packed weights, as in :class:`nlp.learned.table.Table`; those of single words are given as written in their table.

    All words of a text are looked up in one table after the other: so the waits for the memory overlap.
    """

    __slots__ = ("_alone", "_class_of", "_kinds", "_last", "_numbers", "_pairs", "_start")

    def __init__(self, words: Mapping[str, str], pairs: Mapping[str, int], kinds: Mapping[str, int], classes: Mapping[str, str]) -> None:
        self._alone, self._numbers = _Alone(words), _Numbers()
        names = _Numbers()
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
        for word in classes:
            self._numbers[word]
        for word in names:
            self._numbers[word]
        self._class_of = [0, *(names.get(classes.get(word, word), 0) for word in self._numbers)]
        self._start, self._last = self._numbers.get(START, 0), names.get(classes.get(END, END), 0)

    @classmethod
    def load(cls, folder: Path) -> "Words":
        """Read ``words.tsv``, ``pairs.tsv`` and ``kinds.tsv`` (weights), and ``classes.tsv`` (the class of a word)."""
        words, classes = (dict(read_lines(folder / f"{name}.tsv")) for name in ("words", "classes"))
        pairs, kinds = (dict(read_rows(folder / f"{name}.tsv")) for name in ("pairs", "kinds"))
        return cls(words, pairs, kinds, classes)

    def weigh(self, norms: Sequence[str]) -> tuple[list[int], list[int], list[int]]:
        """Return three lists of weights that begin at each word, and after them those of the end: alone, as pairs, as pairs of classes."""
        numbers = [self._start, *map(self._numbers.get, norms, repeat(0))]
        classes = [*map(self._class_of.__getitem__, numbers), self._last]
        alone = list(map(self._alone.__getitem__, norms))
        pairs = list(map(self._pairs.get, map(add, map(mul, numbers, repeat(_STEP)), [*numbers[1:], _END]), repeat(0)))
        kinds = list(map(self._kinds.get, map(add, map(mul, classes, repeat(_STEP)), classes[1:]), repeat(0)))
        return alone, pairs, kinds
