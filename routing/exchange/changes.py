"""What an import would change: rows added, changed and removed per table, so that a clerk can look before saying yes."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from routing import schema
from routing.table import Row, Table

_KEYS: dict[str, tuple[str, ...]] = {
    schema.WINDOWS: ("窓口ID",),
    schema.PHONES: ("窓口ID", "種別", "用途"),
    schema.HOURS: ("窓口ID", "曜日"),
    schema.DISTRICTS: ("窓口ID", "地区名", "町字名"),
    schema.COORDINATORS: ("役割名",),
    schema.MEETINGS: ("会議名",),
    schema.PROGRAMMES: ("年度", "事業名"),
    schema.TARGETS: ("年度", "事業名", "指標"),
    schema.MUNICIPALITY: ("項目",),
    schema.CLOSED_DAYS: ("日付", "窓口ID"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """One row under its name, and each of its cells that changes: column, before, after."""

    name: str
    cells: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableChange:
    """What happens to one table. ``reordered`` is true when the same rows would only stand in another order."""

    table: str
    added: tuple[str, ...] = ()
    changed: tuple[RowChange, ...] = ()
    removed: tuple[str, ...] = ()
    reordered: bool = False


def changes(before: Mapping[str, Table], after: Mapping[str, Table]) -> list[TableChange]:
    """Compare two directories table by table; tables that stay as they are do not appear."""
    found = [_table(name, before[name], after[name]) for name in schema.COLUMNS]
    return [change for change in found if change.added or change.changed or change.removed or change.reordered]


def _table(name: str, before: Table, after: Table) -> TableChange:
    old, new = _by_key(name, before), _by_key(name, after)
    pairs = [(old[key], row) for key, row in new.items() if key in old]
    changed = tuple(
        RowChange(name=_name(name, one), cells=cells)
        for one, other in pairs
        if (cells := _cells(before.columns, after.columns, one, other))
    )
    added = tuple(_name(name, row) for key, row in new.items() if key not in old)
    removed = tuple(_name(name, row) for key, row in old.items() if key not in new)
    same_rows = not (added or changed or removed)
    return TableChange(table=name, added=added, changed=changed, removed=removed, reordered=same_rows and list(old) != list(new))


def _by_key(name: str, table: Table) -> dict[tuple[str, ...], Row]:
    """Return the rows by what names them; of rows with one name the first is compared with the first, and so on."""
    counts: dict[tuple[str, ...], int] = defaultdict(int)
    found: dict[tuple[str, ...], Row] = {}
    for row in table.rows:
        key = tuple(row[column] for column in _KEYS[name])
        found[*key, str(counts[key])] = row
        counts[key] += 1
    return found


def _cells(old: tuple[str, ...], new: tuple[str, ...], before: Row, after: Row) -> tuple[tuple[str, str, str], ...]:
    columns = dict.fromkeys((*old, *new))
    cells = ((column, before.cells.get(column, ""), after.cells.get(column, "")) for column in columns)
    return tuple(cell for cell in cells if cell[1] != cell[2])


def _name(name: str, row: Row) -> str:
    """Return what a clerk calls the row: its key, and for a window its name as well."""
    words = [row[column] for column in _KEYS[name]]
    if name == schema.WINDOWS:
        words.append(row["窓口名"])
    return " ".join(filter(None, words))
