"""Three workers, each with a schedule of its own, killed at random: every check-in reaches its phone once, none twice."""

import asyncio
import json
import multiprocessing
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from bot.runtime import open_runtime
from intake.base.clock import SystemClock
from intake.base.database import Database
from intake.checkins.models import CheckinContact, CheckinPlan, ContactState
from tests.checkins.kill_child import Orders, ShiftedClock, main
from tests.checkins.rows import enrol

MORNING = datetime(2026, 4, 14, 1, 0, tzinfo=UTC)
"""Tuesday at 10:00 in Japan."""
WORKERS = 3
_children = multiprocessing.get_context("forkserver")
_children.set_forkserver_preload(["tests.checkins.kill_child"])


@dataclass
class Line:
    """A LINE that keeps its promise about retry keys, and at times breaks the line after it has taken a message."""

    chance: random.Random
    keys: set[str] = field(default_factory=set)
    delivered: Counter[str] = field(default_factory=Counter)
    calls: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
                body = json.loads(await reader.readexactly(int(fields["content-length"])))
                self.calls += 1
                status = self._take(fields["x-line-retry-key"], body["to"])
                if self.chance.random() < 0.1:
                    break
                answer = b'{"sentMessages":[{"id":"1","quoteToken":"q"}]}'
                head_out = f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {len(answer)}\r\n\r\n"
                writer.write(head_out.encode() + answer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()

    def _take(self, key: str, user: str) -> int:
        if key in self.keys:
            return 409
        self.keys.add(key)
        self.delivered[user] += 1
        return 200


@pytest.fixture
async def line(tmp_path: Path, database_url: str) -> AsyncIterator[tuple[Line, Orders]]:
    fake = Line(random.Random(7))
    server = await asyncio.start_server(fake.serve, "127.0.0.1", 0)
    api = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield fake, Orders(folder=tmp_path / "data", line_api=api, database_url=database_url, by=MORNING - SystemClock().now())
    server.close()


async def enrolled(database: Database, orders: Orders, count: int, within: timedelta) -> None:
    """So many residents whose first words become due over a time."""
    clock = ShiftedClock(orders.by)
    async with open_runtime(orders.settings(), demo=True, clock=clock, accounts=orders.accounts()) as runtime:
        for number in range(count):
            plan = await enrol(database, runtime.ring, number, clock.now() - timedelta(days=8))
            due = clock.now() + within * (number / count)
            async with database.write() as session:
                values = {"next_at": due, "next_not_after": due + timedelta(hours=3), "friend": True}
                await session.execute(update(CheckinPlan).where(CheckinPlan.id == plan.id).values(values))


def start(orders: Orders) -> multiprocessing.process.BaseProcess:
    child = _children.Process(target=main, args=(orders,), daemon=True)
    child.start()
    return child


async def end(child: multiprocessing.process.BaseProcess, with_signal: int) -> None:
    if child.pid is not None and child.is_alive():
        child.kill() if with_signal == signal.SIGKILL else child.terminate()
    await asyncio.to_thread(child.join, 20)
    assert not child.is_alive()


async def unfinished(database: Database) -> int:
    async with database.read() as session:
        unsaid = await session.scalar(select(func.count()).select_from(CheckinPlan).where(CheckinPlan.done == 0))
        states = (ContactState.DUE, ContactState.SAID)
        waiting = await session.scalar(select(func.count()).select_from(CheckinContact).where(CheckinContact.state.in_(states)))
    return (unsaid or 0) + (waiting or 0)


async def kill_at_random(database: Database, orders: Orders, chance: random.Random, kills: int, *, longest: float) -> None:
    """Keep three workers running, and kill one after the other at no particular point; then let them finish."""
    workers = [start(orders) for _ in range(WORKERS)]
    for number in range(kills):
        await asyncio.sleep(chance.uniform(0.02, longest))
        await end(workers[number % WORKERS], signal.SIGKILL)
        workers[number % WORKERS] = start(orders)
    async with asyncio.timeout(180):
        while await unfinished(database):  # noqa: ASYNC110 - the rows of other processes are looked at
            await asyncio.sleep(0.3)
    for worker in workers:
        await end(worker, signal.SIGTERM)


async def check(line: Line, database: Database, count: int) -> None:
    assert len(line.delivered) == count, "none is lost"
    assert set(line.delivered.values()) == {1}, "none comes twice"
    async with database.read() as session:
        states = (await session.execute(select(CheckinContact.state, func.count()).group_by(CheckinContact.state))).all()
    assert {state: found for state, found in states if state is not ContactState.REFUSED} == {ContactState.SENT: count}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_kills_lose_no_check_in_and_repeat_none(line: tuple[Line, Orders], database: Database) -> None:
    fake, orders = line
    await enrolled(database, orders, 60, timedelta(seconds=12))
    await kill_at_random(database, orders, random.Random(1), 6, longest=3.0)
    await check(fake, database, 60)


@pytest.mark.soak
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_two_hundred_kills_lose_no_check_in_and_repeat_none(line: tuple[Line, Orders], database: Database) -> None:
    fake, orders = line
    await enrolled(database, orders, 600, timedelta(seconds=300))
    await kill_at_random(database, orders, random.Random(2), 200, longest=3.0)
    await check(fake, database, 600)
