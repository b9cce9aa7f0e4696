"""A server that kills itself with SIGKILL at a named point of the way of a message."""

import asyncio
import functools
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

import bot.line.client
import bot.line.sender
import bot.worker
import intake.base.database
import intake.inbox.service
import intake.outbox.delivery
from bot.app import Parts, build_app
from bot.logs import set_up_logs
from bot.runtime import open_runtime
from bot.serve import run_app
from bot.settings import LineAccount, Settings

SHORT_LEASE = timedelta(seconds=1.5)


@dataclass(frozen=True, kw_only=True)
class Orders:
    """What the child is to do. ``point`` is one of :data:`POINTS` or empty; the first passing of it kills."""

    folder: Path
    port: int
    line_api: str
    secret: str
    token: str
    database_url: str
    point: str = ""


@dataclass(frozen=True)
class Point:
    """A function, and whether to die before or after it. ``only_if_some`` passes over calls that found nothing."""

    owner: Any
    name: str
    after: bool
    only_if_some: bool = False


POINTS: dict[str, Point] = {
    "before the event is stored": Point(intake.base.database.Database, "insert_group", after=False),
    "stored, but not acknowledged": Point(intake.base.database.Database, "insert_group", after=True),
    "claimed, but the claim not committed": Point(bot.worker, "claim_events", after=True, only_if_some=True),
    "claimed, but not begun": Point(bot.worker.Worker, "work", after=False),
    "worked, but not committed": Point(bot.worker, "finish_event", after=True),
    "committed, but nobody woken": Point(bot.worker.Worker, "_do", after=True),
    "taken from the outbox, but not sent": Point(bot.line.sender.Sender, "work", after=False),
    "about to call LINE": Point(bot.line.client.SdkLine, "_call", after=False),
    "LINE has it, but we have not written it down": Point(bot.line.client.SdkLine, "_call", after=True),
    "written down, but not committed": Point(bot.line.sender, "settle_parcel", after=True),
    "all done": Point(bot.line.sender.Sender, "work", after=True),
}


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _arm(point: Point) -> None:
    genuine: Callable[..., Awaitable[Any]] = getattr(point.owner, point.name)

    @functools.wraps(genuine)
    async def armed(*args: Any, **kwargs: Any) -> Any:
        if not point.after:
            _die()
        result = await genuine(*args, **kwargs)
        if result or not point.only_if_some:
            _die()
        return result

    setattr(point.owner, point.name, armed)


def _shorten_leases() -> None:
    intake.inbox.service.LEASE = SHORT_LEASE
    intake.outbox.delivery.LEASE = SHORT_LEASE


async def _serve(orders: Orders) -> None:
    account = LineAccount(
        municipality="aizuwakamatsu",
        channel_secrets=(SecretStr(orders.secret),),
        access_token=SecretStr(orders.token),
        api_base=orders.line_api,
    )
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", orders.port))
    settings = Settings(data_dir=orders.folder, database_url=orders.database_url, port=orders.port)
    async with open_runtime(settings, demo=True, accounts={"main": account}) as runtime:
        await run_app(runtime, build_app(runtime, parts=Parts()), listener)


def main(orders: Orders) -> None:
    set_up_logs("CRITICAL")
    _shorten_leases()
    if orders.point:
        _arm(POINTS[orders.point])
    asyncio.run(_serve(orders))
