"""The app: doors, console and background loops of one process, put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from prometheus_client import generate_latest
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from bot.line.media import Fetcher, open_media_doors
from bot.line.sender import Sender, open_doors
from bot.line.webhook import FrontDoor, WebhookEndpoint
from bot.listen import listen
from bot.mail import Mailer, SmtpDoor
from bot.metrics import REGISTRY
from bot.notifier import Notifier
from bot.reload import keep_fresh
from bot.runtime import Runtime
from bot.schedule import SWEEPS, Schedule
from bot.settings import Settings
from bot.worker import Worker
from handoff.accounts.oidc import OidcConfig, OidcProvider
from handoff.console.app import build_console
from handoff.console.context import ConsoleContext
from intake.attachments import service as attachments
from intake.inbox import service as inbox
from intake.inbox.door import InboxDoor
from intake.outbox import delivery as outbox
from routing.live import Part

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Which parts this process runs."""

    web: bool = True
    worker: bool = True


async def _healthz(_request: Request) -> Response:
    return PlainTextResponse("ok")


async def _metrics(_request: Request) -> Response:
    return Response(generate_latest(REGISTRY), media_type="text/plain; version=0.0.4")


def _webhook(runtime: Runtime) -> WebhookEndpoint:
    return WebhookEndpoint(
        accounts=runtime.accounts,
        door=InboxDoor(runtime.database),
        ring=runtime.ring,
        clock=runtime.clock,
        body_limit=runtime.settings.webhook_body_limit_bytes,
    )


def _routes(runtime: Runtime, webhook: WebhookEndpoint) -> list[BaseRoute]:
    async def readyz(_request: Request) -> Response:
        async with runtime.database.read() as session:
            await session.execute(text("SELECT 1"))
        return PlainTextResponse("ready")

    return [
        Route("/healthz", _healthz),
        Route("/readyz", readyz),
        Route("/metrics", _metrics),
        Route("/line/{account}/webhook", webhook, methods=["POST"]),
        Mount("/console", build_console(_console_context(runtime))),
    ]


def _console_context(runtime: Runtime) -> ConsoleContext:
    """Build what the console works with. Staff choose among the municipalities that have an account here."""
    served = {account.municipality for account in runtime.accounts.values()} or set(runtime.cities)
    return ConsoleContext(
        database=runtime.database,
        ring=runtime.ring,
        cities=Part(runtime.listed, served),
        offered=Part(runtime.cities, served),
        refused={} if runtime.directories is None else runtime.directories.refused,
        clock=runtime.clock,
        wakes=runtime.wakes,
        stopping=runtime.stopping,
        presence=runtime.presence,
        secure_cookies=runtime.settings.secure_cookies,
        demo=runtime.demo,
        mail=runtime.settings.smtp_host is not None,
        keep_examples_of=runtime.settings.examples_of,
        data_dir=runtime.settings.data_dir,
        deadlines=runtime.settings.deadlines,
        oidc=_oidc(runtime.settings),
    )


def _oidc(settings: Settings) -> OidcProvider | None:
    """Return the provider of the settings, if they name one; they name all of it or nothing."""
    if settings.oidc_issuer is None or settings.oidc_client_secret is None:
        return None
    config = OidcConfig(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id or "",
        client_secret=settings.oidc_client_secret.get_secret_value(),
        redirect_uri=f"{settings.console_url.rstrip('/')}/login/oidc/callback",
        municipality=settings.oidc_municipality or "",
        label=settings.oidc_label,
        login_claim=settings.oidc_login_claim,
        second_factors=frozenset(method.strip() for method in settings.oidc_second_factors.split(",") if method.strip()),
    )
    return OidcProvider(config)


def build_app(runtime: Runtime, *, parts: Parts, extra: list[BaseRoute] | None = None, home: str = "/console/") -> ASGIApp:
    """Build the app of one process. ``extra`` routes come first; ``/`` leads to ``home``."""

    async def to_home(_request: Request) -> Response:
        return RedirectResponse(home)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with background(runtime, parts):
            yield

    webhook = _webhook(runtime)
    routes = [*(extra or []), *_routes(runtime, webhook), Route("/", to_home)]
    return FrontDoor(webhook, Starlette(routes=routes, lifespan=lifespan))


@asynccontextmanager
async def background(runtime: Runtime, parts: Parts) -> AsyncIterator[None]:
    """Run the loops of this process while the block lasts, then let them finish what they have begun."""
    helpers = [asyncio.create_task(listen(runtime)), asyncio.create_task(keep_fresh(runtime))]
    try:
        if parts.worker:
            async with _working(runtime):
                yield
        else:
            yield
    finally:
        for helper in helpers:
            helper.cancel()


def _end_with_a_loop(runtime: Runtime, ended: asyncio.Task[None]) -> None:
    """End the process when one of its loops has died: a supervisor starts it again, and the rows wait."""
    if not runtime.stopping.is_set():
        _log.error("loop_died", error=type(ended.exception()).__name__ if not ended.cancelled() else "cancelled")
        runtime.stopping.set()


@asynccontextmanager
async def _working(runtime: Runtime) -> AsyncIterator[None]:
    """Run worker, sender and schedule."""
    if runtime.database.is_sqlite:
        async with runtime.database.write() as session:
            await inbox.drop_leases(session)
            await outbox.drop_leases(session)
            await attachments.drop_leases(session)
    doors, media_doors = open_doors(runtime), open_media_doors(runtime)
    schedule = Schedule(runtime, SWEEPS)
    loops = [
        asyncio.create_task(Worker(runtime).dispatcher().run(runtime.stopping)),
        asyncio.create_task(Sender(runtime, doors).dispatcher().run(runtime.stopping)),
        asyncio.create_task(Fetcher(runtime, media_doors).dispatcher().run(runtime.stopping)),
        asyncio.create_task(Notifier(runtime).run(runtime.stopping)),
    ]
    if runtime.settings.smtp_host is not None:
        loops.append(asyncio.create_task(Mailer(runtime, SmtpDoor(runtime.settings)).dispatcher().run(runtime.stopping)))
    for loop in loops:
        loop.add_done_callback(lambda ended: _end_with_a_loop(runtime, ended))
    schedule.start()
    try:
        yield
    finally:
        schedule.stop()
        runtime.stopping.set()
        runtime.wakes.ring(("inbox", "outbox", "events", "mail", attachments.TOPIC))
        await asyncio.wait(loops, timeout=8)
        for door in doors.values():
            await door.close()
        for media_door in media_doors.values():
            await media_door.close()
