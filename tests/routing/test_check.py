"""Every rule of the directory: a planted mistake is found with file, row and column."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from routing.check import check_folder
from routing.findings import Finding, Level
from tests.routing.folders import add_row, copy_of, read, set_cell, write

TODAY = date(2026, 11, 20)
W, P, H, D, C = "窓口.csv", "電話.csv", "受付時間.csv", "担当地区.csv", "自治体.csv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of("nonoichi", tmp_path)


def errors(folder: Path) -> list[Finding]:
    return [finding for finding in check_folder(folder, TODAY) if finding.level is Level.ERROR]


CELLS = [
    ("1 an id twice", W, 3, "窓口ID", "nonoichi-w01", "重複"),
    ("1 hours of an unknown window", D, 2, "窓口ID", "nonoichi-w99", "ありません"),
    ("2 a wrong check digit", W, 2, "自治体コード", "172121", "検査数字"),
    ("2 a wrong corporate number", W, 2, "委託先_法人番号", "1234567890123", "検査数字"),
    ("2 a postal code without hyphen", W, 2, "郵便番号", "9218510", "NNN-NNNN"),
    ("2 a 町字ID that is too short", W, 2, "町字ID", "123", "7桁"),
    ("3 a state not in the list", W, 2, "状態", "実施中", "「実施」ではありませんか"),
    ("3 an unknown field", W, 2, "分野", "高齢者", "「高齢」ではありませんか"),
    ("3 an unknown tag", W, 2, "相談内容タグ", "care;dementia", "「dementia_rights」ではありませんか"),
    ("3 an unknown type", W, 2, "種類", "まどぐち", "使えません"),
    ("4 no date", W, 2, "有効開始日", "2026/4/1", "と書いてください"),
    ("4 a day that does not exist", W, 2, "有効開始日", "2026-02-30", "YYYY-MM-DD"),
    ("6 contracted to nobody", W, 2, "委託先", "", "委託先未確認"),
    ("6 direct and yet contracted", W, 8, "委託先", "どこかの会", "直営"),
    ("9 a place for what is only a count", W, 5, "所在地", "本町1番", "箇所数のみ"),
    ("11 a space behind", W, 2, "窓口名", "本町地区地域包括支援センター\u3000", "空白"),
    ("11 a line break", W, 2, "窓口名", "本町地区\n地域包括支援センター", "見えない文字"),
    ("11 an error of Excel", W, 2, "所在地", "#REF!", "Excel のエラー値"),
    ("11 a formula", W, 2, "所在地", "=A1", "式"),
    ("12 a lost zero", W, 2, "自治体コード", "52159", "先頭の0"),
    ("12 a date as a number", W, 2, "確認日", "45678", "通し番号"),
    ("13 no source", W, 2, "出典", "", "出典の無い行"),
    ("city: an unknown night mode", C, 5, "値", "読む", "使えません"),
    ("city: unreadable staff hours", C, 6, "値", "平日8時半から", "08:30-17:15"),
    ("city: a promise that is no number", C, 7, "値", "1時間", "分の数"),
    ("city: no desk", C, 8, "値", "", "空です"),
]


@pytest.mark.parametrize(("file", "row", "column", "value", "said"), [case[1:] for case in CELLS], ids=[case[0] for case in CELLS])
def test_a_wrong_cell_is_named_with_file_row_and_column(folder: Path, file: str, row: int, column: str, value: str, said: str) -> None:
    set_cell(folder / file, row, column, value)
    assert [
        finding for finding in errors(folder) if (finding.file, finding.row, finding.column) == (file, row, column) and said in finding.text
    ]


def _phone(folder: Path, number: str, window: str = "nonoichi-w01", use: str = "") -> None:
    add_row(folder / P, 窓口ID=window, 電話番号=number, 種別="相談", 用途=use)


ROWS: list[tuple[str, Callable[[Path], None], str, int, str, str]] = [
    ("1 a phone of no window", lambda folder: _phone(folder, "000-0000-0001", "nobody"), P, 2, "窓口ID", "ありません"),
    ("2 a number without area code", lambda folder: _phone(folder, "23-4545"), P, 2, "電話番号", "市外局番"),
    ("2 full-width digits", lambda folder: _phone(folder, "０００-００００-０００１"), P, 2, "電話番号", "全角"),
    ("9 a phone for what is only a count", lambda folder: _phone(folder, "000-0000-0001", "nonoichi-w04"), P, 2, "窓口ID", "箇所数のみ"),
    (
        "hours that end before they begin",
        lambda folder: add_row(folder / H, 窓口ID="nonoichi-w01", 曜日="月", 開始="17:15", 終了="08:30", 祝日="不可"),
        H,
        3,
        "終了",
        "開始",
    ),
    (
        "weekdays that are none",
        lambda folder: add_row(folder / H, 窓口ID="nonoichi-w01", 曜日="平日", 開始="08:30", 終了="17:15", 祝日="不可"),
        H,
        3,
        "曜日",
        "月火水",
    ),
]


@pytest.mark.parametrize(("plant", "file", "row", "column", "said"), [case[1:] for case in ROWS], ids=[case[0] for case in ROWS])
def test_a_wrong_row_is_named(folder: Path, plant: Callable[[Path], None], file: str, row: int, column: str, said: str) -> None:
    plant(folder)
    found = [finding for finding in errors(folder) if (finding.file, finding.row, finding.column) == (file, row, column)]
    assert any(said in finding.text for finding in found)


def test_two_numbers_for_one_use_on_one_day_clash_and_later_ones_do_not(folder: Path) -> None:
    add_row(folder / P, 窓口ID="nonoichi-w01", 電話番号="000-0000-0001", 種別="相談", 有効終了日="2026-12-31")
    add_row(folder / P, 窓口ID="nonoichi-w01", 電話番号="000-0000-0002", 種別="相談", 有効開始日="2027-01-01")
    assert not errors(folder)
    set_cell(folder / P, 3, "有効開始日", "2026-12-01")
    assert [(finding.row, finding.column) for finding in errors(folder)] == [(3, "電話番号")]


def test_an_end_before_its_beginning_is_an_error(folder: Path) -> None:
    set_cell(folder / W, 2, "有効開始日", "2026-04-01")
    set_cell(folder / W, 2, "有効終了日", "2026-03-31")
    assert [(finding.row, finding.column) for finding in errors(folder)] == [(2, "有効終了日")]


def test_what_does_not_run_cannot_be_published(folder: Path) -> None:
    for column, value in {"公開": "可", "状態": "休止中", "確認日": "2026-11-01", "確認者": "係"}.items():
        set_cell(folder / W, 2, column, value)
    assert [(finding.row, finding.column) for finding in errors(folder)] == [(2, "公開")]


def test_publishing_needs_date_person_and_a_contact(folder: Path) -> None:
    set_cell(folder / W, 2, "公開", "可")
    set_cell(folder / W, 2, "所管課", "")
    assert {finding.column for finding in errors(folder)} == {"確認日", "確認者", "公開"}


def test_a_phone_that_has_ended_warns_but_never_stops_the_start(folder: Path) -> None:
    for column, value in {"公開": "可", "所管課": "", "確認日": "2026-11-01", "確認者": "係"}.items():
        set_cell(folder / W, 2, column, value)
    add_row(folder / P, 窓口ID="nonoichi-w01", 電話番号="000-0000-0001", 種別="相談", 有効終了日="2026-10-31")
    assert not errors(folder)
    assert any("期間の外" in finding.text for finding in check_folder(folder, TODAY))


def test_one_town_belongs_to_one_window(folder: Path) -> None:
    set_cell(folder / D, 2, "町字名", "本町一丁目")
    set_cell(folder / D, 3, "町字名", "本町一丁目")
    assert [(finding.file, finding.row, finding.column) for finding in errors(folder)] == [(D, 3, "町字名")]


@pytest.mark.parametrize(("checked", "said"), [("2025-10-01", "確認し直してください"), ("2024-10-01", "表示しません")])
def test_an_old_confirmation_warns_and_does_not_stop_the_start(folder: Path, checked: str, said: str) -> None:
    set_cell(folder / W, 2, "確認日", checked)
    assert not errors(folder)
    assert any(said in finding.text for finding in check_folder(folder, TODAY) if finding.column == "確認日")


def test_a_table_saved_as_shift_jis_is_named_as_such(folder: Path) -> None:
    write(folder / W, read(folder / W), encoding="cp932")
    assert any(finding.file == W and "Shift_JIS" in finding.text for finding in errors(folder))


def test_a_table_without_byte_order_mark_is_fine(folder: Path) -> None:
    write(folder / W, read(folder / W), encoding="utf-8")
    assert not errors(folder)


def test_a_missing_column_is_named_in_the_header(folder: Path) -> None:
    rows = [[cell for index, cell in enumerate(row) if index != 2] for row in read(folder / W)]
    write(folder / W, rows)
    assert [(finding.row, finding.column) for finding in errors(folder) if finding.file == W] == [(1, "窓口名")]


def test_a_missing_file_and_an_empty_file_are_named(folder: Path) -> None:
    (folder / P).unlink()
    (folder / H).write_bytes(b"")
    assert {finding.file for finding in errors(folder)} == {P, H}


def test_a_row_with_too_few_cells_is_named(folder: Path) -> None:
    with (folder / P).open("a", encoding="utf-8") as file:
        file.write("nonoichi-w01,000-0000-0001\r\n")
    assert [(finding.file, finding.row) for finding in errors(folder)] == [(P, 2)]


def test_a_missing_item_of_the_municipality_is_named(folder: Path) -> None:
    write(folder / C, [row for row in read(folder / C) if row[0] != "夜間の扱い"])
    assert any("夜間の扱い" in finding.text for finding in errors(folder))


def test_a_finding_reads_as_a_clerk_would_say_it(folder: Path) -> None:
    set_cell(folder / W, 3, "自治体コード", "72028")
    assert str(errors(folder)[0]).startswith("エラー 窓口.csv 3行 自治体コード: 「72028」は5桁です")
