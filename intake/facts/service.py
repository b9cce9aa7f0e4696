"""Writing facts, and making them forget."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from intake.base.database import WriteSession
from intake.base.ids import new_id
from intake.facts.models import Fact, FactKind

_DRAFTS = "fact_drafts"
_WRITE = insert(Fact.__table__)  # type: ignore[arg-type] # the table of a mapped class is one
KEPT_AFTER_UNSEND = ("first", "office", "calendar", "channel")
"""What is still known of a message that was taken back: that it came, when, and by which way."""


def add_fact(
    session: WriteSession,
    kind: FactKind,
    *,
    municipality: str,
    unit: str,
    at: datetime,
    ref: str | None = None,
    window_id: str | None = None,
    code: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Note a fact of this transaction; it is written at its end. ``code`` and ``details`` come from closed lists, never from words."""
    draft = {
        "id": new_id(at),
        "municipality": municipality,
        "unit": unit,
        "kind": kind,
        "at": at,
        "ref": ref,
        "window_id": window_id,
        "code": None if code is None else code[:120],
        "details": None if details is None else json.dumps(details, ensure_ascii=False),
        "pending": True,
    }
    session.info.setdefault(_DRAFTS, []).append(draft)


def fact_is_noted(session: WriteSession, kind: FactKind, ref: str) -> bool:
    """Tell whether this transaction has already noted such a fact of such a thing."""
    return any(draft["kind"] is kind and draft["ref"] == ref for draft in session.info.get(_DRAFTS, ()))


def is_moved_now(session: WriteSession, unit: str) -> bool:
    """Tell whether this transaction gave a contact to another window: then whoever had it did not only let go of it."""
    return any(draft["kind"] is FactKind.MOVED and draft["unit"] == unit for draft in session.info.get(_DRAFTS, ()))


async def append_facts(session: WriteSession) -> None:
    """Write what was noted, in one statement."""
    drafts = session.info.pop(_DRAFTS, [])
    if drafts:
        with session.no_autoflush:  # Facts point at no row; what else is waiting is written in its own time.
            await session.execute(_WRITE, drafts)


TAKEN_BACK = "taken_back"
"""The code of an ``ANSWERED`` that says of an earlier one that it never left."""


def add_taken_back(session: WriteSession, *, municipality: str, unit: str, at: datetime, written: datetime) -> None:
    """Note that an answer of staff was stopped before it left: it is no answer, and the wait goes on."""
    details = {"written": written.isoformat()}
    add_fact(session, FactKind.ANSWERED, municipality=municipality, unit=unit, at=at, code=TAKEN_BACK, details=details)


UNANSWERED = "unanswered"
"""The code of an ``ANSWERED`` that says of a promise that no answer will meet it any more."""


def add_unanswered(session: WriteSession, *, municipality: str, unit: str, at: datetime, promised: datetime) -> None:
    """Note that the wait for a promised answer ended without one: the talk was closed, or somebody else owes another time."""
    details = {"promised": promised.isoformat()}
    add_fact(session, FactKind.ANSWERED, municipality=municipality, unit=unit, at=at, code=UNANSWERED, details=details)


async def forget_message(session: WriteSession, unit: str, message_id: str) -> None:
    """Take out of the facts what was read from a message that its writer took back. That it came stays counted."""
    await append_facts(session)
    rows = await session.scalars(select(Fact).where(Fact.unit == unit, Fact.ref == message_id, Fact.details.is_not(None)))
    for row in rows:
        known = json.loads(row.details or "{}")
        row.details = json.dumps({key: known[key] for key in KEPT_AFTER_UNSEND if key in known})
        row.pending = True
    await session.flush()


async def cut_loose(session: WriteSession, municipality: str, unit: str, *, now: datetime) -> tuple[str, str]:
    """Untie a contact from its talk and forget what was read; returns the old and the new unit. The counts stay, by day."""
    await append_facts(session)
    loose = new_id(now)
    refs: dict[str, str] = {}
    for row in await session.scalars(select(Fact).where(Fact.unit == unit)):
        known = json.loads(row.details or "{}")
        row.details = json.dumps({key: known[key] for key in KEPT_AFTER_UNSEND if key in known}) if known else None
        row.unit, row.pending = loose, True
        row.ref = None if row.ref is None else refs.setdefault(row.ref, new_id(now))
    await session.flush()
    add_fact(session, FactKind.ERASED, municipality=municipality, unit=loose, at=now)
    return unit, loose


async def join_units(session: WriteSession, municipality: str, *, kept: str, joined: str, now: datetime) -> None:
    """Count two contacts as one from now on, as when two accounts turn out to be one matter of one household."""
    await append_facts(session)
    await session.execute(update(Fact).where(Fact.unit == joined).values(unit=kept))
    await session.execute(update(Fact).where(Fact.unit == kept).values(pending=True))
    add_fact(session, FactKind.JOINED, municipality=municipality, unit=joined, at=now)
