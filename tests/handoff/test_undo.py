"""The first seconds of an answer: taken back whole, never both sent and taken back, stopped by danger."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from handoff.accounts.viewer import Viewer
from handoff.desk.drafts import find_draft, keep_draft
from handoff.desk.errors import TooLateError
from handoff.desk.reply import ReplyForm, reply
from handoff.desk.undo import UNDO, find_held, undo_reply
from intake.conversations.models import Conversation, Message
from intake.outbox.delivery import claim_parcels
from intake.outbox.models import OutboxItem, OutboxStatus
from tests.handoff.support import ALARM, ASKED, World

WORDS = "お待たせしました。読みました。"


async def answer(world: World, viewer: Viewer, talk: Conversation) -> Message:
    row = await world.row(talk)
    async with world.database.read() as session:
        last = (await session.scalars(select(Message.id).where(Message.conversation_id == talk.id).order_by(Message.id.desc()))).first()
    form = ReplyForm(text=WORDS, epoch=row.epoch, last_seen=last or "", client_uuid=str(uuid.uuid4()))
    async with world.database.write() as session:
        return await reply(session, world.ring, viewer, talk.id, form, now=world.clock.now(), pause=UNDO)


async def status(world: World) -> OutboxStatus:
    async with world.database.read() as session:
        return (await session.scalars(select(OutboxItem.status))).one()


async def test_an_answer_rests_before_it_leaves(world: World) -> None:
    talk = await world.talk()
    viewer = await world.viewer(await world.staff("a"))
    await answer(world, viewer, talk)
    async with world.database.write() as session:
        assert await claim_parcels(session, world.ring, world.clock.now() + UNDO - timedelta(seconds=1), 5) == []
    async with world.database.write() as session:
        assert len(await claim_parcels(session, world.ring, world.clock.now() + UNDO, 5)) == 1


async def test_what_is_taken_back_is_not_sent_and_becomes_the_draft_and_the_wait_goes_on(world: World) -> None:
    talk = await world.talk()
    before = await world.row(talk)
    viewer = await world.viewer(await world.staff("a"))
    message = await answer(world, viewer, talk)
    assert (await world.row(talk)).waiting_since is None
    world.clock.advance(seconds=5)
    async with world.database.write() as session:
        await undo_reply(session, world.ring, viewer, talk.id, message.id, now=world.clock.now())
    assert await status(world) is OutboxStatus.CANCELLED
    after = await world.row(talk)
    assert (after.waiting_since, after.promised_by) == (before.waiting_since, before.promised_by)
    async with world.database.read() as session:
        assert await find_draft(session, world.ring, viewer, talk.id) == WORDS
        assert await find_held(session, viewer, talk.id, world.clock.now()) is None


async def test_what_the_sender_has_already_is_not_taken_back(world: World) -> None:
    talk = await world.talk()
    viewer = await world.viewer(await world.staff("a"))
    message = await answer(world, viewer, talk)
    async with world.database.write() as session:
        await claim_parcels(session, world.ring, world.clock.now() + UNDO, 5)
    async with world.database.write() as session:
        with pytest.raises(TooLateError, match="もう送り始めている"):
            await undo_reply(session, world.ring, viewer, talk.id, message.id, now=world.clock.now())
    assert await status(world) is OutboxStatus.SENDING


async def test_nobody_takes_back_what_a_colleague_wrote(world: World) -> None:
    talk = await world.talk()
    message = await answer(world, await world.viewer(await world.staff("a")), talk)
    other = await world.viewer(await world.staff("b"))
    async with world.database.write() as session:
        with pytest.raises(TooLateError):
            await undo_reply(session, world.ring, other, talk.id, message.id, now=world.clock.now())
    assert await status(world) is OutboxStatus.WAITING


async def test_danger_that_is_read_meanwhile_stops_an_answer_that_rests(world: World) -> None:
    talk = await world.talk()
    await answer(world, await world.viewer(await world.staff("a")), talk)
    world.clock.advance(seconds=3)
    await world.says(talk, "もう死にたい", ALARM)
    assert await status(world) is OutboxStatus.CANCELLED
    assert (await world.row(talk)).waiting_since is not None


async def test_an_ordinary_message_meanwhile_stops_nothing(world: World) -> None:
    talk = await world.talk(effects=(ASKED,))
    await answer(world, await world.viewer(await world.staff("a")), talk)
    world.clock.advance(seconds=3)
    await world.says(talk, "あと、もう一つあります")
    assert await status(world) is OutboxStatus.WAITING


async def test_a_draft_is_kept_for_its_writer_alone_and_gone_once_it_is_sent(world: World) -> None:
    talk = await world.talk()
    writer, other = [await world.viewer(await world.staff(name)) for name in ("a", "b")]
    async with world.database.write() as session:
        await keep_draft(session, world.ring, writer, talk.id, "書きかけ", now=world.clock.now())
    async with world.database.read() as session:
        drafts = [await find_draft(session, world.ring, viewer, talk.id) for viewer in (writer, other)]
    assert drafts == ["書きかけ", ""]
    await answer(world, writer, talk)
    async with world.database.read() as session:
        assert await find_draft(session, world.ring, writer, talk.id) == ""


async def test_the_page_offers_to_take_the_answer_back_and_gives_the_words_again(world: World) -> None:
    talk = await world.talk()
    browser = await world.browser(await world.staff("a"))
    page = await browser.get(f"/talks/{talk.id}")
    form = {name: page.field(name) for name in ("epoch", "last_seen", "client_uuid")}
    sent = await browser.post(f"/talks/{talk.id}/replies", htmx=True, form=form, text=WORDS)
    assert "送るのをやめて書き直す" in sent.text
    message = sent.text.split('name="message_id" value="')[1][:26]
    undone = await browser.post(f"/talks/{talk.id}/undo", htmx=True, message_id=message)
    assert undone.status == 200
    assert f">{WORDS}</textarea>" in undone.text
