"""「目標と実績」: the targets of the plan beside what was reached, entered by whoever answers for the service."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from handoff.accounts.viewer import Viewer
from handoff.console.edge import GivenParts, GivenViewer, Parts
from handoff.console.pages.frame import frame
from handoff.console.render import base_of, render
from handoff.statistics.access import answers_for_figures, check_answers_for_figures
from handoff.statistics.figures import day_of
from handoff.statistics.periods import PeriodError, Span, parse_period
from handoff.statistics.targets import TargetError, enter_actual, load_targets, standings
from intake.base.errors import NotFoundError

router = APIRouter(prefix="/statistics/targets")


async def _page(request: Request, parts: Parts, viewer: Viewer, year: str, *, refusal: str = "") -> Response:
    context = parts.context
    period = parse_period(Span.YEAR, year, "", day_of(context.clock.now()))
    targets = load_targets(viewer.municipality, context.data_dir)
    async with context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        values["standings"] = await standings(session, viewer.municipality, targets, period.first.year)
    return render(
        request,
        "statistics_targets.html",
        status=422 if refusal else 200,
        here="statistics",
        period=period,
        may_enter=answers_for_figures(viewer),
        refusal=refusal,
        **values,
    )


@router.get("")
async def show_targets(request: Request, parts: GivenParts, viewer: GivenViewer, year: str = "") -> Response:
    """Show the targets of a fiscal year."""
    try:
        return await _page(request, parts, viewer, year)
    except PeriodError as error:
        return await _page(request, parts, viewer, "", refusal=error.message)


@router.post("")
async def enter(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    target: Annotated[str, Form()],
    year: Annotated[str, Form()] = "",
    amount: Annotated[str, Form()] = "",
    words: Annotated[str, Form()] = "",
) -> Response:
    """Enter what was reached of one target."""
    check_answers_for_figures(viewer)
    context = parts.context
    now = context.clock.now()
    found = next((one for one in load_targets(viewer.municipality, context.data_dir) if one.key == target), None)
    if found is None:
        raise NotFoundError("この目標は、いまの目標値の表にありません。画面を開き直してください。")
    period = parse_period(Span.YEAR, year, "", day_of(now))
    try:
        async with context.database.write() as session:
            await enter_actual(session, viewer, found, fiscal_year=period.first.year, amount=amount, words=words, now=now)
    except TargetError as error:
        return await _page(request, parts, viewer, year, refusal=error.message)
    return RedirectResponse(f"{base_of(request)}/statistics/targets?year={period.value}#t-{found.key}", 303)
