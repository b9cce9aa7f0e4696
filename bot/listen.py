"""Listening for the wake-ups of other processes on PostgreSQL. Only a hint: who misses one finds the rows at the next poll."""

import asyncio
from typing import Any

import asyncpg
import structlog
from sqlalchemy import make_url

from bot.runtime import Runtime
from handoff.supervision import presence
from intake.base.database import CHANNEL

RECONNECT_SECONDS = 2.0
CHECK_SECONDS = 10.0
_log = structlog.get_logger(__name__)


async def listen(runtime: Runtime) -> None:
    """Pass on wake-ups until the process ends; connect again when the connection breaks. Returns at once on SQLite."""
    if runtime.database.is_sqlite:
        return
    while not runtime.stopping.is_set():
        try:
            await _listen_once(runtime)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
            _log.info("listening_interrupted")
            await asyncio.sleep(RECONNECT_SECONDS)


async def _listen_once(runtime: Runtime) -> None:
    def wake(_connection: Any, _pid: int, _channel: str, payload: str) -> None:
        runtime.wakes.ring(payload.split(","))

    def see(_connection: Any, _pid: int, _channel: str, payload: str) -> None:
        runtime.presence.hear(payload, runtime.clock.now())
        runtime.wakes.ring(("events",))

    address = make_url(runtime.database.url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(address, command_timeout=CHECK_SECONDS)
    try:
        await connection.add_listener(CHANNEL, wake)
        await connection.add_listener(presence.CHANNEL, see)
        while not runtime.stopping.is_set():
            await asyncio.sleep(CHECK_SECONDS)
            await connection.fetchval("SELECT 1")
    finally:
        connection.terminate()
