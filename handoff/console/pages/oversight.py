"""「責任者の確認」: openings of the 緊急時情報提供票 that wait for a word, 通告・通報 with what is late, held wishes to erase."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.console.edge import GivenParts, GivenViewer, Parts
from handoff.console.pages.actions import Typed
from handoff.console.pages.frame import frame
from handoff.console.render import base_of, render
from handoff.desk.errors import ConflictError, TextError
from handoff.emergency.sheet import undecided
from handoff.report_abuse.models import WishAnswer
from handoff.report_abuse.views import overseen_reports
from handoff.report_abuse.wishes import MAX_REASON, answer_wish, held_wishes
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
        wishes = await held_wishes(session, viewer, parts.context.clock.now())
    return render(
        request,
        "oversight.html",
        status=200 if refusal is None else refusal.status,
        refusal=None if refusal is None else refusal.message,
        here="oversight",
        sheets=sheets,
        reports=reports,
        judgements=JUDGEMENT_WORDS,
        wishes=wishes,
        longest=MAX_REASON,
        **values,
    )


@router.get("/oversight")
async def oversight(request: Request, parts: GivenParts, viewer: GivenViewer) -> Response:
    """Show what waits for the 責任者."""
    return await show_oversight(request, parts, viewer)


@router.post("/oversight/wishes/{talk_id}")
async def decide_wish(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    talk_id: str,
    answer: Annotated[WishAnswer, Form()] = WishAnswer.KEEP,
    reason: Typed = "",
) -> Response:
    """Have a talk erased as its resident asked, or keep it, with a reason."""
    context = parts.context
    refusal: AppError
    try:
        async with context.database.write() as session:
            await answer_wish(session, context.ring, viewer, talk_id, answer, reason, now=context.clock.now())
    except (ConflictError, TextError) as error:
        refusal = error
    else:
        return RedirectResponse(f"{base_of(request)}/oversight", 303)
    return await show_oversight(request, parts, viewer, refusal=refusal)
