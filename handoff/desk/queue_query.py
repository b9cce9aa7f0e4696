"""The question behind the queue: what belongs to a view, and in which order a person should look at it.

Each thing that decides is asked of its table once, not once per talk: with ten thousand open talks the page must still come at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Executable,
    Integer,
    ScalarSelect,
    Select,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from handoff.accounts.models import Staff
from handoff.accounts.viewer import Viewer
from handoff.desk.models import Alarm, Episode, HandoffReason
from handoff.desk.paging import Place
from handoff.desk.visibility import visible_to
from handoff.desk.work_models import Snooze, TalkTag
from intake.base.tables import Utc
from intake.checkins.models import CheckinPlan
from intake.conversations.models import Author, Conversation, Message
from intake.dialogue.turn import Controller, EventKind
from intake.residents.models import Resident
from nlp.reading import Risk

PAGE = 100
TAGS_BETWEEN = "\n"
_WITHOUT_WORDS = (EventKind.POSTBACK, EventKind.FOLLOW, EventKind.STICKER)


class QueueView(StrEnum):
    """Which part of the queue is shown."""

    WAITING = "waiting"
    MINE = "mine"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """What the list is narrowed to, and where its page begins.

    Empty values narrow nothing; ``window`` may be ``none`` for those that no window has yet.
    """

    window: str = ""
    risk: Risk | None = None
    tag: str = ""
    snoozed: bool = False
    """Only what was put off, which is otherwise left out."""
    after: Place | None = None
    """The last row of the page before; None for the beginning."""

    def __bool__(self) -> bool:
        return bool(self.window or self.risk or self.tag or self.snoozed)

    @property
    def query(self) -> str:
        """What it narrows, as the end of an address."""
        given = {"window": self.window, "risk": self.risk or "", "tag": self.tag, "snoozed": "1" if self.snoozed else ""}
        return urlencode({name: value for name, value in given.items() if value})

    @property
    def address(self) -> str:
        """The same with the place where the page begins."""
        return "&".join(part for part in (self.query, f"after={self.after}" if self.after else "") if part)


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


def _unopened(viewer: Viewer) -> Sequence[ColumnElement[bool]]:
    return Alarm.municipality == viewer.municipality, Alarm.opened_at.is_(None)


def _alarms(viewer: Viewer) -> Subquery:
    """Return the gravest unopened alarm of each talk of the municipality. There are few; they are counted once."""
    gravest = func.max(_rank(Alarm.risk)).label("rank")
    return select(Alarm.conversation_id, gravest).where(*_unopened(viewer)).group_by(Alarm.conversation_id).subquery("alarmed")


def _live(viewer: Viewer, view: QueueView) -> ColumnElement[bool]:
    """Return the condition that an open talk belongs to a view by itself. What shows danger stands in some views however it is."""
    live = and_(Conversation.closed_at.is_(None), Conversation.controller.in_((Controller.WAITING, Controller.STAFF)))
    match view:
        case QueueView.WAITING:
            return and_(Conversation.closed_at.is_(None), Conversation.controller == Controller.WAITING)
        case QueueView.MINE:
            return and_(live, Conversation.owner == viewer.staff_id)
        case QueueView.ALL:
            return live


def _put_off(asker: Asker) -> ColumnElement[bool]:
    later = select(Snooze.conversation_id).where(Snooze.municipality == asker.viewer.municipality, Snooze.until > asker.now)
    return Conversation.id.in_(later)


def _narrowed(asker: Asker, chosen: QueueFilter, rank: ColumnElement[int | None]) -> ColumnElement[bool]:
    """Return the condition of what the filters leave. A sign of danger that nobody has opened is never put off."""
    off = and_(_put_off(asker), rank.is_(None))
    ways = [off if chosen.snoozed else ~off]
    if chosen.window:
        ways.append(Conversation.window_id.is_(None) if chosen.window == "none" else Conversation.window_id == chosen.window)
    if chosen.risk is not None:
        ways.append(or_(Conversation.risk == chosen.risk, rank == chosen.risk.rank))
    if chosen.tag:
        tagged = select(TalkTag.conversation_id).where(TalkTag.municipality == asker.viewer.municipality, TalkTag.word == chosen.tag)
        ways.append(Conversation.id.in_(tagged))
    return and_(*ways)


def _keys(asker: Asker, rank: ColumnElement[int | None]) -> Sequence[ColumnElement[Any]]:
    """Urgent first; then answers to a check-in for whoever sent it; then by the moment at which a person was promised."""
    waiting = Conversation.controller == Controller.WAITING
    urgency = case((rank.is_not(None), rank + 1), (waiting, _rank(Conversation.risk)), else_=0)
    known = select(CheckinPlan.resident_id).where(CheckinPlan.staff_id == asker.viewer.staff_id)
    to_checkin = exists().where(Episode.conversation_id == Conversation.id, Episode.reason == HandoffReason.CHECKIN)
    answer = and_(Conversation.resident_id.in_(known), to_checkin.correlate(Conversation))
    due = func.coalesce(Conversation.promised_by, _Later(Conversation.waiting_since, asker.minutes))
    return urgency.label("urgency"), case((answer, 0), else_=1).label("known"), due.label("due"), Conversation.id.label("id")


def _sorted(urgency: ColumnElement[Any], known: ColumnElement[Any], due: ColumnElement[Any], key: ColumnElement[Any]) -> Sequence[Any]:
    return urgency.desc(), known, due.asc().nulls_last(), key


_CALM: ColumnElement[int | None] = cast(null(), Integer)
"""The rank of an alarm where there is none."""
_Keys = Select[int, int, datetime, str]


def _page_of(asker: Asker, view: QueueView, chosen: QueueFilter) -> _Keys:
    """Return the keys of a page: the first of the open talks, read off their index, and of what shows danger, closed or not, together."""
    viewer, alarmed = asker.viewer, _alarms(asker.viewer)
    signs = select(Alarm.conversation_id).where(*_unopened(viewer))
    calm = select(*_keys(asker, _CALM)).where(_live(viewer, view), Conversation.id.not_in(signs), _narrowed(asker, chosen, _CALM))
    grave = (
        select(*_keys(asker, alarmed.c.rank))
        .join(alarmed, alarmed.c.conversation_id == Conversation.id)
        .where(_with_danger(viewer, view), _narrowed(asker, chosen, alarmed.c.rank))
    )
    return _first(union_all(*(_first(part.where(visible_to(viewer)), chosen.after) for part in (calm, grave))), None)


def _first(talks: Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]], after: Place | None) -> _Keys:
    """Return the first of some talks after a place, and one more to see that there is more."""
    found = talks.subquery().c
    keys = (found.urgency, found.known, found.due, found.id)
    behind = true() if after is None else after.before(*keys)
    page = select(*keys).where(behind).order_by(*_sorted(*keys)).limit(PAGE + 1).subquery().c
    return select(page.urgency, page.known, page.due, page.id)


def _with_danger(viewer: Viewer, view: QueueView) -> ColumnElement[bool]:
    return _live(viewer, view) if view is QueueView.MINE else true()


def page_of(
    asker: Asker, view: QueueView, chosen: QueueFilter
) -> Select[Conversation, str, HandoffReason, str, str, Message, int, int, datetime]:
    """Return the query for a page of a view, and for the first row of the next one, if any, to see that there is more.

    Only the talks of the page are joined with what their rows show.
    """
    first = _page_of(asker, view, chosen).subquery("first")
    shown = _shown().add_columns(first.c.urgency, first.c.known, first.c.due).join(first, first.c.id == Conversation.id)
    return shown.order_by(*_sorted(first.c.urgency, first.c.known, first.c.due, first.c.id))


def rows_named(ids: Sequence[str]) -> Select[Conversation, str, HandoffReason, str, str, Message]:
    """Return the query for some talks, with what their rows show; practice stands in no list."""
    return _shown().where(Conversation.id.in_(ids), Conversation.practice_of.is_(None))


def _shown() -> Select[Conversation, str, HandoffReason, str, str, Message]:
    words = select(func.aggregate_strings(TalkTag.word, TAGS_BETWEEN)).where(TalkTag.conversation_id == Conversation.id)
    tags = words.correlate(Conversation).scalar_subquery()
    newest = select(func.max(Episode.id)).where(Episode.conversation_id == Conversation.id).correlate(Conversation).scalar_subquery()
    return (
        select(Conversation, Resident.handle, Episode.reason, Staff.display_name, tags.label("tags"), Message)
        .select_from(Conversation)
        .join(Resident, Resident.id == Conversation.resident_id)
        .outerjoin(Episode, Episode.id == newest)
        .outerjoin(Staff, Staff.id == Conversation.owner)
        .outerjoin(Message, Message.id == _last_words())
    )


def _last_words() -> ScalarSelect[str]:
    """Find what the resident said last. A tap or a sticker tells little of why somebody waits: it counts where there is nothing else."""
    said = aliased(Message)
    words = case((said.kind.not_in(_WITHOUT_WORDS), said.id))
    newest = select(func.coalesce(func.max(words), func.max(said.id)))
    return newest.where(said.conversation_id == Conversation.id, said.author == Author.RESIDENT).correlate(Conversation).scalar_subquery()


def sizes_of(asker: Asker) -> Executable:
    """Return the query for the sizes of all views, and of the talks with an unopened alarm; what is put off is not counted."""
    viewer, alarmed = asker.viewer, _alarms(asker.viewer)
    without = Conversation.id.not_in(select(Alarm.conversation_id).where(*_unopened(viewer)))
    waits, mine = Conversation.controller == Controller.WAITING, Conversation.owner == viewer.staff_id
    parts = (func.count().filter(waits).label("waiting"), func.count().filter(mine).label("mine"), func.count().label("all"))
    shown = (visible_to(viewer), _live(viewer, QueueView.ALL), without, ~_put_off(asker))
    calm = select(*parts).select_from(Conversation).where(*shown).subquery("calm").c
    own = func.count().filter(_live(viewer, QueueView.MINE)).label("mine")
    risen = select(own, func.count().label("all")).select_from(Conversation).join(alarmed, alarmed.c.conversation_id == Conversation.id)
    grave = risen.where(visible_to(viewer)).subquery("grave").c
    both = calm.all.table.join(grave.all.table, true())
    return select(calm.waiting + grave.all, calm.mine + grave.mine, calm.all + grave.all, grave.all).select_from(both)


def next_of(asker: Asker) -> Select[Conversation]:
    """Return the query for the one talk that a person should take next: the first of the queue that nobody holds, locked."""
    alarmed = _alarms(asker.viewer)
    free = (Conversation.closed_at.is_(None), Conversation.controller == Controller.WAITING)
    return (
        select(Conversation)
        .outerjoin(alarmed, alarmed.c.conversation_id == Conversation.id)
        .where(visible_to(asker.viewer), *free, _narrowed(asker, QueueFilter(), alarmed.c.rank))
        .order_by(*_sorted(*_keys(asker, alarmed.c.rank)))
        .limit(1)
        .with_for_update(skip_locked=True, of=Conversation)
        .execution_options(populate_existing=True)
    )
