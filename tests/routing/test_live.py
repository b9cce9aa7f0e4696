"""Directories of a running process: taken up anew without a restart, and never the worse for a mistake."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from routing.city import City
from routing.findings import DirectoryError
from routing.live import Change, Directories, Part
from routing.load import KEYS
from tests.routing.folders import copy_of, set_cell, write

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
LATER = NOW + timedelta(seconds=5)


@pytest.fixture
def live(tmp_path: Path) -> Directories:
    directories = Directories(data_dir=tmp_path)
    directories.load(NOW)
    return directories


def named(folder: Path, name: str) -> None:
    set_cell(folder / "自治体.csv", 8, "値", name)


def looks(live: Directories, times: int = 2) -> list[Change]:
    return [change for _ in range(times) for change in live.refresh(LATER)]


def test_tables_that_a_clerk_puts_there_are_taken_up_without_a_restart(live: Directories, tmp_path: Path) -> None:
    held = live.offered
    named(copy_of("oshu", tmp_path), "奥州市総合相談係")
    assert [change.key for change in looks(live)] == ["oshu"]
    assert held["oshu"].desk_name == "奥州市総合相談係"
    assert looks(live) == []


def test_a_folder_that_is_still_being_written_is_left_until_it_rests(live: Directories, tmp_path: Path) -> None:
    folder = copy_of("oshu", tmp_path)
    named(folder, "一")
    assert looks(live, 1) == []
    named(folder, "二の係")
    assert looks(live, 1) == []
    assert live.offered["oshu"].desk_name not in {"一", "二の係"}
    assert looks(live, 1)[0].version == live.offered["oshu"].version
    assert live.offered["oshu"].desk_name == "二の係"


def test_who_asks_for_it_gets_the_new_tables_at_once(live: Directories, tmp_path: Path) -> None:
    named(copy_of("oshu", tmp_path), "奥州市総合相談係")
    assert len(live.refresh(LATER, at_once=True)) == 1


def test_a_broken_directory_is_refused_and_the_last_good_one_goes_on(live: Directories, tmp_path: Path) -> None:
    folder = copy_of("oshu", tmp_path)
    named(folder, "良い係")
    looks(live)
    good = live.offered["oshu"]
    set_cell(folder / "窓口.csv", 3, "自治体コード", "32158")
    changes = looks(live)
    assert live.offered["oshu"] is live.listed["oshu"] is good
    assert len(changes) == 1
    refusal = live.refused["oshu"]
    assert (refusal.version, refusal.at, refusal.folder) == (good.version, LATER, folder)
    assert any("窓口.csv 3行 自治体コード: 「32158」は5桁です。先頭の0が落ちて" in str(finding) for finding in refusal.findings)
    assert set(live.refused) == {"oshu"}


def test_a_mended_directory_is_taken_up_and_nothing_is_refused_any_more(live: Directories, tmp_path: Path) -> None:
    folder = copy_of("oshu", tmp_path)
    set_cell(folder / "窓口.csv", 3, "状態", "やってる")
    looks(live)
    set_cell(folder / "窓口.csv", 3, "状態", "実施")
    named(folder, "直した係")
    assert [change.refusal for change in looks(live)] == [None]
    assert live.refused == {}
    assert live.offered["oshu"].desk_name == "直した係"


def test_a_table_that_disappears_is_a_mistake_like_any_other(live: Directories, tmp_path: Path) -> None:
    folder = copy_of("oshu", tmp_path)
    looks(live)
    (folder / "電話.csv").unlink()
    looks(live)
    assert "ファイルがありません" in str(live.refused["oshu"].findings[0])


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_tables_that_may_not_be_read_are_refused(live: Directories, tmp_path: Path) -> None:
    (copy_of("oshu", tmp_path) / "電話.csv").chmod(0)
    looks(live)
    assert "読めません" in str(live.refused["oshu"].findings[0])


def test_an_unreadable_file_is_refused_whoever_reads(live: Directories, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_of("oshu", tmp_path)

    def broken(*_arguments: object, **_named: object) -> City:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("routing.live.load_city", broken)
    looks(live)
    assert "読めません（Permission denied）" in str(live.refused["oshu"].findings[0])


def test_without_the_clerks_folder_the_projects_tables_count_again(live: Directories, tmp_path: Path) -> None:
    before = live.offered["oshu"]
    folder = copy_of("oshu", tmp_path)
    named(folder, "しばらくの係")
    looks(live)
    shutil.rmtree(folder)
    looks(live)
    assert live.offered["oshu"] == before


def test_a_file_saved_without_a_change_is_no_new_version(live: Directories, tmp_path: Path) -> None:
    folder = copy_of("oshu", tmp_path)
    looks(live)
    before = live.offered["oshu"]
    (folder / "電話.csv").touch()
    assert looks(live) == []
    assert live.offered["oshu"] is before


def test_a_decision_that_this_process_cannot_serve_is_refused_while_it_runs(live: Directories, tmp_path: Path) -> None:
    live.judge = lambda city: "相談室はまだありません" if city.intake_mode == "room_only" else ""
    folder = copy_of("sakata", tmp_path)
    write(folder / "自治体.csv", _with_entrance(folder, "room_only"))
    looks(live)
    assert "相談室はまだありません" in str(live.refused["sakata"].findings[0])
    assert live.offered["sakata"].intake_mode == "line_talk"


def _with_entrance(folder: Path, mode: str) -> list[list[str]]:
    rows = [line.split(",") for line in (folder / "自治体.csv").read_text(encoding="utf-8-sig").splitlines()]
    return [[row[0], mode, *row[2:]] if row[0] == "相談の入口" else row for row in rows]


def test_the_first_load_stops_on_a_mistake_and_names_it(tmp_path: Path) -> None:
    set_cell(copy_of("oshu", tmp_path) / "窓口.csv", 3, "状態", "やってる")
    with pytest.raises(DirectoryError, match=r"窓口.csv 3行 状態"):
        Directories(data_dir=tmp_path).load(NOW)


def test_who_only_looks_sees_the_mistake_and_everything_else(tmp_path: Path) -> None:
    set_cell(copy_of("oshu", tmp_path) / "窓口.csv", 3, "状態", "やってる")
    directories = Directories(data_dir=tmp_path)
    directories.load(NOW, fall_back=True)
    assert set(directories.listed) == set(KEYS)
    assert set(directories.refused) == {"oshu"}


def test_the_sample_stays_over_new_tables_of_the_demo(tmp_path: Path) -> None:
    live = Directories(data_dir=tmp_path, sample=frozenset({"aizuwakamatsu"}))
    live.load(NOW)
    named(copy_of("aizuwakamatsu", tmp_path), "会津若松市の新しい係")
    looks(live)
    assert live.offered["aizuwakamatsu"].sample
    assert live.offered["aizuwakamatsu"].desk_name == "会津若松市の新しい係"


def test_two_processes_find_the_same_tables_each_for_itself(tmp_path: Path) -> None:
    first, second = Directories(data_dir=tmp_path), Directories(data_dir=tmp_path)
    for process in (first, second):
        process.load(NOW)
    named(copy_of("oshu", tmp_path), "どちらにも")
    assert looks(first) == looks(second) != []
    assert first.offered == second.offered


def test_a_part_of_the_municipalities_shows_them_as_they_are_now(live: Directories, tmp_path: Path) -> None:
    part = Part(live.offered, {"oshu"})
    named(copy_of("oshu", tmp_path), "いまの係")
    looks(live)
    assert [city.desk_name for city in part.values()] == ["いまの係"]
    with pytest.raises(KeyError):
        part["sakata"]
