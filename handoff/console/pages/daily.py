"""The day around the talks: 伴走 and 申し送り, search, and how the windows work."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.alarms.escalate import USUAL_MINUTES
from handoff.console.edge import GivenParts, GivenViewer, Parts
from handoff.console.pages.actions import Typed
from handoff.console.pages.fillings import USE_WORDS
from handoff.console.pages.frame import frame
from handoff.console.render import base_of, render
from handoff.desk import companions, window_rules
from handoff.desk.errors import TextError
from handoff.desk.load import USUAL_CAP
from handoff.desk.phrases import VARIABLES, load_phrases
from handoff.desk.record_models import TemplateUse
from handoff.desk.search import LOOKED_THROUGH, search
from handoff.desk.work_models import AnswerMode
from handoff.duty.absence import stood_in_for
from intake.base.errors import AppError

router = APIRouter()


async def _companions(request: Request, parts: Parts, viewer: Viewer, *, refusal: AppError | None = None, typed: str = "") -> Response:
    check_permission(viewer, Permission.READ_TALKS)
    context = parts.context
    now = context.clock.now()
    async with context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        talks = await companions.companions(session, context.ring, viewer)
        notes = await companions.shift_notes(session, context.ring, viewer, now)
        covered = await stood_in_for(session, viewer, now)
    return render(
        request,
        "companions.html",
        status=200 if refusal is None else refusal.status,
        here="companions",
        refusal=None if refusal is None else refusal.message,
        talks=talks,
        notes=companions.grouped(notes),
        covered=covered,
        own_windows=sorted(viewer.windows),
        may_answer=viewer.may(Permission.ANSWER),
        typed=typed,
        longest=companions.MAX_SHIFT_NOTE,
        **values,
    )


@router.get("/companions")
async def show_companions(request: Request, parts: GivenParts, viewer: GivenViewer) -> Response:
    """Show the open talks by their next planned contact, and what the last shift has left."""
    return await _companions(request, parts, viewer)


@router.post("/shift-notes")
async def leave_note(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    window: Annotated[str, Form(max_length=60)] = "",
    text: Typed = "",
) -> Response:
    """Leave word for the next shift."""
    try:
        async with parts.context.database.write() as session:
            now = parts.context.clock.now()
            await companions.write_shift_note(session, parts.context.ring, viewer, window, text, now=now)
    except TextError as refusal:
        return await _companions(request, parts, viewer, refusal=refusal, typed=text)
    return RedirectResponse(f"{base_of(request)}/companions", 303)


@router.post("/shift-notes/{note_id}/done")
async def note_done(request: Request, parts: GivenParts, viewer: GivenViewer, note_id: str) -> Response:
    """Note that what was left has been taken care of."""
    async with parts.context.database.write() as session:
        await companions.settle_shift_note(session, viewer, note_id, now=parts.context.clock.now())
    return RedirectResponse(f"{base_of(request)}/companions", 303)


@router.api_route("/search", methods=["GET", "POST"])
async def look_for(request: Request, parts: GivenParts, viewer: GivenViewer, words: Annotated[str, Form(max_length=100)] = "") -> Response:
    """Look for words. A form that is sent, so that no address or log holds them."""
    check_permission(viewer, Permission.READ_TALKS)
    asked = request.method == "POST"
    async with parts.context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        hits = await search(session, parts.context.ring, viewer, words) if asked else None
    return render(request, "search.html", here="search", words=words, hits=hits, limit=LOOKED_THROUGH, **values)


async def _windows(request: Request, parts: Parts, viewer: Viewer, *, refusal: AppError | None = None) -> Response:
    check_permission(viewer, Permission.READ_TALKS)
    async with parts.context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        rules = await window_rules.rules_of(session, viewer)
        templates = {window: await window_rules.templates_of(session, viewer, window) for window in window_rules.served_windows(viewer)}
    return render(
        request,
        "windows.html",
        status=200 if refusal is None else refusal.status,
        here="windows",
        refusal=None if refusal is None else refusal.message,
        rules=rules,
        templates=templates,
        phrases=load_phrases(),
        variables=VARIABLES,
        use_words=USE_WORDS,
        usual_cap=USUAL_CAP,
        usual_minutes=USUAL_MINUTES,
        may_set=viewer.may(Permission.TAKE_OVER),
        **values,
    )


@router.get("/windows")
async def show_windows(request: Request, parts: GivenParts, viewer: GivenViewer) -> Response:
    """Show how the own windows work, and their sentences."""
    return await _windows(request, parts, viewer)


@router.post("/windows/{window_id}/rule")
async def set_rule(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    window_id: str,
    mode: Annotated[AnswerMode, Form()],
    times: Typed = "",
    cap: Annotated[str, Form(pattern=r"^\d{0,2}$")] = "",
    escalate: Annotated[str, Form(pattern=r"^\d{0,2}$")] = "",
) -> Response:
    """Decide how a window works."""
    try:
        async with parts.context.database.write() as session:
            now, most, minutes = parts.context.clock.now(), int(cap) if cap else None, int(escalate) if escalate else None
            await window_rules.set_rule(session, viewer, window_id, mode=mode, times=times, cap=most, escalate_minutes=minutes, now=now)
    except TextError as refusal:
        return await _windows(request, parts, viewer, refusal=refusal)
    return RedirectResponse(f"{base_of(request)}/windows", 303)


@router.post("/windows/{window_id}/templates")
async def add_template(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    window_id: str,
    use: Annotated[TemplateUse, Form()],
    title: Typed = "",
    text: Typed = "",
) -> Response:
    """Add a sentence of a window."""
    try:
        async with parts.context.database.write() as session:
            now = parts.context.clock.now()
            await window_rules.add_template(session, viewer, window_id=window_id, use=use, title=title, text=text, now=now)
    except TextError as refusal:
        return await _windows(request, parts, viewer, refusal=refusal)
    return RedirectResponse(f"{base_of(request)}/windows", 303)


@router.post("/templates/{template_id}/retire")
async def retire_template(request: Request, parts: GivenParts, viewer: GivenViewer, template_id: str) -> Response:
    """Use a sentence no more."""
    async with parts.context.database.write() as session:
        await window_rules.retire_template(session, viewer, template_id, now=parts.context.clock.now())
    return RedirectResponse(f"{base_of(request)}/windows", 303)
