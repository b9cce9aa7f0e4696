"""The console as one app, to be mounted. Nothing is open but the login and our own static files."""

from functools import cache

from fastapi import APIRouter, Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute
from starlette.staticfiles import StaticFiles

from handoff.accounts.passwords import Passwords
from handoff.console.context import ConsoleContext
from handoff.console.edge import Parts, gate
from handoff.console.errors import add_error_handlers
from handoff.console.headers import BodyLimit, SafeHeaders
from handoff.console.pages import (
    account,
    actions,
    amend,
    attachments,
    audit,
    daily,
    directory,
    duty,
    emergency,
    examples,
    login,
    login_oidc,
    login_second,
    notices,
    organisations,
    outreach,
    oversight,
    practice,
    presence,
    queue,
    record,
    report_abuse,
    staff,
    statistics,
    statistics_files,
    statistics_hand,
    statistics_issues,
    statistics_reports,
    statistics_targets,
    supervision,
    talk,
    transfer,
    work,
)
from handoff.console.recorded import recorded
from handoff.console.render import HERE
from handoff.console.stream import routes as stream
from handoff.console.stream.hub import Hub

_LOGIN = (login, login_oidc, login_second)
_DESK = (queue, talk, actions, amend, work, record, transfer, daily, examples)
_CARE = (emergency, attachments, report_abuse, oversight, supervision, presence)
_DUTY = (duty, notices, practice)
_STATISTICS = (statistics, statistics_hand, statistics_files, statistics_targets, statistics_issues, statistics_reports)


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """Return the routes of all pages. FastAPI reads their signatures once for each time they are put together, which is slow."""
    together = APIRouter(dependencies=[Depends(gate), Depends(recorded, scope="function")])
    for pages in (*_LOGIN, account, staff, organisations, audit, *_DESK, *_CARE, *_DUTY, directory, outreach, *_STATISTICS, stream):
        together.include_router(pages.router)
    return tuple(together.routes)


def build_console(context: ConsoleContext) -> FastAPI:
    """Build the console for a context."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, routes=list(_routes()))
    app.state.parts = Parts(
        context=context,
        passwords=Passwords(patience=context.config.login_queue),
        hub=Hub(context),
    )
    app.mount("/static", GZipMiddleware(StaticFiles(directory=HERE / "static"), minimum_size=500), name="static")
    add_error_handlers(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(SafeHeaders)
    return app
