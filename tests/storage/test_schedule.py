"""Sweeps find their work by time: they may run at any moment, any number of times, in several processes."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

import bot.schedule
from bot.schedule import EVENTS_KEPT, SWEEPS, Schedule
from intake.base.database import Database, WriteSession
from intake.base.sealing import KeyRing
from intake.conversations.models import Conversation
from intake.dialogue.turn import Controller
from intake.events.models import EventName, LoggedEvent
from intake.events.service import append_events, record_event
from tests.storage.rows import make_talk
from tests.support.clock import FixedClock
from tests.support.world import World


async def sweep_all(world: World) -> None:
    schedule = Schedule(world.runtime, SWEEPS)
    for name in SWEEPS:
        await schedule.sweep(name)


async def closings(database: Database) -> int:
    async with database.read() as session:
        query = select(func.count()).select_from(LoggedEvent).where(LoggedEvent.name == EventName.TALK_CLOSED)
        return await session.scalar(query) or 0


async def test_a_silent_talk_is_closed_once_and_only_after_a_day(world: World) -> None:
    talk = await make_talk(world.database, world.ring, "U1", world.clock.now())
    world.clock.advance(hours=24)
    await sweep_all(world)
    assert await closings(world.database) == 0
    world.clock.advance(seconds=1)
    for _ in range(3):
        await sweep_all(world)
    assert await closings(world.database) == 1
    async with world.database.read() as session:
        closed = await session.get_one(Conversation, talk.id)
    assert (closed.close_reason, closed.epoch, closed.closed_at) == ("silence", 1, world.clock.now())


@pytest.mark.parametrize("controller", [Controller.STAFF, Controller.WAITING])
async def test_a_talk_that_people_hold_or_owe_an_answer_is_left_alone(world: World, controller: Controller) -> None:
    talk = await make_talk(world.database, world.ring, "U1", world.clock.now())
    async with world.database.write() as session:
        held = await session.get_one(Conversation, talk.id)
        held.controller = controller
        held.owner = "01STAFF" if controller is Controller.STAFF else None
    world.clock.advance(days=90)
    await sweep_all(world)
    assert await closings(world.database) == 0


async def test_old_events_are_forgotten_and_new_ones_stay(world: World) -> None:
    now = world.clock.now()
    async with world.database.write() as session:
        for at in (now - EVENTS_KEPT - timedelta(seconds=1), now):
            record_event(session, EventName.MESSAGE_RECEIVED, municipality="a", at=at)
    await sweep_all(world)
    await sweep_all(world)
    async with world.database.read() as session:
        assert list(await session.scalars(select(LoggedEvent.seq))) == [2]


async def test_a_sweep_that_fails_leaves_nothing_and_is_done_at_the_next_tick(world: World) -> None:
    fail = True

    async def sometimes(session: WriteSession, now: datetime) -> None:
        record_event(session, EventName.NOTE_WRITTEN, municipality="a", at=now)
        await session.flush()
        if fail:
            raise RuntimeError

    schedule = Schedule(world.runtime, {"sometimes": sometimes})
    await schedule.sweep("sometimes")
    async with world.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(LoggedEvent)) == 0
    fail = False
    await schedule.sweep("sometimes")
    async with world.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(LoggedEvent)) == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_two_processes_at_once_do_a_sweep_once(database_url: str, ring: KeyRing, clock: FixedClock) -> None:
    databases = [Database(database_url) for _ in range(3)]
    for database in databases:
        database.before_commit.append(append_events)
    for number in range(10):
        await make_talk(databases[0], ring, f"U{number}", clock.now())
    clock.advance(hours=25)
    for _ in range(2):
        await asyncio.gather(*(sweep_all(World(database, ring, clock)) for database in databases))
    assert await closings(databases[0]) == 10
    for database in databases:
        await database.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_schedule_sweeps_at_once_and_then_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    swept = asyncio.Queue[datetime]()

    async def note(session: WriteSession, now: datetime) -> None:
        assert session.is_active
        swept.put_nowait(now)

    monkeypatch.setattr(bot.schedule, "SWEEP_SECONDS", 1)
    schedule = Schedule(world.runtime, {"note": note})
    schedule.start()
    async with asyncio.timeout(3):
        assert [await swept.get() for _ in range(2)] == [world.clock.now()] * 2
    schedule.stop()
