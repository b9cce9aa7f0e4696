"""A table of weights that adds up at the speed of integers.

Each key has one weight per column, in sixteenths of a logit. A row of the table is packed into one integer of 16 bits a column, so
that the sum over some features is a sum of integers; it is unpacked once. 16 bits hold the features of :data:`SAFE` tokens.
"""

from array import array
from collections.abc import Iterable, Sequence
from itertools import repeat
from pathlib import Path

BITS = 16
OFFSET = 1 << (BITS - 1)
"""By so much every number of :meth:`Table.unpack` is too high; it keeps columns from borrowing of one another."""
UNIT = 1 / 16
HEAVIEST = 200
"""No single weight is greater, so that a packed sum of so many features as :data:`SAFE` tokens have stays within its bits."""
SAFE = 32


def pack(weights: Iterable[tuple[int, int]]) -> int:
    """Pack ``(column, sixteenths)`` into one integer."""
    return sum(weight << (BITS * column) for column, weight in weights)


class Table:
    """Packed weights by key. ``columns`` is the number of columns."""

    __slots__ = ("_bias", "_bytes", "_whole", "rows")

    def __init__(self, columns: int, rows: dict[str, int]) -> None:
        self.rows = rows
        self._bytes = columns * BITS // 8
        self._bias = sum(OFFSET << (BITS * column) for column in range(columns))
        self._whole = (1 << (8 * self._bytes)) - 1

    @classmethod
    def load(cls, columns: int, path: Path) -> "Table":
        """Read ``key<TAB>column:sixteenths column:sixteenths …`` lines."""
        shifts = {str(column): BITS * column for column in range(columns)}
        rows: dict[str, int] = {}
        with path.open(encoding="utf-8", newline="\n") as lines:
            for line in lines:
                key, _, rest = line.partition("\t")
                packed = 0
                for entry in rest.split(" "):
                    column, _, weight = entry.partition(":")
                    packed += int(weight) << shifts[column]
                rows[key] = packed
        return cls(columns, rows)

    def each(self, keys: Iterable[str]) -> Iterable[int]:
        """Yield the packed weights of every key, 0 where it has none."""
        return map(self.rows.get, keys, repeat(0))

    def total(self, keys: Iterable[str]) -> int:
        """Add up the packed weights of ``keys``."""
        return sum(self.each(keys))

    def unpack(self, total: int) -> Sequence[int]:
        """Write a packed sum as one number a column, each too high by :data:`OFFSET`."""
        return array("H", ((total + self._bias) & self._whole).to_bytes(self._bytes, "little"))

    def column(self, total: int, column: int) -> int:
        """Return one column of a packed sum, in sixteenths."""
        return self.unpack(total)[column] - OFFSET
