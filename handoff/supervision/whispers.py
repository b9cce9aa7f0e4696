"""Advice of a supervisor to the colleague who holds a talk. It is kept apart from messages and notes, and has no way to the resident."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.desk.actions import names_of
from handoff.desk.checks import checked_text
from handoff.desk.errors import ConflictError
from handoff.desk.visibility import hold_visible
from handoff.supervision.models import Whisper
from intake.base.database import ReadSession, WriteSession
from intake.base.ids import new_id
from intake.base.sealing import KeyRing, UnreadableError
from intake.dialogue.turn import Controller
from intake.events.models import EventName
from intake.events.service import record_event

MAX_WHISPER = 500


class NobodyError(ConflictError):
    """There is no colleague to advise."""

    code = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class WhisperView:
    """One piece of advice."""

    id: str
    who: str
    to: str
    at: datetime
    text: str
    for_me: bool
    read_at: datetime | None


async def whisper(
    session: WriteSession, ring: KeyRing, viewer: Viewer, conversation_id: str, text: str, *, client_uuid: str, now: datetime
) -> None:
    """Tell the colleague who holds the talk something, unseen by the resident. The same UUID is the same advice."""
    check_permission(viewer, Permission.WATCH)
    tidy = checked_text(text, MAX_WHISPER)
    talk = await hold_visible(session, viewer, conversation_id)
    if await session.scalar(select(Whisper.id).where(Whisper.client_uuid == client_uuid)) is not None:
        return
    if talk.controller is not Controller.STAFF or talk.owner is None or talk.owner == viewer.staff_id:
        raise NobodyError("この相談は、いまほかの職員が担当していません。助言は残していません（入力した文は残っています）。")
    place = {"municipality": talk.municipality, "conversation_id": talk.id}
    row = Whisper(id=new_id(now), staff_id=viewer.staff_id, to_staff=talk.owner, client_uuid=client_uuid, written_at=now, **place)
    row.sealed_text = ring.seal(tidy, row.place(), now)
    session.add(row)
    record_event(session, EventName.NOTE_WRITTEN, at=now, actor=viewer.staff_id, **place)


async def settle_whisper(session: WriteSession, viewer: Viewer, conversation_id: str, whisper_id: str, *, now: datetime) -> None:
    """Note that the colleague has read a piece of advice; it then moves out of the way."""
    talk = await hold_visible(session, viewer, conversation_id)
    row = await session.get(Whisper, whisper_id)
    if row is None or row.conversation_id != talk.id or row.to_staff != viewer.staff_id or row.read_at is not None:
        return
    row.read_at = now
    record_event(session, EventName.NOTE_WRITTEN, at=now, municipality=talk.municipality, conversation_id=talk.id, actor=viewer.staff_id)


async def whispers_of(session: ReadSession, ring: KeyRing, viewer: Viewer, conversation_id: str) -> Sequence[WhisperView]:
    """Return the advice in a talk that the viewer was found to see: for supervisors all of it, for others what was said to them."""
    own = () if viewer.may(Permission.WATCH) else (or_(Whisper.to_staff == viewer.staff_id, Whisper.staff_id == viewer.staff_id),)
    rows = (await session.scalars(select(Whisper).where(Whisper.conversation_id == conversation_id, *own).order_by(Whisper.id))).all()
    if not rows:
        return ()
    names = await names_of(session, {key for row in rows for key in (row.staff_id, row.to_staff)})
    return [
        WhisperView(
            id=row.id,
            who=names.get(row.staff_id, "（退職）"),
            to=names.get(row.to_staff, "（退職）"),
            at=row.written_at,
            text=_opened(ring, row),
            for_me=row.to_staff == viewer.staff_id,
            read_at=row.read_at,
        )
        for row in rows
    ]


def _opened(ring: KeyRing, row: Whisper) -> str:
    try:
        return ring.open(row.sealed_text, row.place())
    except UnreadableError:
        return "読めません"
