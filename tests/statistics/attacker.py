"""Somebody with all public tables and much time: an own linear algebra over what is shown, without a look at how it was hidden."""

from collections.abc import Hashable, Sequence
from fractions import Fraction

from handoff.statistics.tables import HIDDEN, NOTHING


class Attacker:
    """Collects shown numbers and the sums between them, then works out what is not shown."""

    def __init__(self) -> None:
        self.shown: dict[Hashable, int] = {}
        self.unknown: set[Hashable] = set()
        self._sums: list[dict[Hashable, int]] = []

    def cell(self, key: Hashable, shown: str) -> Hashable:
        """Take a cell as it is read; the same key in two tables must read the same."""
        if shown == HIDDEN:
            assert key not in self.shown, f"told in one place and hidden in another: {key}"
            self.unknown.add(key)
        elif shown != NOTHING:
            value = int(shown.replace(",", ""))
            assert key not in self.unknown, f"told in one place and hidden in another: {key}"
            assert self.shown.setdefault(key, value) == value, key
        return key

    def total(self, total: Hashable, parts: Sequence[Hashable]) -> None:
        """Note that the parts add up to the total."""
        line = dict.fromkeys(parts, 1)
        line[total] = line.get(total, 0) - 1
        if all(key in self.shown or key in self.unknown for key in line):
            self._sums.append(line)

    def _rows(self) -> list[tuple[dict[Hashable, Fraction], Fraction]]:
        rows = []
        for line in self._sums:
            left = {key: Fraction(sign) for key, sign in line.items() if key in self.unknown}
            if left:
                rows.append((left, Fraction(-sum(sign * self.shown[key] for key, sign in line.items() if key not in self.unknown))))
        return rows

    def determined(self) -> set[Hashable]:
        """Return what Gauss and Jordan determine."""
        pivots: dict[Hashable, dict[Hashable, Fraction]] = {}
        for line, _ in self._rows():
            row = dict(line)
            for key in [key for key in row if key in pivots]:
                self._reduce(row, pivots[key], key)
            if not row:
                continue
            lead = next(iter(row))
            row = {key: value / row[lead] for key, value in row.items()}
            for other in pivots.values():
                if lead in other:
                    self._reduce(other, row, lead)
            pivots[lead] = row
        return {lead for lead, row in pivots.items() if len(row) == 1}

    @staticmethod
    def _reduce(row: dict[Hashable, Fraction], by: dict[Hashable, Fraction], key: Hashable) -> None:
        factor = row.get(key, Fraction(0))
        for other, value in by.items() if factor else ():
            row[other] = row.get(other, Fraction(0)) - factor * value
            if not row[other]:
                del row[other]

    def bounds(self) -> dict[Hashable, tuple[int, float]]:
        """Return how far each number is narrowed down by handing bounds from sum to sum; nothing counted is less than none."""
        low: dict[Hashable, float] = dict.fromkeys(self.unknown, 0)
        high: dict[Hashable, float] = dict.fromkeys(self.unknown, float("inf"))
        rows = self._rows()
        for _ in range(8):
            for line, rest in rows:
                for key, sign in line.items():
                    others = [(other, value) for other, value in line.items() if other != key]
                    least = sum(float(value) * (low if value > 0 else high)[other] for other, value in others)
                    most = sum(float(value) * (high if value > 0 else low)[other] for other, value in others)
                    ends = sorted(((float(rest) - least) / float(sign), (float(rest) - most) / float(sign)))
                    low[key], high[key] = max(low[key], ends[0]), min(high[key], ends[1])
        return {key: (int(low[key]), high[key]) for key in self.unknown}
