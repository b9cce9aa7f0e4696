"""「報告書・ファイル」: the same figures as on the screen, as PDF, workbook and CSV."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from handoff.accounts.viewer import Viewer
from handoff.console.edge import GivenParts, GivenViewer, Parts
from handoff.console.pages.frame import frame
from handoff.console.pages.statistics import Asked, GivenAsked, charts
from handoff.console.render import base_of, render
from handoff.statistics import report as reports
from handoff.statistics.access import answers_for_figures, check_answers_for_figures, may_see_exact
from handoff.statistics.ask import known_values, standing
from handoff.statistics.board import COMPARE_WORDS, load_board
from handoff.statistics.charts import plan
from handoff.statistics.files import files_of
from handoff.statistics.issues import find_issues
from handoff.statistics.periods import year_of
from handoff.statistics.report import REPORT_WORDS, Document, Report
from handoff.statistics.settings import enter_threshold
from handoff.statistics.targets import load_targets, standings
from handoff.statistics.words import value_words
from handoff.statistics.write_csv import write_csv
from handoff.statistics.write_pdf import DRAWN, write_pdf
from handoff.statistics.write_xlsx import write_xlsx
from intake.base.errors import AppError

router = APIRouter(prefix="/statistics/reports")
TYPES = {
    reports.Form.PDF: "application/pdf",
    reports.Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    reports.Form.CSV: "text/csv; charset=utf-8",
}


async def show_page(request: Request, parts: Parts, viewer: Viewer, asked: Asked, *, fault: str = "") -> Response:
    """Show the page, with what was typed and why it cannot be made."""
    city = parts.context.cities.get(viewer.municipality)
    async with parts.context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        windows = (await known_values(session, viewer.municipality))["window"]
        values["files"] = await files_of(session, viewer, now=parts.context.clock.now())
        values["threshold"] = (await standing(session, viewer.municipality)).threshold
    return render(
        request,
        "statistics_reports.html",
        status=422 if fault else 200,
        here="statistics",
        asked=asked,
        fault=fault,
        exact=may_see_exact(viewer),
        decides=answers_for_figures(viewer),
        reports=REPORT_WORDS,
        compares=COMPARE_WORDS,
        offered_windows=[(window, value_words("window", city).get(window, window)) for window in windows],
        **values,
    )


@router.get("")
async def show_reports(request: Request, parts: GivenParts, viewer: GivenViewer, asked: GivenAsked) -> Response:
    """Show which reports there are."""
    return await show_page(request, parts, viewer, asked)


@router.get("/file")
async def make_file(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    asked: Annotated[Asked, Depends()],
    report: Report = Report.YEARLY,
    form: reports.Form = reports.Form.PDF,
) -> Response:
    """Make a file by the very query of the screen. What cannot be made is told on the page, with what was typed."""
    try:
        document = await make_document(parts, viewer, asked, report)
    except AppError as error:
        return await show_page(request, parts, viewer, asked, fault=error.message)
    return download(await written(document, form), file_name(document, asked, form), TYPES[form])


def file_name(document: Document, asked: Asked, form: reports.Form) -> str:
    """Return how a file is called: it says which kind it is."""
    kind = "庁内用" if document.kind.startswith("庁内") else "公開用"
    return f"{document.city}_{document.title}_{asked.value or 'now'}_{kind}.{form}"


def download(content: bytes, name: str, media_type: str) -> Response:
    """Answer with a file."""
    return Response(content, media_type=media_type, headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"})


async def make_document(parts: Parts, viewer: Viewer, asked: Asked, report: Report) -> Document:
    """Put the document together by the very query of the screen."""
    context = parts.context
    order = asked.order(parts, viewer)
    city = context.cities.get(viewer.municipality)
    async with context.database.read() as session:
        board = await load_board(session, city, order)
        targets = load_targets(viewer.municipality, context.data_dir)
        reached = await standings(session, viewer.municipality, targets, year_of(order.period.first).first.year)
        issues = await find_issues(session, viewer.municipality)
    return reports.document(report, board, city, targets=reached, issues=issues, now=context.clock.now())


def charts_of(document: Document, form: reports.Form) -> dict[str, dict[str, Any]]:
    """Return the charts that have to be drawn for a form, by the key of their table."""
    if form is not reports.Form.PDF:
        return {}
    planned = {table.key: plan(table) for section in document.sections for table in section.tables if table.key in DRAWN}
    return {key: chart for key, chart in planned.items() if chart is not None}


Progress = Callable[[int], Awaitable[None]]


async def _silently(_done: int) -> None:
    return


async def written(document: Document, form: reports.Form, progress: Progress = _silently) -> bytes:
    """Write the file beside the loop: it takes up to a second, and talks must not wait for it. Tells each chart that is drawn."""
    if form is reports.Form.CSV:
        return write_csv(document)
    if form is reports.Form.XLSX:
        return await asyncio.to_thread(write_xlsx, document)
    pictures = {}
    for key, chart in charts_of(document, form).items():
        pictures[key] = await charts.svg(chart)
        await progress(len(pictures))
    return await asyncio.to_thread(write_pdf, document, pictures)


@router.post("/threshold")
async def set_threshold(request: Request, parts: GivenParts, viewer: GivenViewer, threshold: Annotated[str, Form()] = "") -> Response:
    """Decide from which number on counts may leave the house."""
    check_answers_for_figures(viewer)
    try:
        async with parts.context.database.write() as session:
            await enter_threshold(session, viewer, threshold, now=parts.context.clock.now())
    except AppError as error:
        return await show_page(request, parts, viewer, Asked(request), fault=error.message)
    return RedirectResponse(f"{base_of(request)}/statistics/reports", 303)
