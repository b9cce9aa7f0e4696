"""A stage: the stand-in, a product that only listens, and a client that speaks the Messaging API, all in one process."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from bot.simulator import Channel, Simulator, build_simulator
from bot.simulator.events import sign
from bot.simulator.model import Chat
from bot.simulator.platform import Event
from tests.support.clock import FixedClock

ACCOUNT = "aizuwakamatsu"
SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
TOKEN = "token-of-the-channel"


@dataclass(kw_only=True)
class Listener:
    """A product that notes every webhook and answers what it is told."""

    status: int = 200
    delay: float = 0.0
    bodies: list[bytes] = field(default_factory=list)
    signatures: list[str] = field(default_factory=list)

    async def __call__(self, request: Request) -> Response:
        self.bodies.append(await request.body())
        self.signatures.append(request.headers["x-line-signature"])
        await asyncio.sleep(self.delay)
        return Response(status_code=self.status)

    @property
    def events(self) -> list[Event]:
        return [event for body in self.bodies for event in json.loads(body)["events"]]

    def last_is_signed_with(self, secret: str) -> bool:
        return sign(secret, self.bodies[-1]) == self.signatures[-1]


@dataclass(kw_only=True)
class Stage:
    """What a test needs in its hands."""

    app: Starlette
    clock: FixedClock
    listener: Listener
    client: httpx2.AsyncClient

    @property
    def simulator(self) -> Simulator:
        value: Simulator = self.app.state.simulator
        return value

    @property
    def channel(self) -> Channel:
        return self.simulator.platform.channels[ACCOUNT]

    def chat(self, user: str = "haruka") -> Chat:
        resident = self.simulator.platform.find_resident(user)
        assert resident is not None
        return self.simulator.platform.chat(ACCOUNT, resident)

    async def act(self, user: str = "haruka", **order: Any) -> Event:
        answer = await self.client.post("/control/act", json={"user": user, **order})
        assert answer.status_code == 200, answer.text
        event: Event = answer.json()["events"][0]
        return event

    async def call(self, path: str, body: dict[str, Any] | None = None, **headers: str) -> httpx2.Response:
        sent = {"authorization": f"Bearer {TOKEN}"} | {key.replace("_", "-"): value for key, value in headers.items()}
        if body is None:
            return await self.client.get(f"/api/v2/bot{path}", headers=sent)
        return await self.client.post(f"/api/v2/bot{path}", json=body, headers=sent)

    async def push(self, user: str = "haruka", text: str = "お知らせ", **headers: str) -> httpx2.Response:
        return await self.call(
            "/message/push", {"to": self.chat(user).resident.user_id, "messages": [{"type": "text", "text": text}]}, **headers
        )

    async def reply(self, event: Event, text: str = "お返事", **headers: str) -> httpx2.Response:
        return await self.call(
            "/message/reply", {"replyToken": event["replyToken"], "messages": [{"type": "text", "text": text}]}, **headers
        )

    async def fail(self, kind: str, endpoint: str = "*", **order: Any) -> None:
        answer = await self.client.post("/control/faults", json={"kind": kind, "endpoint": endpoint, **order})
        assert answer.status_code == 200, answer.text


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
async def stage(clock: FixedClock, listener: Listener) -> AsyncIterator[Stage]:
    product = Starlette(routes=[Route(f"/line/{ACCOUNT}/webhook", listener.__call__, methods=["POST"])])
    app = build_simulator(
        webhook_base="http://127.0.0.1:8000",
        clock=clock,
        channels=[Channel(account=ACCOUNT, name="見本市 つなぎ", secrets=[SECRET], access_token=TOKEN)],
        transport=httpx2.ASGITransport(app=product),
        patience=0.2,
        redelivery_after=(0.01,),
    )
    mounted = Starlette(routes=[Mount("/simulator", app)])
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=mounted), base_url="http://127.0.0.1:8000/simulator/") as client:
        yield Stage(app=app, clock=clock, listener=listener, client=client)
    await app.state.simulator.aclose()
