"""The group commit: what fails, fails alone; nobody is acknowledged for what is not stored."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

import intake.inbox.door
from intake.base.database import Database
from intake.inbox.door import InboxDoor
from intake.inbox.models import InboxEvent
from intake.inbox.service import store_events
from tests.storage.rows import inbox_row
from tests.support.clock import FixedClock
from tests.support.line import text_event, user
from tests.support.world import World


async def stored(database: Database) -> int:
    async with database.read() as session:
        return await session.scalar(select(func.count()).select_from(InboxEvent)) or 0


class Unwilling:
    """Stores nothing as long as it is told to fail."""

    def __init__(self) -> None:
        self.failing = True
        self.groups: list[int] = []

    async def __call__(self, database: Database, rows: Sequence[Mapping[str, Any]]) -> None:
        self.groups.append(len(rows))
        await asyncio.sleep(0)
        if self.failing:
            raise OSError("disk")
        await store_events(database, rows)


@pytest.fixture
def unwilling(monkeypatch: pytest.MonkeyPatch) -> Unwilling:
    storing = Unwilling()
    monkeypatch.setattr(intake.inbox.door, "store_events", storing)
    return storing


async def test_a_failed_group_fails_all_its_waiters_and_the_next_group_works(world: World, unwilling: Unwilling) -> None:
    events = [text_event("A", world.clock.now(), who=user(number)) for number in range(8)]
    assert await asyncio.gather(*(world.deliver(one) for one in events)) == [503] * 8
    assert await stored(world.database) == 0
    unwilling.failing = False
    assert await asyncio.gather(*(world.deliver(one) for one in events)) == [200] * 8
    assert await stored(world.database) == 8
    assert len(unwilling.groups) < 16, "deliveries of one moment share a commit"


async def test_a_waiter_that_goes_away_does_not_hurt_the_others(database: Database, clock: FixedClock, unwilling: Unwilling) -> None:
    unwilling.failing = False
    door = InboxDoor(database)
    waiters = [asyncio.create_task(door.store([inbox_row(clock.now(), str(number))])) for number in range(6)]
    await asyncio.sleep(0)
    waiters[0].cancel()
    waiters[3].cancel()
    results = await asyncio.gather(*waiters, return_exceptions=True)
    assert [type(result) for result in results if result is not None] == [asyncio.CancelledError] * 2
    await door.store([inbox_row(clock.now(), "later")])
    assert await stored(database) >= 5


async def test_groups_are_bounded_and_one_large_delivery_is_never_split(
    database: Database, clock: FixedClock, unwilling: Unwilling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake.inbox.door, "GROUP_ROWS", 5)
    unwilling.failing = False
    door = InboxDoor(database)
    large = [inbox_row(clock.now(), f"large-{number}") for number in range(7)]
    small = [[inbox_row(clock.now(), f"small-{number}") for number in range(start, start + 3)] for start in (0, 3, 6)]
    await asyncio.gather(*(door.store(rows) for rows in (large, *small)))
    assert unwilling.groups == [7, 3, 3, 3]


async def test_deliveries_wait_for_a_worker_and_none_is_lost(world: World) -> None:
    async with world.database.write() as session:
        await session.execute(text("UPDATE event_head SET last = last"))
        events = [text_event("A", world.clock.now(), who=user(number)) for number in range(20)]
        deliveries = [asyncio.create_task(world.deliver(one)) for one in events]
        await asyncio.sleep(0.1)
        if world.database.is_sqlite:
            assert not any(task.done() for task in deliveries)
    assert await asyncio.gather(*deliveries) == [200] * 20
    assert await stored(world.database) == 20


async def test_a_worker_that_is_cancelled_in_the_middle_does_not_stop_the_door(database: Database, clock: FixedClock) -> None:
    async def long_work() -> None:
        async with database.write() as session:
            await session.execute(text("UPDATE event_head SET last = last + 1000"))
            while True:
                await session.execute(text("SELECT count(*) FROM event_head"))

    for number in range(5):
        work = asyncio.create_task(long_work())
        await asyncio.sleep(0.02)
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work
        await store_events(database, [inbox_row(clock.now(), str(number))])
    assert await stored(database) == 5
    async with database.read() as session:
        assert await session.scalar(text("SELECT last FROM event_head")) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_full_disk_refuses_and_writing_goes_on_when_there_is_room(database: Database, clock: FixedClock) -> None:
    async def limit(pages: int) -> None:
        async with database.writer.connect() as connection:
            await connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    big = [inbox_row(clock.now(), f"big-{number}") | {"sealed_payload": bytes(100_000)} for number in range(20)]
    await limit(1)
    with pytest.raises(Exception, match="full"):
        await store_events(database, big)
    with pytest.raises(DBAPIError, match="full"):
        await _write_much(database)
    await limit(1_000_000)
    await store_events(database, big)
    assert await stored(database) == 20


async def _write_much(database: Database) -> None:
    async with database.write() as session:
        await session.execute(text("CREATE TABLE much AS SELECT randomblob(5000000) AS x"))


async def test_one_wrong_row_rolls_back_its_group_and_the_next_one_works(database: Database, clock: FixedClock) -> None:
    wrong = inbox_row(clock.now(), "wrong") | {"municipality": None}
    with pytest.raises(Exception, match=r"(?i)null"):
        await store_events(database, [inbox_row(clock.now(), "good"), wrong])
    assert await stored(database) == 0
    await store_events(database, [inbox_row(clock.now(), "good")])
    assert await stored(database) == 1
