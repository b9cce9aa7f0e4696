"""``tsunagi bench console``: new words on thirty screens, events on five hundred streams, and the queue with ten thousand open talks."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from bot.bench.console_screens import NoScreensError, Screens
from bot.bench.console_server import ConsoleUnderTest, ask, console_under_test
from bot.bench.console_streams import Consoles
from bot.bench.load import percentile
from bot.bench.server import progress
from bot.settings import Settings

SCREENS, MESSAGES, FULL_MESSAGES, MESSAGES_PER_SECOND = 30, 24, 120, 2.0
CONSOLES, EVENTS_PER_SECOND, SECONDS, FULL_SECONDS = 500, 10, 6, 40
FEW_TALKS, TALKS = 60, 10_000
PAGES, FULL_PAGES = 40, 200
_SETTLE = 1.5


async def _post(port: int, path: str) -> Any:
    _, body = await ask(port, "POST", path)
    return orjson.loads(body)


async def _seed(port: int, *, talks: int, consoles: int, first: int) -> Any:
    return await _post(port, f"/bench/seed?talks={talks}&consoles={consoles}&first={first}")


async def _say(port: int, talk: str, count: int, per_second: float) -> Sequence[Mapping[str, Any]]:
    """Write so many messages at random moments of a steady rate."""
    said = []
    for _ in range(count):
        await asyncio.sleep(random.expovariate(per_second))
        said.append(await _post(port, f"/bench/say?talk={talk}"))
    await asyncio.sleep(_SETTLE)
    return said


def _spread(took: Sequence[float], name: str) -> dict[str, float]:
    ordered = sorted(took)
    return {f"{name}_p50_s": round(percentile(ordered, 0.5), 4), f"{name}_p99_s": round(percentile(ordered, 0.99), 4)}


async def _screens(server: ConsoleUnderTest, seeded: Any, messages: int) -> dict[str, Any]:
    """Measure from the commit of a resident's message to its line in the page of each screen."""
    tokens, base = seeded["tokens"][:SCREENS], f"http://127.0.0.1:{server.port}"
    progress(f"opening {SCREENS} screens")
    try:
        async with Screens(base, seeded["talk"], tokens) as screens:
            await _say(server.port, seeded["talk"], 2, MESSAGES_PER_SECOND)
            progress(f"{messages} messages to {SCREENS} screens")
            said = await _say(server.port, seeded["talk"], messages, MESSAGES_PER_SECOND)
            seen = await screens.seen()
    except NoScreensError as error:
        return {"dom_p50_s": None, "dom_p99_s": None, "why": str(error)}
    took = [one[f"m-{word['message']}"] - word["at"] for word in said for one in seen if f"m-{word['message']}" in one]
    return {**_spread(took, "dom"), "screens": SCREENS, "dom_missed": len(said) * SCREENS - len(took)}


async def _streams(server: ConsoleUnderTest, seeded: Any, seconds: int) -> dict[str, Any]:
    """Measure what an open console costs in memory, and how long an event takes to the last of them."""
    progress(f"opening {CONSOLES} consoles")
    consoles = Consoles(server.port, seeded["tokens"][:CONSOLES])
    await consoles.listed()
    before = server.memory_kb()
    await consoles.opened()
    grown = server.memory_kb() - before
    progress(f"{EVENTS_PER_SECOND} events/s for {seconds} s")
    said = await _say(server.port, seeded["talk"], EVENTS_PER_SECOND * seconds, EVENTS_PER_SECOND)
    committed = {word["seq"]: word["at"] for word in said}
    took = [at - committed[seq] for seq, at in await consoles.arrivals() if seq in committed]
    lost = len(said) * CONSOLES - len(took)
    return {**_spread(took, "fanout"), "kb_per_console": round(grown / CONSOLES, 1), "consoles": CONSOLES, "fanout_missed": lost}


async def _queue(server: ConsoleUnderTest, pages: int) -> dict[str, Any]:
    """Measure the page of the queue among ten thousand open talks."""
    progress(f"{TALKS} open talks")
    seeded = await _seed(server.port, talks=TALKS - FEW_TALKS, consoles=1, first=FEW_TALKS)
    took = [(await ask(server.port, "GET", "/console/?view=all", seeded["tokens"][0]))[0] for _ in range(pages + 3)]
    ordered = sorted(took[3:])
    return {
        "queue_p50_s": round(percentile(ordered, 0.5), 4),
        "queue_p95_s": round(percentile(ordered, 0.95), 4),
        "open_talks": TALKS,
    }


async def _measure(server: ConsoleUnderTest, *, full: bool) -> dict[str, Any]:
    seeded = await _seed(server.port, talks=FEW_TALKS, consoles=CONSOLES, first=0)
    screens = await _screens(server, seeded, FULL_MESSAGES if full else MESSAGES)
    streams = await _streams(server, seeded, FULL_SECONDS if full else SECONDS)
    return {**screens, **streams, **await _queue(server, FULL_PAGES if full else PAGES)}


def measure(settings: Settings, *, full: bool) -> dict[str, Any]:
    """Measure all three on one server, one after the other."""
    with console_under_test(settings) as server:
        measured = asyncio.run(_measure(server, full=full))
    return {"bench": "console", **measured, "database": "postgresql" if settings.database_url else "sqlite"}
