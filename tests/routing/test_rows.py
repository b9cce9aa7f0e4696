"""What a clerk may write beside the fixed columns: readings, postal codes, and weekdays that do not come every week."""

from pathlib import Path

import pytest

from routing.check import check_folder
from routing.districts import match_district
from routing.findings import Level
from routing.hours import is_open
from routing.load import load_city
from tests.routing.folders import add_row, copy_of, read, set_cell, write
from tests.routing.support import japan


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of("nonoichi", tmp_path)


def with_words(folder: Path) -> None:
    """Add the two columns that residents' other ways of writing come from."""
    header, *rows = read(folder / "担当地区.csv")
    words = {"nonoichi-w02": ("とみおく", "000-0002;000-0003"), "nonoichi-w03": ("ごう;おしの", "")}
    write(folder / "担当地区.csv", [[*header, "読み", "郵便番号"], *([*row, *words.get(row[0], ("", ""))] for row in rows)])


def errors(folder: Path) -> list[str]:
    return [str(finding) for finding in check_folder(folder) if finding.level is Level.ERROR]


@pytest.mark.parametrize(
    ("word", "window"),
    [
        ("とみおくです", "nonoichi-w02"),
        ("トミオク", "nonoichi-w02"),
        ("とみおくちくに すんでます", "nonoichi-w02"),
        ("〒000-0003", "nonoichi-w02"),
        ("おしの", "nonoichi-w03"),
        ("ごうちく", "nonoichi-w03"),
    ],
)
def test_a_reading_or_a_postal_code_that_the_clerk_added_is_matched(folder: Path, word: str, window: str) -> None:
    with_words(folder)
    assert errors(folder) == []
    windows = load_city("nonoichi", data_dir=folder.parents[1]).windows.values()
    assert [found.id for found in match_district(word, windows)] == [window]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [("読み", "富奥", "かなだけではありません"), ("郵便番号", "0000002", "NNN-NNNN"), ("郵便番号", "000-0002;12", "12")],
)
def test_a_wrong_reading_or_postal_code_is_named(folder: Path, column: str, value: str, said: str) -> None:
    with_words(folder)
    set_cell(folder / "担当地区.csv", 3, column, value)
    (found,) = errors(folder)
    assert said in found
    assert column in found


def test_without_these_columns_a_reading_says_nothing(folder: Path) -> None:
    windows = load_city("nonoichi", data_dir=folder.parents[1]).windows.values()
    assert match_district("とみおくです", windows) == ()


def test_the_second_and_fourth_saturday_stand_in_one_cell(folder: Path) -> None:
    add_row(folder / "受付時間.csv", 窓口ID="nonoichi-w09", 曜日="第2・4土", 開始="09:00", 終了="12:00", 祝日="不可")
    assert errors(folder) == []
    city = load_city("nonoichi", data_dir=folder.parents[1])
    hours = city.windows["nonoichi-w09"].openings
    days = [f"2026-11-{day:02} 10:00" for day in (7, 14, 21, 28)]
    assert [is_open(hours, city.closed_days, japan(day)) for day in days] == [False, True, False, True]


@pytest.mark.parametrize("days", ["第6土", "第2", "平日", "第2・土", ""])
def test_days_that_cannot_be_read_are_named(folder: Path, days: str) -> None:
    add_row(folder / "受付時間.csv", 窓口ID="nonoichi-w09", 曜日=days, 開始="09:00", 終了="12:00", 祝日="不可")
    assert any("曜日" in found for found in errors(folder))
