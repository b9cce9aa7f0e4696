"""Rows of the queue on their way to open lists: drawn once when something happens to a talk, for its holder and for everybody else.

Thirty lists that each ask for themselves what has changed in one row are thirty lists to draw while somebody waits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from handoff.console.context import ConsoleContext
from handoff.console.render import draw
from handoff.desk.queue import QueueRow, rows_of
from intake.base.database import ReadSession
from intake.events.models import EventName

LIST = "list"
"""What a session has open that shows the list; the ids of talks have another shape."""
_SHOWN_ELSEWHERE = frozenset({EventName.NOTE_WRITTEN, EventName.NOTIFIED, EventName.SEND_CHANGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRow:
    """One row as frames of the stream: for whoever holds the talk, and for everybody else. They carry no number of the log."""

    own: bytes
    others: bytes


def changes_row(name: EventName) -> bool:
    """Tell whether an event may change how a talk stands in the list."""
    return name not in _SHOWN_ELSEWHERE


async def drawn_rows(session: ReadSession, context: ConsoleContext, talk_ids: Sequence[str]) -> Mapping[str, NewRow]:
    """Return the rows of these talks, drawn."""
    rows = await rows_of(session, context.ring, talk_ids, context.clock.now())
    return {both.own.id: NewRow(own=_frame(context, both.own), others=_frame(context, both.others)) for both in rows}


def _frame(context: ConsoleContext, row: QueueRow) -> bytes:
    def window_name(window_id: str | None) -> str:
        return context.window_name(row.municipality, window_id)

    told: dict[str, Any] = {"talk": row.id, "views": row.views, "risk": row.risk, "alarm": row.alarm, "controller": row.controller}
    told["html"] = draw("_row_inside.html", row=row, now=context.clock.now(), window_name=window_name)
    return b"event: row\ndata: %s\n\n" % orjson.dumps(told)
