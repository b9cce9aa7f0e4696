"""伴走: the next planned contact of each open talk, and 申し送り between shifts of a window."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import and_, select, update

from handoff.accounts.models import Staff
from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.desk.checks import checked_text
from handoff.desk.errors import TextError
from handoff.desk.visibility import get_visible, visible_to
from handoff.desk.work_models import FollowUp, ShiftNote
from intake.base.clock import TOKYO
from intake.base.database import ReadSession, WriteSession
from intake.base.errors import NotFoundError
from intake.base.ids import new_id
from intake.base.sealing import KeyRing, Place, UnreadableError
from intake.checkins.holds import By, Whom, hold_contact, lift_holds
from intake.checkins.models import ContactHold, HoldKind
from intake.conversations.models import Conversation
from intake.dialogue.turn import Controller
from intake.residents.models import Resident

MAX_PLAN, MAX_SHIFT_NOTE = 200, 1000
_FARTHEST = timedelta(days=366)
_KEPT = timedelta(days=14)
STEP_RESTS = timedelta(days=7)
"""Check-ins rest until so long after the planned day, also where nobody notes that the contact was made."""
LISTED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """One open talk in the list of 伴走, with its next contact where one is planned."""

    id: str
    handle: str
    window_id: str | None
    owner: str | None
    last_heard: datetime | None
    follow_up_id: str | None
    due_on: date | None
    plan: str
    owner_id: str | None = None

    def late(self, now: datetime) -> bool:
        """Whether the planned day is over."""
        return self.due_on is not None and self.due_on < now.astimezone(TOKYO).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftNoteView:
    """One 申し送り, opened."""

    id: str
    window_id: str
    who: str
    at: datetime
    text: str


def _opened(ring: KeyRing, sealed: bytes, place: Place) -> str:
    try:
        return ring.open(sealed, place)
    except UnreadableError:
        return "読めません"


async def plan_contact(
    session: WriteSession, ring: KeyRing, viewer: Viewer, conversation_id: str, *, due_on: date, plan: str, now: datetime
) -> None:
    """Plan the next contact. The one planned before is replaced."""
    check_permission(viewer, Permission.ANSWER)
    text = checked_text(plan, MAX_PLAN)
    today = now.astimezone(TOKYO).date()
    if not today <= due_on <= today + _FARTHEST:
        raise TextError("次の連絡の日は、今日から1年のうちで選んでください。")
    talk = await get_visible(session, viewer, conversation_id)
    await _settle(session, viewer, talk.id, now)
    place = {"municipality": talk.municipality, "conversation_id": talk.id}
    row = FollowUp(id=new_id(now), staff_id=viewer.staff_id, due_on=due_on, set_at=now, **place)
    row.sealed_plan = ring.seal(text, row.place(), now)
    session.add(row)
    ends = datetime.combine(due_on, time(0), TOKYO).astimezone(UTC) + STEP_RESTS
    whom, by = Whom(talk.municipality, talk.resident_id), By(viewer.staff_id, now)
    hold_contact(session, whom, HoldKind.CASE_STEP, by, until=ends, step_id=talk.id)


async def contact_done(session: WriteSession, viewer: Viewer, conversation_id: str, *, now: datetime) -> None:
    """Note that the planned contact has been made."""
    check_permission(viewer, Permission.ANSWER)
    talk = await get_visible(session, viewer, conversation_id)
    await _settle(session, viewer, talk.id, now)


async def _settle(session: WriteSession, viewer: Viewer, conversation_id: str, now: datetime) -> None:
    planned = update(FollowUp).where(FollowUp.conversation_id == conversation_id, FollowUp.done_at.is_(None))
    await session.execute(planned.values(done_at=now, done_by=viewer.staff_id))
    await lift_holds(session, By(viewer.staff_id, now), ContactHold.step_id == conversation_id)


async def companions(session: ReadSession, ring: KeyRing, viewer: Viewer) -> Sequence[Companion]:
    """Return the talks that staff hold, the next planned contact first, those without any plan at the end."""
    planned = and_(FollowUp.conversation_id == Conversation.id, FollowUp.done_at.is_(None))
    query = (
        select(Conversation, Resident.handle, Staff.display_name, FollowUp)
        .join(Resident, Resident.id == Conversation.resident_id)
        .outerjoin(Staff, Staff.id == Conversation.owner)
        .outerjoin(FollowUp, planned)
        .where(visible_to(viewer), Conversation.closed_at.is_(None), Conversation.controller == Controller.STAFF)
        .order_by(FollowUp.due_on.asc().nulls_last(), Conversation.last_resident_at.asc().nulls_first(), Conversation.id)
        .limit(LISTED)
    )
    return [_companion(ring, row.Conversation, row.handle, row.display_name, row.FollowUp) for row in await session.execute(query)]


def _companion(ring: KeyRing, talk: Conversation, handle: str, owner: str | None, planned: FollowUp | None) -> Companion:
    return Companion(
        id=talk.id,
        handle=handle,
        window_id=talk.window_id,
        owner=owner,
        owner_id=talk.owner,
        last_heard=talk.last_resident_at,
        follow_up_id=None if planned is None else planned.id,
        due_on=None if planned is None else planned.due_on,
        plan="" if planned is None else _opened(ring, planned.sealed_plan, planned.place()),
    )


async def write_shift_note(session: WriteSession, ring: KeyRing, viewer: Viewer, window_id: str, text: str, *, now: datetime) -> None:
    """Leave word for the next shift of one of the viewer's windows."""
    check_permission(viewer, Permission.ANSWER)
    tidy = checked_text(text, MAX_SHIFT_NOTE)
    if window_id not in viewer.windows:
        raise TextError("申し送りをする窓口を選んでください。")
    row = ShiftNote(id=new_id(now), municipality=viewer.municipality, window_id=window_id, staff_id=viewer.staff_id, written_at=now)
    row.sealed_text = ring.seal(tidy, row.place(), now)
    session.add(row)


async def settle_shift_note(session: WriteSession, viewer: Viewer, note_id: str, *, now: datetime) -> None:
    """Note that what was passed on has been taken care of."""
    check_permission(viewer, Permission.ANSWER)
    row = await session.get(ShiftNote, note_id)
    if row is None or row.municipality != viewer.municipality or row.window_id not in viewer.windows:
        raise NotFoundError("この申し送りは見つかりません。")
    row.settled_at, row.settled_by = row.settled_at or now, row.settled_by or viewer.staff_id


async def shift_notes(session: ReadSession, ring: KeyRing, viewer: Viewer, now: datetime) -> Sequence[ShiftNoteView]:
    """Return what the viewer's windows have still to take care of, newest first; after two weeks it is left to the records."""
    mine = (ShiftNote.municipality == viewer.municipality, ShiftNote.window_id.in_(viewer.windows), ShiftNote.settled_at.is_(None))
    query = select(ShiftNote, Staff.display_name).join(Staff, Staff.id == ShiftNote.staff_id).where(*mine)
    rows = await session.execute(query.where(ShiftNote.written_at > now - _KEPT).order_by(ShiftNote.id.desc()).limit(LISTED))
    return [
        ShiftNoteView(
            id=row.ShiftNote.id,
            window_id=row.ShiftNote.window_id,
            who=row.display_name,
            at=row.ShiftNote.written_at,
            text=_opened(ring, row.ShiftNote.sealed_text, row.ShiftNote.place()),
        )
        for row in rows
    ]


def grouped(notes: Sequence[ShiftNoteView]) -> Mapping[str, Sequence[ShiftNoteView]]:
    """Return the notes by window."""
    found: dict[str, list[ShiftNoteView]] = {}
    for note in notes:
        found.setdefault(note.window_id, []).append(note)
    return found
