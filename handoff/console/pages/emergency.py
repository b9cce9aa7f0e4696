"""緊急時情報提供票: opened in one tap, shown with its marks, answered for by the 責任者."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from handoff.accounts.viewer import Permission, check_permission
from handoff.console.edge import GivenParts, GivenViewer
from handoff.console.pages.actions import Typed
from handoff.console.pages.frame import frame
from handoff.console.pages.oversight import show_oversight
from handoff.console.pages.talk import show
from handoff.console.render import base_of, render
from handoff.desk.errors import ConflictError, TextError
from handoff.emergency import opening
from handoff.emergency.models import Ground, Verdict
from handoff.emergency.sheet import find_sheet, load_sheet
from intake.base.errors import AppError

router = APIRouter()


@router.post("/talks/{talk_id}/emergency")
async def break_glass(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    talk_id: str,
    ground: Annotated[Ground, Form()] = Ground.OTHER,
    glass_reason: Typed = "",
) -> Response:
    """Open the sheet, and go to it."""
    now, ring = parts.context.clock.now(), parts.context.ring
    try:
        async with parts.context.database.write() as session:
            sheet = await opening.open_sheet(session, ring, viewer, talk_id, ground, glass_reason, now=now)
    except TextError as refusal:
        return await show(request, parts, viewer, talk_id, refusal=refusal, refused="glass")
    return RedirectResponse(f"{base_of(request)}/talks/{talk_id}/emergency/{sheet.id}", 303)


@router.get("/talks/{talk_id}/emergency/{sheet_id}")
async def show_sheet(request: Request, parts: GivenParts, viewer: GivenViewer, talk_id: str, sheet_id: str) -> Response:
    """Show the sheet. The look is on record before anything of it leaves."""
    check_permission(viewer, Permission.READ_TALKS)
    context = parts.context
    now = context.clock.now()
    async with context.database.write() as session:
        found = await find_sheet(session, viewer, talk_id, sheet_id, now)
        await opening.note_view(session, context.ring, viewer, found, now=now)
    async with context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        sheet = await load_sheet(session, context.ring, viewer, found)
    return render(request, "emergency.html", sheet=sheet, may_decide=viewer.may(Permission.OVERSEE), **values)


@router.post("/emergency/{sheet_id}/verdict")
async def decide(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    sheet_id: str,
    verdict: Annotated[Verdict, Form()] = Verdict.APPROVED,
    remark: Typed = "",
) -> Response:
    """Say as a 責任者 what one thinks of an opening."""
    now, ring = parts.context.clock.now(), parts.context.ring
    refusal: AppError
    try:
        async with parts.context.database.write() as session:
            await opening.decide(session, ring, viewer, sheet_id, verdict, remark, now=now)
    except (ConflictError, TextError) as error:
        refusal = error
    else:
        return RedirectResponse(f"{base_of(request)}/oversight", 303)
    return await show_oversight(request, parts, viewer, refusal=refusal)
