"""The stream as a browser gets it: plain server-sent events with numbers to resume from."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

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
    while not watcher.gone and (viewer := watcher.viewer) is not None and not hub.stopping:
        rung = hub.rung_for(watcher)
        chunk = b""
        if events := await hub.after(cursor):
            viewer = watcher.viewer or viewer
            chunk = hub.chunk_for(watcher, viewer, events)
            cursor = events[-1].seq
        chunk += hub.here_for(watcher, viewer)
        if not chunk and loop.time() >= ping_at:
            # An event, no comment: a page that hears nothing at all knows that the line is dead, whatever the socket says.
            chunk = b"id: %d\nevent: ping\ndata: {}\n\n" % cursor
        if chunk:
            yield chunk
            ping_at = loop.time() + hub.ping
        elif not events:
            await rung


class _Live(Response):
    """An answer that goes on for as long as somebody listens.

    One task beside it hears when the browser has gone; five hundred of these stand open, and a general one brings four tasks and a timer.
    """

    def __init__(self, hub: Hub, watcher: Watcher, after: int | None) -> None:
        super().__init__(media_type="text/event-stream", headers={"x-accel-buffering": "no"})
        del self.headers["content-length"]
        self._hub, self._watcher, self._after = hub, watcher, after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - the shape of every answer
        """Send until the browser, the session or the process ends it."""
        leaving = asyncio.create_task(self._hear(receive))
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            async for chunk in frames(self._hub, self._watcher, self._after):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            leaving.cancel()
            self._hub.leave(self._watcher)

    async def _hear(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            continue
        self._hub.leave(self._watcher)


@router.get("/stream")
async def stream(
    parts: GivenParts, viewer: GivenViewer, after: str | None = None, last_event_id: Annotated[str | None, Header()] = None
) -> Response:
    """Send the events that this person may see, from the number that the browser has seen last."""
    return _Live(parts.hub, parts.hub.join(viewer), _number(last_event_id or after))
