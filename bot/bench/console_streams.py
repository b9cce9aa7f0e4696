"""Many consoles at once: raw sockets that hold a stream each, in a process of their own, and note when each event comes."""

import asyncio
import multiprocessing
import re
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection

from bot.bench.console_server import ask, open_stream
from bot.loop import run

_EVENT = re.compile(rb"id: (\d+)\nevent: change")
_CONNECT_AT_ONCE = 25
_CONNECT_SECONDS = 30
_LIST_SECONDS = 180
Arrivals = list[tuple[int, float]]


async def _listen(port: int, token: str, arrivals: Arrivals, turns: asyncio.Semaphore, opened: asyncio.Queue[None]) -> None:
    async with turns:
        reader, writer = await open_stream(port, "GET", "/console/stream", token, close=False)
        await reader.readuntil(b": hello")
        opened.put_nowait(None)
    try:
        while chunk := await reader.read(65536):
            now = time.time_ns() / 1e9
            arrivals.extend((int(found), now) for found in _EVENT.findall(chunk))
    finally:
        writer.close()


async def _hold(port: int, tokens: Sequence[str], door: Connection) -> None:
    arrivals: Arrivals = []
    turns, opened = asyncio.Semaphore(_CONNECT_AT_ONCE), asyncio.Queue[None]()

    async def load_list(token: str) -> None:
        async with turns:
            await ask(port, "GET", "/console/queue/rows?view=mine", token)

    async with asyncio.timeout(_LIST_SECONDS):
        await asyncio.gather(*(load_list(token) for token in tokens))
    door.send("listed")
    await asyncio.to_thread(door.recv)
    tasks = [asyncio.create_task(_listen(port, token, arrivals, turns, opened)) for token in tokens]
    async with asyncio.timeout(_CONNECT_SECONDS):
        for _ in tokens:
            await opened.get()
    door.send("ready")
    await asyncio.to_thread(door.recv)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    door.send(arrivals)


def _main(port: int, tokens: Sequence[str], door: Connection) -> None:
    run(_hold(port, tokens, door))


class Consoles:
    """So many consoles, held open until their arrivals are asked for."""

    def __init__(self, port: int, tokens: Sequence[str]) -> None:
        self._door, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        self._process = context.Process(target=_main, args=(port, tokens, theirs), daemon=True)
        self._process.start()

    async def listed(self) -> None:
        """Wait until each of them has loaded the list: only then does the stream bring rows."""
        await asyncio.to_thread(self._door.recv)

    async def opened(self) -> None:
        """Have all of them open their streams, and wait until they are open."""
        self._door.send("open")
        await asyncio.to_thread(self._door.recv)

    async def arrivals(self) -> Arrivals:
        """Close the streams and return when each of them heard of each event."""
        self._door.send("stop")
        found: Arrivals = await asyncio.to_thread(self._door.recv)
        self._process.join(10)
        return found
