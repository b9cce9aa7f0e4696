"""A running service takes up new tables by itself, and a doctor beside it says what it does not take."""

import asyncio
import os
import signal
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.app import _console_context
from bot.data import load_data
from bot.doctor import examine
from bot.reload import keep_fresh
from bot.runtime import Runtime, open_runtime
from bot.settings import Settings
from bot.setup import set_up
from intake.base.clock import SystemClock
from intake.base.errors import StartupError
from tests.cli.test_settings import GOOD, accounts
from tests.routing.folders import copy_of, read, set_cell, write

DESK_ROW = 8
SOON = 0.02


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", port=1)


async def _until(runtime: Runtime, name: str) -> None:
    async with asyncio.timeout(10):
        while runtime.cities["oshu"].desk_name != name:  # noqa: ASYNC110 - tables tell nobody that they were taken up
            await asyncio.sleep(SOON)


async def _refused(runtime: Runtime) -> None:
    assert runtime.directories is not None
    async with asyncio.timeout(10):
        while not runtime.directories.refused:  # noqa: ASYNC110 - as above
            await asyncio.sleep(SOON)


async def _stop(runtime: Runtime, task: asyncio.Task[None]) -> None:
    runtime.stopping.set()
    async with asyncio.timeout(10):
        await task


async def test_the_next_message_meets_the_new_tables_without_a_restart(settings: Settings) -> None:
    async with open_runtime(settings) as runtime:
        task = asyncio.create_task(keep_fresh(runtime, seconds=SOON))
        begun = runtime.intake
        set_cell(copy_of("oshu", settings.data_dir) / "自治体.csv", DESK_ROW, "値", "奥州市の新しい係")
        await _until(runtime, "奥州市の新しい係")
        assert runtime.intake.cities["oshu"].desk_name == "奥州市の新しい係"
        assert begun.cities["oshu"].desk_name != "奥州市の新しい係", "what has begun ends with the version it began with"
        await _stop(runtime, task)


async def test_broken_tables_change_nothing_and_are_logged_by_their_place_alone(settings: Settings) -> None:
    async with open_runtime(settings) as runtime:
        before = runtime.cities["oshu"]
        with capture_logs() as logs:
            task = asyncio.create_task(keep_fresh(runtime, seconds=SOON))
            set_cell(copy_of("oshu", settings.data_dir) / "窓口.csv", 3, "自治体コード", "32158")
            await _refused(runtime)
            await _stop(runtime, task)
        assert runtime.cities["oshu"] is before
    told = [entry for entry in logs if entry["event"] == "directory_refused"]
    assert [(entry["municipality"], entry["file"], entry["row"], entry["column"]) for entry in told] == [
        ("oshu", "窓口.csv", 3, "自治体コード")
    ]
    assert "32158" not in str(told)


async def test_the_console_lists_the_new_tables_and_names_what_was_refused(settings: Settings) -> None:
    async with open_runtime(settings.model_copy(update={"require_confirmed": True})) as runtime:
        console, directories = _console_context(runtime), runtime.directories
        assert directories is not None
        assert console.offered is not None
        folder = copy_of("oshu", settings.data_dir)
        set_cell(folder / "自治体.csv", DESK_ROW, "値", "奥州市の新しい係")
        directories.refresh(runtime.clock.now(), at_once=True)
        assert console.cities["oshu"].desk_name == console.offered["oshu"].desk_name == "奥州市の新しい係"
        assert console.cities["oshu"].windows
        assert not console.offered["oshu"].windows
        set_cell(folder / "窓口.csv", 4, "状態", "やってる")
        directories.refresh(runtime.clock.now(), at_once=True)
        assert set(console.refused) == {"oshu"}
        assert console.cities["oshu"].desk_name == "奥州市の新しい係"


async def test_a_hangup_asks_for_the_new_tables_at_once_and_ends_nothing(settings: Settings) -> None:
    async with open_runtime(settings) as runtime:
        task = asyncio.create_task(keep_fresh(runtime, seconds=60))
        await asyncio.sleep(SOON)
        set_cell(copy_of("oshu", settings.data_dir) / "自治体.csv", DESK_ROW, "値", "すぐの係")
        os.kill(os.getpid(), signal.SIGHUP)
        await _until(runtime, "すぐの係")
        assert not task.done()
        task.cancel()
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_DFL


async def test_one_bad_look_does_not_end_the_looking(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_runtime(settings) as runtime:
        assert runtime.directories is not None
        real, failed = runtime.directories.refresh, asyncio.Event()
        loop = asyncio.get_running_loop()

        def once(*arguments: object, **named: object) -> object:
            if not failed.is_set():
                loop.call_soon_threadsafe(failed.set)
                raise RuntimeError
            return real(*arguments, **named)  # type: ignore[arg-type] # passed on as it came

        monkeypatch.setattr(runtime.directories, "refresh", once)
        task = asyncio.create_task(keep_fresh(runtime, seconds=SOON))
        async with asyncio.timeout(10):
            await failed.wait()
        set_cell(copy_of("oshu", settings.data_dir) / "自治体.csv", DESK_ROW, "値", "あとの係")
        await _until(runtime, "あとの係")
        await _stop(runtime, task)


async def test_a_served_municipality_does_not_take_up_a_way_that_is_not_built(settings: Settings, tmp_path: Path) -> None:
    real = settings.model_copy(update={"accounts_file": accounts(tmp_path, GOOD)})
    async with open_runtime(real) as runtime:
        assert runtime.directories is not None
        folder = copy_of("sakata", real.data_dir)
        rows = read(folder / "自治体.csv")
        write(folder / "自治体.csv", [[row[0], "room_only", *row[2:]] if row[0] == "相談の入口" else row for row in rows])
        runtime.directories.refresh(runtime.clock.now(), at_once=True)
        assert "保護された相談室はまだありません" in str(runtime.directories.refused["sakata"].findings[0])


async def test_the_doctor_names_every_mistake_and_goes_on_looking(settings: Settings) -> None:
    await set_up(settings)
    folder = copy_of("oshu", settings.data_dir)
    set_cell(folder / "窓口.csv", 3, "自治体コード", "32158")
    set_cell(folder / "窓口.csv", 4, "状態", "やってる")
    found = await examine(settings)
    lines = [finding.line() for finding in found if finding.unsafe]
    assert any("前の版のまま" in line and str(folder) in line for line in lines)
    assert any("窓口.csv 3行 自治体コード" in line for line in lines)
    assert any("窓口.csv 4行 状態" in line for line in lines)
    assert any(finding.topic == "データベース" for finding in found)


async def test_the_doctor_says_how_many_windows_the_setting_hides(settings: Settings) -> None:
    await set_up(settings)
    found = [finding.line() for finding in await examine(settings.model_copy(update={"require_confirmed": True}))]
    assert sum("住民に出していません" in line for line in found) == 5
    assert not any("住民に出していません" in finding.line() for finding in await examine(settings))


def test_broken_tables_stop_a_start(settings: Settings) -> None:
    set_cell(copy_of("oshu", settings.data_dir) / "窓口.csv", 4, "状態", "やってる")
    with pytest.raises(StartupError, match=r"窓口.csv 4行 状態"):
        load_data(settings, demo=False, clock=SystemClock())


def test_where_only_confirmed_windows_count_residents_are_told_of_no_other(settings: Settings) -> None:
    directories = load_data(settings.model_copy(update={"require_confirmed": True}), demo=False, clock=SystemClock())
    assert [len(city.windows) for city in directories.offered.values()] == [0] * 5
    assert all(city.windows for city in directories.listed.values())


def test_the_demo_keeps_its_sample_windows_where_only_confirmed_ones_count(settings: Settings) -> None:
    directories = load_data(settings.model_copy(update={"require_confirmed": True}), demo=True, clock=SystemClock())
    assert all(window.sample for window in directories.offered["aizuwakamatsu"].windows.values())
