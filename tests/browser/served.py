"""The demo in a thread of its own: the same server that ``make run`` starts, at a moment of our choosing."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.demo import Demo, open_demo
from bot.serve import run_app
from bot.settings import Settings

READY_SECONDS = 60
JAPAN = ZoneInfo("Asia/Tokyo")
FRIDAY = 4


class RunningClock:
    """A clock that starts at a given moment and goes on like every clock, and can be put forward."""

    def __init__(self, start: datetime) -> None:
        self._shift = start - datetime.now(UTC)  # noqa: TID251 - the test's own clock needs the machine's

    def forward(self, hour: int, minute: int) -> None:
        """Go on to the next weekday on which it is this late in Japan."""
        now = self.now().astimezone(JAPAN)
        wanted = now.replace(hour=hour, minute=minute)
        while wanted < now or wanted.weekday() > FRIDAY:
            wanted += timedelta(days=1)
        self._shift += wanted - now

    def now(self) -> datetime:
        return datetime.now(UTC) + self._shift  # noqa: TID251 - as above


@dataclass(frozen=True)
class Served:
    """Where the demo runs and how staff log in."""

    base: str
    password: str
    clock: RunningClock


async def _until_it_listens(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.05)


@contextmanager
def demo(folder: Path, database_url: str, start: datetime) -> Iterator[Served]:
    """Serve the demo until the block ends."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    ready = threading.Event()
    opened: list[Demo] = []
    clock = RunningClock(start)
    failed: list[BaseException] = []
    loops: list[asyncio.AbstractEventLoop] = []

    async def run() -> None:
        loops.append(asyncio.get_running_loop())
        settings = Settings(data_dir=folder, database_url=database_url, port=port)
        async with open_demo(settings, clock=clock) as found:
            opened.append(found)
            serving = asyncio.create_task(run_app(found.runtime, found.app, listener))
            await _until_it_listens(port)
            ready.set()
            await serving

    def main() -> None:
        try:
            asyncio.run(run())
        except BaseException as error:  # noqa: BLE001 - shown to the test below
            failed.append(error)
            ready.set()

    thread = threading.Thread(target=main, daemon=True)
    thread.start()
    if not ready.wait(READY_SECONDS) or failed:
        raise RuntimeError(failed)
    try:
        yield Served(base=f"http://127.0.0.1:{port}", password=opened[0].password, clock=clock)
    finally:
        loops[0].call_soon_threadsafe(opened[0].runtime.stopping.set)
        thread.join(15)
        listener.close()
    assert not thread.is_alive(), "the server waited for an open stream"
