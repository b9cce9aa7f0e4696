"""つなぎ as pages: the form beside a talk, and the requests that have come to the own windows."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.console.edge import GivenParts, GivenViewer, Parts
from handoff.console.pages.actions import Epoch, Typed, act
from handoff.console.pages.frame import frame
from handoff.console.render import base_of, render
from handoff.desk import transfer
from handoff.desk.beside import load_beside, requests_to
from handoff.desk.errors import ConflictError, TextError
from handoff.desk.phrases import load_phrases
from handoff.desk.talk import load_talk
from handoff.desk.visibility import hold_visible
from handoff.desk.words import PASS_WORDS, PassReason
from intake.base.database import WriteSession
from intake.base.errors import AppError
from intake.consents.models import ConsentAnswer
from routing.city import State

router = APIRouter()


async def _form(
    request: Request, parts: Parts, viewer: Viewer, talk_id: str, *, refusal: AppError | None = None, typed: dict[str, str] | None = None
) -> Response:
    check_permission(viewer, Permission.ANSWER)
    context = parts.context
    async with context.database.read() as session:
        values: dict[str, Any] = await frame(request, parts, viewer, session)
        values["talk"] = await load_talk(session, context.ring, viewer, talk_id)
        values["beside"] = await load_beside(session, context.ring, viewer, talk_id, context.clock.now())
    city = context.cities.get(viewer.municipality)
    open_windows = [] if city is None else [one for one in city.windows.values() if one.state is State.RUNNING]
    return render(
        request,
        "transfer.html",
        status=200 if refusal is None else refusal.status,
        refusal=None if refusal is None else refusal.message,
        targets=[one for one in open_windows if one.id != values["talk"].window_id],
        typed=typed or {},
        reasons=PASS_WORDS,
        longest=transfer.MAX_HANDOVER,
        phrases=load_phrases(),
        **values,
    )


@router.get("/talks/{talk_id}/transfer")
async def show_form(request: Request, parts: GivenParts, viewer: GivenViewer, talk_id: str) -> Response:
    """Show the form of a transfer."""
    return await _form(request, parts, viewer, talk_id)


@router.post("/talks/{talk_id}/transfer")
async def ask(
    request: Request, parts: GivenParts, viewer: GivenViewer, talk_id: str, epoch: Epoch, to_window: Typed = "", note: Typed = ""
) -> Response:
    """Ask the resident whether the talk may be passed on."""
    context = parts.context
    city = context.cities.get(viewer.municipality)
    known = {} if city is None else city.windows
    try:
        async with context.database.write() as session:
            talk = await hold_visible(session, viewer, talk_id)
            names = (
                context.window_name(viewer.municipality, talk.window_id or "desk"),
                context.window_name(viewer.municipality, to_window or None),
            )
            await transfer.ask_transfer(
                session,
                context.ring,
                viewer,
                talk_id,
                to_window=to_window,
                window_names=names,
                known_windows=known,
                note=note,
                epoch=epoch,
                phrases=load_phrases(),
                now=context.clock.now(),
            )
    except (ConflictError, TextError) as refusal:
        return await _form(request, parts, viewer, talk_id, refusal=refusal, typed={"to_window": to_window, "note": note})
    return RedirectResponse(f"{base_of(request)}/talks/{talk_id}", 303)


@router.post("/talks/{talk_id}/transfer/answer")
async def note_answer(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    talk_id: str,
    answer: Annotated[ConsentAnswer, Form()],
    text: Typed = "",
    note: Typed = "",
) -> Response:
    """Write down what the resident answered in words."""
    now = parts.context.clock.now()

    async def noted(session: WriteSession) -> None:
        await transfer.note_answer(session, viewer, talk_id, answer, now=now)

    return await act(request, parts, viewer, talk_id, noted, draft=text, note_draft=note, keep=(text, note))


@router.post("/talks/{talk_id}/transfer/withdraw")
async def withdraw(request: Request, parts: GivenParts, viewer: GivenViewer, talk_id: str, text: Typed = "", note: Typed = "") -> Response:
    """Take the request back."""
    ring, now = parts.context.ring, parts.context.clock.now()

    async def withdrawn(session: WriteSession) -> None:
        await transfer.withdraw(session, ring, viewer, talk_id, now=now)

    return await act(request, parts, viewer, talk_id, withdrawn, draft=text, note_draft=note, keep=(text, note))


@router.post("/talks/{talk_id}/hand-back")
async def hand_back(
    request: Request, parts: GivenParts, viewer: GivenViewer, talk_id: str, epoch: Epoch, reason: Typed = "", why: Typed = ""
) -> Response:
    """Give the talk back to the window that it came from."""
    try:
        chosen = _chosen(reason)
        context = parts.context
        now, promiser = context.clock.now(), context.promiser(viewer.municipality)
        async with context.database.write() as session:
            await transfer.hand_back(
                session, context.ring, viewer, talk_id, epoch=epoch, reason=chosen, note=why, now=now, promiser=promiser
            )
    except (ConflictError, TextError) as refusal:
        return await _form(request, parts, viewer, talk_id, refusal=refusal, typed={"reason": reason, "why": why})
    return RedirectResponse(f"{base_of(request)}/", 303)


def _chosen(reason: str) -> PassReason:
    try:
        return PassReason(reason)
    except ValueError as unknown:
        raise TextError("理由を一覧から選んでください。") from unknown


async def _requests(
    request: Request, parts: Parts, viewer: Viewer, *, refusal: AppError | None = None, typed: dict[str, str] | None = None
) -> Response:
    check_permission(viewer, Permission.READ_TALKS)
    async with parts.context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        hops = await requests_to(session, parts.context.ring, viewer)
    status = 200 if refusal is None else refusal.status
    told = None if refusal is None else refusal.message
    may = viewer.may(Permission.ANSWER)
    values |= {"typed": typed or {}, "reasons": PASS_WORDS, "longest": transfer.MAX_HANDOVER}
    return render(request, "hops.html", status=status, here="hops", hops=hops, refusal=told, may_answer=may, **values)


@router.get("/hops")
async def show_requests(request: Request, parts: GivenParts, viewer: GivenViewer) -> Response:
    """Show the requests to the own windows."""
    return await _requests(request, parts, viewer)


@router.post("/hops/{hop_id}/accept")
async def accept(request: Request, parts: GivenParts, viewer: GivenViewer, hop_id: str) -> Response:
    """Take the talk over."""
    try:
        context = parts.context
        promiser = context.promiser(viewer.municipality)
        async with context.database.write() as session:
            talk = await transfer.accept(session, context.ring, viewer, hop_id, now=context.clock.now(), promiser=promiser)
    except ConflictError as refusal:
        return await _requests(request, parts, viewer, refusal=refusal)
    return RedirectResponse(f"{base_of(request)}/talks/{talk.id}", 303)


@router.post("/hops/{hop_id}/decline")
async def decline(request: Request, parts: GivenParts, viewer: GivenViewer, hop_id: str, reason: Typed = "", why: Typed = "") -> Response:
    """Decline, with a reason."""
    context = parts.context
    try:
        chosen = _chosen(reason)
        async with context.database.write() as session:
            await transfer.decline(session, context.ring, viewer, hop_id, reason=chosen, note=why, now=context.clock.now())
    except (ConflictError, TextError) as refusal:
        return await _requests(request, parts, viewer, refusal=refusal, typed={"hop": hop_id, "reason": reason, "why": why})
    return RedirectResponse(f"{base_of(request)}/hops", 303)
