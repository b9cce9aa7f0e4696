"""The Excel book: what a clerk sees in it, and what Excel and clerks do to it."""

import io
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from nlp.reading import Concern
from routing import schema
from routing.check import read_folder
from routing.exchange.incoming import Incoming, read_incoming
from routing.exchange.sheets import GUIDE
from routing.exchange.xlsx_write import to_xlsx
from routing.findings import Finding, Level
from routing.load import city_folder
from routing.table import build_table
from tests.routing.exchange_rows import table

BOOK = "窓口一覧.xlsx"


def book(key: str = "semboku") -> Any:
    return load_workbook(io.BytesIO(to_xlsx(read_folder(city_folder(key)))))


def read(changed: Any, key: str = "semboku") -> Incoming:
    raw = io.BytesIO()
    changed.save(raw)
    return read_incoming(BOOK, {BOOK: raw.getvalue()}, read_folder(city_folder(key)))


def errors(incoming: Incoming) -> list[Finding]:
    return [finding for finding in incoming.findings if finding.level is Level.ERROR]


def at(sheet: Any, row: int, column: str) -> Any:
    return sheet.cell(row=row, column=[cell.value for cell in sheet[1]].index(column) + 1)


def test_the_book_has_a_guide_and_one_japanese_sheet_per_table() -> None:
    names = book().sheetnames
    assert names[0] == GUIDE
    assert names[1:] == [name.removesuffix(".csv") for name in schema.COLUMNS]


@pytest.mark.parametrize("name", schema.COLUMNS)
def test_headings_stay_in_sight_and_every_cell_is_text(name: str) -> None:
    sheet = book()[name.removesuffix(".csv")]
    assert [cell.value for cell in sheet[1]] == list(schema.COLUMNS[name])
    assert sheet.freeze_panes == "B2"
    assert {cell.number_format for line in sheet.iter_rows() for cell in line} == {"@"}
    assert {sheet.column_dimensions[cell.column_letter].number_format for cell in sheet[1]} == {"@"}


def test_leading_zeros_survive() -> None:
    sheet = book()["窓口"]
    assert at(sheet, 2, "自治体コード").value == "052159"
    assert at(sheet, 13, "郵便番号").value == "014-0392"
    assert at(book()["電話"], 2, "電話番号").value == "0187-43-2255"


def test_every_column_with_a_closed_list_offers_it() -> None:
    opened = book()
    for (name, column), allowed in schema.CLOSED.items():
        sheet = opened[name.removesuffix(".csv")]
        letter = at(sheet, 1, column).column_letter
        rules = [rule for rule in sheet.data_validations.dataValidation if f"{letter}2:" in str(rule.sqref)]
        assert [set(rule.formula1.strip('"').split(",")) for rule in rules] == [allowed - {""}]


def test_a_rule_is_put_together_from_words_that_the_book_offers() -> None:
    tables = dict(read_folder(city_folder("semboku")))
    tables[schema.RULES] = build_table(schema.RULES, list(schema.OPTIONAL[schema.RULES]), [], schema.OPTIONAL[schema.RULES])
    raw = to_xlsx(tables)
    opened = load_workbook(io.BytesIO(raw))
    offered = {}
    for rule in opened["規則"].data_validations.dataValidation:
        name, cells = rule.formula1.split("!")
        column = opened["規則"][f"{str(rule.sqref)[0]}1"].value
        offered[column] = ([line[0].value for line in opened[name.strip("'")][cells.replace("$", "")]], rule.showErrorMessage)
    assert offered["相談内容タグ"] == (list(Concern), True)
    assert offered["相手"] == (["子ども", "高齢者", "大人", "本人"], True)
    windows = {row["窓口ID"] for row in tables[schema.WINDOWS].rows}
    for column in ("つなぐ先", "合わせて示す"):
        words, strict = offered[column]
        assert windows | {"生活困窮の相談", "市の窓口"} <= set(words)
        assert not strict
    assert not read_incoming(BOOK, {BOOK: raw}, tables).findings


def test_what_looks_like_a_formula_is_text_in_the_book() -> None:
    tables = dict(read_folder(city_folder("semboku")))
    tables[schema.CLOSED_DAYS] = table(schema.CLOSED_DAYS, [{"日付": "2026-12-01", "名称": "=1+1", "窓口ID": ""}])
    cell = load_workbook(io.BytesIO(to_xlsx(tables)))["休業日"]["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    assert cell.quotePrefix


MISTAKES: list[tuple[str, Callable[[Any], None], str, int, str, str]] = [
    ("a code that became a number", lambda opened: _set(opened, "窓口", 2, "自治体コード", 52159), "窓口", 2, "自治体コード", "先頭の0"),
    ("a date that became a number", lambda opened: _set(opened, "窓口", 2, "確認日", 45678), "窓口", 2, "確認日", "通し番号"),
    ("a phone that became a number", lambda opened: _set(opened, "電話", 2, "電話番号", 187432255), "電話", 2, "電話番号", "先頭の0"),
    (
        "a corporate number cut short",
        lambda opened: _set(opened, "窓口", 3, "委託先_法人番号", 3.00002e12),
        "窓口",
        3,
        "委託先_法人番号",
        "検査数字",
    ),
    ("a formula", lambda opened: _set(opened, "窓口", 2, "備考", "=A1"), "窓口", 2, "備考", "式"),
    ("an error of Excel", lambda opened: _set(opened, "窓口", 2, "備考", "#REF!"), "窓口", 2, "備考", "エラー値"),
    ("merged cells", lambda opened: opened["窓口"].merge_cells("C2:C3"), "窓口", 2, "", "結合"),
    ("a line break", lambda opened: _set(opened, "窓口", 2, "備考", "一行\n二行"), "窓口", 2, "備考", "見えない文字"),
    ("a missing sheet", lambda opened: opened.remove(opened["会議"]), "会議", 0, "", "シートがありません"),
    ("a renamed heading", lambda opened: _set(opened, "窓口", 1, "窓口名", "名前"), "窓口", 1, "窓口名", "この見出しがありません"),
    ("a value without a heading", lambda opened: _put(opened, "会議", "H2", "?"), "会議", 2, "", "見出しのない列"),
    ("full-width digits", lambda opened: _set(opened, "窓口", 13, "郵便番号", "０１４-０３９２"), "窓口", 13, "郵便番号", "全角"),
]


def _set(opened: Any, sheet: str, row: int, column: str, value: object) -> None:
    at(opened[sheet], row, column).value = value


def _put(opened: Any, sheet: str, place: str, value: object) -> None:
    opened[sheet][place] = value


@pytest.mark.parametrize(("spoil", "sheet", "row", "column", "said"), [case[1:] for case in MISTAKES], ids=[case[0] for case in MISTAKES])
def test_a_mistake_in_the_book_is_named_with_sheet_row_and_column(
    spoil: Callable[[Any], None], sheet: str, row: int, column: str, said: str
) -> None:
    opened = book()
    spoil(opened)
    found = errors(read(opened))
    place = f"{BOOK} シート「{sheet}」"
    assert [finding for finding in found if (finding.file, finding.row, finding.column) == (place, row, column) and said in finding.text]


@pytest.mark.parametrize(
    ("column", "typed", "text"),
    [
        ("確認日", datetime(2026, 4, 1), "2026-04-01"),  # noqa: DTZ001 - a cell of Excel knows no zone
        ("確認日", date(2026, 4, 1), "2026-04-01"),
        ("年齢下限", 65, "65"),
        ("年齢下限", 65.0, "65"),
        ("備考", True, "TRUE"),
        ("備考", 1.5, "1.5"),
        ("備考", "_x0041_", "_x0041_"),
    ],
)
def test_what_excel_has_recognised_without_loss_is_taken_as_it_is_meant(column: str, typed: object, text: str) -> None:
    opened = book()
    cell = at(opened["窓口"], 2, column)
    cell.number_format = "yyyy-mm-dd" if isinstance(typed, date) else "General"
    cell.value = typed
    incoming = read(opened)
    assert errors(incoming) == []
    assert incoming.tables[schema.WINDOWS].rows[0][column] == text


def test_times_typed_as_times_are_times() -> None:
    opened = book()
    for place, value in zip("ABCDE", ("semboku-w01", "月火", time(8, 30), timedelta(days=1), "不可"), strict=True):
        opened["受付時間"][f"{place}2"] = value
    row = read(opened).tables[schema.HOURS].rows[0]
    assert (row["開始"], row["終了"]) == ("08:30", "24:00")


def test_empty_rows_and_the_clerk_s_own_sheet_do_no_harm() -> None:
    opened = book()
    opened["窓口"].insert_rows(5)
    opened.create_sheet("計算用")["A1"] = "メモ"
    opened["計算用"]["B2"] = 1
    incoming = read(opened)
    assert not incoming.refused
    assert len(incoming.tables[schema.WINDOWS].rows) == 14
    assert [str(finding) for finding in incoming.findings] == [f"注意 {BOOK} シート「計算用」: 使わないシートです。取り込みません"]


def test_another_book_an_old_one_and_a_broken_one_are_told_apart() -> None:
    current = read_folder(city_folder("semboku"))
    other = io.BytesIO()
    Workbook().save(other)
    for raw, said in (
        (other.getvalue(), "シートがありません"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "パスワード"),
        (b"PK\x03\x04", "読めません"),
    ):
        incoming = read_incoming(BOOK, {BOOK: raw}, current)
        assert incoming.refused
        assert said in incoming.findings[0].text
