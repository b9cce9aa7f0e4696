"""通告・通報の票: shown with 「虐待か迷うとき」 beside it, judged, reported, ended."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.console.edge import GivenParts, GivenViewer, Parts
from handoff.console.pages.actions import Typed
from handoff.console.pages.frame import frame
from handoff.console.render import base_of, render
from handoff.desk.errors import ConflictError, TextError
from handoff.desk.phrases import load_phrases
from handoff.desk.talk import load_talk
from handoff.report_abuse import steps
from handoff.report_abuse.models import Judgement
from handoff.report_abuse.views import find_report
from handoff.report_abuse.words import JUDGEMENT_WORDS, MEANS, OUTCOME_WORDS, Outcome
from intake.base.database import WriteSession
from intake.base.errors import AppError, NotFoundError
from routing.referral import Kind

router = APIRouter()
_NOTHING: Mapping[str, str] = {}


async def _page(
    request: Request, parts: Parts, viewer: Viewer, talk_id: str, *, refusal: AppError | None = None, typed: Mapping[str, str] = _NOTHING
) -> Response:
    check_permission(viewer, Permission.READ_TALKS)
    context = parts.context
    now = context.clock.now()
    async with context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        values["talk"] = await load_talk(session, context.ring, viewer, talk_id)
        report = await find_report(session, context.ring, talk_id, now)
    if report is None:
        raise NotFoundError("この相談に、通告・通報の票はありません。")
    return render(
        request,
        "report_abuse.html",
        status=200 if refusal is None else refusal.status,
        refusal=None if refusal is None else refusal.message,
        typed=typed,
        report=report,
        procedure=load_phrases().procedures["abuse"],
        judgements=JUDGEMENT_WORDS,
        outcomes=OUTCOME_WORDS,
        means=MEANS,
        recipients=_recipients(parts, viewer),
        longest=steps.MAX_TEXT,
        **values,
    )


def _recipients(parts: Parts, viewer: Viewer) -> list[str]:
    """Return the places of the directory that take reports of abuse, to be offered, never to be guessed."""
    city = parts.context.cities.get(viewer.municipality)
    return [] if city is None else [window.name for window in city.windows.values() if window.kind is Kind.ABUSE_REPORT]


async def _act(
    request: Request,
    parts: Parts,
    viewer: Viewer,
    talk_id: str,
    action: Callable[[WriteSession], Awaitable[None]],
    typed: Mapping[str, str] = _NOTHING,
) -> Response:
    try:
        async with parts.context.database.write() as session:
            await action(session)
    except (ConflictError, TextError) as refusal:
        return await _page(request, parts, viewer, talk_id, refusal=refusal, typed=typed)
    return RedirectResponse(f"{base_of(request)}/talks/{talk_id}/report", 303)


@router.get("/talks/{talk_id}/report")
async def show_report(request: Request, parts: GivenParts, viewer: GivenViewer, talk_id: str) -> Response:
    """Show the form. When a person opens it for the first time, the moment is kept."""
    check_permission(viewer, Permission.READ_TALKS)
    context = parts.context
    async with context.database.write() as session:
        await steps.note_opening(session, context.ring, viewer, talk_id, now=context.clock.now())
    return await _page(request, parts, viewer, talk_id)


@router.post("/talks/{talk_id}/report/judgement")
async def judge(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    talk_id: str,
    judgement: Annotated[Judgement, Form()] = Judgement.UNSURE,
    reason: Typed = "",
) -> Response:
    """Say 該当, 迷う or 該当しない."""
    context = parts.context
    now, ring, deadlines = context.clock.now(), context.ring, context.deadlines

    async def judged(session: WriteSession) -> None:
        await steps.judge(session, ring, viewer, talk_id, judgement, reason, deadlines, now=now)

    return await _act(request, parts, viewer, talk_id, judged, {"judgement": judgement, "reason": reason})


@router.post("/talks/{talk_id}/report/made")
async def made(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    talk_id: str,
    recipient: Typed = "",
    means: Typed = "",
    details: Typed = "",
) -> Response:
    """Write down that a report was made."""
    context = parts.context
    now, ring, deadlines = context.clock.now(), context.ring, context.deadlines

    async def reported(session: WriteSession) -> None:
        await steps.report_made(
            session, ring, viewer, talk_id, recipient=recipient, means=means, details=details, deadlines=deadlines, now=now
        )

    return await _act(request, parts, viewer, talk_id, reported, {"recipient": recipient, "means": means, "details": details})


@router.post("/talks/{talk_id}/report/outcome")
async def outcome(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    talk_id: str,
    outcome: Annotated[Outcome, Form()] = Outcome.UNKNOWN,
    outcome_details: Typed = "",
) -> Response:
    """Write down what came of it."""
    context = parts.context
    now, ring, deadlines = context.clock.now(), context.ring, context.deadlines

    async def noted(session: WriteSession) -> None:
        await steps.note_outcome(session, ring, viewer, talk_id, outcome, outcome_details, deadlines, now=now)

    return await _act(request, parts, viewer, talk_id, noted, {"outcome": outcome, "outcome_details": outcome_details})
