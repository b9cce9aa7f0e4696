"""Logging in and out."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from handoff.accounts.errors import LockedError, LoginRefusedError, LoginTooSoonError
from handoff.accounts.sessions import find_session, revoke_session, set_single_keys, token_hash
from handoff.accounts.staff import Next, Passed, authenticate
from handoff.audit.models import Action
from handoff.audit.record import record_audit
from handoff.console.cookies import address_of, agent_of, set_session, set_step
from handoff.console.edge import GivenParts, GivenViewer, Parts, cookie_name
from handoff.console.home import home_of
from handoff.console.render import base_of, render
from intake.base.errors import AppError

router = APIRouter()


def login_page(request: Request, parts: Parts, *, municipality: str = "", login: str = "", error: AppError | None = None) -> Response:
    """Show the form, with what went wrong."""
    cities = sorted(parts.context.cities.values(), key=lambda city: city.code)
    headers = {"retry-after": str(error.fields["seconds"])} if error is not None and "seconds" in error.fields else None
    return render(
        request,
        "login.html",
        status=200 if error is None else error.status,
        headers=headers,
        cities=cities,
        municipality=municipality,
        login=login,
        error=None if error is None else error.message,
        demo=parts.context.demo,
        oidc=None if parts.context.oidc is None else parts.context.oidc.config.label,
    )


@router.get("/login")
async def show_login(request: Request, parts: GivenParts, municipality: str = "") -> Response:
    """Show the form."""
    return login_page(request, parts, municipality=municipality)


@router.post("/login")
async def log_in(
    request: Request,
    parts: GivenParts,
    municipality: Annotated[str, Form()] = "",
    login: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
) -> Response:
    """Open a session under a new token. A token that the browser had before ends."""
    context = parts.context
    now = context.clock.now()
    try:
        passed = await authenticate(
            context.database,
            context.ring,
            parts.passwords,
            context.config,
            municipality=municipality,
            login=login,
            password=password,
            address=address_of(request),
            now=now,
            demo=context.demo,
            agent=agent_of(request),
        )
    except (LoginRefusedError, LoginTooSoonError, LockedError) as error:
        return login_page(request, parts, municipality=municipality, login=login, error=error)
    await end_former(request, parts)
    return await go_to(request, parts, passed)


async def end_former(request: Request, parts: Parts) -> None:
    """End the session that the browser had before: a token from before a login is never the session."""
    before = request.cookies.get(cookie_name(secure=parts.context.secure_cookies))
    if before is not None:
        async with parts.context.database.write() as session:
            await revoke_session(session, token_hash(before), parts.context.clock.now())


async def first_page(parts: Parts, token: str) -> str:
    """Return the path of the first page that somebody with a new session may see."""
    context = parts.context
    async with context.database.read() as session:
        viewer = await find_session(session, token, context.config, context.clock.now())
    return "/login" if viewer is None else home_of(viewer)


async def enter(request: Request, parts: Parts, token: str) -> Response:
    """Lead the browser in."""
    response = RedirectResponse(base_of(request) + await first_page(parts, token), 303)
    set_session(response, parts, token)
    return response


async def go_to(request: Request, parts: Parts, passed: Passed) -> Response:
    """Lead the browser to what comes after the password."""
    if passed.next is Next.IN:
        return await enter(request, parts, passed.token)
    response = RedirectResponse(f"{base_of(request)}/login/{passed.next}", 303)
    set_step(response, parts, passed.token)
    return response


@router.post("/logout")
async def log_out(request: Request, parts: GivenParts, viewer: GivenViewer) -> Response:
    """End the session, and have the browser forget what it holds."""
    context, now = parts.context, parts.context.clock.now()
    async with context.database.write() as session:
        await revoke_session(session, viewer.token_hash, now)
        record_audit(
            session,
            context.ring,
            municipality=viewer.municipality,
            actor=viewer.staff_id,
            action=Action.LOGGED_OUT,
            subject=viewer.staff_id,
            now=now,
        )
    response = RedirectResponse(f"{base_of(request)}/login", 303)
    secure = parts.context.secure_cookies
    response.delete_cookie(cookie_name(secure=secure), httponly=True, secure=secure, samesite="strict", path="/")
    response.headers["clear-site-data"] = '"cache", "storage"'
    return response


@router.post("/settings/keys")
async def choose_keys(request: Request, parts: GivenParts, viewer: GivenViewer, on: Annotated[str, Form()] = "") -> Response:
    """Switch single-letter keys on or off, for this person in every browser."""
    async with parts.context.database.write() as session:
        await set_single_keys(session, viewer.staff_id, on=on == "1")
    return RedirectResponse(f"{base_of(request)}/", 303)
