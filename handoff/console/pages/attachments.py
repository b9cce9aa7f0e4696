"""Attachments of a talk: opened, shown inside the page, taken out as files, fetched again. Nothing of them ever runs in a browser."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import Response

from handoff.accounts.viewer import Permission, check_permission
from handoff.attachments import opening
from handoff.attachments.views import file_name
from handoff.console.edge import GivenParts, GivenViewer
from handoff.console.pages.actions import Typed, act
from handoff.console.recorded import SHOWN
from intake.attachments.service import content_of
from intake.base.database import WriteSession
from intake.base.errors import NotFoundError

router = APIRouter()
_SHOWN = frozenset({"image", "audio"})
_SEALED_OFF = {"content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'", "x-content-type-options": "nosniff"}


@router.post("/talks/{talk_id}/attachments/{attachment_id}/open")
async def open_one(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    talk_id: str,
    attachment_id: str,
    text: Typed = "",
    note: Typed = "",
) -> Response:
    """Open an attachment: from then on the page shows it."""
    ring, now = parts.context.ring, parts.context.clock.now()

    async def opened(session: WriteSession) -> None:
        await opening.open_attachment(session, ring, viewer, talk_id, attachment_id, now=now)

    return await act(request, parts, viewer, talk_id, opened, draft=text, note_draft=note, keep=(text, note))


@router.post("/talks/{talk_id}/attachments/{attachment_id}/retry")
async def fetch_again(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    talk_id: str,
    attachment_id: str,
    text: Typed = "",
    note: Typed = "",
) -> Response:
    """Have it fetched once more."""
    now = parts.context.clock.now()

    async def again(session: WriteSession) -> None:
        await opening.fetch_again(session, viewer, talk_id, attachment_id, now=now)

    return await act(request, parts, viewer, talk_id, again, draft=text, note_draft=note, keep=(text, note))


@router.get("/talks/{talk_id}/attachments/{attachment_id}" + SHOWN)
async def show_one(parts: GivenParts, viewer: GivenViewer, talk_id: str, attachment_id: str) -> Response:
    """Send a picture or a sound to the page that shows it. As a page of its own it can do nothing."""
    check_permission(viewer, Permission.READ_TALKS)
    async with parts.context.database.read() as session:
        row = await opening.find_opened(session, viewer, talk_id, attachment_id)
        content = await content_of(session, parts.context.ring, row)
    if (row.media_type or "").partition("/")[0] not in _SHOWN:
        raise NotFoundError("この添付は見つかりません。")
    return Response(content, media_type=row.media_type, headers={**_SEALED_OFF, "content-disposition": "inline"})


@router.get("/talks/{talk_id}/attachments/{attachment_id}/file")
async def take_one(parts: GivenParts, viewer: GivenViewer, talk_id: str, attachment_id: str) -> Response:
    """Send an attachment as a file to be kept, never to be opened in the browser; the taking is on record before it leaves."""
    check_permission(viewer, Permission.READ_TALKS)
    context = parts.context
    async with context.database.write() as session:
        row = await opening.take_attachment(session, context.ring, viewer, talk_id, attachment_id, now=context.clock.now())
    async with context.database.read() as session:
        content = await content_of(session, context.ring, row)
    named = f"attachment; filename=\"attachment\"; filename*=UTF-8''{quote(file_name(context.ring, row), safe='')}"
    return Response(content, media_type="application/octet-stream", headers={**_SEALED_OFF, "content-disposition": named})
