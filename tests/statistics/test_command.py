"""``tsunagi statistics rebuild`` beside a database that is there."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete
from typer.testing import CliRunner

from bot.bench.statistics_fill import fill
from bot.cli.statistics_commands import statistics_app
from bot.runtime import open_runtime
from bot.settings import Settings
from handoff.statistics.ask import Question, ask
from handoff.statistics.models import StatTally
from handoff.statistics.periods import year_of
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
