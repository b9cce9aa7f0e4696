"""A table of weights that adds up at the speed of integers.

Each key has one weight per column, in sixteenths of a logit. A row of the table is packed into one integer of 16 bits a column, so
that the sum over some features is a sum of integers; it is unpacked once. 16 bits hold :data:`SAFE` features.
"""

import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from pathlib import Path

BITS = 16
_SIGN = 1 << (BITS - 1)
UNIT = 1 / 16
HEAVIEST = 200
"""No single weight is greater, so that a packed sum of :data:`SAFE` features stays within its bits."""
SAFE = (_SIGN - 1) // HEAVIEST


def pack(weights: Iterable[tuple[int, int]]) -> int:
    """Pack ``(column, sixteenths)`` into one integer."""
    return sum(weight << (BITS * column) for column, weight in weights)


class _Entries(dict[str, int]):
    """Remembers what ``column:sixteenths`` means, since the same few thousand stand in a table again and again."""

    def __missing__(self, entry: str) -> int:
        column, _, weight = entry.partition(":")
        packed = self[entry] = int(weight) << (BITS * int(column))
        return packed


_MEANING = _Entries()


def packed(entries: str) -> int:
    """Pack weights written as ``column:sixteenths column:sixteenths …``."""
    return sum(map(_MEANING.__getitem__, entries.split()))


def read_lines(path: Path) -> Iterator[tuple[str, str]]:
    """Read the ``key<TAB>value`` lines of a table, one by one: a table read as a whole would leave holes in memory behind."""
    with path.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            key, _, value = line.rstrip("\n").partition("\t")
            yield key, value


def read_rows(path: Path) -> Iterator[tuple[str, int]]:
    """Read a table of weights, packed, by key."""
    for key, entries in read_lines(path):
        yield key, packed(entries)


class Table:
    """Packed weights by key. ``columns`` is the number of columns."""

    __slots__ = ("_bytes", "_signs", "rows")

    def __init__(self, columns: int, rows: dict[str, int]) -> None:
        self.rows = rows
        self._bytes = columns * BITS // 8
        self._signs = sum(_SIGN << (BITS * column) for column in range(columns))

    @classmethod
    def load(cls, columns: int, path: Path) -> "Table":
        """Read a table of so many columns."""
        return cls(columns, dict(read_rows(path)))

    def total(self, keys: Iterable[str]) -> int:
        """Add up the packed weights of ``keys``."""
        return sum(map(self.rows.get, keys, repeat(0)))

    def unpack(self, total: int) -> Sequence[int]:
        """Write a packed sum as one number a column, in sixteenths."""
        signs = self._signs  # Added, they keep a column from borrowing of the next; turned over, they leave each its own sign.
        return array("h", ((total + signs) ^ signs).to_bytes(self._bytes, sys.byteorder))

    def unpack_all(self, totals: Iterable[int]) -> Sequence[int]:
        """Write packed sums one after the other, each as one number a column: ``[at :: columns]`` is the column ``at`` of all."""
        signs, size, order = self._signs, self._bytes, sys.byteorder
        return array("h", b"".join([((total + signs) ^ signs).to_bytes(size, order) for total in totals]))
