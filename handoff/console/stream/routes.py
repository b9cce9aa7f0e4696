"""The stream as a browser gets it: plain server-sent events with numbers to resume from."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header
from starlette.responses import StreamingResponse

from handoff.console.edge import GivenParts, GivenViewer
from handoff.console.stream.hub import Hub, Watcher

router = APIRouter()
_RETRY = b"retry: 1000\n\n"


def _number(text: str | None) -> int | None:
    """Return the number that a browser has seen last; what is no number of ours is older than everything."""
    if text is None or text == "":
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1  # noqa: PLR2004 - digits of a 64-bit number


async def frames(hub: Hub, watcher: Watcher, after: int | None) -> AsyncIterator[bytes]:
    """Yield what one stream sends, until its session or the process ends: each event once, in order, with a sign of life in between."""
    loop = asyncio.get_running_loop()
    cursor, reset = await hub.start_at(after)
    yield _RETRY + (b"id: %d\nevent: reset\ndata: {}\n\n" % cursor if reset else b": hello\nid: %d\n\n" % cursor)
    ping_at = loop.time() + hub.ping
    while watcher.viewer is not None and not hub.stopping:
        bell = hub.bell
        events = await hub.after(cursor)
        viewer = watcher.viewer
        chunk = hub.chunk_for(watcher, viewer, events) + hub.here_for(watcher, viewer)
        cursor = events[-1].seq if events else cursor
        if not chunk and loop.time() >= ping_at:
            # An event, no comment: a page that hears nothing at all knows that the line is dead, whatever the socket says.
            chunk = b"id: %d\nevent: ping\ndata: {}\n\n" % cursor
        if chunk:
            yield chunk
            ping_at = loop.time() + hub.ping
        elif not events:
            await _wait(bell, ping_at - loop.time())


async def _wait(bell: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(max(seconds, 0)):
            await bell.wait()
    except TimeoutError:
        return


async def _watch(hub: Hub, watcher: Watcher, after: int | None) -> AsyncIterator[bytes]:
    try:
        async for chunk in frames(hub, watcher, after):
            yield chunk
    finally:
        hub.leave(watcher)


@router.get("/stream")
async def stream(
    parts: GivenParts, viewer: GivenViewer, after: str | None = None, last_event_id: Annotated[str | None, Header()] = None
) -> StreamingResponse:
    """Send the events that this person may see, from the number that the browser has seen last."""
    watcher = parts.hub.join(viewer)
    body = _watch(parts.hub, watcher, _number(last_event_id or after))
    return StreamingResponse(body, media_type="text/event-stream", headers={"x-accel-buffering": "no"})
