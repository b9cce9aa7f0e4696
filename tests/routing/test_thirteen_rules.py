"""The thirteen rules of the directory, each with a mistake that only it can find, named by file, row and column."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from routing.check import check_folder
from routing.findings import Finding, Level
from tests.routing.folders import add_row, copy_of, read, set_cell, write

TODAY = date(2026, 11, 20)
W, P, H, D, C, X = "窓口.csv", "電話.csv", "受付時間.csv", "担当地区.csv", "自治体.csv", "休業日.csv"
Plant = Callable[[Path], None]
PUBLISHED = {"公開": "可", "確認日": "2026-11-01", "確認者": "係"}


def cell(file: str, row: int, **values: str) -> Plant:
    def plant(folder: Path) -> None:
        for column, value in values.items():
            set_cell(folder / file, row, column, value)

    return plant


def row(file: str, **values: str) -> Plant:
    return lambda folder: add_row(folder / file, **values)


def phone(number: str, window: str = "nonoichi-w01", **more: str) -> Plant:
    return row(P, 窓口ID=window, 電話番号=number, 種別="相談", **more)


def hours(**values: str) -> Plant:
    return row(H, **({"窓口ID": "nonoichi-w01", "曜日": "月", "開始": "08:30", "終了": "17:15", "祝日": "不可"} | values))


def all_of(*plants: Plant) -> Plant:
    def plant(folder: Path) -> None:
        for one in plants:
            one(folder)

    return plant


def overlap(folder: Path) -> None:
    """Two windows share one of their fields and claim one 町字."""
    set_cell(folder / W, 3, "分野", "高齢;障がい")
    set_cell(folder / D, 2, "町字名", "本町一丁目")
    set_cell(folder / D, 3, "町字名", "本町一丁目")


E, N = Level.ERROR, Level.WARNING
RULES: list[tuple[int, str, Plant, Level, str, int, str, str]] = [
    (1, "an id stands twice", cell(W, 3, 窓口ID="nonoichi-w01"), E, W, 3, "窓口ID", "重複"),
    (1, "a phone of no window", phone("000-0000-0001", "nobody"), E, P, 2, "窓口ID", "窓口.csvにありません"),
    (1, "hours of no window", hours(窓口ID="nobody"), E, H, 3, "窓口ID", "窓口.csvにありません"),
    (1, "a district of no window", cell(D, 2, 窓口ID="nobody"), E, D, 2, "窓口ID", "窓口.csvにありません"),
    (1, "a closing day of no window", row(X, 日付="2026-12-01", 名称="点検", 窓口ID="nobody"), E, X, 2, "窓口ID", "窓口.csvにありません"),
    (2, "a code with a wrong check digit", cell(W, 2, 自治体コード="172121"), E, W, 2, "自治体コード", "検査数字"),
    (2, "a corporate number with a wrong check digit", cell(W, 2, 委託先_法人番号="1234567890123"), E, W, 2, "委託先_法人番号", "検査数字"),
    (2, "a postal code without its hyphen", cell(W, 2, 郵便番号="9218510"), E, W, 2, "郵便番号", "NNN-NNNN"),
    (2, "a number without its area code", phone("23-4545"), E, P, 2, "電話番号", "市外局番"),
    (3, "a word that is not in the list", cell(W, 2, 状態="実施中"), E, W, 2, "状態", "「実施」ではありませんか"),
    (
        3,
        "a tag that is not in the list",
        cell(W, 2, 相談内容タグ="care;dementia"),
        E,
        W,
        2,
        "相談内容タグ",
        "「dementia_rights」ではありませんか",
    ),
    (4, "a date with slashes", cell(W, 2, 有効開始日="2026/4/1"), E, W, 2, "有効開始日", "2026-04-01 と書いて"),
    (4, "an end before its beginning", cell(W, 2, 有効開始日="2026-04-01", 有効終了日="2026-03-31"), E, W, 2, "有効終了日", "前"),
    (4, "two numbers for one use", all_of(phone("000-0000-0001"), phone("000-0000-0002")), E, P, 3, "電話番号", "番号が違います"),
    (5, "publishing what is paused", cell(W, 2, 状態="休止中", **PUBLISHED), E, W, 2, "公開", "公開できません"),
    (6, "contracted to nobody", cell(W, 2, 委託先="", 備考=""), E, W, 2, "委託先", "委託先未確認"),
    (6, "direct and yet contracted", cell(W, 8, 委託先="どこかの会"), E, W, 8, "委託先", "直営"),
    (7, "publishing without the one who checked", cell(W, 2, **(PUBLISHED | {"確認者": ""})), E, W, 2, "確認者", "公開するには必要"),
    (7, "publishing without any contact", cell(W, 2, 所管課="", **PUBLISHED), E, W, 2, "公開", "電話・フォーム・所管課"),
    (8, "checked more than a year ago", cell(W, 2, 確認日="2025-10-01"), N, W, 2, "確認日", "確認し直してください"),
    (8, "checked more than two years ago", cell(W, 2, 確認日="2024-10-01"), N, W, 2, "確認日", "表示しません"),
    (9, "a place for what is only a count", cell(W, 5, 建物="市役所"), E, W, 5, "所在地", "箇所数のみ"),
    (9, "a phone for what is only a count", phone("000-0000-0001", "nonoichi-w04"), E, P, 2, "窓口ID", "箇所数のみ"),
    (9, "a role that nobody may ask", cell(W, 2, 種類="人"), E, W, 2, "受け付ける人", "住民・機関・両方"),
    (10, "two windows for one 町字", overlap, E, D, 3, "町字名", "重なっています"),
    (10, "a district without its 町字", cell(D, 2, 町字名=""), N, D, 2, "町字名", "地区名だけ"),
    (11, "a full-width space behind", cell(W, 2, 窓口名="本町地区地域包括支援センター\u3000"), E, W, 2, "窓口名", "空白"),
    (11, "a line break", cell(W, 2, 窓口名="本町地区\n地域包括支援センター"), E, W, 2, "窓口名", "見えない文字"),
    (11, "full-width digits in a code", cell(W, 2, 郵便番号="９２１-８５１０"), E, W, 2, "郵便番号", "全角"),
    (11, "full-width digits in a date", cell(W, 2, 確認日="２０２６-０４-０１"), E, W, 2, "確認日", "全角"),
    (11, "full-width digits in a time", hours(開始="０８:３０"), E, H, 3, "開始", "全角"),
    (11, "an age with a word", cell(W, 2, 年齢下限="65歳"), E, W, 2, "年齢下限", "年齢の数"),
    (11, "an error of Excel", cell(W, 2, 所在地="#REF!"), E, W, 2, "所在地", "Excel のエラー値"),
    (11, "a formula", cell(W, 2, 所在地="=A1"), E, W, 2, "所在地", "式"),
    (12, "a code that lost its zero", cell(W, 2, 自治体コード="52159"), E, W, 2, "自治体コード", "先頭の0"),
    (12, "a 町字ID that lost its zeros", cell(W, 2, 町字ID="2002"), E, W, 2, "町字ID", "先頭の0"),
    (12, "a corporate number cut short", cell(W, 2, 委託先_法人番号="3.00002E+12"), E, W, 2, "委託先_法人番号", "Excel が短くした数"),
    (12, "a date as a number", cell(W, 2, 確認日="45678"), E, W, 2, "確認日", "通し番号"),
    (12, "a phone that lost its zero", phone("761234567"), E, P, 2, "電話番号", "先頭の0"),
    (13, "a window without a source", cell(W, 2, 出典=""), E, W, 2, "出典", "出典の無い行"),
    (13, "an item of the city without a source", cell(C, 2, 出典=""), E, C, 2, "出典", "出典の無い行"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of("nonoichi", tmp_path)


@pytest.mark.parametrize(
    ("plant", "level", "file", "number", "column", "said"), [case[2:] for case in RULES], ids=[f"{case[0]} {case[1]}" for case in RULES]
)
def test_each_rule_names_its_mistake_where_it_stands(
    folder: Path, plant: Plant, level: Level, file: str, number: int, column: str, said: str
) -> None:
    before = set(check_folder(folder, TODAY))
    plant(folder)
    new = [finding for finding in check_folder(folder, TODAY) if finding not in before or column == "町字名"]
    assert [
        finding
        for finding in new
        if (finding.level, finding.file, finding.row, finding.column) == (level, file, number, column) and said in finding.text
    ]


def test_none_of_the_thirteen_rules_is_left_out() -> None:
    assert {case[0] for case in RULES} == set(range(1, 14))


def found(folder: Path) -> list[Finding]:
    return check_folder(folder, TODAY)


def test_a_town_block_that_a_programme_leaves_out_is_listed_as_a_gap(folder: Path) -> None:
    set_cell(folder / D, 2, "町字名", "本町一丁目")
    set_cell(folder / D, 3, "町字名", "富奥町")
    set_cell(folder / D, 3, "有効終了日", "2026-11-19")
    gaps = [finding for finding in found(folder) if "決まっていない町字" in finding.text]
    assert [finding.level for finding in gaps] == [Level.WARNING]
    assert "富奥町" in gaps[0].text
    assert "本町一丁目" not in gaps[0].text
    set_cell(folder / D, 3, "有効終了日", "2026-11-20")
    assert not [finding for finding in found(folder) if "決まっていない町字" in finding.text]


def test_two_numbers_may_stand_side_by_side_when_a_note_says_why(folder: Path) -> None:
    rows = read(folder / P)
    write(folder / P, [[*rows[0], "備考"]])
    phone("000-0000-0001")(folder)
    phone("000-0000-0002", 備考="混み合うときの番号")(folder)
    assert not [finding for finding in found(folder) if finding.level is E]


def test_a_value_without_a_heading_is_named_and_not_lost(folder: Path) -> None:
    rows = read(folder / W)
    write(folder / W, [[*rows[0], ""], [*rows[1], "消えては困る"], *([*other, ""] for other in rows[2:])])
    assert [(finding.file, finding.row) for finding in found(folder) if finding.level is E] == [(W, 2)]
