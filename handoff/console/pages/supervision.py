"""「見守り」 for supervisors, and their advice beside a talk."""

from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import Response

from handoff.accounts.viewer import Permission, check_permission
from handoff.console.edge import GivenParts, GivenViewer
from handoff.console.pages.actions import FormNumber, Typed, act
from handoff.console.pages.frame import frame, here_of
from handoff.console.render import render
from handoff.console.stream.rows import LIST
from handoff.supervision.watching import watched_talks
from handoff.supervision.whispers import settle_whisper, whisper
from intake.base.database import WriteSession

router = APIRouter()


@router.get("/watch")
async def show_watch(request: Request, parts: GivenParts, viewer: GivenViewer) -> Response:
    """Show the talks that colleagues have in hand."""
    check_permission(viewer, Permission.WATCH)
    async with parts.context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        talks = await watched_talks(session, viewer, parts.context.clock.now())
    parts.hub.opened(viewer, LIST)
    return render(request, "watch.html", here="watch", talks=talks, here_of=partial(here_of, parts, viewer), **values)


@router.post("/talks/{talk_id}/whispers")
async def advise(
    request: Request, parts: GivenParts, viewer: GivenViewer, talk_id: str, client_uuid: FormNumber, whisper_text: Typed = ""
) -> Response:
    """Advise the colleague who holds the talk. What fails shows the panel again with what was typed."""
    ring, now = parts.context.ring, parts.context.clock.now()

    async def advised(session: WriteSession) -> None:
        await whisper(session, ring, viewer, talk_id, whisper_text, client_uuid=client_uuid, now=now)

    return await act(request, parts, viewer, talk_id, advised, part="_whispers.html", whisper_draft=whisper_text)


@router.post("/talks/{talk_id}/whispers/{whisper_id}/read")
async def note_read(request: Request, parts: GivenParts, viewer: GivenViewer, talk_id: str, whisper_id: str) -> Response:
    """Put a piece of advice out of the way."""
    now = parts.context.clock.now()

    async def read(session: WriteSession) -> None:
        await settle_whisper(session, viewer, talk_id, whisper_id, now=now)

    return await act(request, parts, viewer, talk_id, read, part="_whispers.html")
