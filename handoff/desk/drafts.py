"""Drafts: what somebody has begun to write, on the server, sealed, seen by that person alone."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.desk.visibility import get_visible
from handoff.desk.work_models import Draft
from intake.base.database import ReadSession, WriteSession
from intake.base.sealing import KeyRing, UnreadableError
from intake.conversations.models import Conversation

LONGEST_DRAFT = 10_000


def _of(conversation_id: str, staff_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Draft.conversation_id == conversation_id, Draft.staff_id == staff_id


async def keep_draft(session: WriteSession, ring: KeyRing, viewer: Viewer, conversation_id: str, text: str, *, now: datetime) -> None:
    """Keep what was typed so far; an empty text forgets it."""
    check_permission(viewer, Permission.ANSWER)
    conversation = await get_visible(session, viewer, conversation_id)
    await put_draft(session, ring, conversation, viewer.staff_id, text, now)


async def put_draft(session: WriteSession, ring: KeyRing, conversation: Conversation, staff_id: str, text: str, now: datetime) -> None:
    """Keep a text as the draft of a person for a talk."""
    tidy = text.replace("\x00", "")[:LONGEST_DRAFT]
    if not tidy.strip():
        await forget_draft(session, conversation.id, staff_id)
        return
    row = await session.get(Draft, (conversation.id, staff_id))
    if row is None:
        row = Draft(conversation_id=conversation.id, staff_id=staff_id, municipality=conversation.municipality, saved_at=now)
        row.sealed_text = ring.seal(tidy, row.place(), now)
        session.add(row)
        return
    row.sealed_text, row.saved_at = ring.seal(tidy, row.place(), now), now


async def forget_draft(session: WriteSession, conversation_id: str, staff_id: str) -> None:
    """Forget the draft of a person for a talk."""
    await session.execute(delete(Draft).where(*_of(conversation_id, staff_id)))


async def find_draft(session: ReadSession, ring: KeyRing, viewer: Viewer, conversation_id: str) -> str:
    """Return what this person has begun to write, empty when nothing; also when its key is gone."""
    row = await session.scalar(select(Draft).where(*_of(conversation_id, viewer.staff_id)))
    if row is None:
        return ""
    try:
        return ring.open(row.sealed_text, row.place())
    except UnreadableError:
        return ""
