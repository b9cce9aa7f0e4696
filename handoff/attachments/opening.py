"""Opening an attachment: noted once, on record each time it is taken out; the alarm that it raised is then opened too. Commits nothing."""

from datetime import datetime

from sqlalchemy import select, update

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.audit.models import Action
from handoff.audit.record import record_audit
from handoff.desk.errors import ConflictError
from handoff.desk.models import Alarm
from handoff.desk.visibility import get_visible, hold_visible
from intake.attachments.models import Attachment, AttachmentStatus
from intake.attachments.service import try_again
from intake.base.database import ReadSession, WriteSession
from intake.base.errors import NotFoundError
from intake.base.sealing import KeyRing
from intake.events.models import EventName
from intake.events.service import record_event

_UNKNOWN = "この添付は見つかりません。"


class NotThereError(ConflictError):
    """The content has not come, or is not kept any more."""

    code = "not_there"


async def open_attachment(
    session: WriteSession, ring: KeyRing, viewer: Viewer, conversation_id: str, attachment_id: str, *, now: datetime
) -> None:
    """Note that a person looks at an attachment. From then on it is no unread risk."""
    check_permission(viewer, Permission.ANSWER)
    row = await _hold(session, viewer, conversation_id, attachment_id)
    if row.status is not AttachmentStatus.KEPT:
        raise NotThereError("この添付は、まだ取り込めていないか、もうありません。")
    if row.opened_at is None:
        row.opened_at, row.opened_by = now, viewer.staff_id
        raised = (Alarm.message_id == row.message_id, Alarm.opened_at.is_(None))
        await session.execute(update(Alarm).where(*raised).values(opened_at=now, opened_by=viewer.staff_id))
        _record(session, ring, viewer, row, Action.ATTACHMENT_OPENED, now)
        place = {"municipality": row.municipality, "conversation_id": row.conversation_id, "actor": viewer.staff_id}
        record_event(session, EventName.ALARM_OPENED, at=now, **place)


async def take_attachment(
    session: WriteSession, ring: KeyRing, viewer: Viewer, conversation_id: str, attachment_id: str, *, now: datetime
) -> Attachment:
    """Return an attachment that is to be taken out of the house as a file; every taking is on record."""
    await open_attachment(session, ring, viewer, conversation_id, attachment_id, now=now)
    row = await session.get_one(Attachment, attachment_id)
    _record(session, ring, viewer, row, Action.ATTACHMENT_TAKEN, now)
    return row


async def fetch_again(session: WriteSession, viewer: Viewer, conversation_id: str, attachment_id: str, *, now: datetime) -> None:
    """Have an attachment fetched once more that could not be fetched."""
    check_permission(viewer, Permission.ANSWER)
    row = await _hold(session, viewer, conversation_id, attachment_id)
    if row.status is not AttachmentStatus.FAILED:
        raise NotThereError("この添付は、いまは取りに行けません。画面を確かめてください。")
    await try_again(session, row, now=now)
    record_event(session, EventName.SEND_CHANGED, municipality=row.municipality, at=now, conversation_id=row.conversation_id)


async def find_opened(session: ReadSession, viewer: Viewer, conversation_id: str, attachment_id: str) -> Attachment:
    """Return an attachment that somebody has opened, to be drawn or played in a talk that the viewer may see."""
    await get_visible(session, viewer, conversation_id)
    row = await _find(session, conversation_id, attachment_id)
    if row.status is not AttachmentStatus.KEPT or row.opened_at is None or row.reason == "not_shown":
        raise NotFoundError(_UNKNOWN)
    return row


async def _hold(session: WriteSession, viewer: Viewer, conversation_id: str, attachment_id: str) -> Attachment:
    await hold_visible(session, viewer, conversation_id)
    return await _find(session, conversation_id, attachment_id)


async def _find(session: ReadSession, conversation_id: str, attachment_id: str) -> Attachment:
    row = await session.scalar(select(Attachment).where(Attachment.id == attachment_id, Attachment.conversation_id == conversation_id))
    if row is None:
        raise NotFoundError(_UNKNOWN)
    return row


def _record(session: WriteSession, ring: KeyRing, viewer: Viewer, row: Attachment, action: Action, now: datetime) -> None:
    place = {"municipality": row.municipality, "actor": viewer.staff_id}
    record_audit(session, ring, action=action, subject=row.conversation_id, details=row.kind, now=now, **place)
