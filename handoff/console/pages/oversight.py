"""「責任者の確認」: openings of the 緊急時情報提供票 that wait for a word, and 通告・通報 with what is late."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.console.edge import GivenParts, GivenViewer, Parts
from handoff.console.pages.frame import frame
from handoff.console.render import render
from handoff.emergency.sheet import undecided
from handoff.report_abuse.views import overseen_reports
from handoff.report_abuse.words import JUDGEMENT_WORDS
from intake.base.errors import AppError

router = APIRouter()


async def show_oversight(request: Request, parts: Parts, viewer: Viewer, *, refusal: AppError | None = None) -> Response:
    """Show what waits for the 責任者."""
    check_permission(viewer, Permission.OVERSEE)
    async with parts.context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        sheets = await undecided(session, parts.context.ring, viewer)
        reports = await overseen_reports(session, viewer, parts.context.clock.now())
    return render(
        request,
        "oversight.html",
        status=200 if refusal is None else refusal.status,
        refusal=None if refusal is None else refusal.message,
        here="oversight",
        sheets=sheets,
        reports=reports,
        judgements=JUDGEMENT_WORDS,
        **values,
    )


@router.get("/oversight")
async def oversight(request: Request, parts: GivenParts, viewer: GivenViewer) -> Response:
    """Show what waits for the 責任者."""
    return await show_oversight(request, parts, viewer)
