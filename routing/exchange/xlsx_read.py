"""Reads the ten tables from an Excel book, and names what Excel or a clerk has done to it."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl import load_workbook

from routing import schema
from routing.exchange.sheets import GUIDE, WORDS, title
from routing.exchange.unreadable import UnreadableError
from routing.findings import Finding, Level
from routing.table import Table, build_table, refused

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ESCAPED = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")
_LARGEST_BYTES = 200_000_000
"""A book that unpacks to more than this is no directory."""


def from_xlsx(raw: bytes) -> dict[str, Table]:
    """Read the book; a missing sheet, merged cells and formulas become findings. Raises UnreadableError when it is no such book."""
    book = _open(raw)
    kept = [name for name in schema.OPTIONAL if title(name) in book.sheetnames]
    return {name: _table(book, name, columns) for name, columns in schema.columns_of(kept).items()}


def other_sheets(raw: bytes) -> list[str]:
    """Return the names of sheets that hold something and are none of the tables: they would not be taken over."""
    known = {GUIDE, WORDS, *map(title, schema.columns_of(schema.OPTIONAL))}
    return [sheet.title for sheet in _open(raw).worksheets if sheet.title not in known and sheet.dimensions != "A1:A1"]


def _open(raw: bytes) -> Any:
    if raw.startswith(_OLD_OFFICE):
        raise UnreadableError(
            "古い形式（.xls）か、パスワードのかかったファイルです。パスワードを外し、「Excel ブック（.xlsx）」で保存し直してください"
        )
    try:
        unpacked = sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(raw)).infolist())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # What the library cannot keep (pictures, themes) we do not need.
            book = load_workbook(io.BytesIO(raw)) if unpacked <= _LARGEST_BYTES else None
    except Exception as error:  # A broken book makes the library raise whatever it met.
        raise UnreadableError("Excel のファイルとして読めません。Excel で開けるか確かめ、.xlsx で保存し直してください") from error
    if book is None:
        raise UnreadableError("大きすぎます。書き出したファイルに要らないものが入っていないか確かめてください")
    return book


def _table(book: Any, name: str, columns: tuple[str, ...]) -> Table:
    if title(name) not in book.sheetnames:
        return refused(name, "シートがありません。書き出したときのシートの名前に戻してください（見出しだけでもかまいません）")
    sheet = book[title(name)]
    lines = list(sheet.iter_rows())
    if not lines:
        return refused(name, "空のシートです。1行目に見出しを入れてください")
    header = [_text(cell) for cell in lines[0]]
    while header and not header[-1] and not any(len(line) >= len(header) and _text(line[len(header) - 1]) for line in lines):
        header.pop()
    table = build_table(name, header, ((line[0].row, [_text(cell) for cell in line[: len(header)]]) for line in lines[1:]), columns)
    found = [*_formulas(name, header, lines), *_merged(name, sheet)]
    return Table(name=name, rows=table.rows, findings=(*table.findings, *found), columns=table.columns)


def _formulas(name: str, header: list[str], lines: list[tuple[Any, ...]]) -> Iterator[Finding]:
    for line in lines:
        for column, cell in zip(header, line, strict=False):
            if cell.data_type == "f":
                yield _error(name, cell.row, column, "Excel の式です。値に直してください（値として貼り付け）")


def _merged(name: str, sheet: Any) -> Iterator[Finding]:
    for cells in sheet.merged_cells.ranges:
        yield _error(name, cells.min_row, "", f"{cells.coord} のセルが結合されています。結合を解いて、すべての行に値を入れてください")


def _text(cell: Any) -> str:
    """Return what the clerk sees as far as nothing is guessed: a number that lost its zero stays so and is found by the rules."""
    value = cell.value
    if value is None or cell.data_type == "f":
        return ""
    if isinstance(value, str):
        return _ESCAPED.sub("_", value.replace("_x000D_", "\r"))
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, date | time | timedelta):
        return _moment(value)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _moment(value: date | time | timedelta) -> str:
    """Return a date or a time that Excel has recognised in the form of the tables."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, time):
        return value.isoformat("seconds" if value.second else "minutes")
    if isinstance(value, timedelta):
        minutes = round(value / timedelta(minutes=1))
        return f"{minutes // 60:02}:{minutes % 60:02}"
    return value.isoformat()


def _error(name: str, row: int, column: str, text: str) -> Finding:
    return Finding(level=Level.ERROR, file=name, row=row, column=column, text=text)
