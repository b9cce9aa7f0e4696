"""One talk: the page with its three panes, and the panes alone."""

import uuid
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.console.edge import GivenParts, GivenViewer, Parts
from handoff.console.pages.frame import frame, queue_values
from handoff.console.render import is_htmx, render
from handoff.desk.checks import MAX_NOTE, MAX_REPLY
from handoff.desk.queue import QueueView
from handoff.desk.talk import load_talk
from intake.base.errors import AppError

router = APIRouter()


async def show(
    request: Request,
    parts: Parts,
    viewer: Viewer,
    talk_id: str,
    *,
    part: str | None = None,
    refusal: AppError | None = None,
    refused: str = "composer",
    draft: str = "",
    note_draft: str = "",
    view: QueueView = QueueView.WAITING,
) -> Response:
    """Show a talk: the whole page, or one part of it. A refusal stands where ``refused`` says; what was typed is kept."""
    check_permission(viewer, Permission.READ_TALKS)
    async with parts.context.database.read() as session:
        values: dict[str, Any] = await frame(request, parts, viewer, session)
        values["talk"] = await load_talk(session, parts.context.ring, viewer, talk_id)
        if part is None:
            values |= await queue_values(parts, viewer, session, view, talk_id)
    return render(
        request,
        part or "talk.html",
        status=200 if refusal is None else refusal.status,
        refusal=None if refusal is None else refusal.message,
        refused=refused,
        draft=draft,
        note_draft=note_draft,
        client_uuid=str(uuid.uuid4()),
        note_uuid=str(uuid.uuid4()),
        max_reply=MAX_REPLY,
        max_note=MAX_NOTE,
        **values,
    )


@router.get("/talks/{talk_id}")
async def show_talk(
    request: Request, parts: GivenParts, viewer: GivenViewer, talk_id: str, view: QueueView = QueueView.WAITING
) -> Response:
    """Show a talk."""
    return await show(request, parts, viewer, talk_id, view=view, part="_desk.html" if is_htmx(request) else None)


@router.get("/talks/{talk_id}/desk")
async def show_desk(request: Request, parts: GivenParts, viewer: GivenViewer, talk_id: str) -> Response:
    """Show the talk without the page around it, for the live refresh."""
    return await show(request, parts, viewer, talk_id, part="_desk.html")
