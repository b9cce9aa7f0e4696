"""Login by the accounts of the town hall: out to the provider, and back.

The browser comes back from a foreign site, and a browser sends no strict cookie then, not even after a redirect. So the way back ends
on a page of ours, which leads on by itself.
"""

import base64
import binascii
import hmac
import json
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from handoff.accounts.errors import LockedError, LoginRefusedError
from handoff.accounts.oidc import FAILED, ROUND, OidcProvider, Round
from handoff.accounts.staff import enter_known
from handoff.console.cookies import agent_of
from handoff.console.edge import GivenParts, Parts
from handoff.console.pages.login import end_former, go_to, login_page
from handoff.console.render import render
from intake.base.errors import NotFoundError
from intake.base.sealing import Place, UnreadableError

router = APIRouter()
_LONGEST = 4000


def _provider(parts: Parts) -> OidcProvider:
    if parts.context.oidc is None:
        raise NotFoundError("このページは見つかりません。")
    return parts.context.oidc


def _cookie(parts: Parts) -> dict[str, Any]:
    secure = parts.context.secure_cookies
    # Lax: the provider's page leads back here, and this cookie has to come along.
    key = "__Host-tsunagi-oidc" if secure else "tsunagi_oidc"
    return {"key": key, "httponly": True, "secure": secure, "samesite": "lax", "path": "/"}


def _place(provider: OidcProvider) -> Place:
    return Place(table="oidc", column="round", municipality=provider.config.municipality, row="cookie")


def _round_of(request: Request, parts: Parts, provider: OidcProvider, state: str) -> Round:
    """Return the round that this browser began; without it, or with another state, somebody else's answer is on its way."""
    sent = request.cookies.get(_cookie(parts)["key"], "")[:_LONGEST]
    try:
        told = json.loads(parts.context.ring.open(base64.urlsafe_b64decode(sent), _place(provider)))
    except (UnreadableError, binascii.Error, ValueError) as error:
        raise LoginRefusedError(FAILED) from error
    begun = replace(Round(**told), until=datetime.fromisoformat(told["until"]))
    if begun.until < parts.context.clock.now() or not hmac.compare_digest(begun.state.encode(), state.encode()):
        raise LoginRefusedError(FAILED)
    return begun


@router.get("/login/oidc")
async def go_out(request: Request, parts: GivenParts) -> Response:
    """Send the browser to the provider."""
    provider, now = _provider(parts), parts.context.clock.now()
    try:
        url, begun = await provider.begin(now)
    except LoginRefusedError as error:
        return login_page(request, parts, error=error)
    sealed = parts.context.ring.seal(json.dumps(asdict(begun), default=str), _place(provider), now)
    response = RedirectResponse(url, 303)
    response.set_cookie(value=base64.urlsafe_b64encode(sealed).decode(), max_age=int(ROUND.total_seconds()), **_cookie(parts))
    return response


@router.get("/login/oidc/callback")
async def come_back(request: Request, parts: GivenParts, state: str = "", code: str = "") -> Response:
    """Let somebody in whom the provider has shown and whom we know, as far as the second factor."""
    provider, context = _provider(parts), parts.context
    now = context.clock.now()
    try:
        begun = _round_of(request, parts, provider, state)
        known = await provider.finish(begun, code, now)
        passed = await enter_known(
            context.database,
            context.ring,
            context.config,
            municipality=provider.config.municipality,
            login=known.login,
            proven=known.second_factor,
            now=now,
            demo=context.demo,
            agent=agent_of(request),
        )
    except (LoginRefusedError, LockedError) as error:
        response = login_page(request, parts, error=error)
    else:
        await end_former(request, parts)
        led = await go_to(request, parts, passed)
        response = render(request, "login_continue.html", to=led.headers["location"])
        response.raw_headers += [header for header in led.raw_headers if header[0] == b"set-cookie"]
    response.delete_cookie(**_cookie(parts))
    return response
