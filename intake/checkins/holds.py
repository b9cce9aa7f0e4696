"""Times in which a resident is left in peace: a step of support is under way, somebody has died, they are away."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update

from intake.base.database import ReadSession, WriteSession
from intake.base.ids import new_id
from intake.checkins.models import ContactHold, HoldKind

LOOK_AGAIN = timedelta(days=7)
"""A plan under a hold without an end is looked at again after so long."""


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom a hold is for."""

    municipality: str
    resident_id: str


@dataclass(frozen=True, slots=True)
class By:
    """Who does something, and when."""

    staff_id: str
    at: datetime


def lasting(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a hold counts at a moment."""
    return and_(ContactHold.lifted_at.is_(None), or_(ContactHold.until.is_(None), ContactHold.until > now))


async def held_until(session: ReadSession, resident_ids: Collection[str], now: datetime) -> Mapping[str, datetime]:
    """Return who of these residents is left in peace now, and until when nothing need be planned for them."""
    found: dict[str, datetime] = {}
    query = select(ContactHold.resident_id, ContactHold.until).where(ContactHold.resident_id.in_(resident_ids), lasting(now))
    for resident_id, until in await session.execute(query):
        ends = until or now + LOOK_AGAIN
        found[resident_id] = max(ends, found.get(resident_id, ends))
    return found


async def holds_of(session: ReadSession, resident_ids: Collection[str], now: datetime) -> Mapping[str, list[ContactHold]]:
    """Return the holds of these residents that count now, the newest first."""
    found: dict[str, list[ContactHold]] = {}
    query = select(ContactHold).where(ContactHold.resident_id.in_(resident_ids), lasting(now)).order_by(ContactHold.id.desc())
    for hold in await session.scalars(query):
        found.setdefault(hold.resident_id, []).append(hold)
    return found


def hold_contact(session: WriteSession, whom: Whom, kind: HoldKind, by: By, *, until: datetime | None, step_id: str | None = None) -> None:
    """Leave a resident in peace for a while."""
    session.add(
        ContactHold(
            id=new_id(by.at),
            municipality=whom.municipality,
            resident_id=whom.resident_id,
            kind=kind,
            step_id=step_id,
            made_by=by.staff_id,
            made_at=by.at,
            until=until,
        )
    )


async def lift_holds(session: WriteSession, by: By, *which: ColumnElement[bool]) -> None:
    """Let check-ins go on. Who lifted a hold, and when, is kept."""
    open_ones = update(ContactHold).where(ContactHold.lifted_at.is_(None), *which)
    await session.execute(open_ones.values(lifted_at=by.at, lifted_by=by.staff_id))
