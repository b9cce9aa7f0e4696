"""``tsunagi bench statistics``: the page over many contacts, what keeping the roll-ups costs beside a message, the yearly report."""

import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from pydantic import SecretStr
from starlette.types import ASGIApp

from bot.bench.load import percentile
from bot.bench.server import ACCOUNT, MUNICIPALITY, SECRET, own_database, progress
from bot.bench.statistics_fill import fill
from bot.bench.statistics_upkeep import upkeep
from bot.loop import run
from bot.runtime import Runtime, open_runtime
from bot.settings import LineAccount, Settings
from handoff.accounts.models import Role
from handoff.accounts.sessions import open_session
from handoff.accounts.staff import add_staff
from handoff.console.app import build_console
from handoff.console.context import ConsoleContext
from handoff.statistics.ask import FILTERS, known_values
from intake.base.clock import Clock, SystemClock

T = TypeVar("T")
SIZE, FULL_SIZE = 100_000, 1_000_000
SMALLER = 100
"""The small city has so many times fewer contacts."""
ROUNDS, LEAST_ROUNDS = 8, 2
ENOUGH_S = 5.0
"""Once a part took so long, the page is asked for in fewer rounds: on a busy machine the whole ends in time."""
_PATH = "/console/statistics"
_REPORT = f"{_PATH}/reports/file?report=yearly&audience=inside&form="


class _Clock:
    """Stands still, so that every round asks for the same year."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        """Return the moment."""
        return self._moment


@asynccontextmanager
async def _city(settings: Settings, contacts: int, clock: Clock) -> AsyncIterator[Runtime]:
    """Open a fresh database with a generated city in it; none where ``contacts`` is 0."""
    account = LineAccount(municipality=MUNICIPALITY, channel_secrets=(SecretStr(SECRET),), access_token=SecretStr("bench-token"))
    with TemporaryDirectory(prefix="tsunagi-bench-") as folder:
        own = Settings(data_dir=Path(folder), database_url=settings.database_url)
        async with open_runtime(own, demo=True, accounts={ACCOUNT: account}, clock=clock) as runtime:
            if contacts:
                await fill(runtime.database, runtime.cities[MUNICIPALITY], contacts, end=clock.now(), progress=progress)
            yield runtime


class _Visitor:
    """A supervisor's browser, without a network."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app, self._token = app, token

    async def seconds(self, path: str) -> float:
        """Ask for a page and return how long the server took."""
        bare, _, query = path.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": bare,
            "raw_path": bare.encode(),
            "root_path": "/console",
            "query_string": query.encode(),
            "headers": [(b"host", b"bench"), (b"cookie", f"tsunagi_session={self._token}".encode())],
            "client": ("127.0.0.1", 1),
            "server": ("bench", 80),
        }
        status: list[int] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            status.extend([message["status"]] if "status" in message else [])

        begin = time.perf_counter()
        await self._app(scope, receive, send)
        took = time.perf_counter() - begin
        if status != [200]:
            raise RuntimeError(f"{path}: {status}")
        return took


async def _visitor(runtime: Runtime) -> _Visitor:
    now = runtime.clock.now()
    async with runtime.database.write() as session:
        staff = await add_staff(
            session,
            municipality=MUNICIPALITY,
            login="bench",
            display_name="計測",
            role=Role.MANAGER,
            window_ids=(),
            password_hash="-",  # noqa: S106 - no password fits this
            now=now,
        )
        token = await open_session(session, staff.id, now)
    context = ConsoleContext(
        database=runtime.database, ring=runtime.ring, cities=runtime.cities, clock=runtime.clock, wakes=runtime.wakes, secure_cookies=False
    )
    return _Visitor(build_console(context), token)


async def _pages(runtime: Runtime, visitor: _Visitor) -> list[float]:
    """Return how long the page took, unfiltered and with one filter of each kind, in many rounds, on a busy machine in fewer."""
    async with runtime.database.read() as session:
        known = await known_values(session, MUNICIPALITY)
    paths = [_PATH, *(f"{_PATH}?{name}={known[name][0]}" for name in FILTERS if known[name])]
    for path in paths:
        await visitor.seconds(path)
    took: list[float] = []
    begin = time.perf_counter()
    for done in range(ROUNDS):
        if done >= LEAST_ROUNDS and time.perf_counter() - begin > ENOUGH_S:
            break
        took += [await visitor.seconds(path) for path in paths]
    return sorted(took)


async def _report(visitor: _Visitor) -> float:
    """Return the seconds of the yearly report as PDF and as workbook together."""
    return sum([await visitor.seconds(_REPORT + form) for form in ("pdf", "xlsx")])


def _in_city(settings: Settings, contacts: int, look: Callable[[Runtime], Coroutine[Any, Any, T]]) -> T:
    """Look at a generated city of its own database."""
    clock: Clock = _Clock(SystemClock().now().replace(microsecond=0)) if contacts else SystemClock()

    async def looked(address: str | None) -> T:
        async with _city(settings.model_copy(update={"database_url": address}), contacts, clock) as runtime:
            return await look(runtime)

    with own_database(settings) as address:
        return run(looked(address))


async def _few(runtime: Runtime) -> list[float]:
    return await _pages(runtime, await _visitor(runtime))


async def _many(runtime: Runtime) -> tuple[list[float], float, float]:
    """Return the pages, the first report of a year, and one whose charts are drawn already."""
    visitor = await _visitor(runtime)
    pages = await _pages(runtime, visitor)
    progress("yearly report")
    return pages, await _report(visitor), await _report(visitor)


def measure(settings: Settings, *, full: bool) -> dict[str, Any]:
    """Measure the page at two sizes, the upkeep and the yearly report."""
    size = FULL_SIZE if full else SIZE
    few = _in_city(settings, size // SMALLER, _few)
    many, first, again = _in_city(settings, size, _many)
    progress("upkeep beside messages")
    kept = _in_city(settings, 0, upkeep)
    return {
        "bench": "statistics",
        "contacts": size,
        "page_p50_s": round(percentile(many, 0.5), 4),
        "page_p95_s": round(percentile(many, 0.95), 4),
        "growth": round(percentile(many, 0.5) / percentile(few, 0.5), 2),
        "upkeep_share": round(kept["share"], 4),
        "message_s": round(kept["message_s"], 5),
        "report_s": round(first, 3),
        "report_again_s": round(again, 3),
        "database": "postgresql" if settings.database_url else "sqlite",
    }
