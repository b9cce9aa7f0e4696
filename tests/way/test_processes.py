"""Several processes on one PostgreSQL: a web process stores, a worker process is woken and works."""

import asyncio

import pytest

from bot.listen import listen
from intake.base.database import Database
from intake.base.wakes import Wakes
from intake.events.service import append_events
from tests.support.line import text_event
from tests.support.world import World


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_what_one_process_stores_wakes_the_others(world: World, database_url: str) -> None:
    elsewhere = Database(database_url)
    elsewhere.before_commit.append(append_events)
    other = World(elsewhere, world.ring, world.clock)
    wakes: Wakes = other.runtime.wakes
    listening = asyncio.create_task(listen(other.runtime))
    await asyncio.sleep(0.3)
    mark = wakes.mark("inbox")
    await world.deliver(text_event("こんにちは", world.clock.now()))
    await wakes.wait("inbox", mark, 5)
    assert wakes.mark("inbox") > mark
    assert await other.work() == 1
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    assert await world.send() == 1
    await elsewhere.close()
