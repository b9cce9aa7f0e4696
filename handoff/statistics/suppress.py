"""Hiding small numbers in what leaves the house, so that nobody can be found in a table and nobody can work a hidden number out.

First, counts from 1 to below the threshold are hidden. Then, as long as the sums of a table let somebody work out a hidden cell, or
narrow it down to less than the threshold leaves open, the smallest fitting cell beside it is hidden too. Pure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from handoff.statistics.tables import Row, Table

Cell = tuple[int, int]
Line = tuple[tuple[Cell, int], ...]
"""A sum that must be nought: cells with 1 for the parts and -1 for their total."""
OTHERS = "その他の地区"
_NO_PARTS = "内わけは、少ない数が分かってしまうので出しません。"
_ROUNDS = 12
"""Bounds that sums over rows and columns hand to each other settle soon; later rounds would only creep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What can be known of a hidden count."""

    low: int
    high: int | None


def protect(table: Table, threshold: int) -> Table:
    """Return a table that may leave the house."""
    if not table.counts:
        return _without_small_bases(table, threshold)
    if table.key == "district" and table.rows:
        table = _merge_upward(table, threshold)
    hidden = {cell for cell in _cells(table) if 0 < (_value(table, cell) or 0) < threshold}
    lines = _lines(table)
    while open_cell := _find_open(table, hidden, lines, threshold):
        cover = _cover(table, open_cell, hidden, lines)
        if cover is None:
            break
        hidden.add(cover)
    return _told_elsewhere(replace(table, hidden=frozenset(hidden)), threshold)


def _told_elsewhere(table: Table, threshold: int) -> Table:
    """Keep nothing but the totals of a table that could only be protected by hiding a large total: other tables tell that one."""
    last, side = len(table.rows) - 1, len(table.columns) - 1
    if table.across and (last, side) in table.hidden and (_value(table, (last, side)) or 0) >= threshold:
        only = Row(label=table.rows[last].label, values=(*([None] * side), table.rows[last].values[side]))
        return replace(table, rows=(only,), hidden=frozenset(), note=f"{table.note}{_NO_PARTS}")
    large = [column for row, column in table.hidden if row == last and (_value(table, (last, column)) or 0) >= threshold]
    if not (table.adds_up and large) or table.across:
        return table
    total = table.rows[last]
    small = frozenset((0, column) for column, value in enumerate(total.values) if 0 < (value or 0) < threshold)
    return replace(table, rows=(total,), hidden=small, note=f"{table.note}{_NO_PARTS}")


def _without_small_bases(table: Table, threshold: int) -> Table:
    """Hide rows of waits and shares behind which too few stand, and how many stand behind the others: that is a part of other sums."""
    rows = tuple(replace(row, values=row.values[1:]) for row in table.rows)
    table = replace(table, columns=table.columns[1:], rows=rows)
    small = {row for row, base in enumerate(table.base) if base < threshold}
    return replace(table, hidden=frozenset((row, column) for row in small for column in range(len(table.columns))))


def _merge_upward(table: Table, threshold: int) -> Table:
    """Count the small districts together, and not by the name."""
    *rows, total = table.rows
    small = [row for row in rows if any(0 < (value or 0) < threshold for value in row.values)]
    kept = [row for row in rows if row not in small]
    if not small:
        return table
    while kept and any(0 < value < threshold for value in _sums(small)):
        least = min(kept, key=lambda row: sum(value or 0 for value in row.values))
        kept.remove(least)
        small.append(least)
    return replace(table, rows=(*kept, Row(label=OTHERS, values=_sums(small)), total))


def _sums(rows: Sequence[Row]) -> tuple[int, ...]:
    return tuple(int(sum(row.values[column] or 0 for row in rows)) for column in range(len(rows[0].values)))


def _cells(table: Table) -> Iterable[Cell]:
    return ((row, column) for row in range(len(table.rows)) for column in range(len(table.columns)))


def _value(table: Table, cell: Cell) -> int | None:
    value = table.rows[cell[0]].values[cell[1]]
    return None if value is None else int(value)


def _lines(table: Table) -> list[Line]:
    """Return the sums that a reader of the table knows to hold."""
    height, width = len(table.rows), len(table.columns)
    found: list[Line] = []
    if table.adds_up and height > 1:
        found += [tuple(((row, column), -1 if row == height - 1 else 1) for row in range(height)) for column in range(width)]
    if table.across and width > 1:
        found += [tuple(((row, column), -1 if column == width - 1 else 1) for column in range(width)) for row in range(height)]
    return found


def _find_open(table: Table, hidden: set[Cell], lines: Sequence[Line], threshold: int) -> Cell | None:
    """Return a hidden cell that the sums give away: exactly, or to within less than what hiding promises."""
    unknown = sorted(hidden)
    known = [(tuple((cell, sign) for cell, sign in line if cell in hidden), _rest(table, line, hidden)) for line in lines]
    sums = [(part, rest) for part, rest in known if part]
    for cell in solve(unknown, sums):
        return cell
    least = int(all(_value(table, cell) for cell in hidden))
    for cell, bounds in narrow(unknown, sums, least).items():
        if bounds.high is not None and bounds.high - bounds.low < threshold - 2:
            return cell
    return None


def _rest(table: Table, line: Line, hidden: set[Cell]) -> int:
    return -sum(sign * (_value(table, cell) or 0) for cell, sign in line if cell not in hidden)


def solve(unknown: Sequence[Cell], sums: Sequence[tuple[Line, int]]) -> list[Cell]:
    """Return the unknowns that the sums determine, by elimination in exact fractions: rows that are left with one unknown."""
    place = {cell: n for n, cell in enumerate(unknown)}
    rows = []
    for line, _ in sums:
        row = [Fraction(0)] * len(unknown)
        for cell, sign in line:
            row[place[cell]] += sign
        rows.append(row)
    pivots: list[list[Fraction]] = []
    for column in range(len(unknown)):
        found = next((row for row in rows if row[column]), None)
        if found is None:
            continue
        rows = [row for row in rows if row is not found]
        pivot = [value / found[column] for value in found]
        rows = [_less(row, pivot, column) for row in rows]
        pivots = [*(_less(row, pivot, column) for row in pivots), pivot]
    return [unknown[row.index(Fraction(1))] for row in pivots if sum(value != 0 for value in row) == 1]


def _less(row: list[Fraction], pivot: list[Fraction], column: int) -> list[Fraction]:
    factor = row[column]
    return [value - factor * other for value, other in zip(row, pivot, strict=True)] if factor else row


def narrow(unknown: Sequence[Cell], sums: Sequence[tuple[Line, int]], least: int = 1) -> dict[Cell, Bounds]:
    """Return the bounds of the unknowns that follow from the sums, given that a hidden count is at least so much."""
    low = dict.fromkeys(unknown, least)
    high: dict[Cell, int | None] = dict.fromkeys(unknown)
    for _ in range(_ROUNDS):
        changed = False
        for line, rest in sums:
            for cell, sign in line:
                bounds = _bounds(cell, sign, line, rest, low, high)
                if bounds.low > low[cell]:
                    low[cell], changed = bounds.low, True
                if bounds.high is not None and (high[cell] is None or bounds.high < (high[cell] or 0)):
                    high[cell], changed = bounds.high, True
        if not changed:
            break
    return {cell: Bounds(low=low[cell], high=high[cell]) for cell in unknown}


def _bounds(cell: Cell, sign: int, line: Line, rest: int, low: dict[Cell, int], high: dict[Cell, int | None]) -> Bounds:
    """Bound one cell by the others of a sum: ``sign * cell = rest - sum of the others``."""
    others = [(other, weight) for other, weight in line if other != cell]
    least = _extreme(others, low, high, smallest=True)
    most = _extreme(others, low, high, smallest=False)
    top, bottom = (None if least is None else rest - least), (None if most is None else rest - most)
    if sign < 0:
        top, bottom = (None if bottom is None else -bottom), (None if top is None else -top)
    return Bounds(low=0 if bottom is None else max(0, bottom), high=top)


def _extreme(terms: Sequence[tuple[Cell, int]], low: dict[Cell, int], high: dict[Cell, int | None], *, smallest: bool) -> int | None:
    total = 0
    for cell, weight in terms:
        value = low[cell] if (weight > 0) == smallest else high[cell]
        if value is None:
            return None
        total += weight * value
    return total


def _cover(table: Table, cell: Cell, hidden: set[Cell], lines: Sequence[Line]) -> Cell | None:
    """Return the cell to hide beside one that is open: the smallest part of the sum that has the fewest hidden cells so far.

    Empty parts come after the others, and totals last; None where nothing is left to hide.
    """
    own = sorted((line for line in lines if cell in dict(line)), key=lambda line: sum(other in hidden for other, _ in line))
    for line in own:
        left = [(other, weight) for other, weight in line if other not in hidden]
        wanted = (
            [other for other, weight in left if weight > 0 and _value(table, other)],
            [other for other, weight in left if weight > 0],
            [other for other, _ in left],
        )
        for choices in wanted:
            if choices:
                return min(choices, key=lambda other: (_value(table, other) or 0, other))
    return next((other for other in _cells(table) if other not in hidden), None)
