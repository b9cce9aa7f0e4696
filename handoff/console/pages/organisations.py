"""「団体と受け持ち」: the bodies that work windows for the city, their windows and people, and the end of a contract."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from handoff.accounts import manage, organisations
from handoff.accounts.errors import AccountDataError
from handoff.accounts.leaving import count_held
from handoff.accounts.models import OrganisationKind
from handoff.accounts.permissions import ROLE_WORDS
from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.console.edge import GivenParts, GivenViewer, Parts
from handoff.console.pages.frame import frame
from handoff.console.pages.staff import Windows, city_of
from handoff.console.render import render
from intake.base.database import WriteSession
from intake.base.errors import AppError


def may_manage(viewer: GivenViewer) -> None:
    """Let in only those who say which body works what."""
    check_permission(viewer, Permission.MANAGE_ORGANISATIONS)


router = APIRouter(prefix="/organisations", dependencies=[Depends(may_manage)])
Name = Annotated[str, Form()]


async def _list(request: Request, parts: Parts, viewer: Viewer, *, error: AppError | None = None, typed: str = "") -> Response:
    async with parts.context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        bodies = await organisations.list_bodies(session, viewer, city_of(parts, viewer))
    return render(
        request,
        "organisations.html",
        status=200 if error is None else error.status,
        here="staff",
        error=None if error is None else error.message,
        typed=typed,
        bodies=bodies,
        kinds=organisations.KIND_WORDS,
        **values,
    )


async def _one(
    request: Request, parts: Parts, viewer: Viewer, organisation_id: str, *, error: AppError | None = None, done: str = ""
) -> Response:
    city = city_of(parts, viewer)
    async with parts.context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        await organisations.get_organisation(session, viewer, organisation_id)
        bodies = await organisations.list_bodies(session, viewer, city)
        body = next(one for one in bodies if one.organisation is not None and one.organisation.id == organisation_id)
        held = await count_held(session, [one.id for one in body.people])
    others = [one for other in bodies if other is not body for one in other.people if one.disabled_at is None]
    free = {*bodies[0].windows, *body.windows}
    return render(
        request,
        "organisation.html",
        status=200 if error is None else error.status,
        here="staff",
        error=None if error is None else error.message,
        done=done,
        body=body,
        held=held,
        newcomers=[one for one in others if one.id != viewer.staff_id],
        heirs=[one for one in others if manage.may_answer(one)],
        kinds=organisations.KIND_WORDS,
        role_words=ROLE_WORDS,
        offered={key: window.name for key, window in city.windows.items() if key in free},
        **values,
    )


async def _act(
    request: Request,
    parts: Parts,
    viewer: Viewer,
    organisation_id: str,
    action: Callable[[WriteSession], Awaitable[object]],
    done: str,
) -> Response:
    """Do one thing in one transaction and show the organisation."""
    try:
        async with parts.context.database.write() as session:
            await action(session)
    except AccountDataError as error:
        return await _one(request, parts, viewer, organisation_id, error=error)
    return await _one(request, parts, viewer, organisation_id, done=done)


@router.get("")
async def show_organisations(request: Request, parts: GivenParts, viewer: GivenViewer) -> Response:
    """Show the city and its organisations."""
    return await _list(request, parts, viewer)


@router.post("")
async def add(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    name: Name = "",
    kind: Annotated[OrganisationKind, Form()] = OrganisationKind.ENTRUSTED,
) -> Response:
    """Add an organisation."""
    context = parts.context
    try:
        async with context.database.write() as session:
            row = await organisations.add_organisation(session, context.ring, viewer, name, kind, context.clock.now())
    except AccountDataError as error:
        return await _list(request, parts, viewer, error=error, typed=name)
    return await _one(request, parts, viewer, row.id, done="加えました。受け持つ窓口と、所属する職員を決めてください。")


@router.get("/{organisation_id}")
async def show_organisation(request: Request, parts: GivenParts, viewer: GivenViewer, organisation_id: str) -> Response:
    """Show one organisation."""
    return await _one(request, parts, viewer, organisation_id)


@router.post("/{organisation_id}/name")
async def rename(request: Request, parts: GivenParts, viewer: GivenViewer, organisation_id: str, name: Name = "") -> Response:
    """Give it another name."""
    ring, now = parts.context.ring, parts.context.clock.now()

    async def renamed(session: WriteSession) -> None:
        await organisations.rename(session, ring, viewer, organisation_id, name, now)

    return await _act(request, parts, viewer, organisation_id, renamed, "名前を変えました。")


@router.post("/{organisation_id}/windows")
async def give_windows(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    organisation_id: str,
    windows: Windows = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Say which windows it works."""
    ring, now, city = parts.context.ring, parts.context.clock.now(), city_of(parts, viewer)

    async def given(session: WriteSession) -> None:
        await organisations.give_windows(session, ring, viewer, city, organisation_id, windows, now)

    return await _act(request, parts, viewer, organisation_id, given, "受け持つ窓口を変えました。")


@router.post("/{organisation_id}/staff")
async def place(request: Request, parts: GivenParts, viewer: GivenViewer, organisation_id: str, staff: Name = "") -> Response:
    """Say that somebody belongs to it."""
    ring, now = parts.context.ring, parts.context.clock.now()

    async def placed(session: WriteSession) -> None:
        await organisations.place_staff(session, ring, viewer, organisation_id, staff, now)

    return await _act(request, parts, viewer, organisation_id, placed, "所属に入れました。")


@router.post("/{organisation_id}/staff/out")
async def take_out(request: Request, parts: GivenParts, viewer: GivenViewer, organisation_id: str, staff: Name = "") -> Response:
    """Say that somebody belongs to the city itself again."""
    ring, now = parts.context.ring, parts.context.clock.now()

    async def taken(session: WriteSession) -> None:
        await organisations.take_staff_out(session, ring, viewer, organisation_id, staff, now)

    return await _act(request, parts, viewer, organisation_id, taken, "所属から外しました。")


@router.post("/{organisation_id}/end")
async def end(
    request: Request, parts: GivenParts, viewer: GivenViewer, organisation_id: str, to: Name = "", sure: Annotated[bool, Form()] = False
) -> Response:
    """End the contract: its people leave, their talks are handed on, its windows are the city's again."""
    ring, now = parts.context.ring, parts.context.clock.now()

    async def ended(session: WriteSession) -> None:
        if not sure:
            raise AccountDataError("「確かめました」に印を付けてから、契約を終えてください。")
        await organisations.end_contract(session, ring, viewer, organisation_id, to=to, now=now)

    return await _act(
        request, parts, viewer, organisation_id, ended, "契約を終えました。職員のアカウントを停止し、担当の相談を引き継ぎました。"
    )
