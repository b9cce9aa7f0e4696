"""「お知らせの受け方」: what a person is told and how, what they were told lately, and the same for the script of the page."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.alarms.choices import addresses_of, choose, set_address, wanted_by
from handoff.alarms.log import notices_of
from handoff.alarms.models import NoticeKind, Way
from handoff.alarms.words import KIND_WORDS, WAY_WORDS
from handoff.console.edge import GivenParts, GivenViewer, Parts
from handoff.console.pages.frame import frame
from handoff.console.render import base_of, render
from handoff.desk.errors import TextError
from intake.base.errors import AppError

router = APIRouter()


async def _page(request: Request, parts: Parts, viewer: Viewer, *, refusal: AppError | None = None, typed: str = "") -> Response:
    check_permission(viewer, Permission.READ_TALKS)
    me, ring = viewer.staff_id, parts.context.ring
    async with parts.context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        wanted = (await wanted_by(session, [me]))[me]
        address = (await addresses_of(session, ring, [me])).get(me, "")
        lately = await notices_of(session, viewer)
    return render(
        request,
        "notices.html",
        status=200 if refusal is None else refusal.status,
        here="account",
        refusal=None if refusal is None else refusal.message,
        wanted=wanted,
        kinds=KIND_WORDS,
        ways=WAY_WORDS,
        address=typed or address,
        mail_on=parts.context.mail,
        lately=lately,
        **values,
    )


@router.get("/notices")
async def show_notices(request: Request, parts: GivenParts, viewer: GivenViewer) -> Response:
    """Show what the viewer is told and how."""
    return await _page(request, parts, viewer)


@router.post("/notices")
async def set_notices(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    wanted: Annotated[list[str] | None, Form(max_length=20)] = None,
    address: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Keep what the viewer wants to be told."""
    check_permission(viewer, Permission.READ_TALKS)
    cells = {(kind, way) for kind in NoticeKind for way in Way if f"{kind}.{way}" in (wanted or [])}
    try:
        async with parts.context.database.write() as session:
            await choose(session, viewer, cells)
            await set_address(session, parts.context.ring, viewer, address, now=parts.context.clock.now())
    except TextError as refusal:
        return await _page(request, parts, viewer, refusal=refusal, typed=address)
    return RedirectResponse(f"{base_of(request)}/notices", 303)


@router.get("/notices/new")
async def new_notices(parts: GivenParts, viewer: GivenViewer, after: str = "") -> Response:
    """Return what the viewer was told after a notice: what a screen shows and lets sound."""
    check_permission(viewer, Permission.READ_TALKS)
    async with parts.context.database.read() as session:
        fresh = await notices_of(session, viewer, after=after[:26])
    told = [
        {"id": one.id, "kind": one.kind, "title": one.title, "talk": one.talk_id, "desktop": one.desktop, "sound": one.sound}
        for one in reversed(fresh)
    ]
    return JSONResponse(told)
