"""What was told and who was called, for people to read: the own notices, and the calls of emergencies with who answered and when."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from handoff.accounts.models import Staff
from handoff.accounts.viewer import Viewer
from handoff.alarms.models import AlarmCall, Notice, NoticeKind
from handoff.alarms.words import REASON_WORDS, title
from handoff.desk.models import Alarm
from handoff.desk.visibility import visible_to
from handoff.duty.models import EmergencyContact
from intake.base.database import ReadSession
from intake.conversations.models import Conversation
from intake.residents.models import Resident

LISTED = 30
_WAY_WORDS = {"screen": "画面", "mail": "メール"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """One notice of a person."""

    id: str
    kind: NoticeKind
    title: str
    talk_id: str
    desktop: bool
    sound: bool
    at: datetime


async def notices_of(session: ReadSession, viewer: Viewer, *, after: str | None = None) -> Sequence[NoticeView]:
    """Return the own notices, newest first. With ``after`` those that came after one, of talks that the viewer may still see."""
    mine = (Notice.staff_id == viewer.staff_id, visible_to(viewer))
    query = select(Notice).join(Conversation, Conversation.id == Notice.conversation_id).where(*mine)
    if after is not None:
        query = query.where(Notice.id > after)
    return [
        NoticeView(
            id=row.id,
            kind=row.kind,
            title=title(row.kind, row.step, row.ref),
            talk_id=row.conversation_id,
            desktop=row.desktop,
            sound=row.sound,
            at=row.made_at,
        )
        for row in await session.scalars(query.order_by(Notice.id.desc()).limit(LISTED))
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    """One call in words."""

    at: datetime
    who: str
    reason: str
    ways: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmLog:
    """One emergency: when it came, who was called, who opened it."""

    talk_id: str
    handle: str
    raised_at: datetime
    calls: tuple[CallView, ...]
    opened_at: datetime | None
    opened_by: str

    @property
    def took(self) -> timedelta | None:
        """How long it was until somebody opened it."""
        return None if self.opened_at is None else self.opened_at - self.raised_at


async def calls_of(session: ReadSession, viewer: Viewer, talk_ids: Collection[str] | None = None) -> Sequence[AlarmLog]:
    """Return the emergencies for which somebody was called, newest first: of some talks, or of all that the viewer may see."""
    called = select(AlarmCall.alarm_id).where(AlarmCall.municipality == viewer.municipality)
    query = (
        select(Alarm, Resident.handle, Staff.display_name)
        .join(Conversation, Conversation.id == Alarm.conversation_id)
        .join(Resident, Resident.id == Conversation.resident_id)
        .outerjoin(Staff, Staff.id == Alarm.opened_by)
        .where(visible_to(viewer), Alarm.id.in_(called))
        .order_by(Alarm.id.desc())
        .limit(LISTED)
    )
    if talk_ids is not None:
        query = query.where(Alarm.conversation_id.in_(talk_ids))
    rows = (await session.execute(query)).all()
    calls = await _calls(session, [row.Alarm.id for row in rows])
    return [
        AlarmLog(
            talk_id=row.Alarm.conversation_id,
            handle=row.handle,
            raised_at=row.Alarm.raised_at,
            calls=tuple(calls.get(row.Alarm.id, ())),
            opened_at=row.Alarm.opened_at,
            opened_by=row.display_name or "",
        )
        for row in rows
    ]


async def _calls(session: ReadSession, alarm_ids: Collection[str]) -> dict[str, list[CallView]]:
    query = (
        select(AlarmCall, Staff.display_name, EmergencyContact.name)
        .outerjoin(Staff, Staff.id == AlarmCall.staff_id)
        .outerjoin(EmergencyContact, EmergencyContact.id == AlarmCall.contact_id)
        .where(AlarmCall.alarm_id.in_(alarm_ids))
        .order_by(AlarmCall.step)
    )
    found: dict[str, list[CallView]] = {}
    for row in await session.execute(query):
        call = row.AlarmCall
        ways = "・".join(_WAY_WORDS[way] for way in call.ways.split(";") if way)
        view = CallView(
            at=call.called_at,
            who=row.display_name or row.name or "",
            reason=REASON_WORDS[call.reason],
            ways=ways or "つながる方法なし",
            answered_at=call.answered_at,
        )
        found.setdefault(call.alarm_id, []).append(view)
    return found
