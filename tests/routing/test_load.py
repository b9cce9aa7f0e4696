from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

import routing
from routing.city import NightMode
from routing.findings import DirectoryError
from routing.load import KEYS, load_city
from routing.load_lines import load_lines
from routing.referral import Kind
from tests.routing.folders import copy_of, read, set_cell, write
from tests.routing.support import cities, sample_city

SHARED = Path(__file__).resolve().parents[3] / "shared" / "municipalities" / "csv_draft"


def test_all_that_the_project_ships_is_in_order() -> None:
    assert routing.problems() == []


@pytest.mark.parametrize("key", KEYS)
def test_every_window_of_the_extraction_is_there_with_its_exact_name_and_address(key: str) -> None:
    if not SHARED.is_dir():
        pytest.skip("the shared extraction of the plans is not beside this project")
    rows = read(SHARED / key / "窓口.csv")
    windows = cities()[key].windows
    for row in rows[1:]:
        cells = dict(zip(rows[0], row, strict=True))
        window = windows[cells["窓口ID"]]
        assert (window.name, window.state.value, window.division) == (cells["窓口名"], cells["状態"], cells["所管課"])
        assert window.address.startswith(cells["所在地"])


@pytest.mark.parametrize("key", KEYS)
def test_no_contact_is_confirmed_before_a_city_has_confirmed_it(key: str) -> None:
    city = cities()[key]
    assert not any(window.confirmed or window.sample for window in city.windows.values())
    assert (city.night, city.answer_within_minutes, city.desk_phone) == (NightMode.UNREAD, 60, "")


@pytest.mark.parametrize("key", KEYS)
def test_every_row_names_its_source(key: str) -> None:
    assert all(window.source for window in cities()[key].windows.values())


@pytest.mark.parametrize(
    ("key", "role"),
    [
        ("semboku", "重層的支援コーディネーター"),
        ("sakata", "CSW(コミュニティソーシャルワーカー)"),
        ("nonoichi", "調整役"),
        ("oshu", "多機関協働推進員"),
        ("aizuwakamatsu", "包括化支援員"),
    ],
)
def test_the_coordinator_has_the_title_that_the_city_uses(key: str, role: str) -> None:
    assert cities()[key].coordinator == role


@pytest.mark.parametrize(
    ("window", "kind"),
    [
        ("nonoichi-w01", Kind.ELDERLY),
        ("nonoichi-w04", Kind.DISABILITY),
        ("nonoichi-w09", Kind.CHILD),
        ("nonoichi-w11", Kind.POVERTY),
        ("nonoichi-w15", Kind.COMMUNITY),
        ("nonoichi-w23", Kind.COORDINATOR),
        ("nonoichi-w24", Kind.OUTREACH),
        ("nonoichi-w25", Kind.PARTICIPATION),
    ],
)
def test_the_kind_of_a_window_is_told_from_its_row(window: str, kind: Kind) -> None:
    assert cities()["nonoichi"].windows[window].kind is kind


def test_an_unknown_key_is_no_city() -> None:
    with pytest.raises(KeyError):
        load_city("tokyo")


def test_the_clerks_own_folder_comes_before_the_projects_and_has_its_own_version(tmp_path: Path) -> None:
    folder = copy_of("oshu", tmp_path)
    assert load_city("oshu", data_dir=tmp_path).version == cities()["oshu"].version
    set_cell(folder / "自治体.csv", 8, "値", "奥州市総合相談係")
    changed = load_city("oshu", data_dir=tmp_path)
    assert changed.desk_name == "奥州市総合相談係"
    assert changed.version != cities()["oshu"].version


def test_a_wrong_directory_is_refused_as_a_whole_with_every_error(tmp_path: Path) -> None:
    folder = copy_of("oshu", tmp_path)
    set_cell(folder / "窓口.csv", 3, "自治体コード", "32158")
    set_cell(folder / "窓口.csv", 4, "状態", "やってる")
    with pytest.raises(DirectoryError) as caught:
        load_city("oshu", data_dir=tmp_path)
    assert "窓口.csv 3行 自治体コード: " in str(caught.value)
    assert "窓口.csv 4行 状態: " in str(caught.value)
    assert any("oshu" in problem for problem in routing.problems(tmp_path))


def test_a_closing_day_of_one_window_does_not_close_the_city(tmp_path: Path) -> None:
    folder = copy_of("oshu", tmp_path)
    write(folder / "休業日.csv", [["日付", "名称", "窓口ID"], ["2026-12-01", "研修", "oshu-w06"], ["2026-12-02", "市の休み", ""]])
    city = load_city("oshu", data_dir=tmp_path)
    assert {day.isoformat() for day in city.closed_days} == {"2026-12-02"}
    assert {day.isoformat() for day in city.windows["oshu-w06"].closed_days} == {"2026-12-01"}


def test_the_sample_is_marked_everywhere_and_calls_nobody() -> None:
    city = sample_city()
    marked = [window for window in city.windows.values() if window.sample]
    assert {window.kind for window in marked} >= {Kind.ELDERLY, Kind.DISABILITY, Kind.CHILD, Kind.POVERTY, Kind.CONSUMER}
    assert all(window.confirmed and window.openings for window in marked)
    numbers = [phone.number for window in marked for phone in window.phones]
    assert all(number.startswith("000-0000-") for number in [*numbers, city.desk_phone])
    assert len(set(numbers)) == len(numbers)
    assert city.version.endswith("-sample")


def test_a_city_without_sample_stays_as_it_is() -> None:
    assert load_city("oshu", sample=True) == cities()["oshu"]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [("番号", "570-064-556", "市外局番"), ("開始", "", "三つとも"), ("危険の種類", "sad", "使えません"), ("確認日", "45678", "通し番号")],
)
def test_a_wrong_crisis_line_stops_the_start(tmp_path: Path, column: str, value: str, said: str) -> None:
    path = tmp_path / "crisis-lines.csv"
    path.write_bytes(_shipped_lines().read_bytes())
    set_cell(path, 5, column, value)
    with pytest.raises(DirectoryError, match=said):
        load_lines("秋田県", path)


def test_the_shipped_lines_carry_the_numbers_that_were_collected() -> None:
    path = SHARED.parents[1] / "crisis-lines.csv"
    if not path.is_file():
        pytest.skip("the collected lines are not beside this project")
    collected, shipped = read(path), read(_shipped_lines())
    assert {(row[0], row[2]) for row in shipped[1:]} == {(row[0], row[2]) for row in collected[1:]}


@pytest.mark.parametrize("today", [date(2000, 1, 1), date(2026, 11, 20), date(2100, 1, 1)])
@pytest.mark.parametrize("key", KEYS)
def test_no_date_of_the_calendar_stops_the_start(key: str, today: date) -> None:
    assert load_city(key, today=today).version == cities()[key].version


def test_119_cannot_be_deleted(tmp_path: Path) -> None:
    path = tmp_path / "crisis-lines.csv"
    write(path, [row for row in read(_shipped_lines()) if row[0] != "ambulance"])
    with pytest.raises(DirectoryError, match="ambulance"):
        load_lines("秋田県", path)


def test_the_overlay_changes_only_what_is_marked() -> None:
    plain, laid = cities()["aizuwakamatsu"], sample_city()
    same = {field.name for field in fields(plain)} - {"windows", "version", "desk_phone", "sample"}
    assert all(getattr(plain, name) == getattr(laid, name) for name in same)
    assert {key for key, window in laid.windows.items() if window != plain.windows[key]} == {
        key for key, w in laid.windows.items() if w.sample
    }


def _shipped_lines() -> Path:
    return Path(routing.__file__).parent / "data" / "crisis-lines.csv"
