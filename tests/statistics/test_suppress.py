"""An attacker who knows all sums of a table and how it was made works out no hidden number."""

import itertools
import random

import pytest

from handoff.statistics.public import OTHERS, Told, decide, protect
from handoff.statistics.tables import HIDDEN, TOTAL, How, Row, Section, Table, with_total
from tests.statistics.attacker import Attacker

HOW = How(formula="数える", source="記録")
THRESHOLD = 5


def plain(values: list[list[int]], *, across: bool = False, key: str = "t") -> Table:
    """A table of one year: parts with their total, in one column or with totals across."""
    rows = [
        Row(label=f"r{n}", values=(*row, sum(row)) if across else tuple(row), names=names(f"{key}/{n}", len(row), across=across))
        for n, row in enumerate(values)
    ]
    columns = (*(f"c{n}" for n in range(len(values[0]))), *([TOTAL] if across else []))
    total = names("all", len(values[0]), across=across)
    return Table(key=key, title="t", unit="件", columns=columns, rows=with_total(rows, *total), how=HOW, adds_up=True, across=across)


def names(path: str, width: int, *, across: bool) -> tuple[str, ...]:
    return (*(f"{path}/{column}" for column in range(width)), path) if across else (path,)


def told_of(table: Table) -> Told:
    return decide("2026", {"2026": [Section(key="s", title="s", tables=(table,))]}, THRESHOLD)


def protected(table: Table) -> Table:
    (section,) = protect([Section(key="s", title="s", tables=(table,))], [told_of(table)], ["2026"])
    return section.tables[0]


def attack(table: Table) -> Attacker:
    """Try to work out the hidden numbers of one table by its own sums."""
    attacker = Attacker()
    cells = [
        [attacker.cell((row, column), table.shown(row, column)) for column in range(len(table.columns))] for row in range(len(table.rows))
    ]
    if len(cells) > 1:
        for column in range(len(table.columns)):
            attacker.total(cells[-1][column], [row[column] for row in cells[:-1]])
    if table.across:
        for row in cells:
            attacker.total(row[-1], row[:-1])
    return attacker


@pytest.mark.parametrize("across", [False, True])
def test_linear_algebra_determines_no_small_number(across: bool) -> None:
    dice = random.Random(7)
    for _ in range(120):
        height, width = dice.randint(1, 8), dice.randint(1, 6) if across else 1
        exact = plain([[dice.choice([0, 0, 1, 2, 3, 4, 6, 9, 30, 120]) for _ in range(width)] for _ in range(height)], across=across)
        table = protected(exact)
        true = {row.label: row.values for row in exact.rows}
        known = attack(table).determined()
        small = {(row, column) for row, column in table.hidden if 0 < (true[table.rows[row].label][column] or 0) < THRESHOLD}
        assert not small & known


def test_every_small_number_is_hidden() -> None:
    dice = random.Random(8)
    for _ in range(100):
        values = [[dice.choice([0, 1, 3, 4, 5, 40]) for _ in range(4)] for _ in range(5)]
        table = protected(plain(values, across=True))
        for row, column in itertools.product(range(len(table.rows)), range(len(table.columns))):
            if 0 < (table.rows[row].values[column] or 0) < THRESHOLD:
                assert table.shown(row, column) == HIDDEN


@pytest.mark.parametrize(
    "values",
    [[[1], [40], [30]], [[1], [1], [30]], [[4], [0], [0]], [[1], [1], [1], [1], [1]], [[2], [3], [12], [12]], [[1], [7]], [[3], [5], [6]]],
)
def test_trying_every_filling_leaves_several_values_for_each_small_number(values: list[list[int]]) -> None:
    table = protected(plain(values))
    if len(table.rows) == 1:
        return  # Nothing but the total is told.
    small = {row for row, (value,) in enumerate(values) if 0 < value < THRESHOLD}
    hidden = sorted(row for row, _ in table.hidden)
    assert small <= set(hidden)
    told = sum(int(table.rows[row].values[0] or 0) for row in range(len(values)) if row not in hidden)
    total = None if len(values) in hidden else int(table.rows[-1].values[0] or 0)
    parts = [row for row in hidden if row < len(values)]
    least = int(all(values[row][0] for row in parts))
    fillings = [
        filling
        for filling in itertools.product(range(least, 40 if len(parts) <= 3 else 9), repeat=len(parts))
        if total is None or sum(filling) + told == total
    ]
    for place, row in enumerate(parts):
        if row in small:
            assert len({filling[place] for filling in fillings}) >= THRESHOLD - 1, row


def test_an_empty_table_stays_as_it_is() -> None:
    assert protected(plain([[0], [0]])).hidden == frozenset()


def test_small_districts_are_counted_together() -> None:
    counts = {"a": 50, "b": 2, "c": 3}
    table = Table(
        key="district",
        title="地区",
        unit="件",
        columns=("この期間",),
        rows=with_total([Row(label=name, values=(count,), names=(f"district/{name}",)) for name, count in counts.items()], "contact"),
        how=HOW,
        adds_up=True,
    )
    found = protected(table)
    assert [row.label for row in found.rows] == ["a", OTHERS, TOTAL]
    assert found.rows[1].values == (5,)
    assert found.hidden == frozenset()


def test_a_percentile_with_few_behind_it_is_hidden_and_the_longest_wait_is_never_told() -> None:
    columns = ("件数", "50％", "75％", "90％", "95％", "最長")
    rows = (Row(label="a", values=(9, 10, 11, 12, 13, 14)), Row(label="b", values=(60, 10, 11, 12, 13, 14)))
    table = Table(key="waits", title="w", unit="分", columns=columns, rows=rows, how=HOW, counts=False, base=(9, 60))
    found = protected(table)
    assert found.columns == columns[1:-1]
    assert found.hidden == {(0, 0), (0, 1), (0, 2), (0, 3), (1, 3)}


def test_five_single_contacts_are_told_as_five_and_no_more() -> None:
    table = protected(plain([[1], [1], [1], [1], [1]]))
    assert [row.label for row in table.rows] == [TOTAL]
    assert table.shown(0, 0) == "5"


def test_a_share_of_few_is_hidden_and_one_of_many_is_told() -> None:
    rows = (Row(label="few", values=(10.0,), names=("t/0", "all")), Row(label="many", values=(40.0,), names=("x", "all")))
    table = Table(key="rates", title="r", unit="％", columns=("c",), rows=rows, how=HOW, counts=False, base=(3, 30))
    assert protected(table).hidden == {(0, 0)}
