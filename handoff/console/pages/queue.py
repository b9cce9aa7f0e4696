"""The queue as a page, its rows alone for the live refresh, and 「次の相談を受ける」."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.console.edge import GivenParts, GivenViewer, Parts
from handoff.console.pages.frame import asker_of, frame, queue_values
from handoff.console.render import base_of, render
from handoff.desk.errors import ConflictError, TextError
from handoff.desk.later import PUT_OFF_WORDS, PutOff, drop_view, put_tag, save_view, snooze
from handoff.desk.next_talk import pick_next
from handoff.desk.paging import Place
from handoff.desk.queue_query import QueueFilter, QueueView
from handoff.desk.words import RISK_WORDS
from intake.base.errors import AppError
from nlp.reading import Risk

router = APIRouter()
_MOST_AT_ONCE = 100


def chosen_filter(window: str = "", risk: str = "", tag: str = "", snoozed: str = "", after: str = "") -> QueueFilter:
    """Return the filters and the page that an address names; what is unknown narrows nothing, and is the first page."""
    level = Risk(risk) if risk in set(Risk) else None
    return QueueFilter(window=window[:60], risk=level, tag=tag[:20], snoozed=snoozed == "1", after=Place.read(after))


GivenFilter = Annotated[QueueFilter, Depends(chosen_filter)]


async def _page(
    request: Request,
    parts: Parts,
    viewer: Viewer,
    view: QueueView,
    chosen: QueueFilter,
    *,
    template: str = "queue.html",
    open_talk: str = "",
    told: str = "",
    refusal: AppError | None = None,
) -> Response:
    check_permission(viewer, Permission.READ_TALKS)
    async with parts.context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        values |= await queue_values(parts, viewer, session, view, chosen, open_talk)
    values |= {"risk_words": RISK_WORDS, "put_off_words": PUT_OFF_WORDS, "own_windows": sorted(viewer.windows), "told": told}
    refused = None if refusal is None else refusal.message
    return render(request, template, status=200 if refusal is None else refusal.status, refusal=refused, **values)


@router.get("/")
async def show_queue(
    request: Request, parts: GivenParts, viewer: GivenViewer, chosen: GivenFilter, view: QueueView = QueueView.WAITING, told: str = ""
) -> Response:
    """Show what waits."""
    words = "いま、あなたが受けられる相談はありません。" if told == "none" else ""
    return await _page(request, parts, viewer, view, chosen, told=words)


@router.get("/queue/rows")
async def show_rows(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    chosen: GivenFilter,
    view: QueueView = QueueView.WAITING,
    open_talk: str = "",
) -> Response:
    """Show the rows alone."""
    return await _page(request, parts, viewer, view, chosen, template="_queue.html", open_talk=open_talk)


@router.post("/next")
async def take_next(request: Request, parts: GivenParts, viewer: GivenViewer) -> Response:
    """Take whoever has to be answered next, and open the talk."""
    try:
        async with parts.context.database.write() as session:
            talk = await pick_next(session, asker_of(parts, viewer))
    except ConflictError as refusal:
        return await _page(request, parts, viewer, QueueView.MINE, QueueFilter(), refusal=refusal)
    where = "/?told=none" if talk is None else f"/talks/{talk.id}?picked=1"
    return RedirectResponse(base_of(request) + where, 303)


@router.post("/bulk")
async def act_on_many(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    talk: Annotated[list[str], Form(max_length=_MOST_AT_ONCE)],
    put_off: Annotated[PutOff | None, Form()] = None,
    word: Annotated[str, Form(max_length=40)] = "",
    query: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Put off or tag the chosen talks, all or none, and show the same list again."""
    now = parts.context.clock.now()
    if put_off is None and not word.strip():
        nothing = TextError("「いつまで外すか」か「ふせん」を選んでください。")
        return await _page(request, parts, viewer, QueueView.WAITING, QueueFilter(), refusal=nothing)
    try:
        async with parts.context.database.write() as session:
            for talk_id in dict.fromkeys(talk):
                if word.strip():
                    await put_tag(session, viewer, talk_id, word, now=now)
                if put_off is not None:
                    await snooze(session, viewer, talk_id, put_off, now=now)
    except TextError as refusal:
        return await _page(request, parts, viewer, QueueView.WAITING, QueueFilter(), refusal=refusal)
    return RedirectResponse(f"{base_of(request)}/?{query}" if query else f"{base_of(request)}/", 303)


@router.post("/views")
async def keep_view(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    name: Annotated[str, Form()] = "",
    query: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Keep the filters of the page under a name."""
    try:
        async with parts.context.database.write() as session:
            await save_view(session, viewer, name, query, now=parts.context.clock.now())
    except TextError as refusal:
        return await _page(request, parts, viewer, QueueView.WAITING, QueueFilter(), refusal=refusal)
    return RedirectResponse(f"{base_of(request)}/?{query}", 303)


@router.post("/views/{view_id}/drop")
async def forget_view(request: Request, parts: GivenParts, viewer: GivenViewer, view_id: str) -> Response:
    """Forget a saved view."""
    async with parts.context.database.write() as session:
        await drop_view(session, viewer, view_id)
    return RedirectResponse(f"{base_of(request)}/", 303)
