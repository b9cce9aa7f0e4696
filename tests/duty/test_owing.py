"""Who owes an answer, and by when, after a talk has changed hands; and the hours of windows that answer at fixed times."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from handoff.accounts.models import Role, Staff
from handoff.accounts.viewer import Viewer
from handoff.desk import actions, transfer
from handoff.desk.effects import apply
from handoff.desk.reply import reply
from handoff.desk.transfer_models import Hop, HopKind, HopStatus
from handoff.desk.window_rules import set_rule
from handoff.desk.words import PassReason
from handoff.desk.work_models import AnswerMode
from handoff.duty.models import RECEPTION
from handoff.duty.promise import Promiser, promise_to_waiting
from intake.base.database import WriteSession
from intake.conversations.models import Author, Conversation, Message
from intake.conversations.receive import Received
from intake.conversations.service import open_utterance, read_state, write_state
from intake.dialogue.turn import TalkState
from intake.facts.models import Fact, FactKind
from intake.wording.bubbles import TextBubble
from tests.duty.test_promise import at, city_of
from tests.handoff.support import OTHER_WINDOW, WINDOW, World
from tests.handoff.test_fence import form

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def promiser(world: World) -> Promiser:
    return Promiser(ring=world.ring, city=city_of(world))


async def held(world: World, *, window: str | None = WINDOW, state: TalkState | None = None) -> tuple[Conversation, Viewer]:
    """A talk that somebody holds and has answered."""
    talk = await world.talk(window=window)
    viewer = await world.viewer(await world.staff("holder", Role.RECEPTION))
    async with world.database.write() as session:
        row = await session.get_one(Conversation, talk.id)
        write_state(world.ring, row, state or TalkState(), world.clock.now())
    await answer(world, viewer, talk)
    return talk, viewer


async def answer(world: World, viewer: Viewer, talk: Conversation) -> None:
    row, last = await world.row(talk), (await messages(world, talk))[-1]
    async with world.database.write() as session:
        await reply(session, world.ring, viewer, talk.id, replace(form(), epoch=row.epoch, last_seen=last.id), now=world.clock.now())


async def messages(world: World, talk: Conversation) -> Sequence[Message]:
    async with world.database.read() as session:
        return (await session.scalars(select(Message).where(Message.conversation_id == talk.id).order_by(Message.id))).all()


async def told(world: World, talk: Conversation) -> list[str]:
    """What the automatic guide has said in a talk."""
    said = [open_utterance(world.ring, one) for one in await messages(world, talk) if one.author is Author.BOT]
    return [bubble.text for one in said if one is not None for bubble in one.bubbles if isinstance(bubble, TextBubble)]


async def released(world: World, viewer: Viewer, talk: Conversation) -> Conversation:
    epoch = (await world.row(talk)).epoch
    async with world.database.write() as session:
        await actions.release(session, viewer, talk.id, epoch=epoch, now=world.clock.now(), promiser=promiser(world))
    return await world.row(talk)


async def fixed_hours(world: World, window: str, times: str) -> Staff:
    boss = await world.staff("boss", Role.MANAGER, windows=(WINDOW, OTHER_WINDOW))
    viewer = await world.viewer(boss)
    async with world.database.write() as session:
        await set_rule(session, viewer, window, mode=AnswerMode.TIMES, times=times, cap=None, now=world.clock.now())
    return boss


async def says(world: World, talk: Conversation) -> None:
    """The resident writes, and the municipality is known to the desk as the worker knows it."""
    async with world.database.write() as session:
        row = await session.get_one(Conversation, talk.id)
        message = Message(id=f"{world.clock.now():%Y%m%d%H%M%S}".ljust(26, "0"), conversation_id=talk.id, author=Author.RESIDENT)
        await apply(session, Received(conversation=row, message=message), now=world.clock.now(), city=city_of(world))


async def promises(world: World) -> list[datetime]:
    """Promises after the handoff that answers met or broke, as they are counted."""
    async with world.database.read() as session:
        found = (await session.scalars(select(Fact).where(Fact.kind == FactKind.ANSWERED).order_by(Fact.id))).all()
    return [datetime.fromisoformat(json.loads(one.details)["promised"]) for one in found if one.details and "promised" in one.details]


async def test_a_talk_that_is_given_back_waits_with_a_new_promise_that_the_resident_is_told(world: World) -> None:
    talk, viewer = await held(world)
    row = await released(world, viewer, talk)
    assert (row.promised_by, row.owner) == (at(11), None)
    assert await told(world, talk) == [
        "お返事する担当がかわります。\nくらしの相談の職員から、今日11:00までにお返事します。待つあいだに伝えたいことがあれば、書いておいてください。"
    ]
    state = read_state(world.ring, row)
    assert (state.promised_by, state.waiting_told) == (at(11), True)


async def test_a_promise_that_still_holds_is_not_told_twice(world: World) -> None:
    talk, viewer = await held(world)
    await released(world, viewer, talk)
    async with world.database.write() as session:
        await actions.claim(session, viewer, talk.id, now=world.clock.now())
    world.clock.advance(minutes=5)
    assert (await released(world, viewer, talk)).promised_by == at(11)
    assert len(await told(world, talk)) == 1


async def test_whoever_may_not_be_safe_is_told_nothing_unasked_and_with_the_next_message(world: World) -> None:
    talk, viewer = await held(world, state=TalkState(unsafe_contact=True))
    row = await released(world, viewer, talk)
    state = read_state(world.ring, row)
    assert await told(world, talk) == []
    assert (row.promised_by, state.promised_by, state.waiting_told) == (at(11), at(11), False)


async def test_a_child_is_told_in_plain_kana_without_the_name_of_an_office(world: World) -> None:
    talk, viewer = await held(world, state=TalkState(child_writer=True))
    await released(world, viewer, talk)
    (text,) = await told(world, talk)
    assert text.startswith("へんじを する ひとが かわります。\nきょう 11:00までに")
    assert "くらし" not in text


async def moved(world: World) -> tuple[Conversation, Viewer]:
    """A talk of the other window, which has it from the first."""
    talk, holder = await held(world)
    hop = Hop(id="H" * 26, municipality=talk.municipality, conversation_id=talk.id, kind=HopKind.TRANSFER)
    hop.from_window, hop.to_window, hop.from_staff, hop.opened_at = WINDOW, OTHER_WINDOW, holder.staff_id, world.clock.now()
    hop.status, hop.sealed_note = HopStatus.AGREED, b""
    receiver = await world.viewer(await world.staff("receiver", windows=(OTHER_WINDOW,)))
    async with world.database.write() as session:
        session.add(hop)
        await session.flush()
        await transfer.accept(session, world.ring, receiver, hop.id, now=world.clock.now(), promiser=promiser(world))
    return talk, receiver


async def test_the_window_that_accepts_a_talk_owes_the_next_word_by_its_own_hours(world: World) -> None:
    await fixed_hours(world, OTHER_WINDOW, "13:30、16:00")
    talk, receiver = await moved(world)
    row = await world.row(talk)
    assert (row.owner, row.promised_by, row.waiting_since) == (receiver.staff_id, at(14, 30), world.clock.now())
    (text,) = await told(world, talk)
    assert "こどもの相談の職員から、今日14:30までにお返事します。この窓口は、13時30分と16時ごろに、まとめてお返事しています。" in text


async def test_a_hand_back_says_who_owes_the_answer_now_and_moves_the_lists(world: World) -> None:
    talk, receiver = await moved(world)
    await answer(world, receiver, talk)
    world.clock.advance(hours=2)
    epoch = (await world.row(talk)).epoch
    async with world.database.write() as session:
        now, reason = world.clock.now(), PassReason.FIELD
        await transfer.hand_back(session, world.ring, receiver, talk.id, epoch=epoch, reason=reason, now=now, promiser=promiser(world))
    row = await world.row(talk)
    assert (row.window_id, row.promised_by, row.waiting_since) == (WINDOW, at(13), world.clock.now())
    assert "くらしの相談の職員から、今日13:00までに" in (await told(world, talk))[-1]


@pytest.mark.parametrize("window", [WINDOW, None])
async def test_every_window_may_answer_at_fixed_times_and_owes_the_next_of_them(world: World, window: str | None) -> None:
    await fixed_hours(world, window or RECEPTION, "9:30、15:00")
    talk, _ = await held(world, window=window)
    await says(world, talk)
    assert (await world.row(talk)).promised_by == at(16)


async def test_a_window_that_answers_live_makes_no_promise_of_its_own(world: World) -> None:
    talk, _ = await held(world)
    await says(world, talk)
    row = await world.row(talk)
    assert (row.promised_by, row.waiting_since) == (None, world.clock.now())


@pytest.mark.parametrize("hours", [3, 8])
async def test_a_promise_after_the_handoff_is_counted_by_the_answer_that_keeps_or_breaks_it(world: World, hours: int) -> None:
    await fixed_hours(world, WINDOW, "9:30、15:00")
    talk, viewer = await held(world)
    assert await promises(world) == []
    await says(world, talk)
    world.clock.advance(hours=hours)
    await answer(world, viewer, talk)
    assert await promises(world) == [at(16)]
    await answer(world, viewer, talk)
    assert await promises(world) == [at(16)], "the second answer meets no promise"


async def test_templates_fill_in_the_hour_at_which_the_window_answers(world: World) -> None:
    await fixed_hours(world, WINDOW, "14:00")
    talk = await world.talk()
    page = await (await world.browser(await world.staff("b"))).get(f"/talks/{talk.id}")
    assert "次のお返事は、15:00ごろまで" in page.text


async def test_whoever_waits_without_a_promise_is_given_one(world: World) -> None:
    talk = await world.talk()
    async with world.database.write() as session:
        assert await again(session, world) == 1
        assert await again(session, world) == 0
    assert (await world.row(talk)).promised_by == at(11)


async def again(session: WriteSession, world: World) -> int:
    return await promise_to_waiting(session, world.ring, {city_of(world).key: city_of(world)}, world.clock.now())
