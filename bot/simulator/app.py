"""Puts the stand-in together as one ASGI app: pages at its root, the Messaging API under ``/api``, control under ``/control``."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx2
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.simulator.api import ApiEndpoints, Observer
from bot.simulator.control import Control
from bot.simulator.delivery import PATIENCE, WebhookDelivery
from bot.simulator.model import Channel, Resident
from bot.simulator.pages import STATIC, Changes, PhonePages
from bot.simulator.platform import LinePlatform
from bot.simulator.residents import DEMO_RESIDENTS
from bot.simulator.sending import MessagingApi
from intake.base.clock import Clock

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulator:
    """The parts behind the app; it stands in ``app.state.simulator``."""

    platform: LinePlatform
    api: MessagingApi
    delivery: WebhookDelivery
    changes: Changes
    closing: asyncio.Event

    def end_streams(self) -> None:
        """End open streams and hanging calls. A server calls it when it begins to stop, for it waits for them."""
        self.closing.set()
        self.changes.end()

    async def aclose(self) -> None:
        """End everything. Needed where the app is mounted, because a mounted app's lifespan is not run."""
        self.end_streams()
        await self.delivery.aclose()


class StrictHeaders:
    """Adds the content policy to every answer that leaves the stand-in."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["content-security-policy"] = POLICY
                headers["x-content-type-options"] = "nosniff"
                headers["referrer-policy"] = "same-origin"
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def build_simulator(
    *,
    webhook_base: str,
    clock: Clock,
    channels: Iterable[Channel],
    residents: Iterable[Resident] = DEMO_RESIDENTS,
    transport: httpx2.AsyncBaseTransport | None = None,
    patience: float = PATIENCE,
    redelivery_after: Iterable[float] | None = None,
    console_url: str = "/console",
    on_call: Observer | None = None,
) -> Starlette:
    """Return the stand-in. Mount it at ``/simulator`` and let the product's API base be ``…/simulator/api``.

    Webhooks go to ``{webhook_base}/line/{account}/webhook``; ``transport`` replaces the network in tests of one process, and
    ``on_call`` sees every API call after it was answered.
    """
    platform = LinePlatform(clock=clock, channels=channels, residents=residents)
    waits = {} if redelivery_after is None else {"redelivery_after": tuple(redelivery_after)}
    delivery = WebhookDelivery(platform, webhook_base, transport=transport, patience=patience, **waits)
    simulator = Simulator(platform=platform, api=MessagingApi(platform), delivery=delivery, changes=Changes(), closing=asyncio.Event())
    app = Starlette(
        routes=[
            Mount("/api", routes=ApiEndpoints(platform, simulator.api, simulator.closing, on_call).routes()),
            Mount("/control", routes=Control(platform, simulator.api, delivery).routes()),
            Mount("/static", StaticFiles(directory=STATIC)),
            *PhonePages(platform, delivery, simulator.changes, console_url=console_url).routes(),
        ],
        middleware=[Middleware(StrictHeaders)],
        lifespan=_lifespan,
    )
    app.state.simulator = simulator
    return app


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    yield
    await app.state.simulator.aclose()
