"""What every page behind the gate shows around its content."""

from functools import partial
from typing import Any

from fastapi import Request

from handoff.accounts.viewer import Viewer
from handoff.console.edge import Parts
from handoff.console.stream.rows import LIST
from handoff.desk.badges import load_badges
from handoff.desk.queue import Queue, load_queue
from handoff.desk.queue_query import Asker, QueueFilter, QueueView
from handoff.desk.words import CLOSE_WORDS
from intake.base.database import ReadSession


async def frame(request: Request, parts: Parts, viewer: Viewer, session: ReadSession) -> dict[str, Any]:
    """Return the values of the frame. The number of the last event is read first, so that nothing falls between page and stream."""
    context = parts.context
    badges = await load_badges(session, viewer, context.clock.now())
    return {
        "seq": badges.seq,
        "badges": badges,
        "now": context.clock.now(),
        "viewer": viewer,
        "idle_seconds": int(context.config.idle.total_seconds()),
        "demo": context.demo or viewer.demo,
        "city": context.city_name(viewer.municipality),
        "windows": [context.window_name(viewer.municipality, window) for window in sorted(viewer.windows)],
        "window_name": lambda window_id: context.window_name(viewer.municipality, window_id),
        "close_words": CLOSE_WORDS,
        "path": request.scope["path"],
        "keeps_examples": viewer.municipality in context.keep_examples_of,
        "directory_refusal": context.refused.get(viewer.municipality),
    }


def asker_of(parts: Parts, viewer: Viewer) -> Asker:
    """Return who asks, with what the municipality promises where nothing else was said."""
    city = parts.context.cities.get(viewer.municipality)
    minutes = {} if city is None else {"minutes": city.answer_within_minutes}
    return Asker(viewer=viewer, now=parts.context.clock.now(), **minutes)


def here_of(parts: Parts, viewer: Viewer, talk_id: str) -> str:
    """Say who else has a talk open."""
    return parts.context.presence.words(talk_id, viewer.staff_id)


async def queue_values(
    parts: Parts, viewer: Viewer, session: ReadSession, view: QueueView, chosen: QueueFilter, open_talk: str = ""
) -> dict[str, Any]:
    """Return what the list of the queue shows."""
    queue: Queue = await load_queue(session, parts.context.ring, asker_of(parts, viewer), view, chosen)
    parts.hub.opened(viewer, LIST)
    here = partial(here_of, parts, viewer)
    return {
        "here_of": here,
        "queue": queue,
        "view": view,
        "views": QUEUE_WORDS,
        "open_talk": open_talk,
        "chosen": chosen,
        "narrowing": chosen.query,
        "paged": chosen.address,
    }


QUEUE_WORDS = {QueueView.WAITING: "待っている", QueueView.MINE: "自分の担当", QueueView.ALL: "すべて"}
