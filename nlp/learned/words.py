"""Weights of the words and letters of a text. Words: each alone, with its neighbour as written, and with its neighbour by their classes.

Words are numbered when the tables are loaded, so that a pair of them is found by a number instead of a text put together for it.
"""

from array import array
from collections.abc import Mapping, Sequence
from itertools import repeat
from operator import add, mul
from pathlib import Path

from ahocorasick_rs import AhoCorasick

from nlp.learned.features import END, KIND, PAIR, START
from nlp.learned.table import packed, read_lines, read_rows

_STEP = 0x1E3779B1
"""More than there are words, so that two numbers make one; odd, so that a dict sees both in its low bits; one digit of Python's."""
_END = _STEP - 1
"""The number of the end, which is a place; its sign may be a word as well."""
_UNREAD = -1
"""Stands for weights that were not asked for yet."""


class _Numbers(dict[str, int]):
    """Numbers for different words, from 1 on; 0 is for a word that nobody knows."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self) + 1
        return number


class _Rows:
    """Packed weights by number, each packed when it is first asked for: a start need not wait for all of them."""

    __slots__ = ("_known", "_unread")

    def __init__(self) -> None:
        self._known: dict[int, int] = {}
        self._unread: dict[int, str] = {}

    def add(self, number: int, written: str) -> None:
        """Add weights as they are written in a table."""
        self._known[number], self._unread[number] = _UNREAD, written

    def of(self, numbers: Sequence[int]) -> list[int]:
        """Return the weights of each number, 0 where it has none."""
        found = list(map(self._known.get, numbers, repeat(0)))
        if _UNREAD not in found:
            return found
        for number in numbers:
            if (written := self._unread.get(number)) is not None:
                self._known[number] = packed(written)
                self._unread.pop(number, None)  # Not before: another thread may ask for the same weights now.
        return [self._known.get(number, 0) for number in numbers]


class Words:
    """Packed weights, as in :class:`nlp.learned.table.Table`, given as written in their tables.

    All words of a text are looked up in one table after the other: so the waits for the memory overlap.
    """

    __slots__ = ("_alone", "_class_of", "_kinds", "_last", "_numbers", "_pairs", "_start")

    def __init__(self, words: Mapping[str, str], pairs: Mapping[str, str], kinds: Mapping[str, str], classes: Mapping[str, str]) -> None:
        self._numbers, names = _Numbers(), _Numbers()
        self._kinds, self._pairs = _Rows(), _Rows()
        for key, written in kinds.items():
            first, _, second = key.partition(KIND)
            self._kinds.add(names[first] * _STEP + names[second], written)
        for key, written in pairs.items():
            first, _, second = key.partition(PAIR)
            if second == END:
                self._pairs.add(self._numbers[first] * _STEP + _END, written)
            self._pairs.add(self._numbers[first] * _STEP + self._numbers[second], written)
        for word in (*classes, *names, *words):
            self._numbers[word]
        self._class_of = array("I", [0, *(names.get(classes.get(word, word), 0) for word in self._numbers)])
        self._alone = _Rows()
        for word, number in self._numbers.items():
            if word in words:
                self._alone.add(number, words[word])
        self._start, self._last = self._numbers.get(START, 0), names.get(classes.get(END, END), 0)

    @classmethod
    def load(cls, folder: Path) -> "Words":
        """Read ``words.tsv``, ``pairs.tsv`` and ``kinds.tsv`` (weights), and ``classes.tsv`` (the class of a word)."""
        words, pairs, kinds, classes = (dict(read_lines(folder / f"{name}.tsv")) for name in ("words", "pairs", "kinds", "classes"))
        return cls(words, pairs, kinds, classes)

    def weigh(self, norms: Sequence[str]) -> tuple[list[int], list[int], list[int]]:
        """Return three lists of weights that begin at each word, and after them those of the end: alone, as pairs, as pairs of classes."""
        numbers = list(map(self._numbers.get, norms, repeat(0)))
        classes = list(map(self._class_of.__getitem__, numbers))
        first = self._class_of[self._start]
        pairs = map(add, map(mul, [self._start, *numbers], repeat(_STEP)), [*numbers, _END])
        kinds = map(add, map(mul, [first, *classes], repeat(_STEP)), [*classes, self._last])
        return self._alone.of(numbers), self._pairs.of(list(pairs)), self._kinds.of(list(kinds))


class Letters:
    """Packed weights of two and of three letters in a row, found in one pass over a text."""

    __slots__ = ("_find", "_weights")

    def __init__(self, letters: Mapping[str, int]) -> None:
        self._find = AhoCorasick(letters, store_patterns=False).find_matches_as_indexes
        self._weights = tuple(letters.values())

    @classmethod
    def load(cls, folder: Path) -> "Letters":
        """Read ``letters.tsv``."""
        return cls(dict(read_rows(folder / "letters.tsv")))

    def weigh(self, folded: str) -> list[tuple[int, int]]:
        """Return offset and weights of all letters in a row that have any."""
        return [(start, self._weights[number]) for number, start, _ in self._find(folded, overlapping=True)]
