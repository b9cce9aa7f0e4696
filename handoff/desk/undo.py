"""The first seconds of an answer: it stands in the outbox and has not left. It can be taken back whole, with all that it changed."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.desk.drafts import put_draft
from handoff.desk.episodes import find_open_episode
from handoff.desk.errors import TooLateError
from handoff.desk.visibility import hold_visible
from handoff.desk.work_models import HeldReply
from intake.base.database import ReadSession, WriteSession
from intake.base.sealing import KeyRing, UnreadableError
from intake.conversations.models import Conversation, Message
from intake.conversations.service import open_utterance
from intake.events.models import EventName
from intake.events.service import record_event
from intake.facts.service import add_taken_back
from intake.outbox.models import OutboxItem, OutboxStatus
from intake.wording.bubbles import TextBubble

UNDO = timedelta(seconds=12)
TAKEN_BACK = "taken_back"
STOPPED = "stopped_by_danger"


async def hold_reply(session: WriteSession, conversation: Conversation, message: Message, before: HeldReply, pause: timedelta) -> None:
    """Let an answer rest before it leaves. ``before`` remembers how things stood, so that they can stand so again."""
    await session.flush()
    resting = update(OutboxItem).where(OutboxItem.message_id == message.id).values(next_at=message.created_at + pause)
    await session.execute(resting.execution_options(synchronize_session=False))
    before.message_id, before.conversation_id, before.epoch = message.id, conversation.id, conversation.epoch
    session.add(before)


async def find_held(session: ReadSession, viewer: Viewer, conversation_id: str, now: datetime) -> HeldReply | None:
    """Return the viewer's newest answer in this talk that may still be taken back, or None."""
    resting = (HeldReply.conversation_id == conversation_id, HeldReply.staff_id == viewer.staff_id, HeldReply.release_at > now)
    waiting = (OutboxItem.status == OutboxStatus.WAITING, OutboxItem.attempts == 0)
    query = select(HeldReply).join(OutboxItem, OutboxItem.message_id == HeldReply.message_id).where(*resting, *waiting)
    return await session.scalar(query.order_by(HeldReply.message_id.desc()).limit(1))


async def undo_reply(
    session: WriteSession, ring: KeyRing, viewer: Viewer, conversation_id: str, message_id: str, *, now: datetime
) -> Conversation:
    """Take an answer back before it leaves: it is not sent, and its words are the draft again. Too late is said, not hidden."""
    check_permission(viewer, Permission.ANSWER)
    conversation = await hold_visible(session, viewer, conversation_id)
    held = await session.get(HeldReply, message_id)
    mine = held is not None and (held.staff_id, held.conversation_id) == (viewer.staff_id, conversation.id)
    if held is None or not mine or not await _stop(session, held, TAKEN_BACK, now):
        raise TooLateError("もう送り始めているため、取り消せませんでした。続きの文で補ってください。")
    if held.epoch == conversation.epoch:
        await _as_before(session, conversation, held, now)
    await _back_to_draft(session, ring, conversation, held, now)
    return conversation


async def stop_resting(session: WriteSession, conversation: Conversation, *, now: datetime) -> None:
    """Stop answers that rest when danger is read: whoever wrote them must read the new words first. Their own words stay in the talk."""
    resting = select(HeldReply).where(HeldReply.conversation_id == conversation.id, HeldReply.release_at > now)
    for held in (await session.scalars(resting)).all():
        if await _stop(session, held, STOPPED, now):
            await _as_before(session, conversation, held, now)


async def _stop(session: WriteSession, held: HeldReply, reason: str, now: datetime) -> bool:
    """Cancel the send unless the sender has it already; one statement, so that never both happen."""
    still = (OutboxItem.message_id == held.message_id, OutboxItem.status == OutboxStatus.WAITING, OutboxItem.attempts == 0)
    cancel = update(OutboxItem).where(*still).values(status=OutboxStatus.CANCELLED, reason=reason, finished_at=now)
    found = await session.execute(cancel.returning(OutboxItem.id).execution_options(synchronize_session=False))
    if found.scalar_one_or_none() is None:
        return False
    message = await session.get_one(Message, held.message_id)
    add_taken_back(session, municipality=held.municipality, unit=held.conversation_id, at=now, written=message.created_at)
    return True


async def _as_before(session: WriteSession, conversation: Conversation, held: HeldReply, now: datetime) -> None:
    conversation.waiting_since = held.waiting_since or conversation.waiting_since
    conversation.promised_by = held.promised_by or conversation.promised_by
    episode = await find_open_episode(session, conversation.id)
    if held.first_answer and episode is not None:
        episode.first_answer_at = None
    record_event(session, EventName.SEND_CHANGED, municipality=conversation.municipality, at=now, conversation_id=conversation.id)


async def _back_to_draft(session: WriteSession, ring: KeyRing, conversation: Conversation, held: HeldReply, now: datetime) -> None:
    message = await session.get_one(Message, held.message_id)
    try:
        utterance = open_utterance(ring, message)
    except UnreadableError:
        return
    bubbles = () if utterance is None else utterance.bubbles
    text = "\n".join(bubble.text for bubble in bubbles if isinstance(bubble, TextBubble))
    await put_draft(session, ring, conversation, held.staff_id, text, now)
