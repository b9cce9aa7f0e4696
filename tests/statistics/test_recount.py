"""Figures are equal to a slow recount from the raw rows, whatever has happened in between."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from handoff.statistics.rebuild import rebuild
from handoff.statistics.watch import record_facts
from intake.base.database import Database, sqlite_url
from intake.base.sealing import KeyRing
from intake.events.service import append_events
from tests.conftest import _statement, run_apart
from tests.statistics.recount import recount
from tests.statistics.support import Story
from tests.support.clock import FixedClock
from tests.support.postgres import copying
from tests.support.world import CITY, World

PEOPLE = st.integers(min_value=1, max_value=3)
SAYINGS = (
    "家賃が払えなくて困っています",
    "母の介護のことで相談したいです",
    "職員と話したいです",
    "死にたい。もう薬を手に持っています",
    "あの",
    "子どもが学校に行けません。富奥に住んでいます",
)
DEEDS = (
    *("claim", "reply", "close", "release", "open_alarms", "reopen", "rest", "undo"),
    *("ask", "yes", "no", "accept", "decline", "hand_back"),
)
STEP = st.one_of(
    st.tuples(st.just("says"), PEOPLE, st.sampled_from(SAYINGS)),
    st.tuples(st.just("late"), PEOPLE, st.sampled_from(SAYINGS)),
    st.tuples(st.just("taps"), PEOPLE, st.sampled_from(["v1:unfit:far", "v1:unfit", "v1:staff", "v1:end"])),
    st.tuples(st.just("unsends"), PEOPLE, st.just("")),
    st.tuples(st.just("staff"), PEOPLE, st.sampled_from(DEEDS)),
    st.tuples(st.just("staff"), PEOPLE, st.sampled_from(DEEDS)),
    st.tuples(st.just("wait"), st.sampled_from([5, 45, 600, 30_000, 100_000, 3_000_000]), st.just("")),
    st.tuples(st.just("sweep"), st.just(0), st.just("")),
)
HISTORIES = st.lists(STEP, min_size=3, max_size=14)
LONG_HISTORIES = st.lists(STEP, min_size=3, max_size=24)


async def play(story: Story, step: tuple[str, int, str]) -> None:
    deed, who, what = step
    if deed in {"says", "late"}:
        await story.says(who, what, late_minutes=90 if deed == "late" else 0)
    elif deed == "taps":
        await story.taps(who, what)
    elif deed == "unsends":
        await story.unsends(who)
    elif deed == "staff":
        await story.staff_does(what, who)
    elif deed == "wait":
        story.world.clock.advance(seconds=who)
    else:
        await story.sweep()
    story.world.clock.advance(seconds=1)


async def check(url: str, history: list[tuple[str, int, str]]) -> None:
    """Play a history; what was counted step by step, a slow recount of the raw rows, and making all anew must come to the same."""
    database = Database(url)
    database.before_commit += [record_facts, append_events]
    try:
        with tempfile.TemporaryDirectory() as folder:
            ring = KeyRing.create(Path(folder) / "keyring.json")
        story = Story(World(database, ring, FixedClock(datetime(2026, 3, 27, 1, 0, tzinfo=UTC))))
        await story.open()
        for step in history:
            await play(story, step)
        await story.sweep()
        figures = await story.figures()
        async with database.read() as session:
            slow = await recount(session, ring)
        known = {figure.split("/")[0] for figure in slow}
        compared = {figure: count for figure, count in figures.items() if figure.split("/")[0] in known and figure not in UNTOLD}
        assert compared == dict(slow)
        await rebuild(database, CITY, story.world.clock)
        assert await story.figures() == figures
    finally:
        await database.close()


UNTOLD = {"promise/none", "promise/unanswered", "passing/taken", "passing/release"}
"""What no raw row tells: it is only in the facts."""


@contextmanager
def fresh(sqlite_template: Path) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tsunagi.db"
        shutil.copy(sqlite_template, path)
        yield sqlite_url(path)


@settings(max_examples=50, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(history=HISTORIES)
def test_figures_are_what_a_slow_recount_finds(sqlite_template: Path, history: list[tuple[str, int, str]]) -> None:
    with fresh(sqlite_template) as url:
        asyncio.run(check(url, history))


@pytest.mark.soak
@settings(max_examples=1000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(history=LONG_HISTORIES)
def test_figures_are_what_a_slow_recount_finds_over_a_thousand_histories(
    sqlite_template: Path, history: list[tuple[str, int, str]]
) -> None:
    with fresh(sqlite_template) as url:
        asyncio.run(check(url, history))


EMPTIED = """
DO $$
DECLARE name text;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND tablename NOT IN ('alembic_version', 'event_head', 'notice_head')
    LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
END $$
"""
"""Makes one database serve all histories: copying the template a thousand times takes longer than playing them."""


@pytest.fixture(scope="module")
def emptied(postgres_address: str) -> str:
    run_apart(_statement(postgres_address, copying("template_tsunagi", "soak")))
    return postgres_address.replace("DATABASE", "soak")


@pytest.mark.soak
@settings(max_examples=1000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(history=LONG_HISTORIES)
def test_figures_are_what_a_slow_recount_finds_over_a_thousand_histories_on_postgresql(
    emptied: str, history: list[tuple[str, int, str]]
) -> None:
    async def empty_and_check() -> None:
        engine = create_async_engine(emptied)
        async with engine.begin() as connection:
            await connection.execute(text(EMPTIED))
        await engine.dispose()
        await check(emptied, history)

    asyncio.run(empty_and_check())
