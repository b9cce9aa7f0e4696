"""「職員」: accounts of the own windows, or of all: inviting, rights, leaving, letting in again."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from handoff.accounts import manage, organisations
from handoff.accounts.errors import AccountDataError, NotAllowedError
from handoff.accounts.factor_models import InvitationKind
from handoff.accounts.models import Role
from handoff.accounts.permissions import GIVEN_BY_MANAGERS, ROLE_WORDS
from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.console.cookies import site_of
from handoff.console.edge import GivenParts, GivenViewer, Parts
from handoff.console.pages.frame import frame
from handoff.console.render import base_of, render
from intake.base.database import WriteSession
from intake.base.errors import AppError, NotFoundError
from routing.city import City


def may_manage(viewer: GivenViewer) -> None:
    """Let in only those who manage accounts."""
    check_permission(viewer, Permission.MANAGE_STAFF)


router = APIRouter(prefix="/staff", dependencies=[Depends(may_manage)])
Windows = Annotated[list[str], Form()]
_LINK_WORDS = {
    "": "招待のリンクです。本人に手渡しで伝えてください。3日間、一度だけ使えます。",
    InvitationKind.PASSWORD: "パスワードを決め直すリンクです。本人に手渡しで伝えてください。24時間、一度だけ使えます。",
    InvitationKind.FACTOR: "二つ目の確認を登録し直すリンクです。本人と確かめてから手渡してください。24時間、一度だけ使えます。",
}


def city_of(parts: Parts, viewer: Viewer) -> City:
    """Return the viewer's city, as its tables say."""
    city = parts.context.cities.get(viewer.municipality)
    if city is None:
        raise NotFoundError("この自治体の窓口一覧は、いまは使われていません。")
    return city


def _offered(viewer: Viewer, city: City) -> dict[str, Any]:
    """Return what the viewer may give: roles and windows."""
    whole = viewer.may(Permission.MANAGE_ALL_STAFF)
    return {
        "roles": {role: words for role, words in ROLE_WORDS.items() if whole or role in GIVEN_BY_MANAGERS},
        "role_words": ROLE_WORDS,
        "offered": {key: window.name for key, window in city.windows.items() if whole or key in viewer.windows},
    }


async def _list(
    request: Request, parts: Parts, viewer: Viewer, *, error: AppError | None = None, typed: dict[str, str] | None = None
) -> Response:
    async with parts.context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        members = await manage.list_members(session, viewer)
        whole = viewer.may(Permission.MANAGE_ORGANISATIONS)
        bodies = await organisations.running_organisations(session, viewer.municipality) if whole else ()
    values |= _offered(viewer, city_of(parts, viewer))
    return render(
        request,
        "staff.html",
        status=200 if error is None else error.status,
        here="staff",
        error=None if error is None else error.message,
        typed=typed or {},
        members=members,
        bodies=bodies,
        **values,
    )


async def _member(
    request: Request,
    parts: Parts,
    viewer: Viewer,
    staff_id: str,
    *,
    error: AppError | None = None,
    done: str = "",
    link: str = "",
    link_words: str = "",
) -> Response:
    async with parts.context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        await manage.get_touchable(session, viewer, staff_id)
        members = await manage.list_members(session, viewer)
    values |= _offered(viewer, city_of(parts, viewer))
    colleagues = [m for m in members if m.staff.disabled_at is None and m.staff.id != staff_id and manage.may_answer(m.staff)]
    return render(
        request,
        "staff_member.html",
        status=200 if error is None else error.status,
        here="staff",
        error=None if error is None else error.message,
        done=done,
        link=f"{site_of(request, parts).origin}{base_of(request)}{link}" if link else "",
        link_words=link_words,
        member=next(m for m in members if m.staff.id == staff_id),
        colleagues=colleagues,
        **values,
    )


async def _act(
    request: Request,
    parts: Parts,
    viewer: Viewer,
    staff_id: str,
    action: Callable[[WriteSession], Awaitable[object]],
    *,
    done: str = "",
    link_words: str = "",
) -> Response:
    """Do one thing in one transaction and show the account. What the action returns as a text is the token of a link."""
    try:
        async with parts.context.database.write() as session:
            result = await action(session)
    except (AccountDataError, NotAllowedError) as error:
        return await _member(request, parts, viewer, staff_id, error=error)
    link = f"/invitation/{result}" if isinstance(result, str) else ""
    try:
        return await _member(request, parts, viewer, staff_id, done=done, link=link, link_words=link_words)
    except NotFoundError:
        # What was just done has put the account out of the asker's reach.
        return RedirectResponse(f"{base_of(request)}/staff", 303)


@router.get("")
async def show_staff(request: Request, parts: GivenParts, viewer: GivenViewer) -> Response:
    """Show the accounts."""
    return await _list(request, parts, viewer)


@router.post("")
async def invite(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    login: Annotated[str, Form()] = "",
    display_name: Annotated[str, Form()] = "",
    role: Annotated[Role, Form()] = Role.COUNSELLOR,
    windows: Windows = [],  # noqa: B006 - FastAPI copies it
    organisation: Annotated[str, Form()] = "",
) -> Response:
    """Make an account, in an organisation where one is chosen, and show the link for its person, once."""
    context = parts.context
    rights = manage.Rights(role=role, windows=frozenset(windows))
    try:
        async with context.database.write() as session:
            staff, token = await manage.invite(
                session,
                context.ring,
                context.config,
                viewer,
                city_of(parts, viewer),
                login=login,
                display_name=display_name,
                rights=rights,
                now=context.clock.now(),
            )
            if organisation:
                await organisations.place_staff(session, context.ring, viewer, organisation, staff.id, context.clock.now())
    except (AccountDataError, NotAllowedError) as error:
        typed = {"login": login, "display_name": display_name, "role": role, "organisation": organisation}
        return await _list(request, parts, viewer, error=error, typed=typed)
    return await _member(request, parts, viewer, staff.id, link=f"/invitation/{token}", link_words=_LINK_WORDS[""])


@router.get("/{staff_id}")
async def show_member(request: Request, parts: GivenParts, viewer: GivenViewer, staff_id: str) -> Response:
    """Show one account."""
    return await _member(request, parts, viewer, staff_id)


@router.post("/{staff_id}/rights")
async def change_rights(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    staff_id: str,
    role: Annotated[Role, Form()] = Role.COUNSELLOR,
    windows: Windows = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Change role and windows."""
    context, city = parts.context, city_of(parts, viewer)
    rights = manage.Rights(role=role, windows=frozenset(windows))

    async def change(session: WriteSession) -> None:
        await manage.change_rights(session, context.ring, viewer, city, staff_id, rights, context.clock.now())

    return await _act(request, parts, viewer, staff_id, change, done="役割と窓口を変えました。次の操作から効きます。")


@router.post("/{staff_id}/link")
async def make_link(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    staff_id: str,
    kind: Annotated[InvitationKind, Form()] = InvitationKind.PASSWORD,
) -> Response:
    """Make a link for a forgotten password or a lost second factor."""
    context = parts.context

    async def reset(session: WriteSession) -> str:
        return await manage.reset(session, context.ring, context.config, viewer, staff_id, kind, context.clock.now())

    return await _act(request, parts, viewer, staff_id, reset, link_words=_LINK_WORDS.get(kind, _LINK_WORDS[""]))


@router.post("/{staff_id}/close")
async def close(request: Request, parts: GivenParts, viewer: GivenViewer, staff_id: str, to: Annotated[str, Form()] = "") -> Response:
    """Close the account of somebody who leaves, and hand the talks on."""
    context = parts.context

    async def leave(session: WriteSession) -> None:
        await manage.close_account(session, context.ring, viewer, staff_id, to=to, now=context.clock.now())

    return await _act(request, parts, viewer, staff_id, leave, done="停止しました。担当していた相談は引き継がれました。")


@router.post("/{staff_id}/reopen")
async def reopen(request: Request, parts: GivenParts, viewer: GivenViewer, staff_id: str) -> Response:
    """Open a closed account again."""
    context = parts.context

    async def come_back(session: WriteSession) -> str:
        return await manage.reopen_account(session, context.ring, context.config, viewer, staff_id, context.clock.now())

    words = _LINK_WORDS[InvitationKind.PASSWORD]
    return await _act(request, parts, viewer, staff_id, come_back, done="再開しました。", link_words=words)


@router.post("/{staff_id}/unlock")
async def unlock(request: Request, parts: GivenParts, viewer: GivenViewer, staff_id: str) -> Response:
    """Let somebody try again at once."""
    context = parts.context
    now = context.clock.now()
    return await _act(
        request,
        parts,
        viewer,
        staff_id,
        lambda session: manage.unlock(session, context.ring, viewer, staff_id, now),
        done="一時停止を解きました。",
    )


@router.post("/{staff_id}/sessions/end")
async def end_sessions(request: Request, parts: GivenParts, viewer: GivenViewer, staff_id: str) -> Response:
    """Put somebody out of all browsers."""
    context = parts.context
    now = context.clock.now()
    return await _act(
        request,
        parts,
        viewer,
        staff_id,
        lambda session: manage.end_sessions(session, context.ring, viewer, staff_id, now),
        done="すべての端末のログインを終了しました。",
    )
