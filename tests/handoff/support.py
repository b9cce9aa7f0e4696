"""A small city of invented talks and staff, and a browser that speaks to the console without a network."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from http.cookies import SimpleCookie
from types import MappingProxyType
from urllib.parse import urlencode

from fastapi import FastAPI

from handoff.accounts.models import Role, Staff
from handoff.accounts.sessions import find_viewers, open_session, token_hash
from handoff.accounts.staff import add_staff
from handoff.accounts.viewer import Viewer
from handoff.console.context import ConsoleContext
from handoff.desk.effects import apply
from intake.base.database import Database, WriteSession
from intake.base.ids import new_id
from intake.base.sealing import KeyRing
from intake.conversations.models import Author, Conversation, Message
from intake.conversations.receive import Received
from intake.dialogue.turn import Effect, EffectKind, EventKind
from intake.events.models import EventName
from intake.events.service import record_event
from intake.residents.models import Resident
from nlp.reading import Reading, Risk, RiskKind
from tests.support.clock import FixedClock

CITY = "aizuwakamatsu"
OTHER_CITY = "sakata"
WINDOW = "mado-a"
OTHER_WINDOW = "mado-b"
PASSWORD = "ひみつの合言葉-2026"
ASKED = Effect(kind=EffectKind.HANDOFF_REQUESTED, reason="asked")
ALARM = Effect(kind=EffectKind.ALARM_RAISED, risk=Risk.URGENT, risk_kinds=(RiskKind.SUICIDE,))
NO_READING = Reading()


@dataclass(frozen=True)
class World:
    """What the tests of this folder work with."""

    database: Database
    ring: KeyRing
    clock: FixedClock
    context: ConsoleContext
    app: FastAPI

    async def staff(
        self,
        login: str,
        role: Role = Role.COUNSELLOR,
        *,
        windows: tuple[str, ...] = (WINDOW,),
        municipality: str = CITY,
        name: str | None = None,
        password_hash: str = "-",
    ) -> Staff:
        async with self.database.write() as session:
            return await add_staff(
                session,
                municipality=municipality,
                login=login,
                display_name=name or login,
                role=role,
                window_ids=windows,
                password_hash=password_hash,
                now=self.clock.now(),
            )

    async def token(self, staff: Staff) -> str:
        async with self.database.write() as session:
            return await open_session(session, staff.id, self.clock.now())

    async def viewer(self, staff: Staff) -> Viewer:
        hashed = token_hash(await self.token(staff))
        async with self.database.read() as session:
            return (await find_viewers(session, [hashed], self.context.config, self.clock.now()))[hashed]

    async def browser(self, staff: Staff | None = None) -> "Browser":
        browser = Browser(self.app)
        if staff is not None:
            browser.cookies["tsunagi_session"] = await self.token(staff)
            viewer_hash = token_hash(browser.cookies["tsunagi_session"])
            async with self.database.read() as session:
                viewers = await find_viewers(session, [viewer_hash], self.context.config, self.clock.now())
            browser.csrf = viewers[viewer_hash].csrf_token
        return browser

    async def talk(
        self,
        text: str = "話を聞いてほしいです",
        *,
        handle: str | None = None,
        window: str | None = WINDOW,
        effects: tuple[Effect, ...] = (ASKED,),
        municipality: str = CITY,
        reading: Reading = NO_READING,
    ) -> Conversation:
        """A talk that has come to people by its first message."""
        now = self.clock.now()
        async with self.database.write() as session:
            key = new_id(now)
            resident = Resident(
                id=key, municipality=municipality, account="main", lane=key, handle=handle or f"すみれ {key[-10:]}", created_at=now
            )
            session.add(resident)
            await session.flush()
            talk = Conversation(id=new_id(now), municipality=municipality, account="main", resident_id=key, opened_at=now, epoch=0)
            session.add(talk)
            await session.flush()
            routed = tuple(
                Effect(kind=effect.kind, reason=effect.reason, window_id=window, risk=effect.risk, risk_kinds=effect.risk_kinds)
                for effect in effects
            )
            await self._receive(session, talk, text, routed, reading)
        return talk

    async def says(
        self,
        talk: Conversation,
        text: str,
        *effects: Effect,
        reading: Reading = NO_READING,
        kind: EventKind = EventKind.TEXT,
        data: str = "",
    ) -> Message:
        """The resident writes again, or taps a button."""
        async with self.database.write() as session:
            held = (await session.get_one(Conversation, talk.id)) if talk.id else talk
            return await self._receive(session, held, text, effects, reading, kind, data)

    async def _receive(
        self,
        session: WriteSession,
        talk: Conversation,
        text: str,
        effects: tuple[Effect, ...],
        reading: Reading,
        kind: EventKind = EventKind.TEXT,
        data: str = "",
    ) -> Message:
        now = self.clock.now()
        message = Message(
            id=new_id(now),
            municipality=talk.municipality,
            account=talk.account,
            conversation_id=talk.id,
            author=Author.RESIDENT,
            kind=kind,
            risk=reading.risk,
            occurred_at=now,
            created_at=now,
        )
        message.sealed_body = self.ring.seal(json.dumps({"text": text, "data": data, "detail": ""}), message.place(), now)
        message.sealed_reading = self.ring.seal(json.dumps(asdict(reading)), message.place("sealed_reading"), now)
        session.add(message)
        await session.flush()
        record_event(session, EventName.MESSAGE_RECEIVED, municipality=talk.municipality, at=now, conversation_id=talk.id)
        await apply(session, Received(conversation=talk, message=message, reading=reading, effects=effects), now=now)
        await session.flush()
        return message

    async def row(self, talk: Conversation) -> Conversation:
        async with self.database.read() as session:
            return await session.get_one(Conversation, talk.id)


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    cookies: list[str]
    text: str

    def field(self, name: str) -> str:
        """The value of a hidden field of the reply form, or of the first one by that name."""
        after = self.text.split('id="reply"')[-1]
        found = re.search(rf'name="{name}" value="([^"]*)"', after)
        assert found is not None, name
        return found[1]


NOTHING: Mapping[str, str | int] = MappingProxyType({})
SAME_ORIGIN: Mapping[str, str] = MappingProxyType({"origin": "http://desk.test", "sec-fetch-site": "same-origin"})


@dataclass
class Browser:
    """Requests straight into the app. Streams can be read piece by piece and dropped at any point."""

    app: FastAPI
    csrf: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    address: str = "127.0.0.1"

    def scope(self, method: str, path: str, headers: Mapping[str, str]) -> dict[str, object]:
        bare, _, query = path.partition("?")
        sent = {"host": "desk.test", "accept": "text/html", **headers}
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": "/console" + bare,
            "raw_path": ("/console" + bare).encode(),
            "root_path": "/console",
            "query_string": query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in sent.items()],
            "client": (self.address, 50000),
            "server": ("desk.test", 80),
        }

    async def ask(self, method: str, path: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        pieces: list[bytes] = []
        start: dict[str, object] = {}
        given = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, object]:
            return given.pop() if given else await asyncio.Future()

        async def send(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                pieces.append(message.get("body", b""))  # type: ignore[arg-type]

        await self.app(self.scope(method, path, headers or {}), receive, send)  # type: ignore[arg-type]
        raw: list[tuple[bytes, bytes]] = start["headers"]  # type: ignore[assignment]
        cookies = [value.decode() for name, value in raw if name == b"set-cookie"]
        for cookie in cookies:
            for name, morsel in SimpleCookie(cookie).items():
                self.cookies[name] = morsel.value
        return Answer(
            status=start["status"],  # type: ignore[arg-type]
            headers={name.decode(): value.decode() for name, value in raw},
            cookies=cookies,
            text=b"".join(pieces).decode(errors="replace"),
        )

    async def get(self, path: str, **headers: str) -> Answer:
        return await self.ask("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    async def post(self, path: str, *, htmx: bool = False, form: Mapping[str, str | int] = NOTHING, **fields: str | int) -> Answer:
        body = urlencode({"csrf_token": self.csrf, **form, **fields}).encode()
        headers = {**SAME_ORIGIN, "content-type": "application/x-www-form-urlencoded", **({"hx-request": "true"} if htmx else {})}
        return await self.ask("POST", path, body=body, headers=headers)
