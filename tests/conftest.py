"""What all tests share: both databases, a key ring, a clock that stands still."""

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.migrations.run import upgrade
from handoff.statistics.watch import record_facts
from intake.base.database import Database, sqlite_url
from intake.base.sealing import KeyRing
from intake.events.service import append_events
from tests.support.chromium import chromium, launched
from tests.support.clock import FixedClock
from tests.support.postgres import cluster, copying, find_binaries
from tests.support.world import World

if TYPE_CHECKING:
    from tests.handoff.served import Stage

__all__ = ["chromium", "launched"]

_numbers = itertools.count(1)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave long runs to ``make soak``."""
    if "soak" in config.getoption("markexpr"):
        return
    for item in items:
        if item.get_closest_marker("soak") is not None:
            item.add_marker(pytest.mark.skip(reason="a long run; `make soak` does it"))


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed; `make test` installs it as root")
    with cluster(binaries) as address:
        run_apart(_make_template(address))
        yield address


def run_apart(work: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine in a thread of its own: a browser test already has a loop in this one."""
    with ThreadPoolExecutor(1) as executor:
        executor.submit(asyncio.run, work).result()


async def _statement(address: str, statement: str) -> None:
    engine = create_async_engine(address.replace("DATABASE", "postgres"), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


async def _migrate(url: str) -> None:
    engine = create_async_engine(url)
    await upgrade(engine)
    await engine.dispose()


async def _make_template(address: str) -> None:
    await _statement(address, "CREATE DATABASE template_tsunagi")
    await _migrate(address.replace("DATABASE", "template_tsunagi"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "tsunagi.db"
    run_apart(_migrate(sqlite_url(path)))
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database; each test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        path = tmp_path / "tsunagi.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield sqlite_url(path)
        return
    address: str = request.getfixturevalue("postgres_address")
    name = f"test_{next(_numbers)}"
    run_apart(_statement(address, copying("template_tsunagi", name)))
    yield address.replace("DATABASE", name)
    run_apart(_statement(address, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    opened.before_commit += [record_facts, append_events]
    yield opened
    await opened.close()


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing.create(tmp_path / "keyring.json")


@pytest.fixture
def clock() -> FixedClock:
    """Tuesday, 2026-04-07 at 10:00 in Japan: an ordinary morning within office hours."""
    return FixedClock(datetime(2026, 4, 7, 1, 0, tzinfo=UTC))


@pytest.fixture
def world(database: Database, ring: KeyRing, clock: FixedClock) -> World:
    return World(database, ring, clock)


@pytest.fixture(scope="session")
def stage() -> Iterator["Stage"]:
    """The port behind which each browser test of a worker puts a console of its own."""
    from tests.handoff.served import open_stage  # noqa: PLC0415 - tests of reading need no console

    with open_stage() as opened:
        yield opened


@pytest.fixture(autouse=True)
def short_logs() -> Iterator[None]:
    """Failures are expected in many tests; the default of structlog would draw each with all its variables, which takes seconds."""
    structlog.configure(processors=[structlog.processors.KeyValueRenderer()], logger_factory=structlog.ReturnLoggerFactory())
    yield
    structlog.reset_defaults()
