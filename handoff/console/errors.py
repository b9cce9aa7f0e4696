"""One answer per door to what went wrong: a page, a fragment for htmx, or JSON for our scripts."""

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from handoff.accounts.errors import NotLoggedInError
from handoff.console.edge import LIVE_HEADER
from handoff.console.headers import HEADERS
from handoff.console.render import base_of, is_htmx, render
from intake.base.errors import AppError, NotFoundError

_log = structlog.get_logger(__name__)


class _InputError(AppError):
    code = "input"
    status = 422


class _MethodError(AppError):
    code = "method"
    status = 405


class _TooLargeError(AppError):
    code = "too_large"
    status = 413


_BAD_INPUT = _InputError("入力の形が正しくありません。画面を開き直して、もう一度お試しください。")
_HTTP: dict[int, AppError] = {
    404: NotFoundError("このページは見つかりません。"),
    405: _MethodError("この操作はできません。"),
    413: _TooLargeError("文が長すぎるため、受け取れませんでした。短く分けて、もう一度お試しください。"),
}


def answer(request: Request, error: AppError) -> Response:
    """Answer an expected refusal in the way of the door that asked."""
    headers = {"retry-after": str(error.fields["seconds"])} if "seconds" in error.fields else {}
    login = f"{base_of(request)}/login"
    if is_htmx(request):
        # A form may hold words that somebody wrote for an hour: it stays on the page, with what to do.
        if isinstance(error, NotLoggedInError) and request.method == "POST":
            error = NotLoggedInError("ログインの期限が切れました。入力した文を控えてから、画面を開き直してログインしてください。")
        elif isinstance(error, NotLoggedInError):
            return Response(status_code=error.status, headers={"hx-redirect": login})
        headers |= {"hx-retarget": "#alerts", "hx-reswap": "innerHTML"}
        return render(request, "_alert.html", status=error.status, headers=headers, message=error.message)
    if LIVE_HEADER in request.headers or "text/html" not in request.headers.get("accept", "text/html"):
        return JSONResponse({"error": {"code": error.code, "message": error.message}}, error.status, headers)
    if isinstance(error, NotLoggedInError):
        return RedirectResponse(login, 303)
    return render(request, "error.html", status=error.status, headers=headers, message=error.message)


async def _on_app_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, AppError):
        raise error
    _log.info("console_refused", code=error.code, path=request.scope["path"])
    return answer(request, error)


async def _on_http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 400
    return answer(request, _HTTP.get(status, _BAD_INPUT))


async def _on_bad_input(request: Request, _error: Exception) -> Response:
    return answer(request, _BAD_INPUT)


async def _on_surprise(request: Request, error: Exception) -> Response:
    _log.error("console_failed", path=request.scope["path"], kind=type(error).__name__, exc_info=error)
    failed = AppError("うまく動きませんでした。少し待ってからもう一度お試しください。続くときはシステム管理の担当へ知らせてください。")
    failed.status = 500
    response = answer(request, failed)
    response.headers.update(HEADERS)
    return response


def add_error_handlers(app: FastAPI) -> None:
    """Put the handlers on the app."""
    app.add_exception_handler(AppError, _on_app_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(RequestValidationError, _on_bad_input)
    app.add_exception_handler(Exception, _on_surprise)
