"""Long reports: ordered here, made while one does something else, loaded when they are ready."""

import asyncio
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from handoff.console.edge import GivenParts, GivenViewer, Parts
from handoff.console.pages.statistics import Asked
from handoff.console.pages.statistics_reports import TYPES, charts_of, download, file_name, make_document, show_page, written
from handoff.console.render import base_of, render
from handoff.statistics import report as reports
from handoff.statistics.ask import FILTERS
from handoff.statistics.board import Audience, Compare
from handoff.statistics.files import end_file, files_of, get_file, note_step, order_file
from handoff.statistics.periods import Span
from handoff.statistics.report import Document, Report
from intake.base.errors import AppError

router = APIRouter(prefix="/statistics/reports/files")
_log = structlog.get_logger(__name__)
_running: set[asyncio.Task[None]] = set()


async def typed(request: Request) -> Asked:
    """Return what the form asks for, as an address would."""
    form = {key: str(value) for key, value in (await request.form()).items()}
    compare, audience = form.get("compare", ""), form.get("audience", "")
    asked = Asked(
        request,
        span=form.get("span", Span.YEAR),
        value=form.get("value", ""),
        until=form.get("until", ""),
        compare=Compare(compare) if compare in set(Compare) else Compare.YEAR,
        audience=Audience.INSIDE if audience == Audience.INSIDE else Audience.PUBLIC,
    )
    asked.filters = {name: form.get(name, "")[:80] for name in FILTERS}
    return asked


_FAILED = "作れませんでした。もう一度お試しください。続くときは、システム管理の担当に知らせてください。"


@router.post("")
async def order(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    asked: Annotated[Asked, Depends(typed)],
    report: Annotated[Report, Form()] = Report.YEARLY,
    form: Annotated[reports.Form, Form()] = reports.Form.PDF,
) -> Response:
    """Order a file. What cannot be made is told at once; the rest goes on beside, and the page may be left."""
    try:
        document = await make_document(parts, viewer, asked, report)
    except AppError as error:
        return await show_page(request, parts, viewer, asked, fault=error.message)
    name = file_name(document, asked, form)
    steps = len(charts_of(document, form)) + 1
    async with parts.context.database.write() as session:
        title = f"{document.title}・{document.period}"
        row = await order_file(session, viewer, title=title, name=name, media_type=TYPES[form], steps=steps, now=parts.context.clock.now())
    task = asyncio.create_task(_make(parts, row.id, document, form))
    _running.add(task)
    task.add_done_callback(_running.discard)
    return RedirectResponse(f"{base_of(request)}/statistics/reports#files", 303)


async def _make(parts: Parts, file_id: str, document: Document, form: reports.Form) -> None:
    database, clock = parts.context.database, parts.context.clock

    async def progress(done: int) -> None:
        async with database.write() as session:
            await note_step(session, file_id, done, now=clock.now())

    content, reason = None, ""
    try:
        content = await written(document, form, progress)
    except Exception:  # noqa: BLE001 - whoever ordered it is told, and the log says what it was
        _log.exception("report_failed", file_id=file_id)
        reason = _FAILED
    async with database.write() as session:
        await end_file(session, file_id, content=content, reason=reason, now=clock.now())


@router.get("")
async def show_files(request: Request, parts: GivenParts, viewer: GivenViewer) -> Response:
    """Show how far the ordered files are, as a part of the page that asks again while one is being made."""
    async with parts.context.database.read() as session:
        files = await files_of(session, viewer, now=parts.context.clock.now())
    return render(request, "_statistics_files.html", files=files, viewer=viewer)


@router.get("/{file_id}/file")
async def load(parts: GivenParts, viewer: GivenViewer, file_id: str) -> Response:
    """Load a file that is ready. Goes on record by its path, and by the name that the link carries."""
    async with parts.context.database.read() as session:
        row = await get_file(session, viewer, file_id, now=parts.context.clock.now())
    return download(row.content or b"", row.name, row.media_type)
