"""Small things that staff do beside a talk: drafts, taking an answer back, tags, putting off, corrections, plans, mentions."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from handoff.accounts.viewer import Viewer
from handoff.console.edge import GivenParts, GivenViewer, Parts
from handoff.console.pages.actions import Typed, act
from handoff.desk import companions, corrections, later, mentions, undo
from handoff.desk.drafts import keep_draft
from handoff.desk.errors import TextError
from handoff.desk.record_models import CorrectionKind
from intake.base.database import WriteSession
from nlp.reading import Concern

router = APIRouter()


@router.post("/talks/{talk_id}/draft")
async def save_draft(parts: GivenParts, viewer: GivenViewer, talk_id: str, text: Typed = "") -> Response:
    """Keep what was typed so far. Answers nothing: the page goes on as it is."""
    async with parts.context.database.write() as session:
        await keep_draft(session, parts.context.ring, viewer, talk_id, text, now=parts.context.clock.now())
    return Response(status_code=204)


@router.post("/talks/{talk_id}/undo")
async def take_back(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    talk_id: str,
    message_id: Annotated[str, Form(max_length=26)],
    note: Typed = "",
) -> Response:
    """Take an answer back before it leaves."""
    ring, now = parts.context.ring, parts.context.clock.now()

    async def undone(session: WriteSession) -> None:
        await undo.undo_reply(session, ring, viewer, talk_id, message_id, now=now)

    return await act(request, parts, viewer, talk_id, undone, note_draft=note, keep=("", note))


@router.post("/talks/{talk_id}/tags")
async def add_tag(
    request: Request, parts: GivenParts, viewer: GivenViewer, talk_id: str, word: Typed = "", text: Typed = "", note: Typed = ""
) -> Response:
    """Put a word on the talk."""
    now = parts.context.clock.now()

    async def tagged(session: WriteSession) -> None:
        await later.put_tag(session, viewer, talk_id, word, now=now)

    return await act(request, parts, viewer, talk_id, tagged, draft=text, note_draft=note, keep=(text, note))


@router.post("/talks/{talk_id}/tags/drop")
async def remove_tag(
    request: Request, parts: GivenParts, viewer: GivenViewer, talk_id: str, word: Typed = "", text: Typed = "", note: Typed = ""
) -> Response:
    """Take a word off the talk."""
    now = parts.context.clock.now()

    async def dropped(session: WriteSession) -> None:
        await later.drop_tag(session, viewer, talk_id, word, now=now)

    return await act(request, parts, viewer, talk_id, dropped, draft=text, note_draft=note, keep=(text, note))


@router.post("/talks/{talk_id}/snooze")
async def put_off(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    talk_id: str,
    length: Annotated[later.PutOff | None, Form()] = None,
    text: Typed = "",
    note: Typed = "",
) -> Response:
    """Put the talk off for a while, or bring it back."""
    now = parts.context.clock.now()

    async def snoozed(session: WriteSession) -> None:
        await later.snooze(session, viewer, talk_id, length, now=now)

    return await act(request, parts, viewer, talk_id, snoozed, draft=text, note_draft=note, keep=(text, note))


@router.post("/talks/{talk_id}/corrections")
async def correct(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    talk_id: str,
    concern: Annotated[Concern, Form()],
    kind: Annotated[CorrectionKind, Form()],
    text: Typed = "",
    note: Typed = "",
) -> Response:
    """Say what was read too much, or not read."""
    now = parts.context.clock.now()

    async def corrected(session: WriteSession) -> None:
        await corrections.correct(session, viewer, talk_id, concern, kind, now=now)

    return await act(request, parts, viewer, talk_id, corrected, draft=text, note_draft=note, keep=(text, note))


@router.post("/talks/{talk_id}/follow-up")
async def plan(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    talk_id: str,
    due_on: Typed = "",
    plan_text: Typed = "",
    text: Typed = "",
    note: Typed = "",
) -> Response:
    """Plan the next contact."""
    ring, now = parts.context.ring, parts.context.clock.now()

    async def planned(session: WriteSession) -> None:
        await companions.plan_contact(session, ring, viewer, talk_id, due_on=_day(due_on), plan=plan_text, now=now)

    return await act(request, parts, viewer, talk_id, planned, draft=text, note_draft=note, keep=(text, note))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise TextError("次の連絡の日を選んでください。") from error


@router.post("/talks/{talk_id}/follow-up/done")
async def plan_done(request: Request, parts: GivenParts, viewer: GivenViewer, talk_id: str, text: Typed = "", note: Typed = "") -> Response:
    """Note that the planned contact was made."""
    now = parts.context.clock.now()

    async def done(session: WriteSession) -> None:
        await companions.contact_done(session, viewer, talk_id, now=now)

    return await act(request, parts, viewer, talk_id, done, draft=text, note_draft=note, keep=(text, note))


@router.post("/talks/{talk_id}/mentions/read")
async def mentions_read(
    request: Request, parts: GivenParts, viewer: GivenViewer, talk_id: str, text: Typed = "", note: Typed = ""
) -> Response:
    """Note that the viewer has read where they were named."""
    return await _read(request, parts, viewer, talk_id, text, note)


async def _read(request: Request, parts: Parts, viewer: Viewer, talk_id: str, text: str, note: str) -> Response:
    now = parts.context.clock.now()

    async def read(session: WriteSession) -> None:
        await mentions.read_mentions(session, viewer, talk_id, now=now)

    return await act(request, parts, viewer, talk_id, read, draft=text, note_draft=note, keep=(text, note))
