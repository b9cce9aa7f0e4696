"""Practice talks: starting one, letting its resident speak, listing and deleting them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Table, delete, select

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.desk.episodes import open_episode
from handoff.desk.models import Alarm, HandoffReason
from handoff.practice.models import PracticeTalk
from handoff.practice.rows import ACCOUNT
from handoff.practice.scripts import Script, load_scripts
from intake.base.database import ReadSession, WriteSession
from intake.base.errors import NotFoundError
from intake.base.ids import new_id
from intake.base.sealing import KeyRing
from intake.base.tables import Base
from intake.conversations.models import Author, Conversation, Message
from intake.conversations.receive import store_message
from intake.dialogue.turn import Controller, EventKind
from intake.events.models import EventName
from intake.events.service import record_event
from intake.inbox.inbound import Deed, Inbound
from intake.outbox.models import OutboxItem, OutboxStatus
from intake.residents.handles import new_handle
from intake.residents.models import Resident
from nlp.reading import Risk
from routing.story import read_message

_PROMISED = timedelta(hours=1)
_BATCH = 20
_KEPT = frozenset({"event_log", "audit_entry"})
"""Numbered without gaps, or never changed; both hold no words."""
_UNKNOWN = "この練習は見つかりません。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """One practice talk as its owner sees it."""

    id: str
    handle: str
    script: Script
    started_at: datetime
    said: int
    closed: bool


async def start(session: WriteSession, ring: KeyRing, viewer: Viewer, script_key: str, *, now: datetime) -> Conversation:
    """Start a talk with an invented resident. It waits for its owner, and nobody else ever sees it."""
    check_permission(viewer, Permission.ANSWER)
    script = load_scripts().get(script_key)
    if script is None:
        raise NotFoundError("この練習の台本は見つかりません。")
    key = new_id(now)
    place = {"municipality": viewer.municipality, "account": ACCOUNT}
    resident = Resident(id=key, lane=key, handle=f"練習 {new_handle()} {key[-4:]}", created_at=now, **place)
    resident.sealed_user = ring.seal(ACCOUNT, resident.place(), now)
    session.add(resident)
    await session.flush()
    talk = Conversation(id=new_id(now), resident_id=key, controller=Controller.WAITING, opened_at=now, epoch=1, **place)
    talk.waiting_since, talk.promised_by, talk.practice_of = now, now + _PROMISED, viewer.staff_id
    session.add(talk)
    await session.flush()
    open_episode(session, talk, reason=HandoffReason.ASKED, promised_by=talk.promised_by, now=now)
    row = PracticeTalk(conversation_id=talk.id, municipality=viewer.municipality, staff_id=viewer.staff_id, script=script.key)
    row.said, row.started_at = 0, now
    session.add(row)
    await _say(session, ring, row, talk, now)
    return talk


async def _say(session: WriteSession, ring: KeyRing, row: PracticeTalk, talk: Conversation, now: datetime) -> None:
    """Let the resident say the next line: read like any other, with an alarm where it shows danger."""
    lines = load_scripts()[row.script].lines
    row.next_at = None
    if row.said >= len(lines) or talk.closed_at is not None:
        return
    text = lines[row.said]
    row.said += 1
    inbound = Inbound(
        deed=Deed.TALK,
        municipality=talk.municipality,
        account=ACCOUNT,
        lane=talk.resident_id,
        user_id=ACCOUNT,
        occurred_at=now,
        kind=EventKind.TEXT,
        text=text,
    )
    reading = read_message(text)
    message = store_message(session, ring, talk, inbound, reading, now)
    talk.waiting_since = talk.waiting_since or now
    talk.risk = max(talk.risk or Risk.NONE, reading.risk, key=lambda level: level.rank)
    await session.flush()
    if reading.risk.rank < Risk.URGENT.rank:
        return
    place = {"municipality": talk.municipality, "conversation_id": talk.id}
    session.add(Alarm(id=new_id(now), message_id=message.id, risk=reading.risk, kinds=";".join(reading.risk_kinds), raised_at=now, **place))
    record_event(session, EventName.ALARM_RAISED, municipality=talk.municipality, at=now, conversation_id=talk.id)


async def lines_are_due(session: ReadSession, now: datetime) -> bool:
    """Tell whether any invented resident has something to say. A look without a lock."""
    return await session.scalar(select(PracticeTalk.conversation_id).where(PracticeTalk.next_at <= now).limit(1)) is not None


async def say_due(session: WriteSession, ring: KeyRing, *, now: datetime) -> int:
    """Let invented residents say what is due; returns how many spoke. An answer that was taken back is not answered."""
    due = select(PracticeTalk).where(PracticeTalk.next_at <= now).limit(_BATCH).with_for_update(skip_locked=True)
    rows = (await session.scalars(due)).all()
    for row in rows:
        talk = await session.get_one(Conversation, row.conversation_id)
        newest = select(OutboxItem.status).join(Message, Message.id == OutboxItem.message_id).where(Message.conversation_id == talk.id)
        status = await session.scalar(newest.where(Message.author == Author.STAFF).order_by(Message.id.desc()).limit(1))
        if status is OutboxStatus.CANCELLED:
            row.next_at = None
        elif status in {OutboxStatus.WAITING, OutboxStatus.SENDING}:
            row.next_at = now + timedelta(seconds=2)
        else:
            await _say(session, ring, row, talk, now)
    return len(rows)


async def practices_of(session: ReadSession, viewer: Viewer) -> Sequence[Practice]:
    """Return the viewer's practice talks, newest first."""
    mine = select(PracticeTalk, Conversation.closed_at, Resident.handle).where(PracticeTalk.staff_id == viewer.staff_id)
    joined = mine.join(Conversation, Conversation.id == PracticeTalk.conversation_id).join(
        Resident, Resident.id == Conversation.resident_id
    )
    scripts = load_scripts()
    return [
        Practice(
            id=row.PracticeTalk.conversation_id,
            handle=row.handle,
            script=scripts[row.PracticeTalk.script],
            started_at=row.PracticeTalk.started_at,
            said=row.PracticeTalk.said,
            closed=row.closed_at is not None,
        )
        for row in await session.execute(joined.order_by(PracticeTalk.conversation_id.desc()))
        if row.PracticeTalk.script in scripts
    ]


async def find_practice(session: ReadSession, viewer: Viewer, conversation_id: str) -> Script | None:
    """Return the script of one of the viewer's practice talks; None for any other talk."""
    row = await session.get(PracticeTalk, conversation_id)
    return None if row is None or row.staff_id != viewer.staff_id else load_scripts().get(row.script)


async def drop(session: WriteSession, viewer: Viewer, conversation_id: str) -> None:
    """Delete one of the viewer's practice talks, with everything that was written about it."""
    row = await session.get(PracticeTalk, conversation_id)
    talk = None if row is None or row.staff_id != viewer.staff_id else await session.get(Conversation, conversation_id)
    if talk is None or talk.practice_of != viewer.staff_id:
        raise NotFoundError(_UNKNOWN)
    resident_id = talk.resident_id
    session.expunge_all()
    gone = {"conversation": {conversation_id}, "resident": {resident_id}}
    tables = [table for table in Base.metadata.sorted_tables if table.name not in _KEPT]
    for table in tables:
        await _collect(session, table, conversation_id, gone)
    for table in reversed(tables):
        await _delete(session, table, conversation_id, gone)


async def _collect(session: WriteSession, table: Table, conversation_id: str, gone: dict[str, set[str]]) -> None:
    """Note the keys of what belongs to the talk, so that what hangs on it goes first."""
    if "conversation_id" in table.c and "id" in table.c:
        found = await session.scalars(select(table.c.id).where(table.c.conversation_id == conversation_id))
        gone.setdefault(table.name, set()).update(found)


async def _delete(session: WriteSession, table: Table, conversation_id: str, gone: dict[str, set[str]]) -> None:
    ways = [table.c.conversation_id == conversation_id] if "conversation_id" in table.c else []
    above = [key for key in table.foreign_keys if key.column.table.name != table.name and gone.get(key.column.table.name)]
    ways += [key.parent.in_(gone[key.column.table.name]) for key in above]
    if table.name in gone and "id" in table.c:
        ways.append(table.c.id.in_(gone[table.name]))
    for way in ways:
        await session.execute(delete(table).where(way))
