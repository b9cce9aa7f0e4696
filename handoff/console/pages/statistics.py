"""「統計」: figures for managers with their formula, charts and tables, and the lists behind them for those who may see them."""

from dataclasses import replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.console.edge import GivenParts, GivenViewer, Parts
from handoff.console.pages.frame import frame
from handoff.console.render import base_of, render
from handoff.statistics.access import answers_for_figures, may_see_exact
from handoff.statistics.ask import FILTERS, known_values
from handoff.statistics.board import COMPARE_WORDS, Audience, Board, Compare, Order, load_board
from handoff.statistics.charts import ChartPool, plan
from handoff.statistics.figures import FORMULA, day_of
from handoff.statistics.lists import figure_of, find_talks
from handoff.statistics.periods import PeriodError, Span, parse_period
from handoff.statistics.words import FILTER_WORDS, value_words
from intake.base.errors import AppError, NotFoundError

router = APIRouter(prefix="/statistics")
charts = ChartPool()
SPAN_WORDS = {Span.YEAR: "年度", Span.MONTH: "月", Span.WEEK: "週", Span.DAYS: "日付から日付まで"}
SECOND = "~"


class Asked:
    """What an address asks for, as typed; it becomes an order only where it is possible."""

    def __init__(
        self,
        request: Request,
        span: str = Span.YEAR,
        value: str = "",
        until: str = "",
        compare: Compare = Compare.YEAR,
        audience: Audience = Audience.INSIDE,
    ) -> None:
        """Take the address apart."""
        self.span, self.value, self.until, self.compare, self.audience = span, value, until, compare, audience
        self.filters = {name: request.query_params.get(name, "")[:80] for name in FILTERS}

    def order(self, parts: Parts, viewer: Viewer) -> Order:
        """Return the order; :class:`PeriodError` where the period cannot be. Exact numbers only for those who may see them."""
        today = day_of(parts.context.clock.now())
        return Order(
            municipality=viewer.municipality,
            period=parse_period(self.span, self.value, self.until, today),
            compare=self.compare,
            filters={name: value for name, value in self.filters.items() if value},
            audience=self.audience if may_see_exact(viewer) else Audience.PUBLIC,
        )


GivenAsked = Annotated[Asked, Depends()]


async def board_of(parts: Parts, viewer: Viewer, asked: Asked) -> Board:
    """Return the board that an address asks for."""
    order = asked.order(parts, viewer)
    async with parts.context.database.read() as session:
        return await load_board(session, parts.context.cities.get(viewer.municipality), order)


@router.get("")
async def show_statistics(request: Request, parts: GivenParts, viewer: GivenViewer, asked: GivenAsked) -> Response:
    """Show the figures. An impossible question is answered with words on the same page, never with an empty chart."""
    charts.warm()
    board, fault = None, ""
    try:
        board = await board_of(parts, viewer, asked)
    except AppError as error:
        fault = error.message
    city = parts.context.cities.get(viewer.municipality)
    async with parts.context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        values["choices"] = {
            name: [(value, value_words(name, city).get(value, value)) for value in found]
            for name, found in (await known_values(session, viewer.municipality)).items()
        }
    return render(
        request,
        "statistics.html",
        status=422 if fault else 200,
        here="statistics",
        board=board,
        fault=fault,
        asked=asked,
        query=request.url.query,
        exact=may_see_exact(viewer),
        decides=answers_for_figures(viewer),
        figure_of=figure_of if asked.audience is Audience.INSIDE and may_see_exact(viewer) and viewer.may(Permission.READ_TALKS) else None,
        formula=FORMULA,
        spans=SPAN_WORDS,
        compares=COMPARE_WORDS,
        filter_words=FILTER_WORDS,
        plan=plan,
        **values,
    )


@router.get("/chart/{key}")
async def show_chart(parts: GivenParts, viewer: GivenViewer, asked: GivenAsked, key: str) -> Response:
    """Show one chart as a fragment: the picture of the table of that key, by the same question; ``~`` after it asks for the second one."""
    table = (await board_of(parts, viewer, asked)).find(key.removesuffix(SECOND))
    chart = None if table is None else plan(table, second=key.endswith(SECOND))
    if chart is None:
        raise NotFoundError("この図はありません。")
    return HTMLResponse(await charts.svg(chart))


@router.get("/talks")
async def show_talks(request: Request, parts: GivenParts, viewer: GivenViewer, asked: GivenAsked, figure: str = "") -> Response:
    """Show the talks behind a figure: only those that the viewer may see anyway. An impossible period goes back to where it is told."""
    check_permission(viewer, Permission.READ_TALKS)
    back = urlencode([(name, value) for name, value in request.query_params.multi_items() if name != "figure"])
    try:
        order = asked.order(parts, viewer)
    except PeriodError:
        return RedirectResponse(f"{base_of(request)}/statistics?{back}", 303)
    async with parts.context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        values["talks"] = await find_talks(session, viewer, order, figure[:_LONGEST])
        label = ""
        if figure and may_see_exact(viewer):
            inside = replace(order, audience=Audience.INSIDE)
            label = (await load_board(session, parts.context.cities.get(viewer.municipality), inside)).label_of(figure)
    return render(request, "statistics_talks.html", here="statistics", order=order, query=back, figure=figure, label=label, **values)


_LONGEST = 120
