"""What residents are promised: from the plan of duty, from fixed hours, and later where many wait."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from handoff.accounts.models import Role, Staff
from handoff.desk.window_rules import set_rule
from handoff.desk.work_models import AnswerMode
from handoff.duty.crowd import Crowd, Outlook, Outlooks, load_outlook
from handoff.duty.models import RECEPTION
from handoff.duty.service import come, go, parse_until
from intake.wording.bubbles import Reply, TextBubble
from intake.wording.keys import Key
from intake.wording.speak import speak
from routing.city import City, Opening
from routing.hours import TOKYO
from tests.alarms.support import on_plan
from tests.handoff.support import CITY, World

HOURS = (Opening(weekdays=frozenset(range(5)), opens=time(8, 30), closes=time(17, 15)),)


def at(hour: int, minute: int = 0, day: int = 7) -> datetime:
    return datetime(2026, 4, day, hour, minute, tzinfo=TOKYO).astimezone(UTC)


def city_of(world: World) -> City:
    return replace(world.context.cities[CITY], staff_hours=HOURS)


async def outlook(world: World) -> Outlook:
    async with world.database.read() as session:
        return await load_outlook(session, city_of(world), world.clock.now())


async def rule(world: World, boss: Staff, *, mode: AnswerMode, times: str = "") -> None:
    viewer = await world.viewer(boss)
    async with world.database.write() as session:
        await set_rule(session, viewer, RECEPTION, mode=mode, times=times, cap=None, now=world.clock.now())


async def test_without_a_plan_the_hours_and_the_promise_of_the_municipality_hold(world: World) -> None:
    found = await outlook(world)
    assert found.open
    assert found.promise == at(11)
    assert found.city == city_of(world)


async def test_a_plan_for_the_afternoon_promises_the_afternoon(world: World) -> None:
    await on_plan(world, await world.staff("a", Role.RECEPTION), starts=13)
    found = await outlook(world)
    assert not found.open
    assert found.promise == at(14)


async def test_whoever_comes_opens_the_window_at_once_and_whoever_goes_closes_it(world: World) -> None:
    staff = await world.staff("a", Role.RECEPTION)
    await on_plan(world, staff, starts=13)
    viewer, now = await world.viewer(staff), world.clock.now()
    async with world.database.write() as session:
        await come(session, viewer, RECEPTION, until=parse_until("12:00", None, now), now=now)
    assert (await outlook(world)).promise == at(11)
    world.clock.advance(minutes=1)
    async with world.database.write() as session:
        await go(session, viewer, RECEPTION, now=world.clock.now())
    found = await outlook(world)
    assert not found.open
    assert found.promise == at(14, day=8), "the plan says 13:00, and today they have gone"


async def test_twice_a_day_promises_the_next_of_the_hours_at_which_somebody_is_there(world: World) -> None:
    boss = await world.staff("boss", Role.MANAGER)
    await rule(world, boss, mode=AnswerMode.TIMES, times="9:30、15:00、20:00")
    assert (await outlook(world)).promise == at(16)
    world.clock.advance(hours=6)
    assert (await outlook(world)).promise == at(10, 30, day=8), "nobody is there at eight in the evening"


async def test_where_many_wait_the_honest_time_is_promised_and_said(world: World) -> None:
    await on_plan(world, await world.staff("a", Role.RECEPTION))
    for _ in range(5):
        await world.talk(window=None)
    found = await outlook(world)
    assert found.crowd == Crowd(waiting=5, people=1, pace=timedelta(minutes=20))
    assert found.crowded
    assert found.promise == at(12)
    said = speak((Reply(key=Key.HANDED_OVER, params={"promise": found.promise.isoformat()}),), found.city, world.clock.now())
    (bubble,) = said.bubbles
    assert isinstance(bubble, TextBubble)
    assert "今日12:00までにお返事します。いまは混みあっていて、ふだんより時間がかかります。" in bubble.text


async def test_a_second_person_on_duty_halves_the_wait(world: World) -> None:
    for name in ("a", "b"):
        await on_plan(world, await world.staff(name, Role.RECEPTION))
    for _ in range(5):
        await world.talk(window=None)
    found = await outlook(world)
    assert not found.crowded
    assert found.promise == at(11)


def test_where_nobody_is_known_to_be_there_no_wait_is_made_up() -> None:
    assert Crowd(waiting=40, people=0, pace=timedelta(minutes=20)).minutes() == 0


def test_however_many_wait_the_promise_stays_within_days() -> None:
    assert Crowd(waiting=100_000, people=1, pace=timedelta(minutes=20)).minutes() == 1440


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_fixed_hours_are_said_to_residents_also_in_plain_kana(world: World) -> None:
    await rule(world, await world.staff("boss", Role.MANAGER), mode=AnswerMode.TIMES, times="10:00、15:30")
    found = await outlook(world)
    texts = []
    for kana in ({}, {"kana": 1}):
        reply = Reply(key=Key.HANDED_OVER, params={"promise": found.promise.isoformat(), **kana})
        bubble = speak((reply,), found.city, world.clock.now()).bubbles[0]
        assert isinstance(bubble, TextBubble)
        texts.append(bubble.text)
    assert "この窓口は、10時と15時30分ごろに、まとめてお返事しています。" in texts[0]
    assert "10じと 15じ30ふんごろに" in texts[1]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_worker_looks_again_after_some_seconds(world: World) -> None:
    outlooks, cities = Outlooks(), {CITY: city_of(world)}
    async with world.database.read() as session:
        first = await outlooks.served(session, cities, CITY, world.clock.now())
    await on_plan(world, await world.staff("a", Role.RECEPTION), starts=13)
    async with world.database.read() as session:
        same = await outlooks.served(session, cities, CITY, world.clock.now())
        world.clock.advance(seconds=6)
        later = await outlooks.served(session, cities, CITY, world.clock.now())
    assert same[CITY] is first[CITY]
    assert later[CITY].staff_hours != HOURS


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_nobody_is_on_duty_for_longer_than_a_night(world: World) -> None:
    assert parse_until("", None, at(10)) == at(14)
    assert parse_until("", city_of(world), at(10)) == at(17, 15)
    assert parse_until("1:00", None, at(22)) == at(1, day=8)
