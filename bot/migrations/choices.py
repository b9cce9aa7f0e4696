"""Letting a column of an enumeration take other values, on both databases and without touching a row."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


def _known(column: str, values: Sequence[str]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def change_choice(table: str, column: str, name: str, before: Sequence[str], after: Sequence[str]) -> None:
    """Let a column take other values. ``name`` is that of its CHECK, without the prefix of the table.

    SQLite cannot change a CHECK, and a table that others point at, or that refuses to lose rows, cannot be made anew; its manual
    ("Making Other Kinds Of Table Schema Changes") gives this way for a change that touches no row.
    """
    constraint = op.f(f"ck_{table}_{name}")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(constraint, table, type_="check")
        op.create_check_constraint(constraint, table, _known(column, after))
        return
    bind = op.get_bind()
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    change = sa.text("UPDATE sqlite_schema SET sql = replace(sql, :before, :after) WHERE type = 'table' AND name = :table")
    bind.execute(change, {"before": _known(column, before), "after": _known(column, after), "table": table})
    bind.exec_driver_sql(f"PRAGMA schema_version = {int(version) + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = OFF")
    made = bind.execute(sa.text("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = :table"), {"table": table}).scalar_one()
    if _known(column, after) not in made:
        message = f"the CHECK of {table}.{column} is not as it was written"
        raise RuntimeError(message)
