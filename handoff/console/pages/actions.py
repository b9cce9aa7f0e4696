"""What staff do with a talk. Each works as a plain form and, through htmx, as a part of the page; each is one transaction.

The transaction is opened and committed here, at the edge, before the answer is made: the page then shows what was committed,
and the one writer of SQLite does not wait for a template.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypedDict

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from handoff.accounts.viewer import Viewer
from handoff.console.edge import GivenParts, GivenViewer, Parts
from handoff.console.pages.talk import show
from handoff.console.render import base_of, is_htmx
from handoff.desk import actions
from handoff.desk.errors import ConflictError, TextError
from handoff.desk.reply import ReplyForm, reply
from handoff.desk.words import CloseReason
from intake.base.database import WriteSession
from intake.base.errors import NotFoundError

router = APIRouter()
Typed = Annotated[str, Form()]
Epoch = Annotated[int, Form(ge=0, le=2**31 - 1)]
FormNumber = Annotated[str, Form(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
"""What makes two presses of one form the same."""


class Kept(TypedDict):
    """What was typed and must not be lost."""

    draft: str
    note_draft: str
    whisper_draft: str


async def act(
    request: Request,
    parts: Parts,
    viewer: Viewer,
    talk_id: str,
    action: Callable[[WriteSession], Awaitable[object]],
    *,
    part: str = "_desk.html",
    draft: str = "",
    note_draft: str = "",
    whisper_draft: str = "",
    keep: tuple[str, str] = ("", ""),
) -> Response:
    """Do one thing in one transaction and show the talk. A refusal shows it with all that was typed; success keeps only ``keep``."""
    try:
        async with parts.context.database.write() as session:
            await action(session)
    except (ConflictError, TextError) as refusal:
        wanted = part if is_htmx(request) else None
        place = {"_notes.html": "notes", "_whispers.html": "whispers"}.get(part, "composer")
        kept = Kept(draft=draft, note_draft=note_draft, whisper_draft=whisper_draft)
        return await show(request, parts, viewer, talk_id, part=wanted, refusal=refusal, refused=place, **kept)
    if not is_htmx(request):
        return RedirectResponse(f"{base_of(request)}/talks/{talk_id}", 303)
    try:
        return await show(request, parts, viewer, talk_id, part=part, draft=keep[0], note_draft=keep[1])
    except NotFoundError:
        # What was just done has put the talk out of the asker's sight.
        return Response(headers={"hx-redirect": f"{base_of(request)}/"})


@router.post("/talks/{talk_id}/claim")
async def claim(request: Request, parts: GivenParts, viewer: GivenViewer, talk_id: str, text: Typed = "", note: Typed = "") -> Response:
    """Take a talk that nobody holds."""
    now = parts.context.clock.now()
    kept = (text, note)
    return await act(
        request,
        parts,
        viewer,
        talk_id,
        lambda session: actions.claim(session, viewer, talk_id, now=now),
        draft=text,
        note_draft=note,
        keep=kept,
    )


@router.post("/talks/{talk_id}/take-over")
async def take_over(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    talk_id: str,
    epoch: Epoch,
    reason: Typed = "",
    text: Typed = "",
    note: Typed = "",
) -> Response:
    """Take a talk out of somebody's hands, with a reason."""
    now, ring = parts.context.clock.now(), parts.context.ring
    return await act(
        request,
        parts,
        viewer,
        talk_id,
        lambda session: actions.take_over(session, ring, viewer, talk_id, epoch=epoch, reason=reason, now=now),
        draft=text,
        note_draft=note,
        keep=(text, note),
    )


@router.post("/talks/{talk_id}/release")
async def release(
    request: Request, parts: GivenParts, viewer: GivenViewer, talk_id: str, epoch: Epoch, text: Typed = "", note: Typed = ""
) -> Response:
    """Give a talk back to the queue."""
    now, promiser = parts.context.clock.now(), parts.context.promiser(viewer.municipality)
    return await act(
        request,
        parts,
        viewer,
        talk_id,
        lambda session: actions.release(session, viewer, talk_id, epoch=epoch, now=now, promiser=promiser),
        draft=text,
        note_draft=note,
        keep=(text, note),
    )


@router.post("/talks/{talk_id}/close")
async def close(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    talk_id: str,
    epoch: Epoch,
    reason: Annotated[CloseReason, Form()],
    text: Typed = "",
    note: Typed = "",
) -> Response:
    """End a talk."""
    now = parts.context.clock.now()
    return await act(
        request,
        parts,
        viewer,
        talk_id,
        lambda session: actions.close(session, viewer, talk_id, epoch=epoch, reason=reason, now=now),
        draft=text,
        note_draft=note,
        keep=("", note),
    )


@router.post("/talks/{talk_id}/alarms")
async def open_alarms(
    request: Request, parts: GivenParts, viewer: GivenViewer, talk_id: str, text: Typed = "", note: Typed = ""
) -> Response:
    """Note that a person has opened the alarms."""
    now = parts.context.clock.now()
    return await act(
        request,
        parts,
        viewer,
        talk_id,
        lambda session: actions.open_alarms(session, viewer, talk_id, now=now),
        draft=text,
        note_draft=note,
        keep=(text, note),
    )


@router.post("/talks/{talk_id}/notes")
async def write_note(
    request: Request, parts: GivenParts, viewer: GivenViewer, talk_id: str, client_uuid: FormNumber, note: Typed = ""
) -> Response:
    """Write an internal note."""
    now, ring = parts.context.clock.now(), parts.context.ring
    return await act(
        request,
        parts,
        viewer,
        talk_id,
        lambda session: actions.write_note(session, ring, viewer, talk_id, text=note, client_uuid=client_uuid, now=now),
        part="_notes.html",
        note_draft=note,
    )


@router.post("/talks/{talk_id}/replies")
async def send_reply(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    talk_id: str,
    epoch: Epoch,
    client_uuid: FormNumber,
    last_seen: Annotated[str, Form(max_length=26)] = "",
    text: Typed = "",
) -> Response:
    """Answer the resident."""
    now, ring = parts.context.clock.now(), parts.context.ring
    form = ReplyForm(text=text, epoch=epoch, last_seen=last_seen, client_uuid=client_uuid)
    return await act(
        request,
        parts,
        viewer,
        talk_id,
        lambda session: reply(session, ring, viewer, talk_id, form, now=now, pause=parts.context.undo),
        part="_talk.html",
        draft=text,
    )
