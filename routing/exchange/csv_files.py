"""The tables as CSV files that Excel opens by a double click."""

import csv
import io
from collections.abc import Mapping

from routing import schema
from routing.table import Table, guard, missing_table, parse_table

Tables = dict[str, Table]


def to_csv(tables: Mapping[str, Table]) -> dict[str, bytes]:
    """Return one file per table: UTF-8 with byte order mark, CRLF, no cell that a spreadsheet would calculate."""
    return {name: _file(tables[name], columns) for name, columns in schema.columns_of(tables).items()}


def from_csv(files: Mapping[str, bytes]) -> Tables:
    """Read the tables; one of the ten that is missing or broken carries a finding that says so."""
    return {
        name: parse_table(name, files[name], columns) if name in files else missing_table(name, columns)
        for name, columns in schema.columns_of(files).items()
    }


def records(table: Table, columns: tuple[str, ...]) -> tuple[list[str], list[list[str]]]:
    """Return the headings of a table, the clerk's own ones included, and its rows as lists of cells."""
    header = list(table.columns or columns)
    return header, [[row[column] for column in header] for row in table.rows]


def csv_bytes(header: list[str], rows: list[list[str]]) -> bytes:
    """Write guarded rows as Excel expects them."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([guard(cell) for cell in record] for record in (header, *rows))
    return text.getvalue().encode("utf-8-sig")


def _file(table: Table, columns: tuple[str, ...]) -> bytes:
    return csv_bytes(*records(table, columns))
