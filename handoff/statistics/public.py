"""What may leave the house: the tables of a fiscal year and of its months as one system, in which no small number can be worked out.

A public board shows a fiscal year or a month, of everything or of one window or field. All of these are cut from the same decision
about what is hidden, so that boards laid beside each other, or subtracted from each other, tell no more than each alone. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from handoff.statistics.percentiles import RANKS
from handoff.statistics.suppress import Hidden, Name, System, hide
from handoff.statistics.tables import Number, Row, Section, Table

OTHERS = "その他の地区"
_MERGED = "district/その他"
_NO_PARTS = "内わけは、少ない数が分かってしまうので出しません。"
_MONTH = "-"
"""Stands in the value of a month and not in that of a year."""
_WHOLE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a fiscal year may tell. ``rows`` are the rows that each table has at some time of the year, by their paths."""

    values: Mapping[Name, int]
    hidden: Hidden
    rows: Mapping[str, Mapping[str, str]]
    merged: frozenset[str]
    """Districts that are counted together."""
    threshold: int


@dataclass(slots=True, kw_only=True)
class _Year:
    system: System = field(default_factory=System)
    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    periods: dict[str, list[str]] = field(default_factory=dict)
    """In which periods each path is told."""


def decide(year: str, boards: Mapping[str, Sequence[Section]], threshold: int, *, whole: Told | None = None) -> Told:
    """Decide what is hidden. ``boards`` are the exact sections by period: ``year`` itself and its months.

    ``whole`` is what is told without a filter: a number is hidden as well where what is left of the whole would be a small one.
    """
    merged = _small_districts(boards[year], threshold)
    found = _Year()
    for period, sections in boards.items():
        for table in _tables(sections):
            if table.counts and not table.inside and not (table.once and period != year):
                _collect(found, _merge_upward(table, merged), period)
    for path, periods in found.periods.items():
        if year in periods and len(periods) > 1:
            line = {f"{path}@{period}": 1 for period in periods if period != year}
            found.system.lines.append({**line, f"{path}@{year}": -1})
    also = () if whole is None else _small_rests(found.system.values, whole)
    return Told(values=found.system.values, hidden=hide(found.system, threshold, also), rows=found.rows, merged=merged, threshold=threshold)


def _tables(sections: Iterable[Section]) -> Iterator[Table]:
    return (table for section in sections for table in section.tables)


def _small_rests(values: Mapping[Name, int], whole: Told) -> list[Name]:
    told = ((name, whole.values[name]) for name in values if name in whole.values and name not in whole.hidden.names)
    return [name for name, of_all in told if 0 < of_all - values[name] < whole.threshold]


def _collect(year: _Year, table: Table, period: str) -> None:
    """Take the first period of a table into the system: its numbers and its sums."""
    own = [_names(row, table, (period,)) for row in table.rows]
    width = len(own[0]) if own else 0
    known = year.rows.setdefault(table.key, {})
    for row, names in zip(table.rows, own, strict=True):
        for name, value in zip(names, row.values, strict=False):
            _tell(year, name, int(value or 0))
        if len(row.names) == 1:
            known.setdefault(row.names[0], row.label)
    if table.adds_up and len(own) > 1:
        for column in range(width):
            _sum(year, own[-1][column], [names[column] for names in own[:-1]], f"{table.key}@{period}" if not table.across else None)
    if table.across and width > 1:
        for names in own:
            _sum(year, names[-1], list(names[:-1]), None)
    for total, *parts in table.sums:
        _named_sum(year, f"{total}@{period}", [f"{part}@{period}" for part in parts])


def _tell(year: _Year, name: Name, value: int) -> None:
    path, _, period = name.rpartition("@")
    year.system.values[name] = value
    periods = year.periods.setdefault(path, [])
    if period not in periods:
        periods.append(period)


def _sum(year: _Year, total: Name, parts: Sequence[Name], group: str | None) -> None:
    year.system.lines.append({**dict.fromkeys(parts, 1), total: -1})
    if group is not None:
        year.system.groups.update(dict.fromkeys(parts, group))
        year.system.held.add(total)


def _named_sum(year: _Year, total: Name, parts: Sequence[Name]) -> None:
    """Add a sum of which one part may not be told: it is hidden from the start; where it is nought a reader may guess so."""
    values = year.system.values
    if total not in values or any(part not in values for part in parts if part[0] != "~"):
        return
    rest = values[total] - sum(values[part] for part in parts if part[0] != "~")
    told = [part for part in parts if part[0] != "~" or rest]
    for part in told:
        if part[0] == "~":
            values[part] = rest
            year.system.unseen.add(part)
    year.system.lines.append({**dict.fromkeys(told, 1), total: -1})


def _names(row: Row, table: Table, periods: Sequence[str]) -> tuple[Name, ...]:
    """Return the names of the cells of a row; ``periods`` are those of the columns where these are periods."""
    if not row.names:
        return ()
    paths = row.names * len(periods) if len(row.names) == 1 else row.names
    own = periods if len(row.names) == 1 else [periods[0]] * len(table.columns)
    return tuple(path if "@" in path else f"{path}@{period}" for path, period in zip(paths, own, strict=True))


def _small_districts(sections: Sequence[Section], threshold: int) -> frozenset[str]:
    """Return the districts that are counted together: the small ones, and as many more as it takes that their sum is none."""
    table = next((table for table in _tables(sections) if table.key == "district"), None)
    counts = {} if table is None else {row.names[0]: int(row.values[0] or 0) for row in table.rows[:-1]}
    small = [path for path, count in counts.items() if count < threshold]
    left = sorted((path for path in counts if path not in small), key=lambda path: counts[path])
    while left and small and sum(counts[path] for path in small) < threshold:
        small.append(left.pop(0))
    return frozenset(small)


def _merge_upward(table: Table, merged: frozenset[str]) -> Table:
    """Count some districts together, and not by the name."""
    if table.key != "district" or not table.rows or not merged:
        return table
    *rows, total = table.rows
    kept = [row for row in rows if row.names[0] not in merged]
    rest = [row for row in rows if row.names[0] in merged]
    values = tuple(sum(row.values[column] or 0 for row in rest) for column in range(len(table.columns)))
    return replace(table, rows=(*kept, Row(label=OTHERS, values=values, names=(_MERGED,)), total))


def protect(sections: Sequence[Section], tolds: Sequence[Told], periods: Sequence[str]) -> tuple[Section, ...]:
    """Return sections that may leave the house. ``tolds`` and ``periods`` belong to the columns now and before."""
    return tuple(replace(section, tables=tuple(_tables_of(section, tolds, periods))) for section in sections)


def _tables_of(section: Section, tolds: Sequence[Told], periods: Sequence[str]) -> Iterator[Table]:
    for table in section.tables:
        if table.inside or (table.once and _MONTH in periods[0]):
            continue
        if table.key == "waits":
            yield _waits(table, tolds[0].threshold)
        elif not table.counts:
            yield _rates(table, tolds, periods)
        else:
            yield _counts(table, tolds, periods)


def _counts(table: Table, tolds: Sequence[Told], periods: Sequence[str]) -> Table:
    if table.key == "district" and len(tolds) > 1 and tolds[0].merged != tolds[1].merged:
        # Other districts are counted together in the other year; beside each other the two would tell some of them.
        table = replace(table, columns=table.columns[:1], rows=tuple(replace(row, values=row.values[:1]) for row in table.rows))
        tolds, periods = tolds[:1], periods[:1]
    table = _all_rows(_merge_upward(table, tolds[0].merged), tolds)
    if f"{table.key}@{periods[0]}" in tolds[0].hidden.groups:
        table = replace(table, rows=table.rows[-1:], note=f"{table.note}{_NO_PARTS}")
    hidden = frozenset(
        (at, column)
        for at, row in enumerate(table.rows)
        for column, name in enumerate(_names(row, table, periods))
        if any(name in told.hidden.names for told in tolds)
    )
    return replace(table, hidden=hidden)


def _all_rows(table: Table, tolds: Sequence[Told]) -> Table:
    """Show also the rows that are nought here and something at another time of the year: which ones are left out tells something too."""
    there = {row.names[0] for row in table.rows if len(row.names) == 1}
    wanted = {path: label for told in tolds for path, label in told.rows.get(table.key, {}).items()}
    nought: tuple[Number, ...] = (0,) * len(table.columns)
    more = [Row(label=label, values=nought, names=(path,)) for path, label in wanted.items() if path not in there]
    if not more or any(len(row.names) > 1 for row in table.rows):
        return table
    rows = (*table.rows[:-1], *more, table.rows[-1]) if table.adds_up and table.rows else (*table.rows, *more)
    return replace(table, rows=rows)


def _rates(table: Table, tolds: Sequence[Told], periods: Sequence[str]) -> Table:
    """Hide shares behind which too few stand, and those of a number that is hidden itself."""

    def is_told(row: Row, base: int, column: int) -> bool:
        if row.values[column] is None:
            return True
        names = {f"{path}@{periods[column]}" for path in row.names}
        return base >= tolds[column].threshold and not names & tolds[column].hidden.names

    closed = (
        (at, column)
        for at, (row, base) in enumerate(zip(table.rows, table.base, strict=True))
        for column in range(len(table.columns))
        if not is_told(row, base, column)
    )
    return replace(table, hidden=frozenset(closed))


def _waits(table: Table, threshold: int) -> Table:
    """Leave out how many stand behind a wait and the longest one; hide a rank behind which fewer stand than the threshold."""
    rows = tuple(replace(row, values=row.values[1:-1]) for row in table.rows)
    closed = (
        (at, column)
        for at, base in enumerate(table.base)
        for column, rank in enumerate(RANKS)
        if base * (_WHOLE - rank) < threshold * _WHOLE
    )
    return replace(table, columns=table.columns[1:-1], rows=rows, hidden=frozenset(closed))
