"""``tsunagi bench conversation``: from the webhook going in to the call to LINE coming out, at a steady rate of residents."""

import asyncio
import contextlib
import random
import time
from typing import Any

import orjson

from bot.app import Parts
from bot.bench.load import event_body, percentile, request
from bot.bench.server import ACCOUNT, SECRET, progress, server_under_test
from bot.line.signature import sign
from bot.settings import Settings

PER_SECOND = 20
SECONDS, FULL_SECONDS = 25, 120
WARM_UP = 40
WAIT_FOR_LAST = 5.0
TEXTS = (
    "家賃が払えなくて困っています",
    "母の介護のことで相談したいです",
    "子どもが学校に行けなくなって半年です",
    "こんにちは",
    "どこに聞けばいいですか",
    "借金があって眠れません",
)
_ANSWER = orjson.dumps({"sentMessages": [{"id": "1", "quoteToken": "q"}]})


class _Line:
    """Stands in for LINE's reply and push endpoints and notes when each token or user was answered."""

    def __init__(self) -> None:
        self.sent_at: dict[str, float] = {}
        self.took: list[float] = []
        self.all_answered = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
                self._note(orjson.loads(await reader.readexactly(length)))
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(_ANSWER) + _ANSWER)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            writer.close()

    def _note(self, call: dict[str, Any]) -> None:
        sent_at = self.sent_at.pop(str(call.get("replyToken")), None)
        if sent_at is not None:
            self.took.append(time.perf_counter() - sent_at)
        if not self.sent_at:
            self.all_answered.set()


async def _post(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wire: bytes) -> None:
    writer.write(wire)
    await reader.readuntil(b"\r\n\r\n")


async def _talk(line: _Line, port: int, count: int, series: str) -> int:
    """Send so many messages, each of another resident, at random moments of a steady rate; return how many were not acknowledged."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    due = time.perf_counter()
    for number in range(count):
        due += random.expovariate(PER_SECOND)
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        event_id = f"{series}{number:010d}"
        user = f"U{int(series):016x}{number:016x}"
        body = event_body(number, TEXTS[number % len(TEXTS)], time.time_ns() // 1_000_000, event_id, user)
        wire = request(f"/line/{ACCOUNT}/webhook", body, {"x-line-signature": sign(SECRET, body)})
        line.sent_at[f"token-{event_id}"] = time.perf_counter()
        await _post(reader, writer, wire)
    line.all_answered.clear()
    if line.sent_at:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(line.all_answered.wait(), WAIT_FOR_LAST)
    writer.close()
    return len(line.sent_at)


async def _measure(settings: Settings, seconds: int) -> dict[str, Any]:
    line = _Line()
    server = await asyncio.start_server(line.serve, "127.0.0.1", 0)
    api = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    with server_under_test(line_api=api, parts=Parts(), settings=settings) as under_test:
        await _talk(line, under_test.port, WARM_UP, "1" * 16)
        line.took.clear()
        line.sent_at.clear()
        before, start = under_test.cpu_seconds(), time.perf_counter()
        progress(f"{PER_SECOND} messages/s for {seconds} s")
        lost = await _talk(line, under_test.port, PER_SECOND * seconds, "2" * 16)
        busy = (under_test.cpu_seconds() - before) / (time.perf_counter() - start)
    server.close()
    took = sorted(line.took)
    return {
        "bench": "conversation",
        "p50_s": round(percentile(took, 0.5), 4),
        "p99_s": round(percentile(took, 0.99), 4),
        "max_s": round(took[-1], 4),
        "messages": len(took),
        "unanswered": lost,
        "per_second": PER_SECOND,
        "server_busy": round(busy, 2),
        "database": "postgresql" if settings.database_url else "sqlite",
    }


def measure(settings: Settings, *, full: bool) -> dict[str, Any]:
    """Measure for a while at a steady rate and return percentiles by nearest rank."""
    return asyncio.run(_measure(settings, FULL_SECONDS if full else SECONDS))
