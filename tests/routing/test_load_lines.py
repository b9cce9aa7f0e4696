"""What a clerk may not write into the crisis lines, and what the hours in one cell may look like."""

from datetime import time
from pathlib import Path

import pytest

from routing.findings import DirectoryError
from routing.load_lines import FILE, load_lines
from routing.rules import DATA
from routing.staff_hours import parse_staff_hours
from tests.routing.folders import read, write


def shipped_with(tmp_path: Path, key: str, **cells: str) -> Path:
    """Return a copy of the lines in which the row of ``key`` says something else."""
    header, *rows = read(DATA / FILE)
    for row in rows:
        if row[0] == key:
            for column, value in cells.items():
                row[header.index(column)] = value
    path = tmp_path / FILE
    write(path, [header, *rows])
    return path


@pytest.mark.parametrize("key", ["police", "ambulance", "child189"])
@pytest.mark.parametrize(
    ("column", "value"),
    [("都道府県", "福島県"), ("対象外の都道府県", "秋田県"), ("期間限定", "○"), ("年齢", "15歳以上"), ("年末年始", "休")],
)
def test_110_119_and_189_cannot_be_limited(tmp_path: Path, key: str, column: str, value: str) -> None:
    with pytest.raises(DirectoryError, match="いつでもだれにでも"):
        load_lines("秋田県", shipped_with(tmp_path, key, **{column: value}))


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"確認日": "2026-11-01"}, "次に確かめる日"),
        ({"確認日": "2026-11-01", "見直し日": "2026-11-01"}, "確認日より後"),
        ({"期間の開始": "2026-12-31", "期間の終了": "2026-12-01"}, "期間の開始より前"),
        ({"追加の時間": "土曜の朝"}, "形ではありません"),
        ({"年齢": "20歳"}, "使えません"),
        ({"外国語": "英語"}, "使えません"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(tmp_path: Path, cells: dict[str, str], said: str) -> None:
    with pytest.raises(DirectoryError, match=said):
        load_lines("秋田県", shipped_with(tmp_path, "inochi_free", **cells))


def test_a_checked_row_is_taken_with_its_review_date(tmp_path: Path) -> None:
    line = load_lines("秋田県", shipped_with(tmp_path, "inochi_free", 確認日="2026-11-01", 見直し日="2027-05-01"))["inochi_free"]
    assert (str(line.checked_on), str(line.review_on)) == ("2026-11-01", "2027-05-01")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("月火水木金 08:30-12:00; 月火水木金 13:00-17:15", [((0, 1, 2, 3, 4), (), ()), ((0, 1, 2, 3, 4), (), ())]),
        ("第2・4土 09:00-12:00", [((5,), (2, 4), ())]),
        ("毎月10日 08:00-翌08:00", [((0, 1, 2, 3, 4, 5, 6), (), (10,))]),
        ("月火水木金土日 19:00-翌08:00", [((0, 1, 2, 3, 4, 5, 6), (), ())]),
    ],
)
def test_hours_in_one_cell_are_read(cell: str, expected: list[tuple[tuple[int, ...], ...]]) -> None:
    found = [(tuple(sorted(one.weekdays)), tuple(sorted(one.weeks)), tuple(sorted(one.month_days))) for one in parse_staff_hours(cell)]
    assert found == expected


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "平日 08:30-17:15",
        "月 17:15-08:30",
        "月 08:30-翌10:00",
        "第6土 09:00-12:00",
        "第2 09:00-12:00",
        "毎月32日 08:00-09:00",
        "毎月0日 08:00-09:00",
        "月 24:00-翌08:00",
        "月 08:30",
        "月 08:30-17:15;",
        "月火 08:30-17:15; へん",
    ],
)
def test_one_part_that_cannot_be_read_refuses_the_whole_cell(cell: str) -> None:
    assert parse_staff_hours(cell) == ()


def test_the_day_may_end_at_24() -> None:
    (opening,) = parse_staff_hours("月 12:00-24:00")
    assert opening.closes == time(0)
