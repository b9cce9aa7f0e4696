"""Writes the ten tables as one Excel book in which every cell is text."""

import io
import re
from collections.abc import Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from routing import schema
from routing.exchange.csv_files import records
from routing.exchange.sheets import GUIDE, GUIDE_LINES, WORDS, choices, title, width, words_for_rules
from routing.table import Table, guard

_TEXT = "@"
_LAST_ROW = 2000
"""Lists to choose from reach this far down, so that new rows have them too."""
_HEAD = PatternFill("solid", fgColor="DDE8F0")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def to_xlsx(tables: Mapping[str, Table]) -> bytes:
    """Return the book: a guide, then one sheet per table with its headings frozen and lists where a word is to be chosen."""
    book = Workbook()
    guide = book.active
    guide.title = GUIDE
    guide.column_dimensions["A"].width = 100
    for number, line in enumerate(GUIDE_LINES, start=1):
        guide.cell(row=number, column=1, value=line).font = Font(bold=number == 1)
    for name, columns in schema.columns_of(tables).items():
        header, rows = records(tables[name], columns)
        _sheet(book.create_sheet(title(name)), name, header, rows)
    if schema.RULES in tables:
        _words_of_rules(book, words_for_rules(tables))
    book.active = 1
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def _sheet(sheet: Any, name: str, header: list[str], rows: list[list[str]]) -> None:
    sheet.freeze_panes = "B2"
    for at, column in enumerate(header, start=1):
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = width(column)
        sheet.column_dimensions[letter].number_format = _TEXT
        head = _text_cell(sheet, 1, at, column)
        head.font, head.fill, head.alignment = Font(bold=True), _HEAD, Alignment(wrap_text=True, vertical="top")
        if words := choices(name, column):
            sheet.add_data_validation(_list(f'"{",".join(words)}"', letter, column, f"一覧から選んでください: {'・'.join(words)}"))
    for number, record in enumerate(rows, start=2):
        for at, value in enumerate(record, start=1):
            _text_cell(sheet, number, at, value)


def _text_cell(sheet: Any, row: int, column: int, value: str) -> Any:
    cell = sheet.cell(row=row, column=column)
    cell.number_format = _TEXT
    if value:
        # Excel reads _x0041_ as the letter A, unless its own underscore is written so.
        cell.value = _ESCAPE.sub("_x005F_", value)
        cell.data_type = "s"
        cell.quotePrefix = guard(value) != value
    return cell


def _words_of_rules(book: Any, words: Mapping[str, list[tuple[str, str]]]) -> None:
    """Write the words into a sheet of their own and let 規則 choose among them: there are more than a list in a cell may hold.

    Where several may stand, separated by ;, the list only suggests.
    """
    sheet, rules = book.create_sheet(WORDS), book[title(schema.RULES)]
    header = [cell.value for cell in rules[1]]
    for place, (column, found) in enumerate(words.items()):
        at = 2 * place + 1
        for offset, heading in enumerate((column, f"{column}の意味")):
            _text_cell(sheet, 1, at + offset, heading).font = Font(bold=True)
            sheet.column_dimensions[get_column_letter(at + offset)].width = 24
        for number, pair in enumerate(found, start=2):
            for offset, word in enumerate(pair):
                _text_cell(sheet, number, at + offset, word)
        letter = get_column_letter(at)
        cells = f"'{WORDS}'!${letter}$2:${letter}${len(found) + 1}"
        rule = _list(cells, get_column_letter(header.index(column) + 1), column, f"「{WORDS}」のシートにある言葉から選んでください")
        rule.showErrorMessage = column in {"相談内容タグ", "相手"}
        rules.add_data_validation(rule)


def _list(choice: str, letter: str, column: str, error: str) -> DataValidation:
    rule = DataValidation(type="list", formula1=choice, allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error = column, error
    rule.add(f"{letter}2:{letter}{_LAST_ROW}")
    return rule
