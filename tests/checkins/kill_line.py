"""A LINE for the kills: it keeps its promise about retry keys, breaks lines at times, and its residents write back."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.support.line import delivery

SECRET = "s" * 32
SIGNED = "自動でお送りしています"


@dataclass
class Line:
    """What reached which phone. ``written_back`` holds the residents who answered a check-in."""

    chance: random.Random
    keys: set[str] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)
    checkins: Counter[str] = field(default_factory=Counter)
    written_back: set[str] = field(default_factory=set)
    on_checkin: Callable[[str], None] = lambda _user: None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                first, *rest = head.split("\r\n")
                fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in rest if line)}
                body = json.loads(await reader.readexactly(int(fields.get("content-length", 0))) or b"{}")
                status, answer = self._answer(first.split()[1], fields, body)
                if self.chance.random() < 0.1:
                    break
                sent = json.dumps(answer).encode()
                writer.write(
                    f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {len(sent)}\r\n\r\n".encode() + sent
                )
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()

    def _answer(self, path: str, fields: dict[str, str], body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if path.endswith("/push"):
            return self._push(fields["x-line-retry-key"], body), {"sentMessages": [{"id": "1", "quoteToken": "q"}]}
        if path.endswith("/reply"):
            known = body["replyToken"] in self.tokens
            self.tokens.add(body["replyToken"])
            return 400 if known else 200, {"sentMessages": [{"id": "1", "quoteToken": "q"}]}
        return 200, {"totalUsage": len(self.keys)} if path.endswith("/consumption") else {"type": "none"}

    def _push(self, key: str, body: dict[str, Any]) -> int:
        if key in self.keys:
            return 409
        self.keys.add(key)
        if SIGNED in json.dumps(body, ensure_ascii=False):
            self.checkins[body["to"]] += 1
            self.on_checkin(body["to"])
        return 200


async def deliver(port: int, event: dict[str, Any]) -> None:
    """Deliver a webhook as LINE does: again and again until it is taken."""
    body, headers = delivery(event, secret=SECRET)
    async with httpx2.AsyncClient(trust_env=False, timeout=5) as client:
        while True:
            try:
                answer = await client.post(f"http://127.0.0.1:{port}/line/main/webhook", content=body, headers=headers)
            except httpx2.HTTPError:
                await asyncio.sleep(0.2)
                continue
            if answer.status_code == 200:
                return
            await asyncio.sleep(0.2)
