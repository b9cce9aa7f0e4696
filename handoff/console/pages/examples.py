"""「例文」: sentences that staff write anew beside a talk, and the second person's word on them."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.console.edge import GivenParts, GivenViewer, Parts
from handoff.console.pages.frame import frame
from handoff.console.render import base_of, render
from handoff.desk.corrections import corrected, corrections_of
from handoff.desk.errors import ConflictError, TextError
from handoff.desk.talk import load_talk
from handoff.desk.words import CONCERN_WORDS, RISK_KIND_WORDS, RISK_WORDS
from handoff.examples import keeping
from handoff.examples.labels import INTENT_WORDS, Labels
from handoff.statistics.words import SPEAKER_WORDS
from intake.base.errors import AppError
from nlp.reading import Concern, Intent, Risk, RiskKind, Speaker

router = APIRouter()
_WORDS: dict[str, Any] = {
    "concern_words": CONCERN_WORDS,
    "speaker_words": SPEAKER_WORDS,
    "intent_words": INTENT_WORDS,
    "risk_words": RISK_WORDS,
    "kind_words": RISK_KIND_WORDS,
}


def _is_on(parts: Parts, viewer: Viewer) -> bool:
    return viewer.municipality in parts.context.keep_examples_of


async def _form(
    request: Request,
    parts: Parts,
    viewer: Viewer,
    talk_id: str,
    *,
    refusal: AppError | None = None,
    typed: str = "",
    labels: Labels | None = None,
) -> Response:
    check_permission(viewer, Permission.ANSWER)
    ring = parts.context.ring
    async with parts.context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        talk = await load_talk(session, ring, viewer, talk_id)
        originals = await keeping.originals_of(session, ring, talk_id, bare=talk.mine)
        concerns = corrected(talk.concern_ids, await corrections_of(session, talk_id))
    return render(
        request,
        "example.html",
        status=200 if refusal is None else refusal.status,
        refusal=None if refusal is None else refusal.message,
        talk=talk,
        originals=originals,
        typed=typed,
        chosen=labels or Labels(concerns=tuple(concerns)),
        longest=keeping.LONGEST,
        **_WORDS,
        **values,
    )


@router.get("/talks/{talk_id}/example")
async def show_form(request: Request, parts: GivenParts, viewer: GivenViewer, talk_id: str) -> Response:
    """Show an empty sheet beside what the resident wrote."""
    return await _form(request, parts, viewer, talk_id)


def given_labels(
    concerns: Annotated[list[Concern], Form()] = [],  # noqa: B006 - FastAPI copies it
    speaker: Annotated[Speaker, Form()] = Speaker.UNKNOWN,
    intent: Annotated[Intent, Form()] = Intent.DISCLOSE,
    risk: Annotated[Risk, Form()] = Risk.NONE,
    kinds: Annotated[list[RiskKind], Form()] = [],  # noqa: B006 - FastAPI copies it
) -> Labels:
    """Return what a form says of a sentence, each label once and in its usual order."""
    ordered = tuple(one for one in Concern if one in concerns), tuple(one for one in RiskKind if one in kinds)
    return Labels(concerns=ordered[0], speaker=speaker, intent=intent, risk=risk, kinds=ordered[1])


@router.post("/talks/{talk_id}/example")
async def propose(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    talk_id: str,
    labels: Annotated[Labels, Depends(given_labels)],
    sentence: Annotated[str, Form()] = "",
) -> Response:
    """Propose a sentence. A refusal keeps what was written."""
    context = parts.context
    on, now = _is_on(parts, viewer), context.clock.now()
    try:
        async with context.database.write() as session:
            await keeping.propose(session, context.ring, viewer, talk_id, sentence, labels, on=on, now=now)
    except (ConflictError, TextError) as refusal:
        return await _form(request, parts, viewer, talk_id, refusal=refusal, typed=sentence, labels=labels)
    return RedirectResponse(f"{base_of(request)}/examples", 303)


async def _list(request: Request, parts: Parts, viewer: Viewer, *, refusal: AppError | None = None) -> Response:
    check_permission(viewer, Permission.ANSWER)
    async with parts.context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        examples = await keeping.list_examples(session, parts.context.ring, viewer)
    return render(
        request,
        "examples.html",
        status=200 if refusal is None else refusal.status,
        refusal=None if refusal is None else refusal.message,
        here="examples",
        waiting=[one for one in examples if one.decided_at is None],
        kept=[one for one in examples if one.approved],
        **_WORDS,
        **values,
    )


@router.get("/examples")
async def show_examples(request: Request, parts: GivenParts, viewer: GivenViewer) -> Response:
    """Show what waits and what is kept."""
    return await _list(request, parts, viewer)


@router.post("/examples/{example_id}/verdict")
async def decide(
    request: Request, parts: GivenParts, viewer: GivenViewer, example_id: str, approve: Annotated[bool, Form()] = False
) -> Response:
    """Approve a sentence or decline it."""
    context = parts.context
    on, now = _is_on(parts, viewer), context.clock.now()
    try:
        async with context.database.write() as session:
            await keeping.decide(session, context.ring, viewer, example_id, approve=approve, on=on, now=now)
    except (ConflictError, TextError) as refusal:
        return await _list(request, parts, viewer, refusal=refusal)
    return RedirectResponse(f"{base_of(request)}/examples", 303)


@router.post("/examples/{example_id}/take-back")
async def take_back(request: Request, parts: GivenParts, viewer: GivenViewer, example_id: str) -> Response:
    """Take an own sentence back."""
    try:
        async with parts.context.database.write() as session:
            await keeping.take_back(session, viewer, example_id)
    except ConflictError as refusal:
        return await _list(request, parts, viewer, refusal=refusal)
    return RedirectResponse(f"{base_of(request)}/examples", 303)


@router.post("/examples/export")
async def export(parts: GivenParts, viewer: GivenViewer) -> Response:
    """Take the approved sentences out as a file of the corpus. That goes on record."""
    async with parts.context.database.read() as session:
        lines = await keeping.export_lines(session, parts.context.ring, viewer)
    headers = {"content-disposition": f'attachment; filename="kept-{viewer.municipality}.jsonl"'}
    return Response(lines, media_type="application/jsonl; charset=utf-8", headers=headers)
