"""Whoever holds a talk and goes away holds it no longer: it waits in the queue for somebody who is there."""

from dataclasses import replace
from datetime import time

import pytest

from handoff.accounts.models import Staff
from handoff.alarms.log import notices_of
from handoff.alarms.tell import Post
from handoff.desk import actions
from handoff.desk.lease import lapse_leases
from intake.conversations.models import Conversation
from intake.dialogue.turn import Controller
from routing.city import Opening
from tests.alarms.support import notifier, on_plan
from tests.handoff.support import CITY, WINDOW, Answer, Browser, World

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOURS = (Opening(weekdays=frozenset(range(5)), opens=time(8, 30), closes=time(17, 15)),)


async def held(world: World) -> tuple[Conversation, Staff]:
    """A talk in somebody's hands, whose resident has written again and waits; and the holder."""
    talk, staff = await world.talk(), await world.staff("tanaka")
    viewer = await world.viewer(staff)
    async with world.database.write() as session:
        await actions.claim(session, viewer, talk.id, now=world.clock.now())
    await change(world, talk, waiting_since=world.clock.now(), promised_by=None)
    return talk, staff


async def change(world: World, talk: Conversation, **values: object) -> None:
    async with world.database.write() as session:
        row = await session.get_one(Conversation, talk.id)
        for name, value in values.items():
            setattr(row, name, value)


async def lapse(world: World) -> int:
    cities = {CITY: replace(world.context.cities[CITY], staff_hours=HOURS)}
    async with world.database.write() as session:
        return await lapse_leases(session, Post(ring=world.ring, mail=False), cities, world.clock.now())


async def told(world: World, staff: Staff) -> list[tuple[str, str, bool]]:
    """The notices of somebody: of which talk, what they say, and whether they show on the screen."""
    viewer = await world.viewer(staff)
    async with world.database.read() as session:
        return [(notice.talk_id, notice.title, notice.desktop) for notice in await notices_of(session, viewer)]


async def answer(browser: Browser, talk: Conversation, epoch: int) -> Answer:
    number = "00000000-0000-4000-8000-000000000001"
    return await browser.post(
        f"/talks/{talk.id}/replies", form={"epoch": epoch, "client_uuid": number, "last_seen": "z", "text": "遅れました"}
    )


async def test_who_has_gone_while_the_resident_waits_holds_the_talk_no_longer(world: World) -> None:
    talk, holder = await held(world)
    epoch = (await world.row(talk)).epoch
    world.clock.advance(minutes=61)
    assert [await lapse(world), await lapse(world)] == [1, 0]
    assert await told(world, holder) == [(talk.id, "対応が待ちに戻りました", True)]
    row = await world.row(talk)
    assert (row.controller, row.owner, row.epoch) == (Controller.WAITING, None, epoch + 1)
    assert row.waiting_since is not None
    back = await world.browser(await world.staff("sato"))
    assert talk.id in (await back.get("/?view=waiting")).text
    assert (await answer(back, talk, epoch)).status == 409


@only_sqlite
@pytest.mark.parametrize("why", ["just now", "came back", "answered", "not due", "practice", "ended"])
async def test_a_talk_stays_with_its_holder(world: World, why: str) -> None:
    talk, holder = await held(world)
    world.clock.advance(minutes=59 if why == "just now" else 61)
    now = world.clock.now()
    match why:
        case "came back":
            await world.token(holder)
        case "answered":
            await change(world, talk, waiting_since=None)
        case "not due":
            await change(world, talk, promised_by=now.replace(hour=7))
        case "practice":
            await change(world, talk, practice_of=holder.id)
        case "ended":
            await change(world, talk, closed_at=now)
    assert await lapse(world) == 0
    assert (await world.row(talk)).owner == holder.id


@only_sqlite
@pytest.mark.parametrize(
    ("hour", "lapses"), [(17, 1), (18, 0), (33, 0), (34, 1)], ids=["at work", "evening", "nine o'clock", "ten o'clock"]
)
async def test_nights_are_not_counted_and_nobody_loses_a_talk_by_coming_at_nine(world: World, hour: int, lapses: int) -> None:
    await held(world)
    world.clock.advance(minutes=(hour - 10) * 60)
    assert await lapse(world) == lapses


@only_sqlite
@pytest.mark.parametrize(("starts", "ends", "lapses"), [(9, 17, 1), (13, 17, 0), (11, 17, 0)], ids=["there", "later today", "just come"])
async def test_the_duty_of_the_own_window_counts_and_not_that_of_the_reception(world: World, starts: int, ends: int, lapses: int) -> None:
    talk, holder = await held(world)
    await on_plan(world, holder, window=WINDOW, starts=starts, ends=ends)
    world.clock.advance(minutes=61)
    assert await lapse(world) == lapses
    assert ((await world.row(talk)).owner is None) == bool(lapses)


@only_sqlite
async def test_whoever_lost_a_talk_is_told_once_also_where_they_look_after_what_waits(world: World) -> None:
    _, holder = await held(world)
    await notifier(world).work()
    before = len(await told(world, holder))
    world.clock.advance(minutes=61)
    await lapse(world)
    await notifier(world).work()
    assert len(await told(world, holder)) == before + 1
