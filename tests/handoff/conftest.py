"""The console over both databases, with two invented windows."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from handoff.console.app import build_console
from handoff.console.context import ConsoleContext, StreamConfig
from intake.base.database import Database
from intake.base.sealing import KeyRing
from intake.base.wakes import Wakes
from routing.city import City, DeskWindow, NightMode, State
from routing.referral import Kind
from tests.handoff.support import CITY, OTHER_CITY, OTHER_WINDOW, WINDOW, World
from tests.support.clock import FixedClock


def _window(key: str, name: str) -> DeskWindow:
    return DeskWindow(id=key, name=name, kind=Kind.POVERTY, fields=(), concerns=frozenset(), state=State.RUNNING)


def _city(key: str, name: str) -> City:
    windows = {WINDOW: _window(WINDOW, "くらしの相談"), OTHER_WINDOW: _window(OTHER_WINDOW, "こどもの相談")}
    return City(
        key=key,
        name=name,
        prefecture="福島県",
        code=key,
        version="1",
        desk_name="総合相談",
        desk_phone="",
        night=NightMode.UNREAD,
        staff_hours=(),
        answer_within_minutes=60,
        coordinator="",
        windows=windows,
        lines={},
    )


def invented_cities() -> dict[str, City]:
    return {CITY: _city(CITY, "会津若松市"), OTHER_CITY: _city(OTHER_CITY, "酒田市")}


@pytest.fixture
def cities() -> dict[str, City]:
    return invented_cities()


@pytest.fixture
async def world(database: Database, ring: KeyRing, clock: FixedClock, cities: dict[str, City]) -> AsyncIterator[World]:
    wakes = Wakes()
    database.after_commit.append(wakes.ring)
    context = ConsoleContext(
        database=database,
        ring=ring,
        cities=cities,
        clock=clock,
        wakes=wakes,
        secure_cookies=False,
        stream=StreamConfig(ping=0.2, recheck=0.05, poll=0.02, kept=8),
    )
    yield World(database=database, ring=ring, clock=clock, context=context, app=build_console(context))
    context.stopping.set()
    wakes.ring(("events",))
    await asyncio.sleep(0.05)


def secured(world: World) -> World:
    """The same world behind TLS."""
    context = replace(world.context, secure_cookies=True)
    return replace(world, context=context, app=build_console(context))
