"""From a figure to the talks behind it, for those who may see them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from handoff.accounts.viewer import Viewer
from handoff.desk.visibility import visible_to
from handoff.statistics.board import Order
from handoff.statistics.models import StatContact
from intake.base.database import ReadSession
from intake.conversations.models import Conversation
from intake.residents.models import Resident

MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """One talk of a list."""

    id: str
    handle: str
    opened_at: datetime
    closed_at: datetime | None
    window_id: str | None


async def find_talks(session: ReadSession, viewer: Viewer, order: Order) -> Sequence[Talk]:
    """Return the newest talks that were counted in a period under some filters, as far as the viewer may see them.

    A talk whose records were erased is counted but never listed.
    """
    wanted = (
        StatContact.slices.contains(json.dumps(f"{name}:{value}", ensure_ascii=False), autoescape=True)
        for name, value in order.filters.items()
    )
    rows = (
        select(Conversation, Resident.handle)
        .join(StatContact, StatContact.id == Conversation.id)
        .join(Resident, Resident.id == Conversation.resident_id)
        .where(
            visible_to(viewer),
            StatContact.municipality == viewer.municipality,
            StatContact.first_day.between(order.period.first, order.period.last),
            *wanted,
        )
        .order_by(Conversation.id.desc())
        .limit(MOST)
    )
    return [
        Talk(id=talk.id, handle=handle, opened_at=talk.opened_at, closed_at=talk.closed_at, window_id=talk.window_id)
        for talk, handle in (await session.execute(rows)).all()
    ]
