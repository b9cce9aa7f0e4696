"""Corrections of what was read, one click each. Counted; the resident's words are not kept with them, and nothing is trained by them."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.desk.errors import ConflictError
from handoff.desk.models import Alarm
from handoff.desk.record_models import CorrectionKind, TagCorrection
from handoff.desk.visibility import get_visible
from intake.base.database import ReadSession, WriteSession
from intake.base.ids import new_id
from intake.conversations.models import Author, Message
from intake.events.models import EventName
from intake.events.service import record_event
from intake.facts.models import FactKind
from intake.facts.service import add_fact
from nlp.reading import Concern

_CODES = {CorrectionKind.ADDED: "concern_missed", CorrectionKind.REMOVED: "concern_wrong"}
_DANGER = {CorrectionKind.ADDED: "danger_missed", CorrectionKind.REMOVED: "danger_false"}


async def correct(
    session: WriteSession, viewer: Viewer, conversation_id: str, concern: Concern, kind: CorrectionKind, *, now: datetime
) -> None:
    """Say that a concern is there though it was not read, or is not there though it was."""
    check_permission(viewer, Permission.ANSWER)
    talk = await get_visible(session, viewer, conversation_id)
    place = {"municipality": talk.municipality, "conversation_id": talk.id}
    session.add(TagCorrection(id=new_id(now), staff_id=viewer.staff_id, concern=concern, kind=kind, at=now, **place))
    add_fact(session, FactKind.CORRECTED, municipality=talk.municipality, unit=talk.id, at=now, code=_CODES[kind])
    record_event(session, EventName.NOTE_WRITTEN, at=now, actor=viewer.staff_id, **place)


async def correct_danger(session: WriteSession, viewer: Viewer, conversation_id: str, kind: CorrectionKind, *, now: datetime) -> None:
    """Say that danger is there though no sign was shown, or that the newest sign that a person has opened was none.

    The same word on the same sign or message counts once. The sign itself stays: it was there, and somebody looked.
    """
    check_permission(viewer, Permission.ANSWER)
    talk = await get_visible(session, viewer, conversation_id)
    signs = select(Alarm.id).where(Alarm.conversation_id == talk.id, Alarm.opened_at.is_not(None)).order_by(Alarm.id.desc())
    words = select(Message.id).where(Message.conversation_id == talk.id, Message.author == Author.RESIDENT).order_by(Message.id.desc())
    about = await session.scalar((words if kind is CorrectionKind.ADDED else signs).limit(1))
    if about is None:
        raise ConflictError("確認した危険の手がかりがないので、空振りとは残せません。")
    city = talk.municipality
    add_fact(session, FactKind.CORRECTED, municipality=city, unit=talk.id, at=now, ref=about, code=_DANGER[kind])
    record_event(session, EventName.NOTE_WRITTEN, municipality=city, at=now, conversation_id=talk.id, actor=viewer.staff_id)


async def corrections_of(session: ReadSession, conversation_id: str) -> Mapping[Concern, CorrectionKind]:
    """Return the newest word on each concern of a talk."""
    rows = await session.scalars(select(TagCorrection).where(TagCorrection.conversation_id == conversation_id).order_by(TagCorrection.id))
    return {row.concern: row.kind for row in rows}


def corrected(read: Collection[Concern], corrections: Mapping[Concern, CorrectionKind]) -> tuple[Concern, ...]:
    """Return the concerns that hold: as read, without what staff took away, with what they added at the end."""
    kept = [concern for concern in dict.fromkeys(read) if corrections.get(concern) is not CorrectionKind.REMOVED]
    more = [concern for concern, kind in corrections.items() if kind is CorrectionKind.ADDED and concern not in kept]
    return (*kept, *more)
