"""Putting right what was done or read: a talk that was ended too early, a sign of danger that was missed or was none."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from handoff.console.edge import GivenParts, GivenViewer
from handoff.console.pages.actions import Typed, act
from handoff.desk.corrections import correct_danger
from handoff.desk.record_models import CorrectionKind
from handoff.desk.reopen import reopen

router = APIRouter()


@router.post("/talks/{talk_id}/reopen")
async def open_again(request: Request, parts: GivenParts, viewer: GivenViewer, talk_id: str, note: Typed = "") -> Response:
    """Take a talk up again that was ended."""
    now = parts.context.clock.now()
    return await act(
        request, parts, viewer, talk_id, lambda session: reopen(session, viewer, talk_id, now=now), note_draft=note, keep=("", note)
    )


@router.post("/talks/{talk_id}/danger")
async def correct(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    talk_id: str,
    kind: Annotated[CorrectionKind, Form()],
    text: Typed = "",
    note: Typed = "",
) -> Response:
    """Say that danger was missed, or that a sign was none. Only counted; nothing else changes."""
    now = parts.context.clock.now()
    return await act(
        request,
        parts,
        viewer,
        talk_id,
        lambda session: correct_danger(session, viewer, talk_id, kind, now=now),
        draft=text,
        note_draft=note,
        keep=(text, note),
    )
