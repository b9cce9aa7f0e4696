"""What staff do with a talk: claim, take over, release, close, open an alarm, write a note, reply.

Each takes the row and holds it, judges the fence, and changes hands; nothing here commits.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Select, or_, select

from handoff.accounts.models import Staff
from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.desk.alarms import highest_open_alarm
from handoff.desk.checks import MAX_NOTE, check_epoch, check_holder, check_not_held_by_other, check_open, checked_text
from handoff.desk.episodes import close_episode, find_open_episode, open_episode
from handoff.desk.errors import ConflictError, StaleError, UnopenedAlarmError
from handoff.desk.hops import end_open_hop
from handoff.desk.load import check_room, load_of
from handoff.desk.mentions import note_mentions
from handoff.desk.models import Alarm, HandoffReason, Note
from handoff.desk.visibility import hold_visible
from handoff.desk.words import CloseReason
from handoff.duty.absence import stands_in
from handoff.duty.promise import Promiser
from intake.attachments.models import Attachment
from intake.attachments.service import UNREAD
from intake.base.database import ReadSession, WriteSession
from intake.base.ids import new_id
from intake.base.sealing import KeyRing, UnreadableError
from intake.conversations.models import Conversation
from intake.conversations.service import close_conversation
from intake.dialogue.turn import Controller
from intake.events.models import EventName
from intake.events.service import record_event
from nlp.reading import Risk


async def names_of(session: ReadSession, staff_ids: set[str]) -> Mapping[str, str]:
    """Return the display names of staff by their ids, in one query."""
    rows = await session.execute(select(Staff.id, Staff.display_name).where(Staff.id.in_(staff_ids)))
    return {row.id: row.display_name for row in rows}


async def holder_names(session: ReadSession, conversation: Conversation) -> Mapping[str, str]:
    """Return the name of whoever holds a talk, for the words of a refusal."""
    return await names_of(session, {conversation.owner} if conversation.owner else set())


async def give_hands(session: WriteSession, conversation: Conversation, viewer: Viewer, now: datetime) -> None:
    """Put a talk into the viewer's hands: a new epoch, a running handoff, an event."""
    conversation.controller = Controller.STAFF
    conversation.owner = viewer.staff_id
    conversation.epoch += 1
    episode = await find_open_episode(session, conversation.id)
    if episode is None:
        reason = HandoffReason.EMERGENCY if conversation.risk is Risk.EMERGENCY else HandoffReason.OTHER
        episode = open_episode(session, conversation, reason=reason, promised_by=None, now=now)
    if episode.claimed_at is None:
        episode.claimed_at = now
    hands_changed(session, conversation, viewer, now)


def hands_changed(session: WriteSession, conversation: Conversation, viewer: Viewer, now: datetime) -> None:
    """Tell the screens that somebody else, or nobody, holds a talk from now on."""
    record_event(
        session,
        EventName.HANDS_CHANGED,
        municipality=conversation.municipality,
        at=now,
        conversation_id=conversation.id,
        actor=viewer.staff_id,
    )


async def claim(session: WriteSession, viewer: Viewer, conversation_id: str, *, now: datetime) -> Conversation:
    """Take a talk that nobody holds. Of two at once one wins, the other is told who; whoever holds it already, keeps it.

    Full hands are refused but for danger and practice; taking over with a reason is always possible.
    """
    check_permission(viewer, Permission.ANSWER)
    conversation = await hold_visible(session, viewer, conversation_id)
    check_open(conversation)
    check_not_held_by_other(conversation, viewer, await holder_names(session, conversation))
    if conversation.controller is not Controller.STAFF:
        if conversation.practice_of is None:
            check_room(await load_of(session, viewer), conversation.risk)
        await give_hands(session, conversation, viewer, now)
    return conversation


async def take_over(
    session: WriteSession, ring: KeyRing, viewer: Viewer, conversation_id: str, *, epoch: int, reason: str, now: datetime
) -> Conversation:
    """Take a talk out of somebody's hands. The reason is kept as a note that everybody on the talk can read.

    Whoever stands in for a holder who is away may do so too.
    """
    check_permission(viewer, Permission.ANSWER)
    text = checked_text(reason, MAX_NOTE)
    seen = await session.get(Conversation, conversation_id)
    if seen is None or not await stands_in(session, viewer, seen.owner, now):
        check_permission(viewer, Permission.TAKE_OVER)
    conversation = await hold_visible(session, viewer, conversation_id)
    check_open(conversation)
    check_epoch(conversation, epoch)
    if conversation.controller is not Controller.STAFF or conversation.owner == viewer.staff_id:
        raise StaleError("この相談は、いまほかの職員が担当していません。")
    names = await holder_names(session, conversation)
    before = names.get(conversation.owner or "", "前の担当")
    await give_hands(session, conversation, viewer, now)
    keep_note(session, ring, viewer, conversation, f"担当を{before}さんから引き継ぎました。理由：{text}", now)
    return conversation


async def release(
    session: WriteSession, viewer: Viewer, conversation_id: str, *, epoch: int, now: datetime, promiser: Promiser | None = None
) -> Conversation:
    """Give a talk back to the queue, never silently to the automatic guide: who waits is promised an answer anew by ``promiser``."""
    conversation = await hold_visible(session, viewer, conversation_id)
    check_open(conversation)
    check_holder(conversation, viewer, await holder_names(session, conversation))
    check_epoch(conversation, epoch)
    conversation.controller = Controller.WAITING
    conversation.owner = None
    conversation.epoch += 1
    conversation.waiting_since = conversation.waiting_since or now
    hands_changed(session, conversation, viewer, now)
    if promiser is not None:
        await promiser.promise_anew(session, conversation, now=now)
    return conversation


async def close(
    session: WriteSession, viewer: Viewer, conversation_id: str, *, epoch: int, reason: CloseReason, now: datetime
) -> Conversation:
    """End a talk. Refused while a sign of danger has not been opened by a person."""
    conversation = await hold_visible(session, viewer, conversation_id)
    check_open(conversation)
    check_holder(conversation, viewer, await holder_names(session, conversation))
    check_epoch(conversation, epoch)
    if await highest_open_alarm(session, conversation.id) >= 0:
        raise UnopenedAlarmError("まだ確認していない危険の手がかりがあります。「確認しました」を押してから終了してください。")
    if (await session.scalars(_unread_in(conversation))).first() is not None:
        raise UnopenedAlarmError("まだだれも開いていない画像・音声・ファイルがあります。開いて確かめてから終了してください。")
    await close_episode(session, conversation, reason=reason, now=now)
    await end_open_hop(session, conversation, now=now)
    close_conversation(session, conversation, reason=reason, now=now, actor=viewer.staff_id)
    return conversation


def _unread_in(conversation: Conversation) -> Select[str]:
    """Ask for the messages of a talk whose attachment nobody has opened."""
    unread = (Attachment.status.in_(UNREAD), Attachment.opened_at.is_(None))
    return select(Attachment.message_id).where(Attachment.conversation_id == conversation.id, *unread)


async def open_alarms(session: WriteSession, viewer: Viewer, conversation_id: str, *, now: datetime) -> Conversation:
    """Note that a person has opened the alarms of a talk: who, and when. An attachment must be opened itself; its alarm stays."""
    check_permission(viewer, Permission.ANSWER)
    conversation = await hold_visible(session, viewer, conversation_id)
    seen = or_(Alarm.message_id.is_(None), Alarm.message_id.not_in(_unread_in(conversation)))
    waiting = (Alarm.conversation_id == conversation.id, Alarm.opened_at.is_(None), seen)
    alarms = (await session.scalars(select(Alarm).where(*waiting))).all()
    for alarm in alarms:
        alarm.opened_at = now
        alarm.opened_by = viewer.staff_id
    if alarms:
        record_event(
            session,
            EventName.ALARM_OPENED,
            municipality=conversation.municipality,
            at=now,
            conversation_id=conversation.id,
            actor=viewer.staff_id,
        )
    return conversation


async def write_note(
    session: WriteSession, ring: KeyRing, viewer: Viewer, conversation_id: str, *, text: str, client_uuid: str, now: datetime
) -> Conversation:
    """Write an internal note. It has no way to the resident. The same UUID is the same note."""
    check_permission(viewer, Permission.ANSWER)
    tidy = checked_text(text, MAX_NOTE)
    conversation = await hold_visible(session, viewer, conversation_id)
    written = await session.scalar(select(Note).where(Note.client_uuid == client_uuid))
    if written is None:
        note = keep_note(session, ring, viewer, conversation, tidy, now, client_uuid)
        await note_mentions(session, viewer, note, tidy)
    elif (written.staff_id, written.conversation_id) != (viewer.staff_id, conversation.id) or _text_of(ring, written) != tidy:
        raise ConflictError("この欄から残したメモが、すでに1件あります。確かめて、もう一度「メモを残す」を押してください。")
    return conversation


def _text_of(ring: KeyRing, note: Note) -> str | None:
    try:
        return ring.open(note.sealed_text, note.place())
    except UnreadableError:
        return None


def keep_note(
    session: WriteSession,
    ring: KeyRing,
    viewer: Viewer,
    conversation: Conversation,
    text: str,
    now: datetime,
    client_uuid: str | None = None,
) -> Note:
    """Keep a note that a deed leaves, or that somebody wrote. Judges nothing: whoever calls it has."""
    note = Note(
        id=new_id(now),
        municipality=conversation.municipality,
        conversation_id=conversation.id,
        staff_id=viewer.staff_id,
        client_uuid=client_uuid,
        written_at=now,
    )
    note.sealed_text = ring.seal(text, note.place(), now)
    session.add(note)
    record_event(
        session,
        EventName.NOTE_WRITTEN,
        municipality=conversation.municipality,
        at=now,
        conversation_id=conversation.id,
        actor=viewer.staff_id,
    )
    return note
