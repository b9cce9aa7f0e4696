"""The server under test: the real app on a fresh SQLite file, with a bare FastAPI echo beside it as the yardstick."""

import json
import multiprocessing
import os
import secrets
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import make_url
from starlette.routing import Mount

from bot.app import Parts, build_app
from bot.logs import set_up_logs
from bot.loop import run
from bot.runtime import database_url, open_runtime
from bot.serve import run_app, tcp_listener
from bot.settings import LineAccount, Settings

ACCOUNT = "bench"
SECRET = "bench-secret-not-a-real-one"  # noqa: S105 - signs invented events on loopback only
MUNICIPALITY = "aizuwakamatsu"
_PROBE_SECONDS = 0.05
_START_SECONDS = 180
_CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


def _echo() -> FastAPI:
    app = FastAPI()

    @app.post("/echo")
    async def echo(body: dict[str, Any]) -> dict[str, Any]:
        return body

    return app


async def _serve(folder: Path, listener: socket.socket, line_api: str, parts: Parts, database: str | None) -> None:
    settings = Settings(data_dir=folder, database_url=database)
    account = LineAccount(
        municipality=MUNICIPALITY, channel_secrets=(SecretStr(SECRET),), access_token=SecretStr("bench-token"), api_base=line_api
    )
    async with open_runtime(settings, demo=True, accounts={ACCOUNT: account}) as runtime:
        app = build_app(runtime, parts=parts, extra=[Mount("/bare", _echo())])
        await run_app(runtime, app, listener)


def _main(folder: str, listener: socket.socket, line_api: str, parts: Parts, database: str | None) -> None:
    set_up_logs("ERROR")
    run(_serve(Path(folder), listener, line_api, parts, database))


class ServerUnderTest:
    """A running server process and what it has used of the processor."""

    def __init__(self, process: multiprocessing.process.BaseProcess, port: int) -> None:
        self._process = process
        self.port = port

    def cpu_seconds(self) -> float:
        """Return the processor time that the server process has used so far."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / _CLOCK_TICKS


async def _statement(address: str, statement: str) -> None:
    connection = await asyncpg.connect(address)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@contextmanager
def own_database(settings: Settings) -> Iterator[str | None]:
    """Give a new, empty database on the PostgreSQL that the settings name, and drop it afterwards; None for SQLite.

    The database of the settings itself may hold residents; no invented one must ever be written into it.
    """
    if settings.database_url is None:
        yield None
        return
    named = make_url(database_url(settings)).set(drivername="postgresql")
    name = f"tsunagi_bench_{secrets.token_hex(6)}"
    run(_statement(named.render_as_string(hide_password=False), f"CREATE DATABASE {name}"))
    try:
        yield named.set(database=name).render_as_string(hide_password=False)
    finally:
        run(_statement(named.render_as_string(hide_password=False), f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def server_under_test(*, line_api: str = "http://127.0.0.1:9", parts: Parts, settings: Settings) -> Iterator[ServerUnderTest]:
    """Start the server on a free loopback port, wait until it listens, and end it afterwards."""
    with (
        TemporaryDirectory(prefix="tsunagi-bench-") as folder,
        tcp_listener() as listener,
        own_database(settings) as database,
    ):
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        context = multiprocessing.get_context("spawn")
        process = context.Process(target=_main, args=(folder, listener, line_api, parts, database), daemon=True)
        process.start()
        try:
            wait_until_healthy(port, process)
            yield ServerUnderTest(process, port)
        finally:
            process.terminate()
            process.join(10)


def wait_until_healthy(port: int, process: BaseProcess) -> None:
    """Ask ``/healthz`` until it answers, for as long as the process lives; a machine that does much else is waited for."""
    end = time.monotonic() + _START_SECONDS
    while process.is_alive() and time.monotonic() < end:
        with socket.socket() as probe:
            probe.settimeout(1)
            try:
                probe.connect(("127.0.0.1", port))
                probe.sendall(b"GET /healthz HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n")
                if b" 200 " in probe.recv(200):
                    return
            except OSError:
                pass
        time.sleep(_PROBE_SECONDS)
    message = "the server under test did not answer"
    raise TimeoutError(message)


def progress(text: str) -> None:
    """Print a line of progress to stderr."""
    print(text, file=sys.stderr, flush=True)


def result(values: dict[str, Any]) -> None:
    """Print the result as one JSON object, the last line on stdout."""
    print(json.dumps(values, ensure_ascii=False), flush=True)
