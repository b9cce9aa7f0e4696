"""What Excel does to a table behind a clerk's back: each habit is recognised, named, and told how to mend. None is guessed away."""

from pathlib import Path

import pytest

from routing.check import check_folder
from routing.findings import Finding, Level
from routing.load import load_city
from tests.routing.folders import add_row, copy_of, read, set_cell, write

W, P, H, D, X = "窓口.csv", "電話.csv", "受付時間.csv", "担当地区.csv", "休業日.csv"
AS_TEXT = "「文字列」"
ZERO = "先頭の0が落ち"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of("nonoichi", tmp_path)


def errors(folder: Path) -> list[Finding]:
    return [finding for finding in check_folder(folder) if finding.level is Level.ERROR]


def only(folder: Path) -> Finding:
    """Return the finding of the one cell that is wrong; another rule may have found the same cell."""
    found = errors(folder)
    assert len({(finding.file, finding.row, finding.column) for finding in found}) == 1, [str(finding) for finding in found]
    return found[0]


HABITS = [
    ("自治体コード", "17212", ZERO, "6桁の文字列"),
    ("自治体コード", "１７２１２０", "全角", "半角にして"),
    ("郵便番号", "210001", "NNN-NNNN", ZERO),
    ("郵便番号", "９２１－８８１５", "全角", "半角にして"),
    ("町字ID", "2002", "7桁", ZERO),
    ("委託先_法人番号", "3.00002E+12", "Excel が短くした", AS_TEXT),
    ("委託先_法人番号", "５００００２０１７２１２０", "全角", "半角にして"),
    ("年齢下限", "６５", "全角", "半角にして"),
    ("確認日", "46113", "通し番号", "2026-04-01 の形"),
    ("確認日", "2026/4/1", "Excel が書きかえる", "2026-04-01 と書いて"),
    ("確認日", "2026年4月1日", "Excel が書きかえる", "2026-04-01 と書いて"),
    ("確認日", "2026/4/1 0:00", "Excel が書きかえる", "2026-04-01 と書いて"),
    ("確認日", "２０２６-０４-０１", "全角", "半角にして"),
    ("確認日", "2026/2/30", "2026/2/30", "YYYY-MM-DD"),
    ("有効開始日", "2026.4.1", "Excel が書きかえる", "2026-04-01 と書いて"),
    ("出典行", "5月7日", "行の番号", AS_TEXT),
    ("出典行", "2026/5/7", "行の番号", AS_TEXT),
    ("出典行", "7-May", "行の番号", AS_TEXT),
    ("備考", "#REF!", "Excel のエラー値", "#REF!"),
    ("備考", "########", "Excel のエラー値", "###"),
    ("備考", "=A1", "Excel の式", "値に直して"),
    ("所管課", "福祉課\n", "見えない文字", "消して"),
    ("所管課", "福祉課　", "前後に空白", "消して"),
]


@pytest.mark.parametrize(("column", "value", "named", "mended"), HABITS, ids=[f"{column} {value!r}" for column, value, *_ in HABITS])
def test_a_cell_that_excel_has_changed_is_named_with_row_column_and_remedy(
    folder: Path, column: str, value: str, named: str, mended: str
) -> None:
    set_cell(folder / W, 4, column, value)
    found = only(folder)
    assert (found.file, found.row, found.column) == (W, 4, column)
    assert named in found.text
    assert mended in found.text


TIMES = [
    ("8:30", "08:30 と書いて"),
    ("8:30:00", "08:30 と書いて"),
    ("08:30:00", "08:30 と書いて"),
    ("0.354166667", "時刻を数に"),
    ("８：３０", "全角"),
]


@pytest.mark.parametrize(("value", "said"), TIMES)
def test_a_time_that_excel_has_changed_is_named(folder: Path, value: str, said: str) -> None:
    add_row(folder / H, 窓口ID="nonoichi-w01", 曜日="月", 開始=value, 終了="17:15", 祝日="不可")
    found = only(folder)
    assert (found.file, found.row, found.column) == (H, len(read(folder / H)), "開始")
    assert said in found.text


def test_a_midnight_and_a_noon_are_no_habits(folder: Path) -> None:
    add_row(folder / H, 窓口ID="nonoichi-w01", 曜日="月", 開始="00:00", 終了="12:00", 祝日="不可")
    add_row(folder / H, 窓口ID="nonoichi-w01", 曜日="月", 開始="13:00", 終了="24:00", 祝日="不可")
    assert errors(folder) == []


PHONES = [
    ("762481111", ZERO),
    ("０７６－２２７－６０００", "全角"),
    ("227-6000", "市外局番"),
    ("7.6E+08", "市外局番"),
    ("000-0000-000１", "全角"),
]


@pytest.mark.parametrize(("number", "said"), PHONES)
def test_a_number_that_nobody_could_dial_is_named(folder: Path, number: str, said: str) -> None:
    add_row(folder / P, 窓口ID="nonoichi-w01", 電話番号=number, 種別="相談")
    found = only(folder)
    assert (found.file, found.column) == (P, "電話番号")
    assert said in found.text


@pytest.mark.parametrize(("file", "column"), [(P, "確認日"), (H, "有効終了日"), (D, "有効開始日"), (X, "日付")])
@pytest.mark.parametrize("value", ["46113", "2026/4/1"])
def test_dates_are_watched_in_every_table(folder: Path, file: str, column: str, value: str) -> None:
    rows = {
        P: {"窓口ID": "nonoichi-w01", "電話番号": "000-0000-0001", "種別": "相談"},
        H: {"窓口ID": "nonoichi-w01", "曜日": "月", "開始": "08:30", "終了": "17:15", "祝日": "不可"},
        D: {"窓口ID": "nonoichi-w01", "地区名": "架空"},
        X: {"日付": "", "名称": "点検"},
    }
    add_row(folder / file, **(rows[file] | {column: value}))
    found = only(folder)
    assert (found.file, found.column) == (file, column)
    assert "Excel" in found.text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_byte_order_mark_may_be_there_or_not(folder: Path, tmp_path: Path, encoding: str) -> None:
    before = load_city("nonoichi", data_dir=tmp_path).windows
    write(folder / W, read(folder / W), encoding)
    assert errors(folder) == []
    assert load_city("nonoichi", data_dir=tmp_path).windows == before


@pytest.mark.parametrize(("encoding", "said"), [("cp932", "Shift_JIS で保存されています"), ("utf-16", "Unicode テキスト")])
def test_a_table_saved_in_another_encoding_is_named_with_how_to_save_it(folder: Path, encoding: str, said: str) -> None:
    text = (folder / P).read_text(encoding="utf-8-sig")
    (folder / P).write_bytes((text + "nonoichi-w01,000-0000-0001,相談,昼,,,\n").encode(encoding))
    found = only(folder)
    assert (found.file, found.row) == (P, 0)
    assert said in found.text
    assert "CSV UTF-8（コンマ区切り）" in found.text


def test_a_table_saved_with_tabs_is_named_once_and_not_by_every_heading(folder: Path) -> None:
    text = (folder / W).read_text(encoding="utf-8-sig")
    (folder / W).write_text(text.replace(",", "\t"), encoding="utf-8-sig")
    found = [finding for finding in errors(folder) if finding.file == W]
    assert [finding.text.split("。")[0] for finding in found] == ["タブ区切りで保存されています"]


def test_windows_line_ends_and_an_old_mac_s_empty_last_lines_do_no_harm(folder: Path) -> None:
    raw = (folder / W).read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    (folder / W).write_bytes(raw + b"\r\n\r\n")
    assert errors(folder) == []
