"""What the tests of pages and files share."""

from datetime import UTC, datetime

import pytest

from bot.bench.statistics_fill import fill
from handoff.console.app import build_console
from handoff.console.context import ConsoleContext
from intake.base.database import Database
from intake.base.sealing import KeyRing
from intake.base.wakes import Wakes
from tests.handoff.support import World
from tests.support.clock import FixedClock
from tests.support.world import CITIES, CITY

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
async def desk(database: Database, ring: KeyRing) -> World:
    """A console over the figures of a generated city of 300 contacts."""
    clock = FixedClock(NOW)
    context = ConsoleContext(database=database, ring=ring, cities=CITIES, clock=clock, wakes=Wakes(), secure_cookies=False)
    await fill(database, CITIES[CITY], 300, end=NOW, progress=lambda _: None)
    return World(database=database, ring=ring, clock=clock, context=context, app=build_console(context))
