"""Several workers and senders on one PostgreSQL: each row once, each resident in order, a lost lease fenced off."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.line.sender import Sender
from intake.base.database import Database
from intake.base.sealing import KeyRing
from intake.events.service import append_events
from intake.inbox.models import InboxEvent, InboxStatus
from intake.inbox.service import LostClaimError, claim_events, finish_event, put_back_event, store_events
from intake.outbox.delivery import claim_parcels, settle_parcel
from intake.outbox.models import OutboxItem, OutboxStatus
from intake.outbox.policy import Verdict
from tests.storage.rows import inbox_row, make_talk, say_all
from tests.support.clock import FixedClock
from tests.support.line import ACCOUNT, RecordingLine
from tests.support.world import World

on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
RESIDENTS, EACH, CLAIMERS = 20, 10, 4


@pytest.fixture
async def databases(database_url: str) -> AsyncIterator[list[Database]]:
    """Databases of several processes: separate pools."""
    opened = [Database(database_url) for _ in range(CLAIMERS)]
    for one in opened:
        one.before_commit.append(append_events)
    yield opened
    for one in opened:
        await one.close()


@on_postgresql
async def test_events_claimed_by_four_at_once_are_each_worked_on_once_and_in_order(databases: list[Database], clock: FixedClock) -> None:
    now = clock.now()
    rows = [
        inbox_row(now, f"{lane}-{number}", lane=str(lane), occurred_at=now + timedelta(seconds=number))
        for lane in range(RESIDENTS)
        for number in range(EACH)
    ]
    random.Random(1).shuffle(rows)
    await store_events(databases[0], rows)
    done: dict[str, list[str]] = defaultdict(list)
    held: set[str] = set()

    async def work(database: Database) -> None:
        idle = 0
        while idle < 5:
            async with database.write() as session:
                claimed = await claim_events(session, now, 4)
            idle = 0 if claimed else idle + 1
            assert held.isdisjoint(event.lane for event in claimed), "one resident is worked on by one at a time"
            held.update(event.lane for event in claimed)
            await asyncio.sleep(0.005 if not claimed else 0)
            for event in claimed:
                done[event.lane].append(event.event_id)
                held.discard(event.lane)
                async with database.write() as session:
                    await finish_event(session, event)

    await asyncio.gather(*(work(database) for database in databases))
    assert done == {str(lane): [f"{lane}-{number}" for number in range(EACH)] for lane in range(RESIDENTS)}
    async with databases[0].read() as session:
        assert set(await session.scalars(select(InboxEvent.status))) == {InboxStatus.DONE}


@on_postgresql
async def test_messages_sent_by_four_at_once_go_out_once_and_in_order(databases: list[Database], ring: KeyRing, clock: FixedClock) -> None:
    now = clock.now()
    for number in range(RESIDENTS):
        talk = await make_talk(databases[0], ring, f"U{number}", now)
        await say_all(databases[0], ring, talk, [f"{number}-{word}" for word in range(EACH)], now)
    lines = [RecordingLine() for _ in databases]
    sent: dict[str, list[str]] = defaultdict(list)

    async def send(database: Database, line: RecordingLine) -> None:
        sender = Sender(World(database, ring, clock).runtime, {ACCOUNT: line})
        idle = 0
        while idle < 5:
            parcels = await sender.claim(4)
            idle = 0 if parcels else idle + 1
            await asyncio.sleep(0.005 if not parcels else 0)
            for parcel in parcels:
                seen = len(line.calls)
                await sender.work(parcel)
                for call in line.calls[seen:]:
                    sent[call.to].extend(call.texts())

    await asyncio.gather(*(send(database, line) for database, line in zip(databases, lines, strict=True)))
    assert sent == {f"U{number}": [f"{number}-{word}" for word in range(EACH)] for number in range(RESIDENTS)}
    assert sum(len(line.calls) for line in lines) == RESIDENTS * EACH
    assert sum(bool(line.calls) for line in lines) > 1, "the work was shared"


async def test_whoever_lost_the_lease_of_an_event_can_neither_finish_nor_put_it_back(database: Database, clock: FixedClock) -> None:
    await store_events(database, [inbox_row(clock.now(), "one")])
    async with database.write() as session:
        [slow] = await claim_events(session, clock.now(), 1)
    async with database.write() as session:
        assert await claim_events(session, clock.now() + timedelta(seconds=29), 1) == []
        [quick] = await claim_events(session, clock.now() + timedelta(seconds=31), 1)
    with pytest.raises(LostClaimError):
        await _finish(database, slow)
    with pytest.raises(LostClaimError):
        await _put_back(database, slow, clock)
    await _finish(database, quick)


async def _finish(database: Database, event: InboxEvent) -> None:
    async with database.write() as session:
        await finish_event(session, event)


async def _put_back(database: Database, event: InboxEvent, clock: FixedClock) -> None:
    async with database.write() as session:
        await put_back_event(session, event, reason="late", now=clock.now())


async def test_whoever_lost_the_lease_of_a_message_does_not_overwrite_what_became_of_it(
    database: Database, ring: KeyRing, clock: FixedClock
) -> None:
    talk = await make_talk(database, ring, "U1", clock.now())
    await say_all(database, ring, talk, ["A"], clock.now())
    async with database.write() as session:
        [slow] = await claim_parcels(session, ring, clock.now(), 1)
    clock.advance(seconds=31)
    async with database.write() as session:
        [quick] = await claim_parcels(session, ring, clock.now(), 1)
        assert await settle_parcel(session, quick, Verdict(status=OutboxStatus.ACCEPTED), now=clock.now())
    async with database.write() as session:
        assert not await settle_parcel(session, slow, Verdict(status=OutboxStatus.FAILED), now=clock.now())
    async with database.read() as session:
        assert (await session.scalars(select(OutboxItem.status))).one() is OutboxStatus.ACCEPTED
    assert quick.item.retry_key == slow.item.retry_key
