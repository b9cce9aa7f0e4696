"""Reads one CSV table as clerks save it, and names what Excel has done to it."""

import csv
import io
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from routing.findings import Finding, Level

_EXCEL_ERRORS = ("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "###")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a table: its number as Excel shows it, and its cells by header."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file that was read, with everything that is wrong with its form."""

    name: str
    rows: tuple[Row, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_table(path: Path, columns: tuple[str, ...]) -> Table:
    """Read ``path``, which must have at least ``columns``. Never raises on bad content: that becomes findings."""
    name = path.name
    if not path.is_file():
        return _refused(name, f"ファイルがありません。見出し（{','.join(columns)}）だけの表でもよいので置いてください")
    text, problem = _decode(path.read_bytes())
    if problem:
        return _refused(name, problem)
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return _refused(name, '引用符（"）の数が合わないなど、CSVとして読めません。Excelで開き「CSV UTF-8」で保存し直してください')
    if not records:
        return _refused(name, "空のファイルです。1行目に見出しを入れてください")
    header = [cell.strip() for cell in records[0]]
    problems = [*((column, "この見出しがありません") for column in columns if column not in header)]
    problems += [(column, "同じ見出しが二つあります") for column in dict.fromkeys(header) if column and header.count(column) > 1]
    if problems:
        return Table(name=name, findings=tuple(_error(name, 1, column, problem) for column, problem in problems))
    return _rows(name, header, records[1:])


def _rows(name: str, header: list[str], records: list[list[str]]) -> Table:
    rows: list[Row] = []
    findings: list[Finding] = []
    for number, record in enumerate(records, start=2):
        if not any(record):
            continue
        if len(record) != len(header):
            findings.append(_error(name, number, "", f"列の数が{len(record)}で、見出しの{len(header)}と合いません"))
            continue
        cells = dict(zip(header, record, strict=True))
        rows.append(Row(number=number, cells=cells))
        for column, value in cells.items():
            problem = _cell_problem(value)
            if problem:
                findings.append(_error(name, number, column, problem))
    return Table(name=name, rows=tuple(rows), findings=tuple(findings))


def _cell_problem(value: str) -> str:
    if any(unicodedata.category(character) in {"Cc", "Cf"} for character in value):
        return "改行などの見えない文字があります。消してください"
    if value != value.strip():
        return "前後に空白があります。消してください"
    if value.startswith(_EXCEL_ERRORS):
        return f"「{value}」は Excel のエラー値です"
    if value.startswith("="):
        return f"「{value}」は Excel の式です。値に直してください"
    return ""


def _decode(raw: bytes) -> tuple[str, str]:
    """Return the text, or why it cannot be read."""
    try:
        return raw.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        pass
    try:
        raw.decode("cp932")
    except UnicodeDecodeError:
        return "", "UTF-8 で読めません。Excel では「CSV UTF-8（コンマ区切り）」で保存してください"
    return "", "Shift_JIS で保存されています。Excel では「CSV UTF-8（コンマ区切り）」で保存してください"


def _refused(name: str, text: str) -> Table:
    return Table(name=name, findings=(_error(name, 0, "", text),))


def _error(name: str, row: int, column: str, text: str) -> Finding:
    return Finding(level=Level.ERROR, file=name, row=row, column=column, text=text)
