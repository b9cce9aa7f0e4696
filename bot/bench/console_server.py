"""The server whose console is measured, with a side door that seeds talks and writes as a resident, and says when that was committed."""

import asyncio
import multiprocessing
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from bot.app import Parts, build_app
from bot.bench.console_seed import message_row, seed_desk
from bot.bench.server import MUNICIPALITY, ServerUnderTest, own_database, wait_until_healthy
from bot.logs import set_up_logs
from bot.loop import run
from bot.runtime import Runtime, open_runtime
from bot.serve import run_app, tcp_listener
from bot.settings import Settings
from handoff.desk.effects import apply
from intake.conversations.models import Conversation, Message
from intake.conversations.receive import Received
from intake.events.models import EventName
from intake.events.service import last_seq, record_event


class ConsoleUnderTest(ServerUnderTest):
    """A running server whose memory can be asked."""

    def __init__(self, process: multiprocessing.process.BaseProcess, port: int) -> None:
        super().__init__(process, port)
        self._pid = process.pid

    def memory_kb(self) -> int:
        """Return the memory that the server process holds."""
        status = Path(f"/proc/{self._pid}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))


def _side_door(runtime: Runtime) -> Starlette:
    async def seed(request: Request) -> Response:
        asked = request.query_params
        numbers = {"talks": int(asked["talks"]), "consoles": int(asked["consoles"]), "first": int(asked["first"])}
        seeded = await seed_desk(runtime, MUNICIPALITY, now=runtime.clock.now(), **numbers)
        return Response(orjson.dumps({"tokens": seeded.tokens, "talk": seeded.talk_id}))

    async def say(request: Request) -> Response:
        now = runtime.clock.now()
        async with runtime.database.write() as session:
            talk = (await session.scalars(select(Conversation).where(Conversation.id == request.query_params["talk"]))).one()
            message = Message(**message_row(runtime, talk, now, now))
            session.add(message)
            await session.flush()
            record_event(session, EventName.MESSAGE_RECEIVED, municipality=talk.municipality, at=now, conversation_id=talk.id)
            await apply(session, Received(conversation=talk, message=message), now=now)
        committed = time.time_ns() / 1e9
        async with runtime.database.read() as reading:
            seq = await last_seq(reading)
        return Response(orjson.dumps({"at": committed, "seq": seq, "message": message.id}))

    return Starlette(routes=[Route("/seed", seed, methods=["POST"]), Route("/say", say, methods=["POST"])])


async def _serve(folder: Path, listener: socket.socket, database: str | None) -> None:
    settings = Settings(data_dir=folder, database_url=database, secure_cookies=False)
    async with open_runtime(settings, demo=True, accounts={}) as runtime:
        app = build_app(runtime, parts=Parts(), extra=[Mount("/bench", _side_door(runtime))])
        await run_app(runtime, app, listener)


def _main(folder: str, listener: socket.socket, database: str | None) -> None:
    set_up_logs("ERROR")
    run(_serve(Path(folder), listener, database))


@contextmanager
def console_under_test(settings: Settings) -> Iterator[ConsoleUnderTest]:
    """Start the server on a free loopback port, wait until it listens, and end it afterwards."""
    with (
        TemporaryDirectory(prefix="tsunagi-bench-") as folder,
        tcp_listener() as listener,
        own_database(settings) as database,
    ):
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        process = multiprocessing.get_context("spawn").Process(target=_main, args=(folder, listener, database), daemon=True)
        process.start()
        try:
            wait_until_healthy(port, process)
            yield ConsoleUnderTest(process, port)
        finally:
            process.terminate()
            process.join(10)


async def ask(port: int, method: str, path: str, cookie: str = "") -> tuple[float, bytes]:
    """Ask the server once over a raw socket; return the seconds that it took, and the body."""
    reader, writer = await open_stream(port, method, path, cookie, close=True)
    start = time.perf_counter()
    await writer.drain()
    answer = await reader.read()
    took = time.perf_counter() - start
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n", 1)[0]:
        message = f"{path} answered {head[:40]!r}"
        raise RuntimeError(message)
    return took, body


async def open_stream(port: int, method: str, path: str, cookie: str, *, close: bool) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Send one request and leave the answer to be read."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    lines = [f"{method} {path} HTTP/1.1", f"host: 127.0.0.1:{port}", "content-length: 0", "accept: text/html"]
    lines += [f"cookie: tsunagi_session={cookie}"] if cookie else []
    lines += ["connection: close"] if close else []
    writer.write("\r\n".join([*lines, "", ""]).encode())
    return reader, writer
