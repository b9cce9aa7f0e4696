"""What every page behind the gate shows around its content."""

from typing import Any

from fastapi import Request

from handoff.accounts.viewer import Viewer
from handoff.console.edge import Parts
from handoff.desk.queue import Queue, QueueView, load_queue
from handoff.desk.words import CLOSE_WORDS
from intake.base.database import ReadSession
from intake.events.service import last_seq


async def frame(request: Request, parts: Parts, viewer: Viewer, session: ReadSession) -> dict[str, Any]:
    """Return the values of the frame. The number of the last event is read first, so that nothing falls between page and stream."""
    context = parts.context
    return {
        "seq": await last_seq(session),
        "now": context.clock.now(),
        "viewer": viewer,
        "demo": context.demo or viewer.demo,
        "city": context.city_name(viewer.municipality),
        "windows": [context.window_name(viewer.municipality, window) for window in sorted(viewer.windows)],
        "window_name": lambda window_id: context.window_name(viewer.municipality, window_id),
        "close_words": CLOSE_WORDS,
        "path": request.scope["path"],
        "directory_refusal": context.refused.get(viewer.municipality),
    }


async def queue_values(parts: Parts, viewer: Viewer, session: ReadSession, view: QueueView, open_talk: str = "") -> dict[str, Any]:
    """Return what the list of the queue shows."""
    context = parts.context
    queue: Queue = await load_queue(session, context.ring, viewer, view, now=context.clock.now())
    return {"queue": queue, "view": view, "views": QUEUE_WORDS, "open_talk": open_talk}


QUEUE_WORDS = {QueueView.WAITING: "待っている", QueueView.MINE: "自分の担当", QueueView.ALL: "すべて"}
