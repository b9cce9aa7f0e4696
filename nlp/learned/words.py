"""Weights of the words of a text: each alone, with its neighbour as written, and with its neighbour by their classes.

Words are numbered when the tables are loaded, so that a pair of them is found by a number instead of a text put together for it.
What a known pair moves in all three ways is added up when it is first met: most words of a text then take one look.
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


class _Alone(dict[str, int]):
    """Packed weights of single words, each packed when it is first asked for."""

    def __init__(self, written: Mapping[str, str]) -> None:
        super().__init__()
        self._written = written

    def __missing__(self, word: str) -> int:
        entries = self._written.get(word)
        if entries is None:
            return 0
        found = self[word] = packed(entries)
        return found


class _Numbers(dict[str, int]):
    """Numbers for different words, from 1 on; 0 is for a word that nobody knows."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self) + 1
        return number


class Words:
    """Packed weights, as in :class:`nlp.learned.table.Table`; those of single words are given as written in their table."""

    __slots__ = ("_alone", "_classes", "_kinds", "_met", "_names", "_numbers", "_pairs", "_start")

    def __init__(self, words: Mapping[str, str], pairs: Mapping[str, int], kinds: Mapping[str, int], classes: Mapping[str, str]) -> None:
        self._alone, self._classes = _Alone(words), classes
        self._names, self._numbers = _Numbers(), _Numbers()
        self._kinds: dict[int, int] = {}
        for key, weight in kinds.items():
            first, _, second = key.partition(KIND)
            self._kinds[self._names[first] * _STEP + self._names[second]] = weight
        self._pairs: dict[int, int] = {}
        for key, weight in pairs.items():
            first, _, second = key.partition(PAIR)
            if second == END:
                self._pairs[self._numbers[first] * _STEP + _END] = weight
            self._pairs[self._numbers[first] * _STEP + self._numbers[second]] = weight
        self._start = self._numbers.get(START, 0)
        self._met: dict[int, int] = {}

    @classmethod
    def load(cls, folder: Path) -> "Words":
        """Read ``words.tsv``, ``pairs.tsv`` and ``kinds.tsv`` (weights), and ``classes.tsv`` (the class of a word)."""
        words, classes = (dict(read_lines(folder / f"{name}.tsv")) for name in ("words", "classes"))
        pairs, kinds = (dict(read_rows(folder / f"{name}.tsv")) for name in ("pairs", "kinds"))
        return cls(words, pairs, kinds, classes)

    def weigh(self, norms: Sequence[str]) -> list[int]:
        """Return the weights that begin at each word, and after them those of the end."""
        numbers = [self._start, *map(self._numbers.get, norms, repeat(0)), _END]
        keys = list(map(add, map(mul, numbers, repeat(_STEP)), numbers[1:]))
        met = enumerate(map(self._met.get, keys))
        return [self._added(norms, at, keys[at]) if added is None else added for at, added in met]

    def _added(self, norms: Sequence[str], at: int, key: int) -> int:
        """Add up what begins at a word: its own weights, and those of both pairs with the word before it. Remember a known pair."""
        first = norms[at - 1] if at else START
        added = self._near(first, norms[at]) + self._alone[norms[at]] if at < len(norms) else self._near(first, END)
        pair = self._pairs.get(key)
        if pair is None:
            return added
        met = self._met[key] = pair + added
        return met

    def _near(self, first: str, second: str) -> int:
        """Look two words up by their classes."""
        one, other = self._classes.get(first, first), self._classes.get(second, second)
        return self._kinds.get(self._names.get(one, 0) * _STEP + self._names.get(other, 0), 0)
