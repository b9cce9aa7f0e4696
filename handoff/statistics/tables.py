"""Tables of figures: the one shape that page, chart, CSV, XLSX and PDF are made of. Values only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

Number = int | float | None
TOTAL = "計"


class Draw(StrEnum):
    """How a table is drawn beside itself."""

    NONE = ""
    BARS = "bars"
    """One bar per row, by the first column."""
    COLUMNS = "columns"
    """One column per row, stacked by the columns."""
    STACKS = "stacks"
    """One bar per row, made of the columns."""
    HEAT = "heat"
    FLOW = "flow"
    """Ribbons from the rows to the columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """「この数字の出し方」: formula, source, exclusions."""

    formula: str
    source: str
    excluded: str = "なし"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row. ``values`` are numbers in the order of the columns; None where there is nothing to say."""

    label: str
    values: tuple[Number, ...]
    names: tuple[str, ...] = ()
    """The figures by their paths: one where the columns are periods, else one per column; with ``@`` where the period is its own."""
    mark: str = ""
    """A word for a row that needs a look, such as 目標未達."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table. ``adds_up``: the rows are parts of their total, which stands in the last row. ``across``: so do the columns."""

    key: str
    title: str
    unit: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    how: How
    head: str = ""
    """What the rows are."""
    adds_up: bool = False
    across: bool = False
    once: bool = False
    """Told to the public by the fiscal year only."""
    inside: bool = False
    """Not told to the public at all: its numbers are there in other sums already."""
    sums: tuple[tuple[str, ...], ...] = ()
    """Further sums that a reader can make: the path of a total, then of its parts; one that is not shown begins with ``~``."""
    counts: bool = True
    """False where the cells are no counts of contacts but, say, minutes: then ``base`` says how many stand behind each row."""
    base: tuple[int, ...] = ()
    draw: Draw = Draw.NONE
    also: Draw = Draw.NONE
    """A second picture of the same numbers."""
    suffix: str = ""
    """What follows each number: ％, 分."""
    note: str = ""
    hidden: frozenset[tuple[int, int]] = frozenset()
    """Cells (row, column) that are not told outside."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show or draw."""
        return not any(value for row in self.rows for value in row.values)

    def shown(self, row: int, column: int) -> str:
        """Return a cell as people read it."""
        if (row, column) in self.hidden:
            return HIDDEN
        value = self.rows[row].values[column]
        if value is None:
            return NOTHING
        return f"{value:,.1f}{self.suffix}" if isinstance(value, float) else f"{value:,}{self.suffix}"


HIDDEN = "＊"
"""A small number, or one from which a small number could be worked out."""
NOTHING = "－"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of a page or report."""

    key: str
    title: str
    lead: str = ""
    tables: tuple[Table, ...] = field(default=())


def parts_table(
    found: Mapping[str, int],
    before: Mapping[str, int] | None,
    words: Mapping[str, str],
    *,
    columns: Sequence[str],
    prefix: str,
    all_rows: bool = False,
) -> tuple[Row, ...]:
    """Lay out counts by value with those of the period before, the known values in their order and then the others by name.

    ``prefix`` is the first word of the path of each figure.
    """
    earlier = before or {}
    keys = [key for key in words if all_rows or key in found or key in earlier]
    keys += sorted({*found, *earlier} - set(words))
    many = len(columns) > 1
    return tuple(
        Row(
            label=words.get(key, key),
            values=(found.get(key, 0), earlier.get(key, 0)) if many else (found.get(key, 0),),
            names=(f"{prefix}/{key}",),
        )
        for key in keys
    )


def with_total(rows: Sequence[Row], *names: str) -> tuple[Row, ...]:
    """Put the total under the rows; ``names`` are the paths of what it is the total of."""
    if not rows:
        return ()
    width = len(rows[0].values)
    total = tuple(sum(row.values[column] or 0 for row in rows) for column in range(width))
    return (*rows, Row(label=TOTAL, values=total, names=names))
