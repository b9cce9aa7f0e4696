"""A table of weights that adds up at the speed of integers.

Each key has one weight per column, in hundredths. A row of the table is packed into one integer of 32 bits a column, so that
the sum over a text's keys is a sum of integers; it is unpacked once. Rows stay text until a message first needs them.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

BITS = 32
_MASK = (1 << BITS) - 1
_HALF = 1 << (BITS - 1)
HUNDREDTH = 0.01


def pack(weights: Iterable[tuple[int, int]]) -> int:
    """Pack ``(column, hundredths)`` into one integer."""
    return sum(weight << (BITS * column) for column, weight in weights)


class Table:
    """Packed weights by key. ``columns`` is the number of columns of the whole model."""

    __slots__ = ("_bias", "_bytes", "_rows")

    def __init__(self, columns: int, rows: dict[str, str | int]) -> None:
        self._rows = rows
        self._bytes = columns * BITS // 8
        self._bias = sum(_HALF << (BITS * column) for column in range(columns))

    @classmethod
    def load(cls, columns: int, path: Path) -> "Table":
        """Read ``key<TAB>column:hundredths column:hundredths …`` lines, unparsed."""
        rows: dict[str, str | int] = {}
        with path.open(encoding="utf-8", newline="\n") as lines:
            for line in lines:
                key, _, rest = line.rstrip("\n").partition("\t")
                rows[key] = rest
        return cls(columns, rows)

    def get(self, key: str) -> int:
        """Return the packed weights of a key, 0 when it has none."""
        found = self._rows.get(key)
        if found is None:
            return 0
        if isinstance(found, str):
            found = self._rows[key] = pack(_parse(found))
        return found

    def total(self, keys: Iterable[str]) -> int:
        """Add up the packed weights of ``keys``."""
        rows = self._rows
        total = 0
        for key in keys:
            found = rows.get(key)
            if found is not None:
                total += self.get(key) if isinstance(found, str) else found
        return total

    def column(self, packed: int, column: int) -> int:
        """Return one column of packed weights, in hundredths."""
        return (((packed + self._bias) >> (BITS * column)) & _MASK) - _HALF

    def unpack(self, total: int) -> Sequence[int]:
        """Write a packed sum as one number a column, each too high by :data:`OFFSET`."""
        return array("I", ((total + self._bias) & ((1 << (8 * self._bytes)) - 1)).to_bytes(self._bytes, "little"))


OFFSET = _HALF


def _parse(text: str) -> Iterator[tuple[int, int]]:
    for entry in text.split(" "):
        column, _, weight = entry.partition(":")
        yield int(column), int(weight)
