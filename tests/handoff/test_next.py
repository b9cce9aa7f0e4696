"""「次の相談を受ける」: who comes next, for two people at once, and when hands are full."""

import asyncio
from dataclasses import replace

import pytest

from handoff.accounts.models import Role, Staff
from handoff.desk import actions
from handoff.desk.errors import FullHandsError
from handoff.desk.later import PutOff, snooze
from handoff.desk.next_talk import pick_next
from handoff.desk.queue_query import Asker
from handoff.desk.window_rules import set_rule
from handoff.desk.work_models import AnswerMode
from intake.conversations.models import Conversation
from intake.dialogue.turn import Controller
from tests.handoff.support import ALARM, ASKED, OTHER_WINDOW, WINDOW, World


async def take(world: World, staff: Staff) -> Conversation | None:
    viewer = await world.viewer(staff)
    async with world.database.write() as session:
        return await pick_next(session, Asker(viewer=viewer, now=world.clock.now()))


async def test_the_desk_gives_danger_first_then_the_promise_that_is_due_first(world: World) -> None:
    now = world.clock.now()
    promised = {"あと": 50, "さき": 10}
    talks = {}
    for handle, minutes in promised.items():
        talks[handle] = await world.talk(handle=handle)
        async with world.database.write() as session:
            row = await session.get_one(Conversation, talks[handle].id)
            row.promised_by = now.replace(minute=minutes)
    talks["急"] = await world.talk(handle="急", effects=(ASKED, ALARM))
    staff = await world.staff("a")
    taken = [await take(world, staff) for _ in range(4)]
    assert [None if talk is None else talk.id for talk in taken] == [talks["急"].id, talks["さき"].id, talks["あと"].id, None]
    assert {(await world.row(talk)).owner for talk in talks.values()} == {staff.id}


async def test_a_wait_without_a_promise_counts_as_promised_by_the_usual_time(world: World) -> None:
    early = await world.talk()
    world.clock.advance(minutes=30)
    later = await world.talk()
    async with world.database.write() as session:
        row = await session.get_one(Conversation, later.id)
        row.promised_by = world.clock.now().replace(minute=45)
    viewer = await world.viewer(await world.staff("a"))
    async with world.database.write() as session:
        picked = await pick_next(session, Asker(viewer=viewer, now=world.clock.now(), minutes=60))
    assert picked is not None
    assert picked.id == later.id, f"{early.id} is due an hour after it came"


async def test_two_people_who_press_at_once_get_two_talks(world: World) -> None:
    talks = {(await world.talk()).id for _ in range(2)}
    people = [await world.staff(name) for name in ("a", "b")]
    taken = await asyncio.gather(*(take(world, staff) for staff in people))
    assert {talk.id for talk in taken if talk is not None} == talks


async def test_nobody_is_given_what_a_colleague_holds_or_another_window_has(world: World) -> None:
    await world.talk(window=OTHER_WINDOW)
    held = await world.talk(effects=(ASKED, ALARM))
    await take(world, await world.staff("a"))
    assert (await world.row(held)).controller is Controller.STAFF
    assert await take(world, await world.staff("b")) is None


async def test_full_hands_are_refused_but_never_for_danger(world: World) -> None:
    boss, staff = await world.viewer(await world.staff("boss", Role.MANAGER)), await world.staff("a")
    async with world.database.write() as session:
        await set_rule(session, boss, WINDOW, mode=AnswerMode.LIVE, times="", cap=1, now=world.clock.now())
    for effects in ((ASKED,), (ASKED,)):
        await world.talk(effects=effects)
    await take(world, staff)
    with pytest.raises(FullHandsError, match="上限1件"):
        await take(world, staff)
    danger = await world.talk(effects=(ASKED, replace(ALARM)))
    picked = await take(world, staff)
    assert picked is not None
    assert picked.id == danger.id


async def test_full_hands_claim_nothing_more_from_the_list_but_may_take_over_with_a_reason(world: World) -> None:
    boss = await world.viewer(await world.staff("boss", Role.MANAGER))
    colleague = await world.viewer(await world.staff("colleague"))
    now = world.clock.now()
    async with world.database.write() as session:
        await set_rule(session, boss, WINDOW, mode=AnswerMode.LIVE, times="", cap=1, now=now)
    first, second, third = [await world.talk() for _ in range(3)]
    danger = await world.talk(effects=(ASKED, ALARM))
    async with world.database.write() as session:
        await actions.claim(session, boss, first.id, now=now)
        held = await actions.claim(session, colleague, second.id, now=now)
    with pytest.raises(FullHandsError, match="上限1件"):
        async with world.database.write() as session:
            await actions.claim(session, boss, third.id, now=now)
    async with world.database.write() as session:
        await actions.claim(session, boss, danger.id, now=now)
        await actions.take_over(session, world.ring, boss, second.id, epoch=held.epoch, reason="休みのため", now=now)
    assert (await world.row(second)).owner == boss.staff_id
    assert (await world.row(third)).owner is None


async def test_what_is_put_off_comes_back_by_itself_and_at_once_when_the_resident_writes(world: World) -> None:
    talk = await world.talk()
    staff = await world.staff("a")
    viewer = await world.viewer(staff)
    async with world.database.write() as session:
        await snooze(session, viewer, talk.id, PutOff.HOUR, now=world.clock.now())
    assert await take(world, staff) is None
    world.clock.advance(minutes=5)
    await world.says(talk, "まだいますか")
    picked = await take(world, staff)
    assert picked is not None


async def test_the_button_opens_the_talk_and_says_why_it_came(world: World) -> None:
    await world.talk(effects=(ASKED, ALARM))
    browser = await world.browser(await world.staff("a"))
    answer = await browser.post("/next")
    assert answer.status == 303
    page = await browser.get(answer.headers["location"].removeprefix("/console"))
    assert "いちばん先に返事が要る相談を受けました" in page.text
    again = await browser.post("/next")
    empty = await browser.get(again.headers["location"].removeprefix("/console"))
    assert "受けられる相談はありません" in empty.text
