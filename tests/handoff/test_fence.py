"""Two people never answer one resident, and nobody answers what they have not read."""

import asyncio
import uuid

import pytest
from sqlalchemy import func, select

from handoff.accounts.errors import NotAllowedError
from handoff.accounts.models import Role
from handoff.accounts.viewer import Viewer
from handoff.desk import actions
from handoff.desk.errors import ClosedError, ConflictError, HeldError, NewerMessageError, StaleError, UnopenedAlarmError, UnreachableError
from handoff.desk.models import Alarm, Episode, HandoffReason, Note
from handoff.desk.reply import ReplyForm, reply
from handoff.desk.words import CloseReason
from intake.base.errors import NotFoundError
from intake.conversations.models import Author, Conversation, Message
from intake.conversations.service import open_utterance
from intake.dialogue.turn import Controller
from intake.outbox.models import OutboxItem
from intake.residents.models import Resident
from tests.handoff.support import ALARM, ASKED, OTHER_WINDOW, World


def form(text: str = "こんにちは", *, epoch: int = 1, last_seen: str = "Z" * 26, client_uuid: str | None = None) -> ReplyForm:
    return ReplyForm(text=text, epoch=epoch, last_seen=last_seen, client_uuid=client_uuid or str(uuid.uuid4()))


async def claim(world: World, viewer: Viewer, talk: Conversation) -> Conversation:
    async with world.database.write() as session:
        return await actions.claim(session, viewer, talk.id, now=world.clock.now())


async def send(world: World, viewer: Viewer, talk: Conversation, sent: ReplyForm) -> Message:
    async with world.database.write() as session:
        return await reply(session, world.ring, viewer, talk.id, sent, now=world.clock.now())


async def test_of_two_claims_at_once_one_wins_and_the_other_is_told_who(world: World) -> None:
    talk = await world.talk()
    viewers = [await world.viewer(await world.staff(login, name=name)) for login, name in (("a", "田中"), ("b", "鈴木"))]
    outcomes = await asyncio.gather(*(claim(world, viewer, talk) for viewer in viewers), return_exceptions=True)
    refused = [outcome for outcome in outcomes if isinstance(outcome, HeldError)]
    assert len(refused) == 1
    row = await world.row(talk)
    winner = next(viewer for viewer in viewers if viewer.staff_id == row.owner)
    assert refused[0].fields["holder"] == winner.display_name
    assert (row.controller, row.epoch) == (Controller.STAFF, 2)


async def test_a_second_claim_by_the_holder_changes_nothing(world: World) -> None:
    talk, viewer = await world.talk(), await world.viewer(await world.staff("a"))
    await claim(world, viewer, talk)
    await claim(world, viewer, talk)
    assert (await world.row(talk)).epoch == 2


async def test_a_reply_under_an_old_epoch_is_refused_and_nothing_is_written(world: World) -> None:
    talk, viewer = await world.talk(), await world.viewer(await world.staff("a"))
    await claim(world, viewer, talk)
    with pytest.raises(StaleError):
        await send(world, viewer, talk, form(epoch=1))
    async with world.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(OutboxItem)) == 0


async def test_a_reply_to_a_talk_in_other_hands_names_the_holder(world: World) -> None:
    talk = await world.talk()
    await claim(world, await world.viewer(await world.staff("a", name="田中")), talk)
    with pytest.raises(HeldError, match="田中さんが対応中"):
        await send(world, await world.viewer(await world.staff("b")), talk, form(epoch=2))


async def test_a_reply_claims_a_talk_that_nobody_holds(world: World) -> None:
    talk, viewer = await world.talk(), await world.viewer(await world.staff("a", name="田中"))
    message = await send(world, viewer, talk, form("承知しました"))
    row = await world.row(talk)
    assert (row.owner, row.epoch, message.epoch, row.waiting_since) == (viewer.staff_id, 2, 2, None)
    utterance = open_utterance(world.ring, message)
    assert utterance is not None
    assert utterance.sender == "田中"


async def test_a_message_that_the_page_had_not_shown_stops_the_first_press_and_not_the_second(world: World) -> None:
    talk, viewer = await world.talk(), await world.viewer(await world.staff("a"))
    await claim(world, viewer, talk)
    async with world.database.read() as session:
        seen = (await session.scalars(select(Message.id).where(Message.conversation_id == talk.id))).one()
    newer = await world.says(talk, "やっぱり電話がいいです")
    with pytest.raises(NewerMessageError):
        await send(world, viewer, talk, form(epoch=2, last_seen=seen))
    await send(world, viewer, talk, form(epoch=2, last_seen=newer.id))


async def test_what_the_guide_or_oneself_wrote_stops_nobody(world: World) -> None:
    talk, viewer = await world.talk(), await world.viewer(await world.staff("a"))
    async with world.database.read() as session:
        seen = (await session.scalars(select(Message.id).where(Message.conversation_id == talk.id))).one()
    await send(world, viewer, talk, form("一つ目", last_seen=seen))
    await send(world, viewer, talk, form("二つ目", epoch=2, last_seen=seen))
    async with world.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(OutboxItem)) == 2


async def test_the_same_uuid_twice_is_one_message(world: World) -> None:
    talk, viewer = await world.talk(), await world.viewer(await world.staff("a"))
    sent = form(client_uuid=str(uuid.uuid4()))
    first, second = await asyncio.gather(send(world, viewer, talk, sent), send(world, viewer, talk, sent))
    assert first.id == second.id
    async with world.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(OutboxItem)) == 1


async def test_a_uuid_of_somebody_else_is_no_repeat(world: World) -> None:
    talk, other = await world.talk(), await world.talk()
    viewer = await world.viewer(await world.staff("a"))
    sent = form()
    await send(world, viewer, talk, sent)
    with pytest.raises(ConflictError):
        await send(world, viewer, other, sent)


async def test_other_words_under_the_number_of_a_sent_reply_do_not_vanish(world: World) -> None:
    talk, viewer = await world.talk(), await world.viewer(await world.staff("a"))
    await send(world, viewer, talk, form("一つ目", client_uuid=str(uuid.UUID(int=1))))
    with pytest.raises(ConflictError, match="前に送った文は、すでに届いています"):
        await send(world, viewer, talk, form("二つ目", client_uuid=str(uuid.UUID(int=1))))


async def test_a_resident_who_blocked_us_is_told_before_sending(world: World) -> None:
    talk, viewer = await world.talk(), await world.viewer(await world.staff("a"))
    async with world.database.write() as session:
        (await session.get_one(Resident, talk.resident_id)).blocked_at = world.clock.now()
    with pytest.raises(UnreachableError):
        await send(world, viewer, talk, form())


async def test_release_goes_back_to_the_queue_and_not_to_the_guide(world: World) -> None:
    talk, viewer = await world.talk(), await world.viewer(await world.staff("a"))
    await claim(world, viewer, talk)
    async with world.database.write() as session:
        await actions.release(session, viewer, talk.id, epoch=2, now=world.clock.now())
    row = await world.row(talk)
    assert (row.controller, row.owner, row.epoch) == (Controller.WAITING, None, 3)
    assert row.waiting_since is not None


async def test_only_the_holder_releases_or_closes(world: World) -> None:
    talk = await world.talk()
    await claim(world, await world.viewer(await world.staff("a")), talk)
    other = await world.viewer(await world.staff("b"))
    with pytest.raises(HeldError):
        async with world.database.write() as session:
            await actions.release(session, other, talk.id, epoch=2, now=world.clock.now())
    with pytest.raises(HeldError):
        async with world.database.write() as session:
            await actions.close(session, other, talk.id, epoch=2, reason=CloseReason.ANSWERED, now=world.clock.now())


async def test_a_close_ends_the_handoff_and_nothing_can_be_done_after_it(world: World) -> None:
    talk, viewer = await world.talk(), await world.viewer(await world.staff("a"))
    await claim(world, viewer, talk)
    async with world.database.write() as session:
        await actions.close(session, viewer, talk.id, epoch=2, reason=CloseReason.CONNECTED, now=world.clock.now())
    async with world.database.read() as session:
        episode = (await session.scalars(select(Episode))).one()
    assert (episode.close_reason, episode.closed_at) == ("connected", world.clock.now())
    with pytest.raises(ClosedError):
        await send(world, viewer, talk, form(epoch=3))
    with pytest.raises(ClosedError):
        await claim(world, viewer, talk)


async def test_a_talk_is_not_closed_over_a_sign_of_danger_that_nobody_has_opened(world: World) -> None:
    talk = await world.talk("消えてしまいたい", effects=(ALARM, ASKED))
    viewer = await world.viewer(await world.staff("a"))
    await claim(world, viewer, talk)
    with pytest.raises(UnopenedAlarmError):
        async with world.database.write() as session:
            await actions.close(session, viewer, talk.id, epoch=2, reason=CloseReason.ANSWERED, now=world.clock.now())
    async with world.database.write() as session:
        await actions.open_alarms(session, viewer, talk.id, now=world.clock.now())
        await actions.close(session, viewer, talk.id, epoch=2, reason=CloseReason.ANSWERED, now=world.clock.now())
    async with world.database.read() as session:
        alarm = (await session.scalars(select(Alarm))).one()
    assert (alarm.opened_by, alarm.opened_at) == (viewer.staff_id, world.clock.now())


async def test_only_a_supervisor_takes_over_and_the_reason_is_kept(world: World) -> None:
    talk = await world.talk()
    await claim(world, await world.viewer(await world.staff("a", name="田中")), talk)
    colleague = await world.viewer(await world.staff("b"))
    chief = await world.viewer(await world.staff("c", Role.SUPERVISOR))
    with pytest.raises(NotAllowedError):
        async with world.database.write() as session:
            await actions.take_over(session, world.ring, colleague, talk.id, epoch=2, reason="急ぎ", now=world.clock.now())
    async with world.database.write() as session:
        await actions.take_over(session, world.ring, chief, talk.id, epoch=2, reason="担当が不在のため", now=world.clock.now())
    row = await world.row(talk)
    assert (row.owner, row.epoch) == (chief.staff_id, 3)
    async with world.database.read() as session:
        note = (await session.scalars(select(Note))).one()
    assert "担当が不在のため" in world.ring.open(note.sealed_text, note.place())


async def test_a_note_never_reaches_the_outbox_or_the_talk(world: World) -> None:
    talk, viewer = await world.talk(), await world.viewer(await world.staff("a"))
    async with world.database.write() as session:
        await actions.write_note(
            session, world.ring, viewer, talk.id, text="本人は窓口をこわがっている", client_uuid=str(uuid.uuid4()), now=world.clock.now()
        )
    async with world.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(OutboxItem)) == 0
        assert await session.scalar(select(func.count()).where(Message.author == Author.STAFF)) == 0


async def test_a_talk_of_another_window_does_not_exist_for_the_desk(world: World) -> None:
    talk = await world.talk(window=OTHER_WINDOW)
    with pytest.raises(NotFoundError):
        await claim(world, await world.viewer(await world.staff("a")), talk)


async def test_an_alarm_alone_is_answered_through_a_handoff_that_counts(world: World) -> None:
    talk = await world.talk("死にたい", window=None, effects=(ALARM,))
    assert (await world.row(talk)).controller is Controller.BOT
    viewer = await world.viewer(await world.staff("a", Role.RECEPTION))
    await send(world, viewer, talk, form(epoch=0))
    async with world.database.read() as session:
        episode = (await session.scalars(select(Episode))).one()
    assert (episode.reason, episode.first_answer_at) == (HandoffReason.OTHER, world.clock.now())
