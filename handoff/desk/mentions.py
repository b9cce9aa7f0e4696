"""Colleagues named in a note with 「@表示名」: told at once, until they have looked."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from handoff.accounts.models import Staff
from handoff.accounts.viewer import Viewer
from handoff.desk.models import Note
from handoff.desk.visibility import get_visible
from handoff.desk.work_models import Mention
from intake.base.database import ReadSession, WriteSession


async def colleagues(session: ReadSession, viewer: Viewer) -> Sequence[Staff]:
    """Return the colleagues who can be named: of the same municipality, at work, not oneself."""
    others = (Staff.municipality == viewer.municipality, Staff.disabled_at.is_(None), Staff.id != viewer.staff_id)
    return (await session.scalars(select(Staff).where(*others).order_by(Staff.display_name))).all()


async def note_mentions(session: WriteSession, viewer: Viewer, note: Note, text: str) -> None:
    """Remember who is named in a new note. Where one name begins another, the longer one is meant."""
    rest = text
    await session.flush()
    for staff in sorted(await colleagues(session, viewer), key=lambda one: -len(one.display_name)):
        named = f"@{staff.display_name}"
        if named in rest or named.replace("@", "＠") in rest:
            rest = rest.replace(named, "").replace(named.replace("@", "＠"), "")
            place = {"municipality": note.municipality, "conversation_id": note.conversation_id}
            session.add(Mention(note_id=note.id, staff_id=staff.id, **place))


async def unread_mentions(session: ReadSession, viewer: Viewer) -> Sequence[str]:
    """Return the talks in which the viewer is named and has not looked yet."""
    mine = (Mention.staff_id == viewer.staff_id, Mention.read_at.is_(None))
    query = select(Mention.conversation_id).where(*mine).group_by(Mention.conversation_id).order_by(func.max(Mention.note_id).desc())
    return (await session.scalars(query)).all()


async def read_mentions(session: WriteSession, viewer: Viewer, conversation_id: str, *, now: datetime) -> None:
    """Note that the viewer has looked. Raises :class:`NotFoundError` for a talk that the viewer may not see."""
    await get_visible(session, viewer, conversation_id)
    mine = (Mention.staff_id == viewer.staff_id, Mention.conversation_id == conversation_id, Mention.read_at.is_(None))
    await session.execute(update(Mention).where(*mine).values(read_at=now))
