"""What stands on the sheet, drawn anew at each look, and the lists of openings."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from handoff.accounts.viewer import Permission, Viewer
from handoff.desk.actions import names_of
from handoff.desk.resident_words import ResidentWords, shown_words
from handoff.desk.visibility import get_visible
from handoff.emergency.models import EmergencySheet, Verdict
from handoff.emergency.opening import overseen_by
from handoff.emergency.words import GROUND_WORDS, VERDICT_WORDS
from intake.base.database import ReadSession
from intake.base.errors import AppError, NotFoundError
from intake.base.sealing import KeyRing, UnreadableError
from intake.conversations.models import Author, Conversation, Message
from intake.conversations.service import messages_of, read_state
from intake.dialogue.turn import EventKind
from intake.residents.models import Resident
from nlp.reading import Risk

_LINES = 12
"""So many messages fit on one page: those that show danger, then the newest."""
_UNKNOWN = "この緊急時情報提供票は見つかりません。"


class ExpiredError(AppError):
    """The sheet has closed by itself."""

    code = "expired"
    status = 403


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One opening in words. It says who opened what and when; nothing of what stood on the sheet."""

    id: str
    talk_id: str
    handle: str
    who: str
    mine: bool
    ground: str
    reason: str
    at: datetime
    expires_at: datetime
    verdict: Verdict | None
    verdict_words: str
    remark: str
    decided_by: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLine:
    """One message of the resident, and how grave it was read to be."""

    at: datetime
    words: ResidentWords
    grave: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The page for the police or an ambulance."""

    opening: Opening
    user_id: str
    account: str
    first_at: datetime
    last_at: datetime | None
    blocked_at: datetime | None
    district: str
    places: tuple[str, ...]
    lines: tuple[SheetLine, ...]
    left_out: int


async def find_sheet(session: ReadSession, viewer: Viewer, conversation_id: str, sheet_id: str, now: datetime) -> EmergencySheet:
    """Return a sheet whose content the viewer may see now: who opened it while it is open, and a 責任者 until it is decided."""
    await get_visible(session, viewer, conversation_id)
    sheet = await session.get(EmergencySheet, sheet_id)
    oversees = viewer.may(Permission.OVERSEE)
    if sheet is None or sheet.conversation_id != conversation_id or not (oversees or sheet.staff_id == viewer.staff_id):
        raise NotFoundError(_UNKNOWN)
    if sheet.expires_at <= now and not (oversees and sheet.verdict is None):
        raise ExpiredError("この緊急時情報提供票は、開いておく時間が過ぎて閉じました。要るときは、相談の画面からもう一度開いてください。")
    return sheet


async def load_sheet(session: ReadSession, ring: KeyRing, viewer: Viewer, sheet: EmergencySheet) -> Sheet:
    """Return the page of a sheet that the viewer was found to see."""
    talk = await session.get_one(Conversation, sheet.conversation_id)
    resident = await session.get_one(Resident, talk.resident_id)
    theirs = [message for message in await messages_of(session, talk.id) if message.author is Author.RESIDENT]
    kept = _chosen(theirs)
    (opening,) = await _in_words(session, ring, viewer, [(sheet, resident.handle)])
    return Sheet(
        opening=opening,
        user_id=_user_id(ring, resident),
        account=talk.account,
        first_at=resident.created_at,
        last_at=theirs[-1].occurred_at if theirs else None,
        blocked_at=resident.blocked_at,
        district=read_state(ring, talk).district or "",
        places=tuple(place for message in theirs if message.kind == EventKind.LOCATION and (place := _place(ring, message))),
        lines=tuple(
            SheetLine(at=message.occurred_at, words=shown_words(ring, message, plain=True), grave=message.risk.rank >= Risk.URGENT.rank)
            for message in kept
        ),
        left_out=len(theirs) - len(kept),
    )


def _chosen(theirs: Sequence[Message]) -> list[Message]:
    """Choose what fits on one page: danger before all else, then the newest; in the order in which they were written."""
    spoken = [message for message in theirs if message.kind not in {EventKind.FOLLOW, EventKind.POSTBACK}]
    ranked = sorted(spoken, key=lambda message: (message.risk.rank, message.id), reverse=True)
    wanted = {message.id for message in ranked[:_LINES]}
    return [message for message in spoken if message.id in wanted]


def _user_id(ring: KeyRing, resident: Resident) -> str:
    try:
        return "" if resident.sealed_user is None else ring.open(resident.sealed_user, resident.place())
    except UnreadableError:
        return "読めません"


def _place(ring: KeyRing, message: Message) -> str:
    """Return a place that the resident sent: its words and its coordinates."""
    if message.sealed_body is None:
        return ""
    try:
        body = json.loads(ring.open(message.sealed_body, message.place()))
    except UnreadableError:
        return "読めません"
    return "　".join(part for part in (str(body.get("text", "")), str(body.get("detail", ""))) if part)


async def sheets_of(session: ReadSession, ring: KeyRing, viewer: Viewer, conversation_id: str) -> tuple[Opening, ...]:
    """Return the openings of a talk that the viewer was found to see, the newest first."""
    rows = await session.scalars(
        select(EmergencySheet).where(EmergencySheet.conversation_id == conversation_id).order_by(EmergencySheet.id.desc())
    )
    return await _in_words(session, ring, viewer, [(row, "") for row in rows])


async def undecided(session: ReadSession, ring: KeyRing, viewer: Viewer) -> tuple[Opening, ...]:
    """Return the openings that wait for the viewer's word as a 責任者, the oldest first."""
    query = (
        select(EmergencySheet, Resident.handle)
        .join(Conversation, Conversation.id == EmergencySheet.conversation_id)
        .join(Resident, Resident.id == Conversation.resident_id)
        .where(overseen_by(viewer), EmergencySheet.decided_at.is_(None))
        .order_by(EmergencySheet.id)
    )
    return await _in_words(session, ring, viewer, [(row.EmergencySheet, row.handle) for row in await session.execute(query)])


async def _in_words(session: ReadSession, ring: KeyRing, viewer: Viewer, rows: Sequence[tuple[EmergencySheet, str]]) -> tuple[Opening, ...]:
    if not rows:
        return ()
    names = await names_of(session, {key for row, _ in rows for key in (row.staff_id, row.decided_by) if key})
    return tuple(
        Opening(
            id=row.id,
            talk_id=row.conversation_id,
            handle=handle,
            who=names.get(row.staff_id, "（退職）"),
            mine=row.staff_id == viewer.staff_id,
            ground=GROUND_WORDS[row.ground],
            reason=_opened(ring, row, "sealed_reason"),
            at=row.opened_at,
            expires_at=row.expires_at,
            verdict=row.verdict,
            verdict_words="責任者の確認を待っています" if row.verdict is None else VERDICT_WORDS[row.verdict],
            remark=_opened(ring, row, "sealed_remark"),
            decided_by=names.get(row.decided_by or "", ""),
            decided_at=row.decided_at,
        )
        for row, handle in rows
    )


def _opened(ring: KeyRing, row: EmergencySheet, column: str) -> str:
    sealed: bytes | None = getattr(row, column)
    if sealed is None:
        return ""
    try:
        return ring.open(sealed, row.place(column))
    except UnreadableError:
        return "読めません"
