"""``tsunagi bench checkins``: one sweep of the check-ins, with a million enrolled residents and with ten thousand, as many of them due."""

import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.bench.checkins_people import seed_statements
from bot.bench.server import own_database, progress
from bot.checkins import sweep_all
from bot.loop import run
from bot.migrations.run import upgrade
from bot.runtime import database_url
from bot.settings import Settings
from intake.base.database import Database, sqlite_url
from intake.base.sealing import KeyRing
from intake.checkins.models import CheckinContact, CheckinPlan, ContactState
from intake.checkins.service import CheckinContext
from intake.events.service import append_events
from routing.load import load_city

ENROLLED, FEW, DUE = 1_000_000, 10_000, 2_000
ROUNDS, FULL_ROUNDS = 3, 7
CITY = "aizuwakamatsu"
NOW = datetime(2026, 4, 14, 1, 30, tzinfo=UTC)
"""A Tuesday morning in Japan: the benchmark stands still, so that every word that is due may go out."""


@dataclass(frozen=True, slots=True)
class _Still:
    """A clock that stands still."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


@dataclass(slots=True)
class _Town:
    """One database with so many enrolled, and what was measured on it."""

    database: Database
    context: CheckinContext
    enrolled: int
    took: list[float]
    longest: float = 0.0


async def _open(url: str, folder: Path, enrolled: int) -> _Town:
    started = time.perf_counter()
    await _seed(url, enrolled)
    database = Database(url)
    progress(f"{enrolled:,} enrolled in {time.perf_counter() - started:.1f} s")
    database.before_commit.append(append_events)
    city = load_city(CITY, sample=True)
    ring = KeyRing.create(folder / f"ring-{enrolled}.json")
    return _Town(database, CheckinContext(ring=ring, cities={CITY: city}), enrolled, [])


async def _seed(url: str, enrolled: int) -> None:
    """Make the tables and the people in them, as fast as a database allows that nobody will miss."""
    engine = create_async_engine(url)
    await upgrade(engine)
    sqlite = engine.dialect.name == "sqlite"
    async with engine.connect() as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-300000") if sqlite else ():
            await connection.exec_driver_sql(f"PRAGMA {pragma}")
        for statement in seed_statements(enrolled, NOW, CITY, sqlite=sqlite):
            await connection.execute(text(statement))
        await connection.execute(text("ANALYZE"))
        await connection.commit()
    await engine.dispose()


async def _round(town: _Town, number: int) -> None:
    """Let another 2,000 become due, and sweep once."""
    await _arm(town, number)
    clock, database = _Still(NOW), town.database
    watched = _watched(database.write, town)
    database.write = watched  # type: ignore[method-assign] # the time that each commit holds the writer
    started = time.perf_counter()
    said = await sweep_all(database, town.context, clock)
    town.took.append(time.perf_counter() - started)
    del database.write
    if said != DUE:
        message = f"{said} of {DUE} words were said"
        raise RuntimeError(message)


def _watched(write: Callable[[], Any], town: _Town) -> Callable[[], Any]:
    class Watched:
        async def __aenter__(self) -> Any:
            self._block = write()
            self._started = time.perf_counter()
            return await self._block.__aenter__()

        async def __aexit__(self, *error: object) -> Any:
            ended: Awaitable[Any] = self._block.__aexit__(*error)
            result = await ended
            town.longest = max(town.longest, time.perf_counter() - self._started)
            return result

    return Watched


async def _arm(town: _Town, number: int) -> None:
    first = "P" + str(1 + number * DUE).rjust(25, "0")
    last = "P" + str((number + 1) * DUE).rjust(25, "0")
    values = {"next_at": NOW - timedelta(minutes=1), "next_not_after": NOW + timedelta(hours=3)}
    async with town.database.write() as session:
        due = CheckinPlan.metadata.tables["checkin_plan"]
        await session.execute(due.update().where(due.c.id.between(first, last)).values(values))


async def _check(town: _Town, rounds: int) -> None:
    async with town.database.read() as session:
        said = await session.scalar(select(func.count()).select_from(CheckinContact).where(CheckinContact.state == ContactState.SAID))
    if said != rounds * DUE:
        message = f"{said} words stand in the outbox instead of {rounds * DUE}"
        raise RuntimeError(message)


async def _measure(urls: dict[int, str], folder: Path, rounds: int) -> dict[str, Any]:
    towns = [await _open(urls[enrolled], folder, enrolled) for enrolled in (FEW, ENROLLED)]
    for number in range(rounds):
        for town in towns:
            await _round(town, number)
        progress(f"round {number + 1}: " + ", ".join(f"{town.enrolled:,}: {town.took[-1]:.3f} s" for town in towns))
    for town in towns:
        await _check(town, rounds)
        await town.database.close()
    few, many = (statistics.median(town.took) for town in towns)
    return {
        "bench": "checkins",
        "sweep_s": round(many, 3),
        "growth": round(many / few, 3),
        "small_s": round(few, 3),
        "longest_commit_s": round(towns[1].longest, 4),
        "enrolled": ENROLLED,
        "due": DUE,
        "rounds": rounds,
        "database": "sqlite" if towns[0].database.is_sqlite else "postgresql",
    }


def measure(settings: Settings, *, full: bool) -> dict[str, Any]:
    """Measure sweeps on a small and a large town in turn; the medians count. Both databases are thrown away afterwards."""
    rounds = FULL_ROUNDS if full else ROUNDS
    with TemporaryDirectory(prefix="tsunagi-bench-") as name, own_database(settings) as first, own_database(settings) as second:
        folder = Path(name)
        if first is None or second is None:
            urls = {size: sqlite_url(folder / f"town-{size}.db") for size in (FEW, ENROLLED)}
        else:
            urls = {size: database_url(Settings(database_url=url)) for size, url in ((FEW, first), (ENROLLED, second))}
        return run(_measure(urls, folder, rounds))
