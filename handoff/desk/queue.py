"""The queue: which talks wait, in the order in which a person should look at them. A fixed number of queries, however long it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select

from handoff.accounts.models import Staff
from handoff.accounts.viewer import Viewer
from handoff.desk.models import Alarm, Episode, HandoffReason
from handoff.desk.resident_words import shown_words
from handoff.desk.visibility import visible_to
from handoff.desk.words import REASON_WORDS, RISK_WORDS, STATE_WORDS, kinds_words
from intake.base.database import ReadSession
from intake.base.sealing import KeyRing
from intake.checkins.models import CheckinPlan
from intake.conversations.models import Author, Conversation, Message
from intake.dialogue.turn import Controller, EventKind
from intake.residents.models import Resident
from nlp.reading import Risk

PAGE = 100
_WITHOUT_WORDS = (EventKind.POSTBACK, EventKind.FOLLOW, EventKind.STICKER)


class QueueView(StrEnum):
    """Which part of the queue is shown."""

    WAITING = "waiting"
    MINE = "mine"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One talk in the queue, in words."""

    id: str
    handle: str
    window_id: str | None
    reason: str
    risk: Risk
    risk_words: str
    alarm: bool
    """A sign of danger that nobody has opened yet."""
    alarm_words: str
    words_unsent: bool
    state: str
    controller: Controller
    mine: bool
    waited: timedelta | None
    promised_by: datetime | None
    late: bool
    excerpt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A page of the queue with the sizes of its parts."""

    rows: tuple[QueueRow, ...]
    counts: Mapping[QueueView, int]
    alarms: int


def _open_alarm() -> ColumnElement[bool]:
    unopened = (Alarm.conversation_id == Conversation.id, Alarm.opened_at.is_(None))
    return select(Alarm.id).where(*unopened).correlate(Conversation).exists()


def _rank(column: Any) -> ColumnElement[int]:
    return case({risk: risk.rank for risk in Risk}, value=column, else_=0)


def _condition(viewer: Viewer, view: QueueView) -> ColumnElement[bool]:
    live = and_(Conversation.closed_at.is_(None), Conversation.controller != Controller.BOT)
    match view:
        case QueueView.WAITING:
            return or_(and_(live, Conversation.controller == Controller.WAITING), _open_alarm())
        case QueueView.MINE:
            return and_(live, Conversation.owner == viewer.staff_id)
        case QueueView.ALL:
            return or_(live, _open_alarm())


def _page(viewer: Viewer, view: QueueView) -> Select[Conversation, str, HandoffReason, str]:
    gravest = (
        select(func.max(_rank(Alarm.risk)))
        .where(Alarm.conversation_id == Conversation.id, Alarm.opened_at.is_(None))
        .correlate(Conversation)
        .scalar_subquery()
    )
    urgency = case((gravest.is_not(None), gravest + 1), (Conversation.controller == Controller.WAITING, _rank(Conversation.risk)), else_=0)
    knows = (CheckinPlan.resident_id == Conversation.resident_id, CheckinPlan.staff_id == viewer.staff_id)
    answer = and_(Episode.reason == HandoffReason.CHECKIN, select(CheckinPlan.id).where(*knows).correlate(Conversation).exists())
    newest = select(func.max(Episode.id)).where(Episode.conversation_id == Conversation.id).correlate(Conversation).scalar_subquery()
    return (
        select(Conversation, Resident.handle, Episode.reason, Staff.display_name)
        .join(Resident, Resident.id == Conversation.resident_id)
        .outerjoin(Episode, Episode.id == newest)
        .outerjoin(Staff, Staff.id == Conversation.owner)
        .where(visible_to(viewer), _condition(viewer, view))
        .order_by(urgency.desc(), case((answer, 0), else_=1), Conversation.waiting_since.asc().nulls_last(), Conversation.id)
        .limit(PAGE)
    )


async def load_queue(session: ReadSession, ring: KeyRing, viewer: Viewer, view: QueueView, *, now: datetime) -> Queue:
    """Return what the viewer may see of the queue: urgent first, then answers of residents whom the viewer knows, then the longest wait."""
    found = (await session.execute(_page(viewer, view))).all()
    ids = [row.Conversation.id for row in found]
    alarms = await _open_alarms(session, ids)
    last = await _last_words(session, ids)
    sizes = select(*(func.count().filter(_condition(viewer, part)) for part in QueueView), func.count().filter(_open_alarm()))
    *counts, alarmed = (await session.execute(sizes.select_from(Conversation).where(visible_to(viewer)))).one()
    rows = tuple(_row(ring, viewer, row, alarms.get(row.Conversation.id, []), last.get(row.Conversation.id), now) for row in found)
    return Queue(rows=rows, counts=dict(zip(QueueView, counts, strict=True)), alarms=alarmed)


async def _open_alarms(session: ReadSession, ids: Sequence[str]) -> Mapping[str, list[Alarm]]:
    grouped: dict[str, list[Alarm]] = {}
    for alarm in await session.scalars(select(Alarm).where(Alarm.conversation_id.in_(ids), Alarm.opened_at.is_(None))):
        grouped.setdefault(alarm.conversation_id, []).append(alarm)
    return grouped


async def _last_words(session: ReadSession, ids: Sequence[str]) -> Mapping[str, Message]:
    """Return what each resident said last. A tap or a sticker tells little of why somebody waits: it counts where there is nothing else."""
    said = case((Message.kind.not_in(_WITHOUT_WORDS), Message.id))
    newest = (
        select(func.coalesce(func.max(said), func.max(Message.id)))
        .where(Message.conversation_id.in_(ids), Message.author == Author.RESIDENT)
        .group_by(Message.conversation_id)
    )
    return {message.conversation_id: message for message in await session.scalars(select(Message).where(Message.id.in_(newest)))}


def _row(
    ring: KeyRing,
    viewer: Viewer,
    found: Row[Conversation, str, HandoffReason, str],
    alarms: list[Alarm],
    last: Message | None,
    now: datetime,
) -> QueueRow:
    talk: Conversation = found.Conversation
    risk = max((talk.risk, *(alarm.risk for alarm in alarms)), key=lambda level: level.rank)
    return QueueRow(
        id=talk.id,
        handle=found.handle,
        window_id=talk.window_id,
        reason="危険の手がかりを検知" if found.reason is None else REASON_WORDS[found.reason],
        risk=risk,
        risk_words=RISK_WORDS[risk],
        alarm=bool(alarms),
        alarm_words=kinds_words(";".join(dict.fromkeys(kind for alarm in alarms for kind in alarm.kinds.split(";")))),
        words_unsent=any(alarm.words_unsent for alarm in alarms),
        state=state_words(talk, viewer, found.display_name),
        controller=talk.controller,
        mine=talk.owner == viewer.staff_id,
        waited=None if talk.waiting_since is None else now - talk.waiting_since,
        promised_by=talk.promised_by,
        late=talk.promised_by is not None and talk.promised_by < now,
        excerpt="" if last is None else shown_words(ring, last, plain=False).line,
    )


def state_words(talk: Conversation, viewer: Viewer, owner_name: str | None) -> str:
    """Say who has a talk in hand."""
    if talk.closed_at is not None:
        return "終了しました"
    if talk.controller is not Controller.STAFF:
        return STATE_WORDS[talk.controller]
    return "あなたが対応中" if talk.owner == viewer.staff_id else f"{owner_name or 'ほかの職員'}さんが対応中"
