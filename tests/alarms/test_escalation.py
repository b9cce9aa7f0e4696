"""An emergency that nobody opens goes to the next person, once, until somebody opens it."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from handoff.accounts.models import Role, Staff
from handoff.alarms.models import AlarmCall, AlarmWatch, MailItem
from handoff.desk import actions
from handoff.desk.window_rules import set_rule
from handoff.desk.work_models import AnswerMode
from handoff.duty.contacts import add_contact
from tests.alarms.support import EMERGENCY, called, has_mail, notifier, on_plan, told
from tests.handoff.support import ASKED, WINDOW, World


async def people(world: World) -> tuple[Staff, Staff, Staff]:
    """Two people of 受付 with mail, in this order, and somebody who answers for the window."""
    first, second = [await world.staff(name, Role.RECEPTION) for name in ("first", "second")]
    boss = await world.staff("boss", Role.MANAGER)
    for place, one in enumerate((first, second), 1):
        await on_plan(world, one, place=place)
    for one in (first, second, boss):
        await has_mail(world, one)
    return first, second, boss


async def test_the_first_on_the_roster_is_called_and_everybody_on_duty_is_shown_it(world: World) -> None:
    await people(world)
    await world.talk(window=None, effects=(ASKED, EMERGENCY))
    await notifier(world).work()
    assert await called(world) == [("first", "duty")]
    assert sorted(await told(world)) == [("first", "emergency", 0), ("second", "emergency", 0)]
    async with world.database.read() as session:
        assert len((await session.scalars(select(MailItem))).all()) == 1, "the mail goes to whoever is called"


async def test_the_next_is_called_after_some_minutes_then_who_answers_for_the_window_then_the_plan(world: World) -> None:
    _, _, boss = await people(world)
    viewer = await world.viewer(boss)
    async with world.database.write() as session:
        now = world.clock.now()
        await add_contact(session, viewer, place=1, name="宿日直", phone="000-0000-0001", mail="duty@example.jp", note="", now=now)
    await world.talk(window=None, effects=(ASKED, EMERGENCY))
    await notifier(world).work()
    for minutes, expected in ((4, 1), (1, 2), (5, 3), (5, 4), (30, 4)):
        world.clock.advance(minutes=minutes)
        await notifier(world).work()
        assert len(await called(world)) == expected
    assert await called(world) == [("first", "duty"), ("second", "duty"), ("boss", "leader"), ("post", "plan")]
    assert ("second", "emergency", 1) in await told(world)


async def test_opening_it_ends_the_calling_and_keeps_who_answered_and_when(world: World) -> None:
    first, _, _ = await people(world)
    talk = await world.talk(window=None, effects=(ASKED, EMERGENCY))
    await notifier(world).work()
    world.clock.advance(minutes=3)
    viewer = await world.viewer(first)
    async with world.database.write() as session:
        await actions.open_alarms(session, viewer, talk.id, now=world.clock.now())
    await notifier(world).work()
    world.clock.advance(minutes=60)
    await notifier(world).work()
    async with world.database.read() as session:
        call = (await session.scalars(select(AlarmCall))).one()
        watch = (await session.scalars(select(AlarmWatch))).one()
    assert call.answered_at is not None
    assert call.answered_at - call.called_at == timedelta(minutes=3)
    assert watch.next_at is None


async def test_a_call_that_is_due_at_the_moment_of_opening_is_not_made(world: World) -> None:
    first, _, _ = await people(world)
    talk = await world.talk(window=None, effects=(ASKED, EMERGENCY))
    await notifier(world).work()
    world.clock.advance(minutes=5)
    viewer = await world.viewer(first)
    async with world.database.write() as session:
        await actions.open_alarms(session, viewer, talk.id, now=world.clock.now())
    await notifier(world).work()
    assert await called(world) == [("first", "duty")]


async def test_four_notifiers_at_once_call_each_person_once(world: World) -> None:
    await people(world)
    for _ in range(3):
        await world.talk(window=None, effects=(ASKED, EMERGENCY))
    for _ in range(3):
        await asyncio.gather(*(notifier(world).work() for _ in range(4)))
        world.clock.advance(minutes=5)
    calls = await called(world)
    assert sorted(calls) == sorted([("first", "duty"), ("second", "duty"), ("boss", "leader")] * 3)
    assert len(set(await told(world))) * 3 == len(await told(world))
    async with world.database.read() as session:
        mails = (await session.scalars(select(MailItem))).all()
    assert len(mails) == 9


async def test_the_holder_of_a_talk_is_called_first_and_nobody_else_is_told(world: World) -> None:
    await people(world)
    holder = await world.staff("holder", Role.RECEPTION)
    talk = await world.talk(window=None)
    viewer = await world.viewer(holder)
    async with world.database.write() as session:
        await actions.claim(session, viewer, talk.id, now=world.clock.now())
    await notifier(world).work()
    await world.says(talk, "もう死にたいです", EMERGENCY)
    await notifier(world).work()
    assert await called(world) == [("holder", "holder")]
    assert [name for name, kind, _ in await told(world) if kind == "emergency"] == ["holder"]


async def test_who_can_be_reached_in_no_way_does_not_cost_minutes(world: World) -> None:
    away = await world.staff("away", Role.RECEPTION)
    await on_plan(world, away, place=1)
    there = await world.staff("there", Role.RECEPTION)
    await on_plan(world, there, place=2)
    await has_mail(world, there)
    await world.talk(window=None, effects=(ASKED, EMERGENCY))
    await notifier(world).work()
    assert await called(world) == [("away", "duty"), ("there", "duty")]


async def test_out_of_hours_the_plan_of_the_city_is_called(world: World) -> None:
    _, _, boss = await people(world)
    now, viewer = world.clock.now(), await world.viewer(boss)
    async with world.database.write() as session:
        await add_contact(session, viewer, place=1, name="宿日直", phone="000-0000-0001", mail="", note="", now=now)
        await add_contact(session, viewer, place=2, name="福祉課長", phone="", mail="kacho@example.jp", note="", now=now)
    world.clock.advance(hours=12)
    await world.talk(window=None, effects=(ASKED, EMERGENCY))
    await notifier(world).work()
    assert await called(world) == [("post", "plan"), ("post", "plan")], "a post with a telephone only is shown, and the next is mailed"
    assert await told(world) == []


async def test_whoever_comes_on_duty_in_the_morning_is_called_for_what_the_night_left(world: World) -> None:
    first = await world.staff("first", Role.RECEPTION)
    await on_plan(world, first)
    world.clock.advance(hours=12)
    await world.talk(window=None, effects=(ASKED, EMERGENCY))
    await notifier(world).work()
    assert await called(world) == []
    world.clock.advance(hours=11, minutes=1)
    await notifier(world).work()
    assert await called(world) == [("first", "duty")]


async def test_a_second_emergency_of_the_same_talk_does_not_begin_the_calling_anew(world: World) -> None:
    await people(world)
    talk = await world.talk(window=None, effects=(ASKED, EMERGENCY))
    await notifier(world).work()
    await world.says(talk, "やっぱり死にたい", EMERGENCY)
    await notifier(world).work()
    assert await called(world) == [("first", "duty")]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_window_says_after_how_many_minutes_the_next_is_called(world: World) -> None:
    first, second = [await world.staff(name) for name in ("first", "second")]
    for place, one in enumerate((first, second), 1):
        await on_plan(world, one, window=WINDOW, place=place)
        await has_mail(world, one)
    boss = await world.viewer(await world.staff("boss", Role.MANAGER))
    async with world.database.write() as session:
        now = world.clock.now()
        await set_rule(session, boss, WINDOW, mode=AnswerMode.LIVE, times="", cap=None, escalate_minutes=2, now=now)
    await world.talk(effects=(ASKED, EMERGENCY))
    await notifier(world).work()
    world.clock.advance(minutes=2)
    await notifier(world).work()
    assert await called(world) == [("first", "duty"), ("second", "duty")]
