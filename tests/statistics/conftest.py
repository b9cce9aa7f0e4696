"""What the tests of pages and files share; long runs of this folder only where they are asked for: ``make soak``."""

from datetime import UTC, datetime
from pathlib import Path

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

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "soak" in config.getoption("markexpr"):
        return
    for item in items:
        if HERE in item.path.parents and item.get_closest_marker("soak") is not None:
            item.add_marker(pytest.mark.skip(reason="a long run; `make soak` does it"))


@pytest.fixture
async def desk(database: Database, ring: KeyRing) -> World:
    """A console over the figures of a generated city of 300 contacts."""
    clock = FixedClock(NOW)
    context = ConsoleContext(database=database, ring=ring, cities=CITIES, clock=clock, wakes=Wakes(), secure_cookies=False)
    await fill(database, CITIES[CITY], 300, end=NOW, progress=lambda _: None)
    return World(database=database, ring=ring, clock=clock, context=context, app=build_console(context))
