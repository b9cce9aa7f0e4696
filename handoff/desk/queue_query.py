"""The question behind the queue: what belongs to a view, and in which order a person should look at it.

Each thing that decides is asked of its table once, not once per talk: with ten thousand open talks the page must still come at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Executable, Select, Subquery, and_, case, exists, func, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from handoff.accounts.models import Staff
from handoff.accounts.viewer import Viewer
from handoff.desk.models import Alarm, Episode, HandoffReason
from handoff.desk.visibility import visible_to
from handoff.desk.work_models import Snooze, TalkTag
from intake.base.tables import Utc
from intake.checkins.models import CheckinPlan
from intake.conversations.models import Conversation
from intake.dialogue.turn import Controller
from intake.residents.models import Resident
from nlp.reading import Risk

PAGE = 100
TAGS_BETWEEN = "\n"


class QueueView(StrEnum):
    """Which part of the queue is shown."""

    WAITING = "waiting"
    MINE = "mine"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """What the list is narrowed to. Empty values narrow nothing; ``window`` may be ``none`` for those that no window has yet."""

    window: str = ""
    risk: Risk | None = None
    tag: str = ""
    snoozed: bool = False
    """Only what was put off, which is otherwise left out."""

    def __bool__(self) -> bool:
        return bool(self.window or self.risk or self.tag or self.snoozed)

    @property
    def query(self) -> str:
        """The same as the end of an address."""
        given = {"window": self.window, "risk": self.risk or "", "tag": self.tag, "snoozed": "1" if self.snoozed else ""}
        return urlencode({name: value for name, value in given.items() if value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who looks, when, and after how many minutes a person is promised where nothing else was said."""

    viewer: Viewer
    now: datetime
    minutes: int = 60


class _Later(FunctionElement[datetime]):
    """A moment so many minutes later. SQLite holds moments as microseconds, PostgreSQL as ``timestamptz``; each adds in its own way."""

    inherit_cache = True
    type = Utc()
    name = "later"


@compiles(_Later)
def _later(element: _Later, compiler: SQLCompiler, **kw: Any) -> str:
    moment, minutes = element.clauses
    return f"({compiler.process(moment, **kw)} + make_interval(mins => CAST({compiler.process(minutes, **kw)} AS integer)))"


@compiles(_Later, "sqlite")
def _later_in_sqlite(element: _Later, compiler: SQLCompiler, **kw: Any) -> str:
    moment, minutes = element.clauses
    return f"({compiler.process(moment, **kw)} + {compiler.process(minutes, **kw)} * 60000000)"


def _rank(column: Any) -> ColumnElement[int]:
    return case({risk: risk.rank for risk in Risk}, value=column, else_=0)


def _alarms(viewer: Viewer) -> Subquery:
    """Return the gravest unopened alarm of each talk of the municipality. There are few; they are counted once."""
    unopened = (Alarm.municipality == viewer.municipality, Alarm.opened_at.is_(None))
    gravest = func.max(_rank(Alarm.risk)).label("rank")
    return select(Alarm.conversation_id, gravest).where(*unopened).group_by(Alarm.conversation_id).subquery("alarmed")


def _condition(viewer: Viewer, view: QueueView, alarmed: Subquery) -> ColumnElement[bool]:
    live = and_(Conversation.closed_at.is_(None), Conversation.controller != Controller.BOT)
    match view:
        case QueueView.WAITING:
            return or_(and_(live, Conversation.controller == Controller.WAITING), alarmed.c.rank.is_not(None))
        case QueueView.MINE:
            return and_(live, Conversation.owner == viewer.staff_id)
        case QueueView.ALL:
            return or_(live, alarmed.c.rank.is_not(None))


def _put_off(asker: Asker) -> ColumnElement[bool]:
    later = select(Snooze.conversation_id).where(Snooze.municipality == asker.viewer.municipality, Snooze.until > asker.now)
    return Conversation.id.in_(later)


def _narrowed(asker: Asker, chosen: QueueFilter, alarmed: Subquery) -> ColumnElement[bool]:
    """Return the condition of what the filters leave. A sign of danger that nobody has opened is never put off."""
    off = and_(_put_off(asker), alarmed.c.rank.is_(None))
    ways = [off if chosen.snoozed else ~off]
    if chosen.window:
        ways.append(Conversation.window_id.is_(None) if chosen.window == "none" else Conversation.window_id == chosen.window)
    if chosen.risk is not None:
        ways.append(or_(Conversation.risk == chosen.risk, alarmed.c.rank == chosen.risk.rank))
    if chosen.tag:
        tagged = select(TalkTag.conversation_id).where(TalkTag.municipality == asker.viewer.municipality, TalkTag.word == chosen.tag)
        ways.append(Conversation.id.in_(tagged))
    return and_(*ways)


def _keys(asker: Asker, alarmed: Subquery) -> Sequence[ColumnElement[Any]]:
    """Urgent first; then answers to a check-in for whoever sent it; then by the moment at which a person was promised."""
    waiting = Conversation.controller == Controller.WAITING
    urgency = case((alarmed.c.rank.is_not(None), alarmed.c.rank + 1), (waiting, _rank(Conversation.risk)), else_=0)
    known = select(CheckinPlan.resident_id).where(CheckinPlan.staff_id == asker.viewer.staff_id)
    to_checkin = exists().where(Episode.conversation_id == Conversation.id, Episode.reason == HandoffReason.CHECKIN)
    answer = and_(Conversation.resident_id.in_(known), to_checkin.correlate(Conversation))
    due = func.coalesce(Conversation.promised_by, _Later(Conversation.waiting_since, asker.minutes))
    return urgency.label("urgency"), case((answer, 0), else_=1).label("known"), due.label("due"), Conversation.id.label("id")


def _sorted(urgency: ColumnElement[Any], known: ColumnElement[Any], due: ColumnElement[Any], key: ColumnElement[Any]) -> Sequence[Any]:
    return urgency.desc(), known, due.asc().nulls_last(), key


def page_of(asker: Asker, view: QueueView, chosen: QueueFilter) -> Select[Conversation, str, HandoffReason, str, str]:
    """Return the query for the first page of a view. Only the talks of the page are joined with what their rows show."""
    alarmed = _alarms(asker.viewer)
    keys = _keys(asker, alarmed)
    wanted = (visible_to(asker.viewer), _condition(asker.viewer, view, alarmed), _narrowed(asker, chosen, alarmed))
    talks = select(*keys).select_from(Conversation).outerjoin(alarmed, alarmed.c.conversation_id == Conversation.id).where(*wanted)
    first = talks.order_by(*_sorted(*keys)).limit(PAGE).subquery("first")
    return _shown().join(first, first.c.id == Conversation.id).order_by(*_sorted(first.c.urgency, first.c.known, first.c.due, first.c.id))


def rows_named(ids: Sequence[str]) -> Select[Conversation, str, HandoffReason, str, str]:
    """Return the query for some talks, with what their rows show; practice stands in no list."""
    return _shown().where(Conversation.id.in_(ids), Conversation.practice_of.is_(None))


def _shown() -> Select[Conversation, str, HandoffReason, str, str]:
    words = select(func.aggregate_strings(TalkTag.word, TAGS_BETWEEN)).where(TalkTag.conversation_id == Conversation.id)
    tags = words.correlate(Conversation).scalar_subquery()
    newest = select(func.max(Episode.id)).where(Episode.conversation_id == Conversation.id).correlate(Conversation).scalar_subquery()
    return (
        select(Conversation, Resident.handle, Episode.reason, Staff.display_name, tags.label("tags"))
        .select_from(Conversation)
        .join(Resident, Resident.id == Conversation.resident_id)
        .outerjoin(Episode, Episode.id == newest)
        .outerjoin(Staff, Staff.id == Conversation.owner)
    )


def sizes_of(asker: Asker) -> Executable:
    """Return the query for the sizes of all views, and of the talks with an unopened alarm; what is put off is not counted."""
    alarmed = _alarms(asker.viewer)
    shown = _narrowed(asker, QueueFilter(), alarmed)
    parts = (func.count().filter(_condition(asker.viewer, view, alarmed), shown) for view in QueueView)
    talks = select(*parts, func.count().filter(alarmed.c.rank.is_not(None))).select_from(Conversation)
    anything = _condition(asker.viewer, QueueView.ALL, alarmed)
    return talks.outerjoin(alarmed, alarmed.c.conversation_id == Conversation.id).where(visible_to(asker.viewer), anything)


def next_of(asker: Asker) -> Select[Conversation]:
    """Return the query for the one talk that a person should take next: the first of the queue that nobody holds, locked."""
    alarmed = _alarms(asker.viewer)
    free = (Conversation.closed_at.is_(None), Conversation.controller == Controller.WAITING)
    return (
        select(Conversation)
        .outerjoin(alarmed, alarmed.c.conversation_id == Conversation.id)
        .where(visible_to(asker.viewer), *free, _narrowed(asker, QueueFilter(), alarmed))
        .order_by(*_sorted(*_keys(asker, alarmed)))
        .limit(1)
        .with_for_update(skip_locked=True, of=Conversation)
        .execution_options(populate_existing=True)
    )
