"""Breaking the glass: opening a sheet, telling the 責任者 at once, and what they say to it afterwards. Nothing here commits."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select

from handoff.accounts.models import Role, Staff, StaffWindow
from handoff.accounts.permissions import GRANTS
from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.audit.models import Action
from handoff.audit.record import record_audit
from handoff.desk.actions import keep_note
from handoff.desk.checks import checked_text
from handoff.desk.errors import ConflictError, TextError
from handoff.desk.visibility import hold_visible
from handoff.desk.work_models import Mention
from handoff.emergency.models import EmergencySheet, Ground, Verdict
from handoff.emergency.words import GROUND_WORDS, VERDICT_WORDS
from handoff.practice.rows import check_real
from intake.base.database import ReadSession, WriteSession
from intake.base.errors import NotFoundError
from intake.base.ids import new_id
from intake.base.sealing import KeyRing
from intake.conversations.models import Conversation

OPEN_FOR = timedelta(hours=2)
"""So long a sheet stays open; after that it is opened anew, with a reason anew."""
MAX_REASON = 400
_DECIDERS: frozenset[Role] = GRANTS[Permission.OVERSEE]
_UNKNOWN = "この緊急時情報提供票は見つかりません。"


class DecidedError(ConflictError):
    """The 責任者 has spoken already, or the sheet is the decider's own."""

    code = "decided"


async def open_sheet(
    session: WriteSession, ring: KeyRing, viewer: Viewer, conversation_id: str, ground: Ground, reason: str, *, now: datetime
) -> EmergencySheet:
    """Open the sheet of a talk. The 責任者 of its window are told in the same commit; while it is open, a second tap opens no second."""
    check_permission(viewer, Permission.ANSWER)
    if ground is Ground.OTHER and not reason.strip():
        raise TextError("開く理由を書いてください。")
    conversation = await hold_visible(session, viewer, conversation_id)
    check_real(conversation)
    still = (EmergencySheet.conversation_id == conversation.id, EmergencySheet.staff_id == viewer.staff_id, EmergencySheet.expires_at > now)
    open_one = await session.scalar(select(EmergencySheet).where(*still).order_by(EmergencySheet.id.desc()).limit(1))
    if open_one is not None:
        return open_one
    sheet = EmergencySheet(
        id=new_id(now),
        municipality=conversation.municipality,
        conversation_id=conversation.id,
        staff_id=viewer.staff_id,
        ground=ground,
        opened_at=now,
        expires_at=now + OPEN_FOR,
    )
    words = checked_text(reason, MAX_REASON) if reason.strip() else ""
    if words:
        sheet.sealed_reason = ring.seal(words, sheet.place(), now)
    session.add(sheet)
    told = await deciders_of(session, conversation)
    asked = f"理由：{words}。" if words else ""
    text = f"緊急時情報提供票を開きました（{GROUND_WORDS[ground]}）。{asked}責任者は、票を見て「確認」か「異議」を残してください。"
    await tell(session, ring, viewer, conversation, text, [one.id for one in told], now)
    _record(session, ring, viewer, Action.EMERGENCY_OPENED, sheet, ground, now)
    return sheet


async def deciders_of(session: ReadSession, conversation: Conversation) -> Sequence[Staff]:
    """Return who answers for a talk's window; where nobody does, all who answer for some window of the municipality."""
    able = (Staff.municipality == conversation.municipality, Staff.disabled_at.is_(None), Staff.role.in_(_DECIDERS))
    here = select(StaffWindow.staff_id).where(StaffWindow.window_id == conversation.window_id)
    own = (await session.scalars(select(Staff).where(*able, Staff.id.in_(here)))).all()
    return own or (await session.scalars(select(Staff).where(*able))).all()


async def tell(
    session: WriteSession, ring: KeyRing, viewer: Viewer, conversation: Conversation, text: str, staff_ids: Sequence[str], now: datetime
) -> None:
    """Leave a note on the talk that calls these people, the viewer aside."""
    note = keep_note(session, ring, viewer, conversation, text, now)
    await session.flush()
    place = {"municipality": note.municipality, "conversation_id": note.conversation_id}
    session.add_all(Mention(note_id=note.id, staff_id=key, **place) for key in staff_ids if key != viewer.staff_id)


def overseen_by(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition on ``conversation`` of the talks that the viewer answers for: own windows, none yet, or one without a 責任者."""
    able = (Staff.municipality == viewer.municipality, Staff.disabled_at.is_(None), Staff.role.in_(_DECIDERS))
    covered = select(StaffWindow.window_id).join(Staff, Staff.id == StaffWindow.staff_id).where(*able)
    own = or_(Conversation.window_id.is_(None), Conversation.window_id.in_(viewer.windows), Conversation.window_id.not_in(covered))
    return own & (Conversation.municipality == viewer.municipality)


async def decide(
    session: WriteSession, ring: KeyRing, viewer: Viewer, sheet_id: str, verdict: Verdict, remark: str, *, now: datetime
) -> EmergencySheet:
    """Say as a 責任者 what one thinks of an opening. Nobody judges the own one; an objection says why."""
    check_permission(viewer, Permission.OVERSEE)
    query = select(EmergencySheet, Conversation).join(Conversation, Conversation.id == EmergencySheet.conversation_id)
    held = query.where(EmergencySheet.id == sheet_id, overseen_by(viewer)).with_for_update(of=EmergencySheet)
    found = (await session.execute(held)).one_or_none()
    if found is None:
        raise NotFoundError(_UNKNOWN)
    sheet, conversation = found
    if sheet.staff_id == viewer.staff_id:
        raise DecidedError("自分が開いた票は、ほかの責任者が確認します。")
    if sheet.verdict is not None:
        raise DecidedError("この票は、すでに確認されています。")
    if verdict is Verdict.OBJECTED and not remark.strip():
        raise TextError("異議の理由を書いてください。")
    words = checked_text(remark, MAX_REASON) if remark.strip() else ""
    sheet.verdict, sheet.decided_by, sheet.decided_at = verdict, viewer.staff_id, now
    if words:
        sheet.sealed_remark = ring.seal(words, sheet.place("sealed_remark"), now)
    said = f"：{words}" if words else "。"
    text = f"緊急時情報提供票（{GROUND_WORDS[sheet.ground]}）について、責任者が「{VERDICT_WORDS[verdict]}」{said}"
    await tell(session, ring, viewer, conversation, text, [sheet.staff_id], now)
    _record(session, ring, viewer, Action.EMERGENCY_DECIDED, sheet, verdict, now)
    return sheet


def _record(
    session: WriteSession, ring: KeyRing, viewer: Viewer, action: Action, sheet: EmergencySheet, details: str, now: datetime
) -> None:
    record_audit(
        session,
        ring,
        municipality=viewer.municipality,
        actor=viewer.staff_id,
        action=action,
        subject=sheet.conversation_id,
        details=details,
        now=now,
    )


async def note_view(session: WriteSession, ring: KeyRing, viewer: Viewer, sheet: EmergencySheet, *, now: datetime) -> None:
    """Put one look at a sheet on record."""
    _record(session, ring, viewer, Action.EMERGENCY_VIEWED, sheet, sheet.ground, now)
