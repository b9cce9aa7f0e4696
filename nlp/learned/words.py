"""Weights of the words of a text: each alone, with its neighbour as written, and with its neighbour by their classes.

Words are numbered when the tables are loaded, so that a pair of them is found by a number instead of a text put together for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import add, mul
from pathlib import Path

from nlp.learned.features import END, KIND, PAIR, START
from nlp.learned.table import packed, read_lines, read_rows

_STEP = 0x9E3779B1
"""More than there are words, so that two numbers make one, and odd, so that a dict sees both of them in its low bits."""
_Entry = tuple[int, int, int]


_UNKNOWN: _Entry = (0, 0, 0)


class _Entries(dict[str, _Entry]):
    """What is known of a word: its weights, packed when it is first met, its number and the number of its class."""

    def __init__(self, words: Mapping[str, str], numbers: Mapping[str, int], names: Mapping[str, int], classes: Mapping[str, str]) -> None:
        super().__init__()
        self._words, self._numbers, self._names, self._classes = words, numbers, names, classes

    def __missing__(self, word: str) -> _Entry:
        entries = self._words.get(word, "")
        found = packed(entries), self._numbers.get(word, 0), self._names.get(self._classes.get(word, word), 0)
        if found == _UNKNOWN:
            return found
        self[word] = found
        return found


@dataclass(frozen=True, slots=True)
class WordWeights:
    """Packed weights of the words of a text and, last, of its end: each alone, with the one before it, and by their classes."""

    alone: Sequence[int]
    pairs: Sequence[int]
    near: Sequence[int]

    def total(self) -> int:
        """Add up everything."""
        return sum(self.alone) + sum(self.pairs) + sum(self.near)

    def each(self) -> list[int]:
        """Return the weights that begin at each word, and after them those of the end."""
        return list(map(add, map(add, self.pairs, self.near), self.alone))


class Words:
    """Packed weights, as in :class:`nlp.learned.table.Table`; those of single words are given as written in their table."""

    __slots__ = ("_end", "_entries", "_kinds", "_pairs", "_start")

    def __init__(self, words: Mapping[str, str], pairs: Mapping[str, int], kinds: Mapping[str, int], classes: Mapping[str, str]) -> None:
        numbers = _numbered(word for key in pairs for word in key.split(PAIR))
        names = _numbered(kind for key in kinds for kind in key.split(KIND))
        self._pairs = {_joined(key.split(PAIR), numbers): weights for key, weights in pairs.items()}
        self._kinds = {_joined(key.split(KIND), names): weights for key, weights in kinds.items()}
        self._entries = _Entries(words, numbers, names, classes)
        self._start = 0, numbers.get(START, 0), names.get(START, 0)
        self._end = 0, numbers.get(END, 0), names.get(END, 0)

    @classmethod
    def load(cls, folder: Path) -> "Words":
        """Read ``words.tsv``, ``pairs.tsv`` and ``kinds.tsv`` (weights), and ``classes.tsv`` (the class of a word)."""
        words, classes = (dict(read_lines(folder / f"{name}.tsv")) for name in ("words", "classes"))
        pairs, kinds = (dict(read_rows(folder / f"{name}.tsv")) for name in ("pairs", "kinds"))
        return cls(words, pairs, kinds, classes)

    def weigh(self, norms: Sequence[str]) -> WordWeights:
        """Look up what begins at each word, and what the end has of its own."""
        weights, numbers, kinds = zip(self._start, *map(self._entries.__getitem__, norms), self._end, strict=True)
        pairs = list(map(self._pairs.get, map(add, map(mul, numbers, repeat(_STEP)), numbers[1:]), repeat(0)))
        near = list(map(self._kinds.get, map(add, map(mul, kinds, repeat(_STEP)), kinds[1:]), repeat(0)))
        return WordWeights(weights[1:], pairs, near)


def _numbered(words: Iterable[str]) -> dict[str, int]:
    """Give numbers from 1 to different words; 0 is for a word that nobody knows."""
    return {word: number for number, word in enumerate(dict.fromkeys(words), start=1)}


def _joined(pair: Sequence[str], numbers: Mapping[str, int]) -> int:
    first, second = pair
    return numbers[first] * _STEP + numbers[second]
