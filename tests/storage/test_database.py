import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from intake.base.database import Database
from intake.base.ids import new_id
from intake.events.models import EventName, LoggedEvent
from intake.events.service import events_after, record_event
from intake.inbox.models import InboxEvent, InboxStatus
from tests.support.clock import FixedClock


def row(clock: FixedClock, event_id: str) -> dict[str, object]:
    return {
        "id": new_id(clock.now()),
        "municipality": "aizuwakamatsu",
        "account": "main",
        "event_id": event_id,
        "lane": "lane",
        "occurred_at": clock.now(),
        "received_at": clock.now(),
        "sealed_payload": b"sealed",
        "status": InboxStatus.PENDING,
        "attempts": 0,
        "next_at": clock.now(),
    }


async def test_a_group_insert_passes_over_what_is_there_already(database: Database, clock: FixedClock) -> None:
    table = InboxEvent.metadata.tables["inbox"]
    await database.insert_group(table, [row(clock, "one"), row(clock, "two")], wake="inbox")
    await database.insert_group(table, [row(clock, "two"), row(clock, "three")], wake="inbox")
    async with database.read() as session:
        stored = (await session.scalars(select(InboxEvent).order_by(InboxEvent.event_id))).all()
    assert [event.event_id for event in stored] == ["one", "three", "two"]
    assert all(event.received_at == clock.now() for event in stored)


async def test_an_error_in_a_writing_block_leaves_nothing(database: Database, clock: FixedClock) -> None:
    async def fail_halfway() -> None:
        async with database.write() as session:
            session.add(InboxEvent(**row(clock, "one")))
            await session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail_halfway()
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(InboxEvent)) == 0


async def test_a_reading_session_cannot_write_on_sqlite(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL reads and writes through one pool; the type alone keeps them apart there")
    async with database.read() as session:
        with pytest.raises(DBAPIError, match="readonly"):
            await session.execute(update(InboxEvent).values(attempts=1))


async def test_two_writers_never_lose_an_update(database: Database, clock: FixedClock) -> None:
    async with database.write() as first:
        first.add(InboxEvent(**row(clock, "one")))

    async def count_up() -> None:
        async with database.write() as session:
            event = (await session.scalars(select(InboxEvent).with_for_update())).one()
            await asyncio.sleep(0.001)
            event.attempts += 1

    await asyncio.gather(*(count_up() for _ in range(10)))
    async with database.read() as session:
        assert (await session.scalars(select(InboxEvent.attempts))).one() == 10


async def test_numbers_of_events_have_no_gaps_and_appear_in_order(database: Database, clock: FixedClock) -> None:
    seen: list[int] = []
    stop = asyncio.Event()

    async def follow() -> None:
        while not stop.is_set() or await _more(database, seen[-1] if seen else 0):
            async with database.read() as session:
                seen.extend(event.seq for event in await events_after(session, "a", seen[-1] if seen else 0))
            await asyncio.sleep(0)

    async def write(number: int) -> None:
        async with database.write() as session:
            record_event(session, EventName.MESSAGE_RECEIVED, municipality="a", at=clock.now() + timedelta(seconds=number))
            await asyncio.sleep(0.001 * (number % 5))

    follower = asyncio.create_task(follow())
    await asyncio.gather(*(write(number) for number in range(40)))
    stop.set()
    await follower
    assert seen == list(range(1, 41))


async def _more(database: Database, seq: int) -> bool:
    async with database.read() as session:
        return await session.scalar(select(LoggedEvent.seq).where(LoggedEvent.seq > seq).limit(1)) is not None


async def test_waiters_are_told_only_after_the_commit(database: Database, clock: FixedClock) -> None:
    told: list[frozenset[str]] = []
    database.after_commit.append(told.append)
    async with database.write() as session:
        record_event(session, EventName.MESSAGE_RECEIVED, municipality="a", at=clock.now())
        assert told == []
    assert told == [frozenset({"events"})]
