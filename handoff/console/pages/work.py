"""Small things that staff do beside a talk: drafts, taking an answer back, tags, putting off, corrections, plans, mentions."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from handoff.console.edge import GivenParts, GivenViewer
from handoff.console.pages.actions import Epoch, Typed, act
from handoff.desk import companions, corrections, later, mentions, resend, undo
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


class Side:
    """One small form beside a talk. What somebody has begun to write, to the resident or as a note, comes along and stays."""

    def __init__(self, request: Request, parts: GivenParts, viewer: GivenViewer, text: Typed = "", note: Typed = "") -> None:
        self.viewer = viewer
        self.ring, self.now = parts.context.ring, parts.context.clock.now()
        self._request, self._parts, self._text, self._note = request, parts, text, note

    async def act(self, talk_id: str, action: Callable[[WriteSession], Awaitable[object]]) -> Response:
        """Do what the form asks for, and show the talk."""
        text, note = self._text, self._note
        return await act(self._request, self._parts, self.viewer, talk_id, action, draft=text, note_draft=note, keep=(text, note))


GivenSide = Annotated[Side, Depends()]


@router.post("/talks/{talk_id}/undo")
async def take_back(side: GivenSide, talk_id: str, message_id: Annotated[str, Form(max_length=26)]) -> Response:
    """Take an answer back before it leaves."""
    return await side.act(talk_id, lambda session: undo.undo_reply(session, side.ring, side.viewer, talk_id, message_id, now=side.now))


@router.post("/talks/{talk_id}/replies/{message_id}/again")
async def send_again(side: GivenSide, talk_id: str, message_id: str, epoch: Epoch) -> Response:
    """Send again what did not reach LINE."""
    return await side.act(talk_id, lambda session: resend.send_again(session, side.viewer, talk_id, message_id, epoch=epoch, now=side.now))


@router.post("/talks/{talk_id}/tags")
async def add_tag(side: GivenSide, talk_id: str, word: Typed = "") -> Response:
    """Put a word on the talk."""
    return await side.act(talk_id, lambda session: later.put_tag(session, side.viewer, talk_id, word, now=side.now))


@router.post("/talks/{talk_id}/tags/drop")
async def remove_tag(side: GivenSide, talk_id: str, word: Typed = "") -> Response:
    """Take a word off the talk."""
    return await side.act(talk_id, lambda session: later.drop_tag(session, side.viewer, talk_id, word, now=side.now))


@router.post("/talks/{talk_id}/snooze")
async def put_off(side: GivenSide, talk_id: str, length: Annotated[later.PutOff | None, Form()] = None) -> Response:
    """Put the talk off for a while, or bring it back."""
    return await side.act(talk_id, lambda session: later.snooze(session, side.viewer, talk_id, length, now=side.now))


@router.post("/talks/{talk_id}/corrections")
async def correct(side: GivenSide, talk_id: str, concern: Annotated[Concern, Form()], kind: Annotated[CorrectionKind, Form()]) -> Response:
    """Say what was read too much, or not read."""
    return await side.act(talk_id, lambda session: corrections.correct(session, side.viewer, talk_id, concern, kind, now=side.now))


@router.post("/talks/{talk_id}/follow-up")
async def plan(side: GivenSide, talk_id: str, due_on: Typed = "", plan_text: Typed = "") -> Response:
    """Plan the next contact."""

    async def planned(session: WriteSession) -> None:
        await companions.plan_contact(session, side.ring, side.viewer, talk_id, due_on=_day(due_on), plan=plan_text, now=side.now)

    return await side.act(talk_id, planned)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise TextError("次の連絡の日を選んでください。") from error


@router.post("/talks/{talk_id}/follow-up/done")
async def plan_done(side: GivenSide, talk_id: str) -> Response:
    """Note that the planned contact was made."""
    return await side.act(talk_id, lambda session: companions.contact_done(session, side.viewer, talk_id, now=side.now))


@router.post("/talks/{talk_id}/mentions/read")
async def mentions_read(side: GivenSide, talk_id: str) -> Response:
    """Note that the viewer has read where they were named."""
    return await side.act(talk_id, lambda session: mentions.read_mentions(session, side.viewer, talk_id, now=side.now))
