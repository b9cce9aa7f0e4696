"""From a figure to the talks behind it, for those who may see them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from handoff.accounts.viewer import Viewer
from handoff.desk.visibility import visible_to
from handoff.statistics.board import Order
from handoff.statistics.models import StatContact
from handoff.statistics.tables import Row, Table
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


def figure_of(table: Table, row: Row) -> str | None:
    """Return the figure of a row behind which talks stand; None where it is a total of others, or counted elsewhere."""
    name = row.names[0] if len(row.names) == 1 else ""
    if not name or not table.counts or not row.values[0] or "@" in name or name.partition("/")[0] in _NO_TALKS:
        return None
    return name


_NO_TALKS = frozenset({"hand", "checkin", "push", "blocked"})
_LOOKED = 2_000


async def find_talks(session: ReadSession, viewer: Viewer, order: Order, figure: str = "") -> Sequence[Talk]:
    """Return the newest talks that were counted in a period under some filters, as far as the viewer may see them.

    ``figure`` leaves those that add to it on a day of the period. A talk whose records were erased is counted but never listed.
    """
    first, last = order.period.first, order.period.last
    days: list[ColumnElement[bool]] = [StatContact.first_day.between(first, last)]
    if figure:
        days = [StatContact.first_day <= last, StatContact.last_day >= first, _holds(StatContact.items, figure)]
    wanted = (_holds(StatContact.slices, f"{name}:{value}") for name, value in order.filters.items())
    rows = (
        select(Conversation, Resident.handle, StatContact.items)
        .join(StatContact, StatContact.id == Conversation.id)
        .join(Resident, Resident.id == Conversation.resident_id)
        .where(
            visible_to(viewer),
            StatContact.municipality == viewer.municipality,
            *days,
            *wanted,
        )
        .order_by(Conversation.id.desc())
        .limit(_LOOKED if figure else MOST)
    )
    found = [
        Talk(id=talk.id, handle=handle, opened_at=talk.opened_at, closed_at=talk.closed_at, window_id=talk.window_id)
        for talk, handle, items in (await session.execute(rows)).all()
        if not figure or _adds(items, figure, order)
    ]
    return found[:MOST]


def _holds(column: InstrumentedAttribute[str], word: str) -> ColumnElement[bool]:
    """Return the condition that a word stands in a column of JSON."""
    return column.contains(json.dumps(word, ensure_ascii=False), autoescape=True)


def _adds(items: str, figure: str, order: Order) -> bool:
    """Tell whether a contact adds to a figure within the period, and not only before or after it."""
    period = order.period
    return any(figure in counts and period.first <= date.fromisoformat(day) <= period.last for day, counts in json.loads(items).items())
