"""An attacker who knows all sums of a table and how it was made works out no hidden number."""

import itertools
import random

import pytest

from handoff.statistics.suppress import OTHERS, protect
from handoff.statistics.tables import HIDDEN, How, Row, Table, with_total

HOW = How(formula="数える", source="記録")
THRESHOLD = 5


def plain(values: list[list[int]], *, across: bool = False) -> Table:
    whole = [[*row, sum(row)] if across else row for row in values]
    rows = with_total([Row(label=f"r{n}", values=tuple(row)) for n, row in enumerate(whole)])
    return Table(
        key="t", title="t", unit="件", columns=tuple(f"c{n}" for n in range(len(whole[0]))), rows=rows, how=HOW, adds_up=True, across=across
    )


def lines_of(table: Table) -> list[list[tuple[tuple[int, int], int]]]:
    height, width = len(table.rows), len(table.columns)
    lines = [[((row, column), -1 if row == height - 1 else 1) for row in range(height)] for column in range(width)]
    if table.across:
        lines += [[((row, column), -1 if column == width - 1 else 1) for column in range(width)] for row in range(height)]
    return lines


def possible(table: Table) -> dict[tuple[int, int], set[int]]:
    """All values that each hidden cell of one column can have: a brute-force attacker who tries every filling of the unknowns."""
    hidden = sorted(table.hidden)
    most = 40 if len(hidden) <= 3 else 9
    (line,) = lines_of(table)
    told = sum(sign * int(table.rows[cell[0]].values[0] or 0) for cell, sign in line if cell not in table.hidden)
    signs = dict(line)
    found: dict[tuple[int, int], set[int]] = {cell: set() for cell in hidden}
    least = int(all(table.rows[row].values[column] for row, column in hidden))
    for filling in itertools.product(range(least, most), repeat=len(hidden)):
        if told + sum(signs[cell] * value for cell, value in zip(hidden, filling, strict=True)) == 0:
            for cell, value in zip(hidden, filling, strict=True):
                found[cell].add(value)
    return found


def eliminate(table: Table) -> set[tuple[int, int]]:
    """Cells that plain linear algebra determines, by floating elimination of our own."""
    hidden = sorted(table.hidden)
    rows = [[float(dict(line).get(cell, 0)) for cell in hidden] for line in lines_of(table)]
    lead = 0
    for column in range(len(hidden)):
        pivot = next((n for n in range(lead, len(rows)) if abs(rows[n][column]) > 1e-9), None)
        if pivot is None:
            continue
        rows[lead], rows[pivot] = rows[pivot], rows[lead]
        rows[lead] = [value / rows[lead][column] for value in rows[lead]]
        for n in range(len(rows)):
            if n != lead and abs(rows[n][column]) > 1e-9:
                factor = rows[n][column]
                rows[n] = [a - factor * b for a, b in zip(rows[n], rows[lead], strict=True)]
        lead += 1
    return {hidden[next(n for n, v in enumerate(row) if abs(v) > 1e-9)] for row in rows if sum(abs(v) > 1e-9 for v in row) == 1}


@pytest.mark.parametrize("across", [False, True])
def test_linear_algebra_determines_no_hidden_cell(across: bool) -> None:
    dice = random.Random(7)
    for _ in range(150):
        height, width = dice.randint(1, 8), dice.randint(1, 6)
        values = [[dice.choice([0, 0, 1, 2, 3, 4, 6, 9, 30, 120]) for _ in range(width)] for _ in range(height)]
        table = protect(plain(values, across=across), THRESHOLD)
        assert eliminate(table) == set()


def test_every_small_number_is_hidden() -> None:
    dice = random.Random(8)
    for _ in range(100):
        values = [[dice.choice([0, 1, 3, 4, 5, 40]) for _ in range(4)] for _ in range(5)]
        table = protect(plain(values, across=True), THRESHOLD)
        for row, column in itertools.product(range(len(table.rows)), range(len(table.columns))):
            if 0 < (table.rows[row].values[column] or 0) < THRESHOLD:
                assert table.shown(row, column) == HIDDEN


@pytest.mark.parametrize(
    "values",
    [[[1], [40], [30]], [[1], [1], [30]], [[4], [0], [0]], [[1], [1], [1], [1], [1]], [[2], [3], [12], [12]], [[1], [7]], [[3], [5], [6]]],
)
def test_trying_every_filling_leaves_several_values_for_each_hidden_cell(values: list[list[int]]) -> None:
    table = protect(plain(values), THRESHOLD)
    if len(table.rows) == 1:
        return  # Nothing but the total is told.
    small = {(row, 0) for row, (value,) in enumerate(values) if 0 < value < THRESHOLD}
    assert small <= table.hidden
    for cell, left in possible(table).items():
        assert len(left) >= THRESHOLD - 1, (cell, left)


def test_an_empty_table_stays_as_it_is() -> None:
    assert protect(plain([[0, 0], [0, 0]]), THRESHOLD).hidden == frozenset()


def test_small_districts_are_counted_together() -> None:
    table = Table(
        key="district",
        title="地区",
        unit="件",
        columns=("この期間",),
        rows=with_total([Row(label="a", values=(50,)), Row(label="b", values=(2,)), Row(label="c", values=(3,))]),
        how=HOW,
        adds_up=True,
    )
    found = protect(table, THRESHOLD)
    assert [row.label for row in found.rows] == ["a", OTHERS, "計"]
    assert found.rows[1].values == (5,)
    assert found.hidden == frozenset()


def test_a_percentile_of_too_few_is_hidden() -> None:
    table = Table(
        key="waits",
        title="w",
        unit="分",
        columns=("件数", "50％"),
        rows=(Row(label="a", values=(3, 10)), Row(label="b", values=(9, 10))),
        how=HOW,
        counts=False,
        base=(3, 9),
    )
    found = protect(table, THRESHOLD)
    assert found.hidden == {(0, 0)}
    assert found.columns == ("50％",)


def test_a_total_that_other_tables_tell_is_never_what_protects_a_part() -> None:
    dice = random.Random(9)
    for _ in range(200):
        values = [[dice.choice([0, 1, 1, 2, 5, 30])] for _ in range(dice.randint(1, 7))]
        table = protect(plain(values), THRESHOLD)
        last = len(table.rows) - 1
        total = table.rows[last].values[0] or 0
        assert (last, 0) not in table.hidden or total < THRESHOLD


def test_five_single_contacts_are_told_as_five_and_no_more() -> None:
    table = protect(plain([[1], [1], [1], [1], [1]]), THRESHOLD)
    assert [row.label for row in table.rows] == ["計"]
    assert table.shown(0, 0) == "5"
