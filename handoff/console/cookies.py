"""The two cookies of the console: of a session, and of a login on its way. And what a request tells of its browser."""

from fastapi import Request
from starlette.responses import Response

from handoff.accounts.errors import StepGoneError
from handoff.accounts.passkeys import Site
from handoff.console.edge import Parts, cookie_name

_SYSTEMS = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "Mac"), ("Linux", "Linux"))
_BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))


def step_cookie(*, secure: bool) -> str:
    """Return the name of the cookie of a login on its way."""
    return "__Host-tsunagi-step" if secure else "tsunagi_step"


def set_session(response: Response, parts: Parts, token: str) -> None:
    """Hand a session to the browser, and take the step away that led to it."""
    secure = parts.context.secure_cookies
    age = int(parts.context.config.absolute.total_seconds())
    response.set_cookie(cookie_name(secure=secure), token, max_age=age, httponly=True, secure=secure, samesite="strict", path="/")
    response.delete_cookie(step_cookie(secure=secure), httponly=True, secure=secure, samesite="strict", path="/")


def set_step(response: Response, parts: Parts, token: str) -> None:
    """Hand a step to the browser."""
    secure = parts.context.secure_cookies
    age = int(parts.context.config.step.total_seconds())
    response.set_cookie(step_cookie(secure=secure), token, max_age=age, httponly=True, secure=secure, samesite="strict", path="/")


def step_of(request: Request, parts: Parts) -> str:
    """Return the token of the login on its way."""
    token = request.cookies.get(step_cookie(secure=parts.context.secure_cookies))
    if token is None:
        raise StepGoneError("はじめからになりました。もう一度ログインしてください。")
    return token


def site_of(request: Request, parts: Parts) -> Site:
    """Return where the console stands, as this browser sees it. The browser itself holds a passkey to that place."""
    host = request.headers.get("host", "")
    scheme = "https" if parts.context.secure_cookies else "http"
    return Site(origin=f"{scheme}://{host}", host=host.rsplit(":", 1)[0])


def agent_of(request: Request) -> str:
    """Return browser and system in a few words, so that people know their own among their sessions."""
    sent = request.headers.get("user-agent", "")
    browser = next((name for mark, name in _BROWSERS if mark in sent), "")
    system = next((name for mark, name in _SYSTEMS if mark in sent), "")
    return f"{browser}（{system}）" if browser and system else browser or system or "不明なブラウザ"


def address_of(request: Request) -> str:
    """Return the address that a request came from."""
    return request.client.host if request.client else ""
