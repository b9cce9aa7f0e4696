"""「手で入れる数字」: what the system cannot know, entered by the fiscal year by whoever answers for the figures."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from handoff.accounts.viewer import Viewer
from handoff.console.edge import GivenParts, GivenViewer, Parts
from handoff.console.pages.frame import frame
from handoff.console.render import base_of, render
from handoff.statistics.access import answers_for_figures, check_answers_for_figures
from handoff.statistics.figures import day_of
from handoff.statistics.hand import FIELDS, GROUPS, HandError, enter_hand, load_hand
from handoff.statistics.models import HandKey
from handoff.statistics.periods import PeriodError, Span, parse_period

router = APIRouter(prefix="/statistics/hand")


async def _page(
    request: Request, parts: Parts, viewer: Viewer, year: str, *, refusal: str = "", typed: dict[HandKey, str] | None = None
) -> Response:
    check_answers_for_figures(viewer)
    period = parse_period(Span.YEAR, year, "", day_of(parts.context.clock.now()))
    async with parts.context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        now, before = [await load_hand(session, viewer.municipality, period.first.year - back) for back in (0, 1)]
    return render(
        request,
        "statistics_hand.html",
        status=422 if refusal else 200,
        here="statistics",
        period=period,
        groups=GROUPS,
        entered={key: f"{now[key]}" if key in now else "" for key in FIELDS} | (typed or {}),
        before=before,
        refusal=refusal,
        decides=answers_for_figures(viewer),
        **values,
    )


@router.get("")
async def show_hand(request: Request, parts: GivenParts, viewer: GivenViewer, year: str = "") -> Response:
    """Show the fields of a fiscal year, with the year before."""
    try:
        return await _page(request, parts, viewer, year)
    except PeriodError as error:
        return await _page(request, parts, viewer, "", refusal=error.message)


@router.post("")
async def enter(request: Request, parts: GivenParts, viewer: GivenViewer, year: Annotated[str, Form()] = "") -> Response:
    """Keep what was typed, all or nothing; a refusal keeps it in the form."""
    check_answers_for_figures(viewer)
    now = parts.context.clock.now()
    form = await request.form()
    typed = {key: str(form[key]) for key in FIELDS if key in form}
    period = parse_period(Span.YEAR, year, "", day_of(now))
    try:
        async with parts.context.database.write() as session:
            await enter_hand(session, viewer, typed, fiscal_year=period.first.year, now=now)
    except HandError as error:
        return await _page(request, parts, viewer, year, refusal=error.message, typed=typed)
    return RedirectResponse(f"{base_of(request)}/statistics/hand?year={period.value}", 303)
