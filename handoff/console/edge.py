"""The gate of the console: who asks, and whether a form is really ours. Closed unless a route is named as open."""

import hmac
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from handoff.accounts.errors import ForeignFormError, NotLoggedInError
from handoff.accounts.passwords import Passwords
from handoff.accounts.sessions import find_session, touch_session
from handoff.accounts.viewer import Viewer
from handoff.console.context import ConsoleContext
from handoff.console.openings import Openings
from handoff.console.stream.hub import Hub

OPEN_ROUTES = frozenset({"/login", "/login/second", "/login/enrol", "/login/oidc", "/login/oidc/callback", "/invitation/{token}"})
LIVE_HEADER = "x-tsunagi-live"
"""Sent by our own script when it refreshes by itself: no action of the person, so it keeps no session alive."""
_SAFE = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the routes work with."""

    context: ConsoleContext
    passwords: Passwords
    hub: Hub
    openings: Openings = field(default_factory=Openings)


def get_parts(request: Request) -> Parts:
    """Return the parts of this console."""
    parts: Parts = request.app.state.parts
    return parts


GivenParts = Annotated[Parts, Depends(get_parts)]


def cookie_name(*, secure: bool) -> str:
    """Return the name of the session cookie; the prefix makes browsers refuse it from anywhere but this host over TLS."""
    return "__Host-tsunagi" if secure else "tsunagi_session"


def check_same_origin(request: Request) -> None:
    """Refuse a form that another site sent.

    Because our pages send no referrer, browsers write ``Origin: null`` on our own forms; then ``Sec-Fetch-Site`` decides.
    Whoever says neither is no browser of ours.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    named = origin not in {None, "null"} and urlsplit(origin or "").netloc == request.headers.get("host")
    if not (named or origin in {None, "null"}) or site not in {None, "same-origin"} or (site is None and not named):
        raise ForeignFormError("この操作は受け付けられませんでした。画面を開き直して、もう一度お試しください。")


async def check_form(request: Request, viewer: Viewer) -> None:
    """Refuse a form without the token of this session."""
    given = (await request.form()).get("csrf_token")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), viewer.csrf_token.encode()):
        raise ForeignFormError("この画面は古くなっています。画面を開き直して、もう一度お試しください。")


async def gate(request: Request, parts: GivenParts) -> None:
    """Let nobody in without a live session, and no change without a form of ours."""
    if request.method not in _SAFE:
        check_same_origin(request)
    if request.scope["route"].path in OPEN_ROUTES:
        return
    context = parts.context
    token = request.cookies.get(cookie_name(secure=context.secure_cookies))
    if token is None:
        raise NotLoggedInError("ログインしてください。")
    now = context.clock.now()
    async with context.database.read_near() as session:
        viewer = await find_session(session, token, context.config, now)
    if viewer is None:
        raise NotLoggedInError("ログインの期限が切れました。もう一度ログインしてください。")
    if request.method not in _SAFE:
        await check_form(request, viewer)
    if LIVE_HEADER not in request.headers:
        await touch_session(context.database, viewer, context.config, now)
    request.state.viewer = viewer


def get_viewer(request: Request) -> Viewer:
    """Return whoever the gate let in."""
    viewer: Viewer = request.state.viewer
    return viewer


GivenViewer = Annotated[Viewer, Depends(get_viewer)]
