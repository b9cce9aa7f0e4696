"""「練習」: talks with invented residents, in the real console."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from handoff.accounts.viewer import Permission, check_permission
from handoff.console.edge import GivenParts, GivenViewer
from handoff.console.pages.frame import frame
from handoff.console.render import base_of, render
from handoff.practice import service
from handoff.practice.scripts import load_scripts

router = APIRouter(prefix="/practice")


@router.get("")
async def show_practice(request: Request, parts: GivenParts, viewer: GivenViewer) -> Response:
    """Show the invented residents, and the own practice talks."""
    check_permission(viewer, Permission.ANSWER)
    async with parts.context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        mine = await service.practices_of(session, viewer)
    return render(request, "practice.html", here="account", scripts=load_scripts().values(), mine=mine, **values)


@router.post("")
async def start_practice(request: Request, parts: GivenParts, viewer: GivenViewer, script: Annotated[str, Form(max_length=40)]) -> Response:
    """Start a practice talk and open it."""
    async with parts.context.database.write() as session:
        talk = await service.start(session, parts.context.ring, viewer, script, now=parts.context.clock.now())
    return RedirectResponse(f"{base_of(request)}/talks/{talk.id}", 303)


@router.post("/{practice_id}/delete")
async def delete_practice(request: Request, parts: GivenParts, viewer: GivenViewer, practice_id: str) -> Response:
    """Delete a practice talk with all that was written about it."""
    async with parts.context.database.write() as session:
        await service.drop(session, viewer, practice_id)
    return RedirectResponse(f"{base_of(request)}/practice", 303)
