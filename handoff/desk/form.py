"""相談受付・申込票: the 16 items, filled from what was read (◎ the main one, ○ others), and changed by a person."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.desk.errors import TextError
from handoff.desk.record_models import IntakeForm
from handoff.desk.visibility import get_visible
from intake.base.database import ReadSession, WriteSession
from intake.base.ids import new_id
from intake.base.sealing import KeyRing, UnreadableError
from nlp.reading import Concern
from routing.rules import FORM_ITEMS, load_rules

MAIN, OTHER = "◎", "○"


def prefilled(concerns: Collection[Concern]) -> Mapping[str, str]:
    """Return the marks that follow from the concerns, the first of which is the main one."""
    rules = load_rules().concerns
    items = list(dict.fromkeys(rules[concern].item for concern in concerns))
    return {item: MAIN if item == items[0] else OTHER for item in FORM_ITEMS if item in items} if items else {}


def check_marks(marks: Mapping[str, str]) -> Mapping[str, str]:
    """Refuse unknown items or marks, and more than one ◎."""
    kept = {item: mark for item, mark in marks.items() if mark}
    if set(kept) - set(FORM_ITEMS) or set(kept.values()) - {MAIN, OTHER}:
        raise TextError("申込票の項目か印が正しくありません。画面を開き直してください。")
    if list(kept.values()).count(MAIN) > 1:
        raise TextError("◎（一番お困りのこと）は一つだけにしてください。")
    return kept


async def save_form(
    session: WriteSession, ring: KeyRing, viewer: Viewer, conversation_id: str, marks: Mapping[str, str], *, now: datetime
) -> None:
    """Keep the form as a person left it."""
    check_permission(viewer, Permission.ANSWER)
    kept = check_marks(marks)
    talk = await get_visible(session, viewer, conversation_id)
    row = IntakeForm(id=new_id(now), municipality=talk.municipality, conversation_id=talk.id, staff_id=viewer.staff_id, saved_at=now)
    row.sealed_items = ring.seal(json.dumps(kept, ensure_ascii=False), row.place(), now)
    session.add(row)


async def find_form(session: ReadSession, ring: KeyRing, conversation_id: str) -> Mapping[str, str] | None:
    """Return the newest form that somebody saved, or None where nobody has."""
    newest = select(IntakeForm).where(IntakeForm.conversation_id == conversation_id).order_by(IntakeForm.id.desc()).limit(1)
    row = await session.scalar(newest)
    if row is None:
        return None
    try:
        found: Mapping[str, str] = json.loads(ring.open(row.sealed_items, row.place()))
    except UnreadableError:
        return {}
    return found
