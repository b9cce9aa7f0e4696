"""What keeping the statistics costs beside a message: facts in its transaction and the sweep afterwards, as a share of all work."""

import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from bot.bench.load import event_body
from bot.bench.server import ACCOUNT, SECRET
from bot.line.signature import sign
from bot.line.webhook import WebhookEndpoint
from bot.runtime import Runtime
from bot.worker import Worker
from handoff.statistics.sweep import sweep_statistics
from intake.facts import heard
from intake.inbox.door import InboxDoor
from intake.inbox.models import InboxEvent
from intake.inbox.service import claim_events

MESSAGES, SWEEP_EVERY = 500, 250
"""Facts wait for a sweep until there are 500 of them, or two minutes: 250 messages are fewer than the worker does in that time."""
ENOUGH_S = 7.0
"""On a busy machine it ends after the sweep at which so much time is over."""
RESIDENTS = 80
TEXTS = ("家賃が払えなくて困っています", "母の介護のことで相談したいです", "職員と話したいです", "こんにちは", "借金があって眠れません")


class _Stopwatch:
    """Adds up the time that some work takes."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def over(self, work: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """Return the same work, timed."""

        async def timed(*args: Any, **more: Any) -> Any:
            begin = time.perf_counter()
            try:
                return await work(*args, **more)
            finally:
                self.seconds += time.perf_counter() - begin

        return timed


async def upkeep(runtime: Runtime) -> dict[str, float]:
    """Work on messages one after the other and return what statistics took of it."""
    watch = _Stopwatch()
    worker = Worker(runtime)
    hooks = runtime.database.before_commit
    plain_hook, plain_heard = hooks[0], heard.record_heard
    await _store(runtime)
    hooks[0] = watch.over(plain_hook)
    heard.record_heard = watch.over(plain_heard)  # type: ignore[assignment] # the same call, timed
    try:
        whole, messages = await _work(runtime, worker, watch)
    finally:
        hooks[0] = plain_hook
        heard.record_heard = plain_heard
    return {"share": watch.seconds / whole, "message_s": whole / messages, "statistics_s": watch.seconds / messages}


async def _work(runtime: Runtime, worker: Worker, watch: _Stopwatch) -> tuple[float, int]:
    """Return the seconds that all of it took, sweeps included, and how many messages it was."""
    sweep = watch.over(_sweep)
    begin, done = time.perf_counter(), 0
    while events := await _claim(runtime):
        for event in events:
            await worker.work(event)
            done += 1
            if done % SWEEP_EVERY == 0:
                await sweep(runtime)
                if time.perf_counter() - begin > ENOUGH_S:
                    return time.perf_counter() - begin, done
    return time.perf_counter() - begin, done


async def _claim(runtime: Runtime) -> list[InboxEvent]:
    async with runtime.database.write() as session:
        return list(await claim_events(session, runtime.clock.now() + timedelta(seconds=1), 16))


async def _sweep(runtime: Runtime) -> None:
    async with runtime.database.write() as session:
        await sweep_statistics(session, runtime.clock.now())


async def _store(runtime: Runtime) -> None:
    """Deliver messages of many residents through the webhook, a message every 25 seconds."""
    door = WebhookEndpoint(
        accounts=runtime.accounts, door=InboxDoor(runtime.database), ring=runtime.ring, clock=runtime.clock, body_limit=100_000
    )
    last = int(runtime.clock.now().timestamp() * 1000)
    for number in range(MESSAGES):
        moment = last - (MESSAGES - number) * 25_000
        await _post(door, event_body(number, TEXTS[number % len(TEXTS)], moment, f"u{number:010d}", f"U{number % RESIDENTS:032x}"))


async def _post(door: WebhookEndpoint, body: bytes) -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        if message.get("status", 200) != 200:  # noqa: PLR2004 - HTTP's OK
            raise RuntimeError(message["status"])

    headers = [(b"x-line-signature", sign(SECRET, body).encode())]
    await door({"type": "http", "path_params": {"account": ACCOUNT}, "headers": headers}, receive, send)
