"""kill -9 at every named point: each accepted event is handled once, and each answer reaches the phone once."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
import uvicorn
from sqlalchemy import func, select
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.simulator.app import Simulator, build_simulator
from bot.simulator.residents import demo_channel
from intake.base.clock import SystemClock
from intake.base.database import Database
from intake.conversations.models import Author, Message
from intake.inbox.models import InboxEvent, InboxStatus
from intake.outbox.models import OutboxItem, OutboxStatus
from tests.kill.child import POINTS, Orders, main
from tests.support.forks import CHILDREN

WORDS = ("家賃が払えない", "こんにちは", "母の介護のことで")
REDELIVER = (0.3, 0.6, 1, 1, 1, 1, 1, 1, 1, 1)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
async def line(tmp_path: Path, database_url: str) -> AsyncIterator[tuple[Simulator, Orders]]:
    """A LINE that redelivers soon, and orders for a child that works for it."""
    port = free_port()
    channel = demo_channel(account="main", name="見本", secret="s" * 32, access_token="t" * 32)
    app = build_simulator(webhook_base=f"http://127.0.0.1:{port}", clock=SystemClock(), channels=[channel], redelivery_after=REDELIVER)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(Starlette(routes=[Mount("/simulator", app)]), log_config=None, lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    api = f"http://127.0.0.1:{listener.getsockname()[1]}/simulator/api"
    yield (
        app.state.simulator,
        Orders(folder=tmp_path / "data", port=port, line_api=api, secret="s" * 32, token="t" * 32, database_url=database_url),
    )
    await app.state.simulator.aclose()
    server.should_exit = True
    await serving
    listener.close()


async def until_healthy(port: int) -> None:
    for _ in range(400):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    message = "the child did not listen"
    raise TimeoutError(message)


async def start(orders: Orders) -> BaseProcess:
    child = CHILDREN.Process(target=main, args=(orders,), daemon=True)
    child.start()
    await until_healthy(orders.port)
    return child


async def gone(child: BaseProcess) -> int | None:
    for _ in range(400):
        if not child.is_alive():
            return child.exitcode
        await asyncio.sleep(0.05)
    return None


async def settled(database: Database) -> bool:
    async with database.read() as session:
        events = await session.scalar(select(func.count()).select_from(InboxEvent).where(InboxEvent.status == InboxStatus.DONE))
        waiting = await session.scalar(
            select(func.count()).select_from(OutboxItem).where(OutboxItem.status.in_((OutboxStatus.WAITING, OutboxStatus.SENDING)))
        )
    return events == len(WORDS) and waiting == 0


async def until_settled(database: Database) -> None:
    for _ in range(300):
        if await settled(database):
            return
        await asyncio.sleep(0.1)
    message = "not everything was handled in time"
    raise TimeoutError(message)


def speak(simulator: Simulator, *, with_token: bool) -> None:
    """Three messages of two residents, in one delivery each; without a reply token the answers go out by push."""
    people = [simulator.platform.find_resident(key) for key in ("haruka", "yoshio", "haruka")]
    for person, words in zip(people, WORDS, strict=True):
        assert person is not None
        said = simulator.platform.say(simulator.platform.chat("main", person), words)
        event = dict(said) if with_token else {name: value for name, value in said.items() if name != "replyToken"}
        simulator.delivery.submit("main", [event])


async def check(simulator: Simulator, database: Database) -> None:
    async with database.read() as session:
        written = (await session.scalars(select(Message.author))).all()
        sends = (await session.scalars(select(OutboxItem.status))).all()
    assert sorted(author.value for author in written) == [Author.BOT.value] * 3 + [Author.RESIDENT.value] * 3
    assert sends == [OutboxStatus.ACCEPTED] * 3
    carried = [call for call in simulator.platform.calls if call.performed and call.endpoint in {"reply", "push"}]
    assert len(carried) == 3, "each answer reaches the phone once"


@pytest.mark.parametrize(
    ("database_url", "with_token"),
    [("sqlite", True), ("sqlite", False), ("postgresql", True)],
    ids=["sqlite-reply", "sqlite-push", "postgresql-reply"],
    indirect=["database_url"],
)
@pytest.mark.parametrize("point", POINTS)
async def test_a_kill_loses_nothing_and_repeats_nothing(
    line: tuple[Simulator, Orders], database: Database, point: str, with_token: bool
) -> None:
    simulator, orders = line
    child = await start(replace(orders, point=point))
    speak(simulator, with_token=with_token)
    assert await gone(child) == -signal.SIGKILL
    again = await start(orders)
    await until_settled(database)
    await check(simulator, database)
    assert again.pid is not None
    os.kill(again.pid, signal.SIGTERM)
    assert await gone(again) == 0, "a signal ends the process in order"
