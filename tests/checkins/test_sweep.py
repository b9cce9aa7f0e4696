"""Each word that is due is said once or not at all, whatever dies and whoever else works at it."""

import asyncio
import itertools
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.checkins import run_checkins
from intake.base.database import Database
from intake.base.sealing import KeyRing
from intake.checkins.decide import decide
from intake.checkins.models import CheckinContact, CheckinPause, CheckinPlan, ContactHold, ContactState, HoldKind, PushBudget
from intake.checkins.plan import End
from intake.checkins.sweep import LEASE, claim_contacts, file_due
from intake.events.service import append_events
from intake.outbox.models import OutboxItem, OutboxStatus
from intake.outbox.policy import Answer
from intake.residents.models import Resident
from tests.checkins.people import time_faults
from tests.checkins.rows import contacts_of, context_of, enrol, plan_of, said_to
from tests.support.clock import FixedClock
from tests.support.line import RecordingLine
from tests.support.world import CITY, World


async def until_due(world: World, plan: CheckinPlan) -> None:
    """Let the time come for the next word of a plan."""
    found = await plan_of(world.database, plan)
    assert found.next_at is not None
    world.clock.advance(seconds=(found.next_at - world.clock.now()).total_seconds() + 1)


async def live_until(world: World, end: datetime) -> int:
    """Go from one moment at which something is due to the next; returns how many words were said."""
    said = 0
    while True:
        async with world.database.read() as session:
            found = await session.scalar(select(func.min(CheckinPlan.next_at)))
        if found is None or found > end:
            world.clock.advance(seconds=(end - world.clock.now()).total_seconds())
            return said
        world.clock.advance(seconds=max(0.0, (found - world.clock.now()).total_seconds()) + 1)
        said += await run_checkins(world.runtime)


async def enrolled(world: World, number: int = 1) -> CheckinPlan:
    return await enrol(world.database, world.ring, number, world.clock.now())


async def test_a_word_that_is_due_reaches_the_phone_once(world: World) -> None:
    plan = await enrolled(world)
    assert await run_checkins(world.runtime) == 0
    await until_due(world, plan)
    for _ in range(3):
        await run_checkins(world.runtime)
        await world.send()
    assert [call.way for call in world.line.calls] == ["push"]
    (contact,) = await contacts_of(world.database, plan)
    assert contact.state is ContactState.SENT
    after = await plan_of(world.database, plan)
    assert (after.done, after.last_sent_at) == (1, world.clock.now())
    assert after.next_at is not None
    assert after.next_at - world.clock.now() > timedelta(days=20)


async def test_a_whole_year_goes_out_word_by_word_and_ends_with_a_farewell(world: World) -> None:
    plan = await enrolled(world)
    for _ in range(9):
        await until_due(world, plan)
        await run_checkins(world.runtime)
        await world.send()
        assert time_faults(plan.settings, world.clock.now(), frozenset()) == []
    await run_checkins(world.runtime)
    after = await plan_of(world.database, plan)
    assert after.end_reason is End.COMPLETED
    words = await said_to(world.database, world.ring, plan)
    assert len(words) == len(set(words)) == 9
    assert "一区切り" in words[-1] or "ひとまず終わり" in words[-1]
    contacts = await contacts_of(world.database, plan)
    families = [(contact.words_key or "").rsplit("_", 1)[0] for contact in contacts]
    assert all(one != two for one, two in itertools.pairwise(families))


async def test_after_a_claim_that_died_the_word_is_said_once_the_lease_has_run_out(world: World) -> None:
    plan = await enrolled(world)
    await until_due(world, plan)
    async with world.database.write() as session:
        await file_due(session, [CITY], world.clock.now())
    async with world.database.write() as session:
        assert len(await claim_contacts(session, world.clock.now())) == 1
    assert await run_checkins(world.runtime) == 0
    world.clock.advance(seconds=LEASE.total_seconds() + 1)
    assert await run_checkins(world.runtime) == 1


async def test_whoever_lost_the_lease_says_nothing(world: World) -> None:
    plan = await enrolled(world)
    await until_due(world, plan)
    async with world.database.write() as session:
        await file_due(session, [CITY], world.clock.now())
    async with world.database.write() as session:
        slow = await claim_contacts(session, world.clock.now())
    world.clock.advance(seconds=LEASE.total_seconds() + 1)
    assert await run_checkins(world.runtime) == 1
    async with world.database.write() as session:
        assert await decide(session, context_of(world), slow, world.clock.now()) == 0
    assert len(await said_to(world.database, world.ring, plan)) == 1


async def test_three_days_down_bring_no_burst_and_nobody_gets_two(world: World) -> None:
    plans = [await enrolled(world, number) for number in range(1, 41)]
    world.clock.advance(days=10)
    assert await run_checkins(world.runtime) == 0, "what is three days late is not said in the minute of the restart"
    await live_until(world, world.clock.now() + timedelta(days=9))
    async with world.database.read() as session:
        moments = (await session.scalars(select(CheckinContact.decided_at).where(CheckinContact.state != ContactState.REFUSED))).all()
    assert len(set(moments)) > 30
    assert len({moment.date() for moment in moments if moment}) >= 3
    for plan in plans:
        sent = [contact for contact in await contacts_of(world.database, plan) if contact.state is not ContactState.REFUSED]
        assert len(sent) == 1


@pytest.mark.parametrize("deed", ["block", "stop", "unsafe", "hold", "pause", "all"])
async def test_what_happened_since_the_planning_counts_at_the_sending(world: World, deed: str) -> None:
    plan, now = await enrolled(world), world.clock.now()
    await until_due(world, plan)
    async with world.database.write() as session:
        await file_due(session, [CITY], world.clock.now())
        held, resident = await session.get_one(CheckinPlan, plan.id), await session.get_one(Resident, plan.resident_id)
        if deed == "block":
            resident.blocked_at = world.clock.now()
        elif deed == "stop":
            resident.notices_stopped_at = world.clock.now()
        elif deed == "unsafe":
            held.unsafe_since = now
        elif deed == "pause":
            held.paused_at = now
        elif deed == "hold":
            session.add(ContactHold(id="h", municipality=CITY, resident_id=resident.id, kind=HoldKind.CASE_STEP, made_by="s", made_at=now))
        else:
            session.add(CheckinPause(id="p", municipality=CITY, begins_at=now, reason="大雨", made_by="s", made_at=now))
    assert await run_checkins(world.runtime) == 0
    (contact,) = await contacts_of(world.database, plan)
    assert contact.state is ContactState.REFUSED
    after = await plan_of(world.database, plan)
    ended = {"block": End.BLOCKED, "stop": End.STOPPED}.get(deed)
    assert after.end_reason is ended
    assert (after.next_at is None) == (ended is not None)


async def test_a_word_that_waited_for_line_is_never_sent_at_night_and_gets_another_moment(world: World) -> None:
    plan = await enrolled(world)
    await until_due(world, plan)
    await run_checkins(world.runtime)
    world.clock.advance(hours=11)
    await world.send()
    assert world.line.calls == []
    await run_checkins(world.runtime)
    (contact,) = await contacts_of(world.database, plan)
    assert (contact.state, contact.reason) == (ContactState.RETURNED, "too_late")
    after = await plan_of(world.database, plan)
    assert (after.done, after.last_sent_at) == (0, None)
    await until_due(world, plan)
    await run_checkins(world.runtime)
    await world.send()
    assert len(world.line.calls) == 1


async def test_a_word_that_line_may_have_taken_is_repeated_under_its_key_and_counts_as_sent(
    database: Database, ring: KeyRing, clock: FixedClock
) -> None:
    world = World(database, ring, clock, RecordingLine(answers=iter([Answer.UNKNOWN, Answer.UNKNOWN])))
    plan = await enrolled(world)
    await until_due(world, plan)
    await run_checkins(world.runtime)
    await world.send()
    world.clock.advance(minutes=6)
    await world.send()
    assert len({call.retry_key for call in world.line.calls}) == 1
    world.clock.advance(hours=12)
    await world.send()
    await run_checkins(world.runtime)
    (contact,) = await contacts_of(world.database, plan)
    assert contact.state is ContactState.UNCERTAIN
    assert (await plan_of(world.database, plan)).done == 1


async def test_a_clock_that_went_back_makes_no_second_word(world: World) -> None:
    plan = await enrolled(world)
    await until_due(world, plan)
    await run_checkins(world.runtime)
    world.clock.advance(days=-3)
    await run_checkins(world.runtime)
    world.clock.advance(days=3, hours=1)
    await run_checkins(world.runtime)
    assert len(await said_to(world.database, world.ring, plan)) == 1


async def test_with_few_pushes_left_people_come_first_and_who_waited_longest_is_next(world: World) -> None:
    plans = [await enrolled(world, number) for number in range(1, 5)]
    async with world.database.write() as session:
        session.add(PushBudget(account=plans[0].account, municipality=CITY, monthly_limit=8, reserve=6, month="", used=0))
    assert await live_until(world, datetime(2026, 4, 30, 14, tzinfo=UTC)) == 2
    async with world.database.read() as session:
        deferred = (await session.scalars(select(CheckinPlan.deferrals))).all()
    assert max(deferred) > 0
    assert await live_until(world, datetime(2026, 5, 20, 14, tzinfo=UTC)) == 2
    async with world.database.read() as session:
        last = (await session.scalars(select(CheckinPlan.last_sent_at))).all()
    assert sum(moment is not None for moment in last) == 4, "nobody gets a second word before others had their first"


async def test_a_broken_word_does_not_stop_the_others(world: World) -> None:
    plans = [await enrolled(world, number) for number in range(1, 4)]
    async with world.database.write() as session:
        (await session.get_one(CheckinPlan, plans[0].id)).municipality = "nowhere"
    world.clock.advance(days=7, hours=-2)
    said = 0
    for _ in range(60):
        world.clock.advance(minutes=10)
        async with world.database.write() as session:
            await file_due(session, ["nowhere"], world.clock.now())
        said += await run_checkins(world.runtime)
    assert said == 2


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_two_schedulers_and_three_workers_at_once_say_each_word_once(database_url: str, ring: KeyRing, clock: FixedClock) -> None:
    databases = [Database(database_url) for _ in range(5)]
    for database in databases:
        database.before_commit.append(append_events)
    plans = [await enrol(databases[0], ring, number, clock.now()) for number in range(1, 121)]
    worlds = [World(database, ring, clock) for database in databases]
    for _ in range(20):
        clock.advance(hours=9)
        await asyncio.gather(*(run_checkins(world.runtime) for world in worlds))
        await asyncio.gather(*(world.send() for world in worlds[:3]))
    calls = [call for world in worlds for call in world.line.calls]
    assert len({call.retry_key for call in calls}) == len(calls)
    assert sorted(call.to for call in calls) == sorted({call.to for call in calls}), "nobody gets two within ten days"
    async with databases[0].read() as session:
        statuses = (await session.scalars(select(OutboxItem.status))).all()
        open_words = (await session.scalars(select(CheckinContact.state).where(CheckinContact.state == ContactState.DUE))).all()
    assert set(statuses) == {OutboxStatus.ACCEPTED}
    assert len(calls) == len(statuses)
    assert list(open_words) == []
    assert len(calls) > len(plans) * 0.3
    for database in databases:
        await database.close()
