"""The way of a message without a server: deliver to the door, let the worker and the sender do their work, look."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.routing import Route

from bot.line.media import Fetcher
from bot.line.sender import Sender
from bot.line.webhook import WebhookEndpoint
from bot.runtime import Runtime
from bot.settings import LineAccount, Settings
from bot.worker import Worker
from intake.base.database import Database
from intake.base.sealing import KeyRing
from intake.base.wakes import Wakes
from intake.inbox.door import InboxDoor
from routing.load import load_city
from tests.support.clock import FixedClock
from tests.support.line import ACCOUNT, SECRET, RecordingLine, RecordingMedia, delivery

CITY = "aizuwakamatsu"
CITIES = {CITY: load_city(CITY, sample=True)}


@dataclass
class World:
    """A municipality with one LINE account, on a real database, at a moment that stands still."""

    database: Database
    ring: KeyRing
    clock: FixedClock
    line: RecordingLine = field(default_factory=RecordingLine)
    media: RecordingMedia = field(default_factory=RecordingMedia)

    def __post_init__(self) -> None:
        account = LineAccount(
            municipality=CITY,
            channel_secrets=(SecretStr("old-secret"), SecretStr(SECRET)),
            access_token=SecretStr("t"),
            api_base="http://127.0.0.1:9",
        )
        self.runtime = Runtime(
            settings=Settings(),
            database=self.database,
            ring=self.ring,
            clock=self.clock,
            cities=CITIES,
            accounts={ACCOUNT: account},
            wakes=Wakes(),
        )
        endpoint = WebhookEndpoint(
            accounts=self.runtime.accounts, door=InboxDoor(self.database), ring=self.ring, clock=self.clock, body_limit=100_000
        )
        self.app = Starlette(routes=[Route("/line/{account}/webhook", endpoint, methods=["POST"])])
        self.worker = Worker(self.runtime)
        self.sender = Sender(self.runtime, {ACCOUNT: self.line})
        self.fetcher = Fetcher(self.runtime, {ACCOUNT: self.media})

    async def post(self, body: bytes, headers: Mapping[str, str], account: str = ACCOUNT) -> int:
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        transport = httpx2.ASGITransport(app=self.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            return (await client.post(f"/line/{account}/webhook", content=body, headers=raw)).status_code

    async def deliver(self, *events: dict[str, Any]) -> int:
        return await self.post(*delivery(*events))

    async def work(self) -> int:
        """Work on what is due in the inbox now; returns how many events were taken."""
        count = 0
        while events := await self.worker.claim(16):
            for event in events:
                await self.worker.work(event)
            count += len(events)
        return count

    async def send(self) -> int:
        """Send what is due in the outbox now; returns how many messages were taken."""
        count = 0
        while parcels := await self.sender.claim(16):
            for parcel in parcels:
                await self.sender.work(parcel)
            count += len(parcels)
        return count

    async def hear(self, *events: dict[str, Any]) -> None:
        """Deliver, work and send."""
        assert await self.deliver(*events) == 200
        await self.work()
        await self.send()

    async def fetch(self) -> int:
        """Fetch the attachments that are due now; returns how many attempts were made."""
        count = 0
        while rows := await self.fetcher.claim(16):
            for row in rows:
                await self.fetcher.work(row)
            count += len(rows)
        return count
