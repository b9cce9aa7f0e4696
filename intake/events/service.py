"""Writing and reading the event log."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from intake.base.database import ReadSession, WriteSession
from intake.events.models import EventHead, EventName, LoggedEvent

_DRAFTS = "event_drafts"


def record_event(
    session: WriteSession,
    name: EventName,
    *,
    municipality: str,
    at: datetime,
    conversation_id: str | None = None,
    actor: str | None = None,
) -> None:
    """Note an event of this transaction. It gets its number at the very end, just before the commit."""
    draft = {"municipality": municipality, "at": at, "name": name, "conversation_id": conversation_id, "actor": actor}
    session.info.setdefault(_DRAFTS, []).append(draft)
    session.wake("events")


def noted_events(session: WriteSession) -> Sequence[Mapping[str, Any]]:
    """Return the events of this transaction that have no number yet."""
    return tuple(session.info.get(_DRAFTS, ()))


async def append_events(session: WriteSession) -> None:
    """Write what was noted, numbered. Holding the head row until the commit makes numbers appear in order, without gaps."""
    drafts = session.info.pop(_DRAFTS, [])
    if not drafts:
        return
    await session.flush()
    step = update(EventHead).where(EventHead.id == 1).values(last=EventHead.last + len(drafts)).returning(EventHead.last)
    last = (await session.execute(step, execution_options={"synchronize_session": False})).scalar_one()
    first = last - len(drafts) + 1
    await session.execute(insert(LoggedEvent), [{"seq": first + n, **draft} for n, draft in enumerate(drafts)])


async def events_after(session: ReadSession, municipality: str, seq: int, limit: int = 500) -> Sequence[LoggedEvent]:
    """Return the events of a municipality after a number, oldest first."""
    query = (
        select(LoggedEvent).where(LoggedEvent.municipality == municipality, LoggedEvent.seq > seq).order_by(LoggedEvent.seq).limit(limit)
    )
    return (await session.scalars(query)).all()


async def last_seq(session: ReadSession) -> int:
    """Return the last number given, 0 before the first."""
    return (await session.scalar(select(EventHead.last).where(EventHead.id == 1))) or 0


async def first_kept_seq(session: ReadSession) -> int:
    """Return the oldest number still in the log, or the next one when the log is empty; a cursor before it is too old."""
    oldest = await session.scalar(select(LoggedEvent.seq).order_by(LoggedEvent.seq).limit(1))
    return oldest if oldest is not None else await last_seq(session) + 1
