"""Logging in and out."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from handoff.accounts.errors import LoginRefusedError, LoginTooSoonError
from handoff.accounts.sessions import revoke_session, set_single_keys, token_hash
from handoff.accounts.staff import authenticate
from handoff.console.edge import GivenParts, GivenViewer, Parts, cookie_name
from handoff.console.render import base_of, render
from intake.base.errors import AppError

router = APIRouter()


def _page(request: Request, parts: Parts, *, municipality: str = "", login: str = "", error: AppError | None = None) -> Response:
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
    )


@router.get("/login")
async def show_login(request: Request, parts: GivenParts, municipality: str = "") -> Response:
    """Show the form."""
    return _page(request, parts, municipality=municipality)


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
        token = await authenticate(
            context.database,
            context.ring,
            parts.passwords,
            context.config,
            municipality=municipality,
            login=login,
            password=password,
            address=request.client.host if request.client else "",
            now=now,
        )
    except (LoginRefusedError, LoginTooSoonError) as error:
        return _page(request, parts, municipality=municipality, login=login, error=error)
    name = cookie_name(secure=context.secure_cookies)
    before = request.cookies.get(name)
    if before is not None:
        async with context.database.write() as session:
            await revoke_session(session, token_hash(before), now)
    response = RedirectResponse(f"{base_of(request)}/", 303)
    age = int(context.config.absolute.total_seconds())
    response.set_cookie(name, token, max_age=age, httponly=True, secure=context.secure_cookies, samesite="strict", path="/")
    return response


@router.post("/logout")
async def log_out(request: Request, parts: GivenParts, viewer: GivenViewer) -> Response:
    """End the session, and have the browser forget what it holds."""
    async with parts.context.database.write() as session:
        await revoke_session(session, viewer.token_hash, parts.context.clock.now())
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
