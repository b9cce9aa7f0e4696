"""The queue: which talks wait, in the order in which a person should look at them. A fixed number of queries, however long it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from handoff.desk.models import Alarm
from handoff.desk.paging import Place
from handoff.desk.queue_query import PAGE, TAGS_BETWEEN, Asker, QueueFilter, QueueView, page_of, rows_named, sizes_of
from handoff.desk.resident_words import ResidentWords, shown_words
from handoff.desk.words import REASON_WORDS, RISK_WORDS, STATE_WORDS, kinds_words
from handoff.desk.work_models import Snooze
from intake.base.database import ReadSession
from intake.base.sealing import KeyRing
from intake.conversations.models import Conversation, Message
from intake.dialogue.turn import Controller
from nlp.reading import Risk

_NO_FILTER = QueueFilter()
_NO_WORDS = ResidentWords()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One talk in the queue, in words."""

    id: str
    municipality: str
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
    waiting_since: datetime | None
    promised_by: datetime | None
    late: bool
    excerpt: str
    understood: tuple[str, ...]
    """What the last words were read to be about."""
    tags: tuple[str, ...]
    closed: bool
    put_off: bool = False

    @property
    def views(self) -> tuple[QueueView, ...]:
        """The views that list it when nothing narrows them: what the query of the queue asks, told of one talk."""
        live = not self.closed and self.controller is not Controller.BOT and not (self.put_off and not self.alarm)
        waits = self.alarm or (live and self.controller is Controller.WAITING)
        told = {QueueView.WAITING: waits, QueueView.MINE: live and self.mine, QueueView.ALL: self.alarm or live}
        return tuple(view for view in QueueView if told[view])


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A page of the queue with the sizes of its parts."""

    rows: tuple[QueueRow, ...]
    counts: Mapping[QueueView, int]
    alarms: int
    more: Place | None = None
    """Where the next page begins; None on the last one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """For whom and at which moment rows are put into words."""

    ring: KeyRing
    staff_id: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoRows:
    """One talk as its holder sees it in the list, and as everybody else does."""

    own: QueueRow
    others: QueueRow


async def load_queue(session: ReadSession, ring: KeyRing, asker: Asker, view: QueueView, chosen: QueueFilter = _NO_FILTER) -> Queue:
    """Return a page of what somebody may see of the queue, in the order in which a person should look at it. Three queries."""
    found = (await session.execute(page_of(asker, view, chosen))).all()
    page = found[:PAGE]
    alarms = await _open_alarms(session, [row.Conversation.id for row in page])
    *counts, alarmed = (await session.execute(sizes_of(asker))).one()
    seen = Sight(ring=ring, staff_id=asker.viewer.staff_id, now=asker.now)
    return Queue(
        rows=tuple(_row(seen, row, alarms.get(row.Conversation.id, [])) for row in page),
        counts=dict(zip(QueueView, counts, strict=True)),
        alarms=alarmed,
        more=_place(page[-1]) if len(found) > PAGE else None,
    )


def _place(row: Row[*tuple[Any, ...]]) -> Place:
    return Place(urgency=row.urgency, known=row.known, due=row.due, talk_id=row.Conversation.id)


async def rows_of(session: ReadSession, ring: KeyRing, ids: Sequence[str], now: datetime) -> Sequence[TwoRows]:
    """Return the rows of some talks as they are now. Whether somebody may see them is for the caller to ask."""
    found = (await session.execute(rows_named(ids))).all()
    alarms = await _open_alarms(session, ids)
    put_off = set(await session.scalars(select(Snooze.conversation_id).where(Snooze.conversation_id.in_(ids), Snooze.until > now)))
    rows = []
    for row in found:
        talk: Conversation = row.Conversation
        given = (row, alarms.get(talk.id, []))
        own, others = (_row(Sight(ring=ring, staff_id=person, now=now), *given) for person in (talk.owner or "", ""))
        off = talk.id in put_off
        rows.append(TwoRows(own=replace(own, put_off=off), others=replace(others, put_off=off)))
    return rows


async def _open_alarms(session: ReadSession, ids: Sequence[str]) -> Mapping[str, list[Alarm]]:
    grouped: dict[str, list[Alarm]] = {}
    for alarm in await session.scalars(select(Alarm).where(Alarm.conversation_id.in_(ids), Alarm.opened_at.is_(None))):
        grouped.setdefault(alarm.conversation_id, []).append(alarm)
    return grouped


def _row(seen: Sight, found: Row[*tuple[Any, ...]], alarms: list[Alarm]) -> QueueRow:
    talk: Conversation = found.Conversation
    last: Message | None = found.Message
    words = _NO_WORDS if last is None else shown_words(seen.ring, last, plain=False)
    risk = max((talk.risk, *(alarm.risk for alarm in alarms)), key=lambda level: level.rank)
    return QueueRow(
        id=talk.id,
        municipality=talk.municipality,
        handle=found.handle,
        window_id=talk.window_id,
        reason="危険の手がかりを検知" if found.reason is None else REASON_WORDS[found.reason],
        risk=risk,
        risk_words=RISK_WORDS[risk],
        alarm=bool(alarms),
        alarm_words=kinds_words(";".join(dict.fromkeys(kind for alarm in alarms for kind in alarm.kinds.split(";")))),
        words_unsent=any(alarm.words_unsent for alarm in alarms),
        state=state_words(talk, seen.staff_id, found.display_name),
        controller=talk.controller,
        mine=talk.owner == seen.staff_id,
        waiting_since=talk.waiting_since,
        promised_by=talk.promised_by,
        late=talk.promised_by is not None and talk.promised_by < seen.now,
        excerpt=words.line,
        understood=words.concerns,
        tags=tuple(sorted(found.tags.split(TAGS_BETWEEN))) if found.tags else (),
        closed=talk.closed_at is not None,
    )


def state_words(talk: Conversation, staff_id: str, owner_name: str | None) -> str:
    """Say who has a talk in hand."""
    if talk.closed_at is not None:
        return "終了しました"
    if talk.controller is not Controller.STAFF:
        return STATE_WORDS[talk.controller]
    return "あなたが対応中" if talk.owner == staff_id else f"{owner_name or 'ほかの職員'}さんが対応中"
