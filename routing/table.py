"""Reads one CSV table as clerks save it, and names what Excel has done to it."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from routing.findings import Finding, Level

EXCEL_ERRORS = ("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "###")
_GUARDED = re.compile(r"'+[=+\-@＝＋－＠]")
_DANGEROUS = re.compile(r"'*[=+\-@＝＋－＠]")
LONGEST_CELL = 32_767
"""What a cell of Excel can hold."""
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def guard(value: str) -> str:
    """Return ``value`` as a CSV cell that no spreadsheet takes for a formula; :func:`unguard` gives it back unchanged."""
    return f"'{value}" if _DANGEROUS.match(value) else value


def unguard(cell: str) -> str:
    """Return the text behind a cell that :func:`guard` has written; every other cell is its own text."""
    return cell[1:] if _GUARDED.match(cell) else cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a table: its number as Excel shows it, and its cells by header."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file that was read, with everything that is wrong with its form. ``columns`` are the headings as they stand in it."""

    name: str
    rows: tuple[Row, ...] = ()
    findings: tuple[Finding, ...] = ()
    columns: tuple[str, ...] = ()


def read_table(path: Path, columns: tuple[str, ...]) -> Table:
    """Read ``path``, which must have at least ``columns``. Never raises on bad content: that becomes findings."""
    if not path.is_file():
        return missing_table(path.name, columns)
    return parse_table(path.name, path.read_bytes(), columns)


def missing_table(name: str, columns: tuple[str, ...]) -> Table:
    """Return a table that is not there, with a finding that says so."""
    return refused(name, f"ファイルがありません。見出し（{','.join(columns)}）だけの表でもよいので置いてください")


def parse_table(name: str, raw: bytes, columns: tuple[str, ...]) -> Table:
    """Read the bytes of a CSV file, like :func:`read_table`."""
    text, problem = _decode(raw)
    if problem:
        return refused(name, problem)
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return refused(name, '引用符（"）の数が合わないなど、CSVとして読めません。Excelで開き「CSV UTF-8」で保存し直してください')
    if not records:
        return refused(name, "空のファイルです。1行目に見出しを入れてください")
    if len(records[0]) == 1 and "\t" in records[0][0]:
        return refused(name, "タブ区切りで保存されています。Excel では「CSV UTF-8（コンマ区切り）」で保存してください")
    return _without_formulas(build_table(name, [unguard(cell) for cell in records[0]], enumerate(records[1:], start=2), columns))


def build_table(name: str, header: list[str], records: Iterable[tuple[int, list[str]]], columns: tuple[str, ...]) -> Table:
    """Join numbered records to their headings. What is wrong with the form of headings, rows or cells becomes findings."""
    header = [cell.strip() for cell in header]
    problems = [*((column, "この見出しがありません") for column in columns if column not in header)]
    problems += [(column, "同じ見出しが二つあります") for column in dict.fromkeys(header) if column and header.count(column) > 1]
    if problems:
        return Table(name=name, findings=tuple(_error(name, 1, column, problem) for column, problem in problems))
    rows: list[Row] = []
    findings: list[Finding] = []
    for number, record in records:
        if not any(record):
            continue
        if len(record) != len(header):
            findings.append(_error(name, number, "", f"列の数が{len(record)}で、見出しの{len(header)}と合いません"))
            continue
        if any(cell for heading, cell in zip(header, record, strict=True) if not heading):
            findings.append(_error(name, number, "", "見出しのない列に値があります。1行目に見出しを入れるか、値を消してください"))
        cells = {heading: cell for heading, cell in zip(header, record, strict=True) if heading}
        rows.append(Row(number=number, cells=cells))
        findings += [_error(name, number, column, problem) for column, value in cells.items() if (problem := _cell_problem(value))]
    return Table(name=name, rows=tuple(rows), findings=tuple(findings), columns=tuple(filter(None, header)))


def _without_formulas(table: Table) -> Table:
    """Name the cells that Excel would calculate, and take the guard from those that were written as text."""
    findings = [
        _error(table.name, row.number, column, f"「{value}」は Excel の式です。値に直してください")
        for row in table.rows
        for column, value in row.cells.items()
        if value.startswith("=")
    ]
    rows = tuple(replace(row, cells={column: unguard(value) for column, value in row.cells.items()}) for row in table.rows)
    return replace(table, rows=rows, findings=(*table.findings, *findings))


def _cell_problem(value: str) -> str:
    if any(unicodedata.category(character) in _UNSEEN for character in value):
        return "改行などの見えない文字があります。消してください"
    if value != value.strip():
        return "前後に空白があります。消してください"
    if value.startswith(EXCEL_ERRORS):
        return f"「{value}」は Excel のエラー値です"
    if len(value) > LONGEST_CELL:
        return f"長すぎます（{LONGEST_CELL:,}字まで）"
    return ""


def _decode(raw: bytes) -> tuple[str, str]:
    """Return the text, or why it cannot be read."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "", "「Unicode テキスト」（UTF-16）で保存されています。Excel では「CSV UTF-8（コンマ区切り）」で保存してください"
    try:
        return raw.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        pass
    try:
        raw.decode("cp932")
    except UnicodeDecodeError:
        return "", "UTF-8 で読めません。Excel では「CSV UTF-8（コンマ区切り）」で保存してください"
    return "", "Shift_JIS で保存されています。Excel では「CSV UTF-8（コンマ区切り）」で保存してください"


def refused(name: str, text: str) -> Table:
    """Return a table that cannot be read at all, and why."""
    return Table(name=name, findings=(_error(name, 0, "", text),))


def _error(name: str, row: int, column: str, text: str) -> Finding:
    return Finding(level=Level.ERROR, file=name, row=row, column=column, text=text)
