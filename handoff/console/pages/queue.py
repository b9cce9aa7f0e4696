"""The queue as a page, and its rows alone for the live refresh."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from handoff.accounts.viewer import Permission, check_permission
from handoff.console.edge import GivenParts, GivenViewer
from handoff.console.pages.frame import frame, queue_values
from handoff.console.render import render
from handoff.desk.queue import QueueView

router = APIRouter()


@router.get("/")
async def show_queue(request: Request, parts: GivenParts, viewer: GivenViewer, view: QueueView = QueueView.WAITING) -> Response:
    """Show what waits."""
    check_permission(viewer, Permission.READ_TALKS)
    async with parts.context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        values |= await queue_values(parts, viewer, session, view)
    return render(request, "queue.html", **values)


@router.get("/queue/rows")
async def show_rows(
    request: Request, parts: GivenParts, viewer: GivenViewer, view: QueueView = QueueView.WAITING, open_talk: str = ""
) -> Response:
    """Show the rows alone."""
    check_permission(viewer, Permission.READ_TALKS)
    async with parts.context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        values |= await queue_values(parts, viewer, session, view, open_talk)
    return render(request, "_queue.html", **values)
