"""The one way in which a person answers a resident."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.desk.actions import give_hands, holder_names
from handoff.desk.checks import (
    MAX_REPLY,
    check_epoch,
    check_not_held_by_other,
    check_nothing_newer,
    check_open,
    checked_text,
    is_news,
)
from handoff.desk.drafts import forget_draft
from handoff.desk.episodes import find_open_episode, note_later_promise
from handoff.desk.errors import ConflictError, UnreachableError
from handoff.desk.undo import hold_reply
from handoff.desk.visibility import hold_visible
from handoff.desk.work_models import HeldReply
from handoff.practice.rows import answer_later
from intake.base.database import ReadSession, WriteSession
from intake.base.sealing import KeyRing, UnreadableError
from intake.conversations.models import Author, Conversation, Message
from intake.conversations.service import open_utterance, read_state, say
from intake.dialogue.turn import Controller
from intake.residents.models import Resident
from intake.wording.bubbles import TextBubble, Utterance


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyForm:
    """What the composer carries: the words, and what its page had seen when they were written."""

    text: str
    epoch: int
    last_seen: str
    client_uuid: str


_AT_ONCE = timedelta(0)


async def reply(
    session: WriteSession,
    ring: KeyRing,
    viewer: Viewer,
    conversation_id: str,
    form: ReplyForm,
    *,
    now: datetime,
    pause: timedelta = _AT_ONCE,
) -> Message:
    """Answer a resident under the fence. A talk that nobody holds becomes the answerer's; the same UUID is the same message.

    For ``pause`` the answer rests, and can be taken back.
    """
    check_permission(viewer, Permission.ANSWER)
    text = checked_text(form.text, MAX_REPLY)
    conversation = await hold_visible(session, viewer, conversation_id)
    sent = await session.scalar(select(Message).where(Message.client_uuid == form.client_uuid))
    if sent is not None:
        return _checked_repeat(ring, sent, viewer, conversation, text)
    check_open(conversation)
    check_not_held_by_other(conversation, viewer, await holder_names(session, conversation))
    check_epoch(conversation, form.epoch)
    check_nothing_newer(await _news_after(session, conversation, viewer, form.last_seen))
    await check_reachable(session, conversation)
    if conversation.controller is not Controller.STAFF:
        await give_hands(session, conversation, viewer, now)
    utterance = Utterance(bubbles=(TextBubble(text=text),), sender=viewer.display_name, silent=_must_be_silent(ring, conversation))
    message = say(
        session, ring, conversation, utterance, author=Author.STAFF, now=now, staff_id=viewer.staff_id, client_uuid=form.client_uuid
    )
    before = _before(conversation, viewer, now + pause)
    before.first_answer = await _answered(session, conversation, now)
    if pause:
        await hold_reply(session, conversation, message, before, pause)
    await forget_draft(session, conversation.id, viewer.staff_id)
    await answer_later(session, conversation, now + pause)
    return message


def _before(conversation: Conversation, viewer: Viewer, release_at: datetime) -> HeldReply:
    """Note how things stand before an answer changes them."""
    return HeldReply(
        municipality=conversation.municipality,
        staff_id=viewer.staff_id,
        release_at=release_at,
        waiting_since=conversation.waiting_since,
        promised_by=conversation.promised_by,
    )


def _checked_repeat(ring: KeyRing, sent: Message, viewer: Viewer, conversation: Conversation, text: str) -> Message:
    """Return what the first press has sent. Other words under the same number are a new answer, and must not vanish without a word."""
    if sent.staff_id != viewer.staff_id or sent.conversation_id != conversation.id:
        raise ConflictError("この送信の番号は、もう使われています。画面を開き直してください。")
    try:
        utterance = open_utterance(ring, sent)
    except UnreadableError:
        utterance = None
    if utterance is not None and utterance.bubbles != (TextBubble(text=text),):
        raise ConflictError("前に送った文は、すでに届いています。続けて送るときは、もう一度送信してください（入力した文は残っています）。")
    return sent


async def _news_after(session: ReadSession, conversation: Conversation, viewer: Viewer, last_seen: str) -> Message | None:
    query = (
        select(Message)
        .where(Message.conversation_id == conversation.id, Message.id > last_seen, Message.author != Author.BOT)
        .order_by(Message.id)
    )
    return next((message for message in await session.scalars(query) if is_news(message, viewer)), None)


async def check_reachable(session: ReadSession, conversation: Conversation) -> None:
    """Refuse to write to somebody who has blocked the account."""
    blocked = await session.scalar(select(Resident.blocked_at).where(Resident.id == conversation.resident_id))
    if blocked is not None:
        raise UnreachableError("相手がこのアカウントをブロックしているため、いまは送れません（入力した文は残っています）。")


def _must_be_silent(ring: KeyRing, conversation: Conversation) -> bool:
    """Where DV or abuse was read, a notification makes no sound; where we cannot tell, neither."""
    try:
        return read_state(ring, conversation).unsafe_contact
    except UnreadableError:
        return True


async def _answered(session: WriteSession, conversation: Conversation, now: datetime) -> bool:
    """End the wait, and tell whether this was the first answer of the handoff."""
    episode = await find_open_episode(session, conversation.id)
    note_later_promise(session, conversation, episode)
    conversation.waiting_since = None
    conversation.promised_by = None
    first = episode is not None and episode.first_answer_at is None
    if first and episode is not None:
        episode.first_answer_at = now
    return first
