"""Times in which a resident is left in peace: a step of support is under way, somebody has died, they are away."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from intake.base.database import ReadSession
from intake.checkins.models import ContactHold

LOOK_AGAIN = timedelta(days=7)
"""A plan under a hold without an end is looked at again after so long."""


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
