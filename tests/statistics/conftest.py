"""What the tests of pages and files share."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.bench.statistics_fill import fill
from handoff.console.app import build_console
from handoff.console.context import ConsoleContext
from handoff.statistics.watch import record_facts
from intake.base.database import Database, sqlite_url
from intake.base.sealing import KeyRing
from intake.base.wakes import Wakes
from intake.events.service import append_events
from tests.conftest import run_apart
from tests.handoff.support import World
from tests.support.clock import FixedClock
from tests.support.world import CITIES, CITY

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
CONTACTS = 300


async def _fill(path: Path) -> None:
    database = Database(sqlite_url(path))
    await fill(database, CITIES[CITY], CONTACTS, end=NOW, progress=lambda _: None)
    await database.close()


@pytest.fixture(scope="session")
def filled_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("filled") / "tsunagi.db"
    shutil.copy(sqlite_template, path)
    run_apart(_fill(path))
    return path


def _over(database: Database, ring: KeyRing) -> World:
    clock = FixedClock(NOW)
    context = ConsoleContext(database=database, ring=ring, cities=CITIES, clock=clock, wakes=Wakes(), secure_cookies=False)
    return World(database=database, ring=ring, clock=clock, context=context, app=build_console(context))


@pytest.fixture
async def desk(filled_template: Path, ring: KeyRing, tmp_path: Path) -> AsyncIterator[World]:
    """A console over the figures of a generated city."""
    path = tmp_path / "tsunagi.db"
    shutil.copy(filled_template, path)
    database = Database(sqlite_url(path))
    database.before_commit += [record_facts, append_events]
    yield _over(database, ring)
    await database.close()


@pytest.fixture
async def either_desk(database: Database, ring: KeyRing) -> World:
    """The same on both kinds of database, for what is asked of them."""
    await fill(database, CITIES[CITY], CONTACTS, end=NOW, progress=lambda _: None)
    return _over(database, ring)
