"""経過記録: what was said and seen, what is thought of it, what is wanted, done and next. Facts and opinion apart."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.desk.checks import checked_text
from handoff.desk.errors import TextError
from handoff.desk.record_models import CaseRecord
from handoff.desk.visibility import get_visible
from intake.base.database import ReadSession, WriteSession
from intake.base.ids import new_id
from intake.base.sealing import KeyRing, UnreadableError
from intake.events.models import EventName
from intake.events.service import record_event

PARTS = {
    "complaint": "主訴",
    "facts": "事実",
    "view": "見立て",
    "wish": "本人の意向",
    "done": "対応",
    "next": "次回",
}
"""What each part is called; 見立て alone is opinion."""
MAX_PART = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One entry, opened."""

    staff_id: str
    at: datetime
    parts: Mapping[str, str]


async def write_record(
    session: WriteSession, ring: KeyRing, viewer: Viewer, conversation_id: str, parts: Mapping[str, str], *, client_uuid: str, now: datetime
) -> None:
    """Add an entry. An entry is never changed: it is a public document. The same form twice is one entry."""
    check_permission(viewer, Permission.ANSWER)
    kept = {key: checked_text(parts[key], MAX_PART) for key in PARTS if parts.get(key, "").strip()}
    if not kept:
        raise TextError("経過記録の欄に、一つ以上入力してください。")
    talk = await get_visible(session, viewer, conversation_id)
    if await session.scalar(select(CaseRecord.id).where(CaseRecord.client_uuid == client_uuid)) is not None:
        return
    place = {"municipality": talk.municipality, "conversation_id": talk.id}
    row = CaseRecord(id=new_id(now), staff_id=viewer.staff_id, client_uuid=client_uuid, written_at=now, **place)
    row.sealed_parts = ring.seal(json.dumps(kept, ensure_ascii=False), row.place(), now)
    session.add(row)
    record_event(session, EventName.NOTE_WRITTEN, at=now, actor=viewer.staff_id, **place)


async def records_of(session: ReadSession, ring: KeyRing, conversation_id: str) -> Sequence[Record]:
    """Return the entries of a talk, oldest first."""
    rows = await session.scalars(select(CaseRecord).where(CaseRecord.conversation_id == conversation_id).order_by(CaseRecord.id))
    return [Record(staff_id=row.staff_id, at=row.written_at, parts=_opened(ring, row)) for row in rows]


def _opened(ring: KeyRing, row: CaseRecord) -> Mapping[str, str]:
    try:
        parts: Mapping[str, str] = json.loads(ring.open(row.sealed_parts, row.place()))
    except UnreadableError:
        return {"facts": "読めません"}
    return parts
