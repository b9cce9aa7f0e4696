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
    schema.RULES: ("相談内容タグ", "相手"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """One row under its name, and each of its cells that changes: column, before, after. A new row was empty before."""

    name: str
    cells: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableChange:
    """What happens to one table. ``reordered`` is true when rows that stay would stand in another order."""

    table: str
    added: tuple[RowChange, ...] = ()
    changed: tuple[RowChange, ...] = ()
    removed: tuple[RowChange, ...] = ()
    reordered: bool = False


def changes(before: Mapping[str, Table], after: Mapping[str, Table]) -> list[TableChange]:
    """Compare two directories table by table; tables that stay as they are do not appear."""
    names = schema.columns_of({*before, *after})
    found = [_table(name, before.get(name, Table(name=name)), after.get(name, Table(name=name))) for name in names]
    return [change for change in found if change.added or change.changed or change.removed or change.reordered]


def _table(name: str, before: Table, after: Table) -> TableChange:
    partners = _partners(name, before, after)
    columns = tuple(dict.fromkeys((*before.columns, *after.columns)))
    pairs = [(partners[row.number], row) for row in after.rows if row.number in partners]
    kept = [old.number for old, _ in pairs]
    nothing = Row(number=0, cells={})
    changed = [_change(name, columns, old, row) for old, row in pairs]
    return TableChange(
        table=name,
        added=tuple(_change(name, columns, nothing, row) for row in after.rows if row.number not in partners),
        changed=tuple(change for change in changed if change.cells),
        removed=tuple(_change(name, columns, row, nothing) for row in before.rows if row.number not in kept),
        reordered=kept != sorted(kept),
    )


def _partners(name: str, before: Table, after: Table) -> dict[int, Row]:
    """Return the row of before for each row of after that has one: under the same name an equal row first, then the next."""
    left: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in before.rows:
        left[_key(name, row)].append(row)
    found: dict[int, Row] = {}
    for wants_equal in (True, False):
        for row in after.rows:
            group = left[_key(name, row)]
            partner = next((old for old in group if not wants_equal or old.cells == row.cells), None)
            if partner is not None and row.number not in found:
                found[row.number] = partner
                group.remove(partner)
    return found


def _key(name: str, row: Row) -> tuple[str, ...]:
    return tuple(row[column] for column in _KEYS[name])


def _change(name: str, columns: tuple[str, ...], before: Row, after: Row) -> RowChange:
    cells = ((column, before.cells.get(column, ""), after.cells.get(column, "")) for column in columns)
    return RowChange(name=_name(name, before if before.cells else after), cells=tuple(cell for cell in cells if cell[1] != cell[2]))


def _name(name: str, row: Row) -> str:
    """Return what a clerk calls the row: its key, and for a window its name as well."""
    words = list(_key(name, row))
    if name == schema.WINDOWS:
        words.append(row["窓口名"])
    return " ".join(filter(None, words))
