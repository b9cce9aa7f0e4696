"""相談受付・申込票 and 経過記録 of a talk: to fill in, to read, to print."""

import uuid
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.console.edge import GivenParts, GivenViewer, Parts
from handoff.console.pages.actions import FormNumber
from handoff.console.pages.frame import frame
from handoff.console.render import base_of, render
from handoff.desk.actions import names_of
from handoff.desk.corrections import corrected, corrections_of
from handoff.desk.errors import TextError
from handoff.desk.form import MAIN, OTHER, find_form, prefilled, save_form
from handoff.desk.records import MAX_PART, PARTS, records_of, write_record
from handoff.desk.talk import load_talk
from intake.base.errors import AppError
from routing.rules import FORM_ITEMS

router = APIRouter()
_FIELD = "item{}"


async def _form(
    request: Request, parts: Parts, viewer: Viewer, talk_id: str, *, refusal: AppError | None = None, marks: Mapping[str, str] | None = None
) -> Response:
    check_permission(viewer, Permission.READ_TALKS)
    context = parts.context
    async with context.database.read() as session:
        values: dict[str, Any] = await frame(request, parts, viewer, session)
        values["talk"] = talk = await load_talk(session, context.ring, viewer, talk_id)
        saved = await find_form(session, context.ring, talk_id)
        read = prefilled(corrected(talk.concern_ids, await corrections_of(session, talk_id)))
    shown = marks if marks is not None else read if saved is None else saved
    return render(
        request,
        "form.html",
        status=200 if refusal is None else refusal.status,
        refusal=None if refusal is None else refusal.message,
        items=[(_FIELD.format(number), item, shown.get(item, ""), read.get(item, "")) for number, item in enumerate(FORM_ITEMS)],
        saved=saved is not None,
        choices=((MAIN, "◎ 一番お困りのこと"), (OTHER, "○ あてはまる"), ("", "なし")),
        **values,
    )


@router.get("/talks/{talk_id}/form")
async def show_form(request: Request, parts: GivenParts, viewer: GivenViewer, talk_id: str) -> Response:
    """Show the form, filled from what was read where nobody has saved one."""
    return await _form(request, parts, viewer, talk_id)


@router.post("/talks/{talk_id}/form")
async def keep_form(request: Request, parts: GivenParts, viewer: GivenViewer, talk_id: str) -> Response:
    """Keep the form."""
    given = await request.form()
    marks = {item: str(given.get(_FIELD.format(number), "")) for number, item in enumerate(FORM_ITEMS)}
    try:
        async with parts.context.database.write() as session:
            await save_form(session, parts.context.ring, viewer, talk_id, marks, now=parts.context.clock.now())
    except TextError as refusal:
        return await _form(request, parts, viewer, talk_id, refusal=refusal, marks=marks)
    return RedirectResponse(f"{base_of(request)}/talks/{talk_id}/form", 303)


async def _record(
    request: Request, parts: Parts, viewer: Viewer, talk_id: str, *, refusal: AppError | None = None, typed: Mapping[str, str] | None = None
) -> Response:
    check_permission(viewer, Permission.READ_TALKS)
    context = parts.context
    async with context.database.read() as session:
        values: dict[str, Any] = await frame(request, parts, viewer, session)
        values["talk"] = await load_talk(session, context.ring, viewer, talk_id)
        records = await records_of(session, context.ring, talk_id)
        names = await names_of(session, {record.staff_id for record in records})
    return render(
        request,
        "record.html",
        status=200 if refusal is None else refusal.status,
        refusal=None if refusal is None else refusal.message,
        records=records,
        names=names,
        record_parts=PARTS,
        typed=typed or dict.fromkeys(PARTS, ""),
        longest=MAX_PART,
        client_uuid=str(uuid.uuid4()),
        **values,
    )


@router.get("/talks/{talk_id}/record")
async def show_record(request: Request, parts: GivenParts, viewer: GivenViewer, talk_id: str) -> Response:
    """Show the entries, and an empty one to write."""
    return await _record(request, parts, viewer, talk_id)


@router.post("/talks/{talk_id}/record")
async def keep_record(request: Request, parts: GivenParts, viewer: GivenViewer, talk_id: str, client_uuid: FormNumber) -> Response:
    """Add an entry."""
    given = await request.form()
    typed = {key: str(given.get(key, "")) for key in PARTS}
    try:
        async with parts.context.database.write() as session:
            now = parts.context.clock.now()
            await write_record(session, parts.context.ring, viewer, talk_id, typed, client_uuid=client_uuid, now=now)
    except TextError as refusal:
        return await _record(request, parts, viewer, talk_id, refusal=refusal, typed=typed)
    return RedirectResponse(f"{base_of(request)}/talks/{talk_id}/record", 303)
