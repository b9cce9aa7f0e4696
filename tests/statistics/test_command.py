"""``tsunagi statistics rebuild`` beside a database that is there."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, select
from typer.testing import CliRunner

from bot.bench.statistics_fill import fill
from bot.cli.statistics_commands import statistics_app
from bot.runtime import open_runtime
from bot.settings import Settings
from handoff.statistics.ask import Question, ask
from handoff.statistics.models import StatContact, StatTally
from handoff.statistics.periods import year_of
from handoff.statistics.sweep import sweep_statistics
from intake.base.errors import StartupError
from intake.facts.models import Fact
from tests.support.world import CITIES, CITY

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


async def prepare(folder: Path) -> int:
    """Fill a database, then lose its roll-ups; returns how many contacts the year had."""
    async with open_runtime(Settings(data_dir=folder)) as runtime:
        await fill(runtime.database, CITIES[CITY], 60, end=NOW, progress=lambda _: None)
        count = await contacts(folder)
        async with runtime.database.write() as session:
            await session.execute(delete(StatTally))
        return count


async def contacts(folder: Path) -> int:
    async with open_runtime(Settings(data_dir=folder), prepare=False) as runtime, runtime.database.read() as session:
        return (await ask(session, Question(municipality=CITY, period=year_of(NOW.date())))).total["contact"]


def test_lost_figures_come_back_from_the_facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = asyncio.run(prepare(tmp_path))
    assert before > 0
    assert asyncio.run(contacts(tmp_path)) == 0
    monkeypatch.setenv("TSUNAGI_DATA_DIR", str(tmp_path))
    result = CliRunner().invoke(statistics_app, ["rebuild", "--municipality", CITY, "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {CITY: 60}
    assert asyncio.run(contacts(tmp_path)) == before


async def two_units(folder: Path) -> list[str]:
    async with open_runtime(Settings(data_dir=folder), prepare=False) as runtime, runtime.database.read() as session:
        return list(await session.scalars(select(Fact.unit).where(Fact.municipality == CITY).distinct().order_by(Fact.unit).limit(2)))


async def swept(folder: Path) -> int:
    async with open_runtime(Settings(data_dir=folder), prepare=False) as runtime, runtime.database.write() as session:
        await sweep_statistics(session, NOW)
        return len((await session.scalars(select(StatContact.id))).all())


def test_two_talks_of_one_matter_are_counted_as_one_and_nothing_else_is_taken_for_a_talk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(prepare(tmp_path))
    kept, joined = asyncio.run(two_units(tmp_path))
    monkeypatch.setenv("TSUNAGI_DATA_DIR", str(tmp_path))
    for wrong in ([kept, kept], [kept, "nothing"]):
        assert isinstance(CliRunner().invoke(statistics_app, ["join", *wrong]).exception, StartupError)
    assert CliRunner().invoke(statistics_app, ["join", kept, joined]).exit_code == 0
    assert asyncio.run(swept(tmp_path)) == 59
