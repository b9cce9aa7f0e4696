"""The live stream: whatever happens to the connection, each event arrives once and in order, and only where it may."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import datetime

import pytest
from sqlalchemy import delete

from handoff.accounts.config import AccountsConfig
from handoff.accounts.models import Role
from handoff.accounts.sessions import find_viewers, revoke_session, token_hash
from handoff.accounts.viewer import Viewer
from handoff.console.edge import Parts
from handoff.console.stream import hub
from handoff.desk import actions
from intake.base.database import ReadSession
from intake.events.models import LoggedEvent
from intake.events.service import last_seq
from tests.handoff.support import OTHER_CITY, OTHER_WINDOW, Browser, World


class Stream:
    """What a browser reads of one open stream."""

    def __init__(self) -> None:
        self.text = ""
        self.status = 0
        self.ended = asyncio.Event()
        self.grew = asyncio.Event()

    @property
    def seqs(self) -> list[int]:
        return [int(found) for found in re.findall(r"id: (\d+)\nevent: change", self.text)]

    @property
    def cursor(self) -> int:
        return int(re.findall(r"id: (\d+)\n", self.text)[-1])

    async def until(self, wanted: str) -> None:
        async with asyncio.timeout(5):
            while not re.search(wanted, self.text):
                self.grew.clear()
                await self.grew.wait()


@asynccontextmanager
async def opened(browser: Browser, path: str = "/stream", **headers: str) -> AsyncIterator[Stream]:
    stream, dropped = Stream(), asyncio.Event()

    async def receive() -> dict[str, object]:
        await dropped.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            stream.status = int(str(message["status"]))
        stream.text += bytes(message.get("body", b"")).decode()  # type: ignore[call-overload]
        stream.grew.set()

    async def run() -> None:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        scope = {**browser.scope("GET", path, given), "asgi": {"version": "3.0", "spec_version": "2.3"}}
        with contextlib.suppress(asyncio.CancelledError):
            await browser.app(scope, receive, send)  # type: ignore[arg-type]
        stream.ended.set()

    task = asyncio.create_task(run())
    try:
        async with asyncio.timeout(5):
            while "id: " not in stream.text and not stream.ended.is_set():
                stream.grew.clear()
                await asyncio.wait((asyncio.create_task(stream.grew.wait()), task), return_when=asyncio.FIRST_COMPLETED)
        yield stream
    finally:
        dropped.set()
        async with asyncio.timeout(5):
            await task


async def head(world: World) -> int:
    async with world.database.read() as session:
        return await last_seq(session)


async def test_dropped_at_every_event_boundary_nothing_is_missed_doubled_or_out_of_order(world: World) -> None:
    browser = await world.browser(await world.staff("a"))
    talk = await world.talk()
    before, heard, cursor = await head(world), [], await head(world)
    for number in range(30):
        async with opened(browser, last_event_id=str(cursor)) as stream:
            await world.says(talk, f"{number}")
            if number % 3 == 0:
                await world.says(talk, "もう一つ")
            await stream.until(rf"id: {await head(world)}\n")
            heard += stream.seqs
            cursor = stream.cursor
        if number % 4 == 0:
            await world.says(talk, "切れているあいだ")
    async with opened(browser, last_event_id=str(cursor)) as stream:
        await stream.until(rf"id: {await head(world)}\n")
        heard += stream.seqs
    assert heard == list(range(before + 1, await head(world) + 1))


async def test_a_slow_browser_beside_a_fast_one_reads_the_rest_from_the_log(world: World) -> None:
    browser = await world.browser(await world.staff("a"))
    talk = await world.talk()
    start = await head(world)
    async with opened(browser):
        for number in range(world.context.stream.kept * 2):
            await world.says(talk, f"{number}")
        async with opened(browser, path=f"/stream?after={start}") as late:
            await late.until(rf"id: {await head(world)}\n")
            assert late.seqs == list(range(start + 1, await head(world) + 1))


@pytest.mark.parametrize("cursor", ["1", "9999", "-5", "x", "9" * 30])
async def test_a_number_that_the_log_does_not_know_means_load_anew(world: World, cursor: str) -> None:
    browser = await world.browser(await world.staff("a"))
    for _ in range(3):
        await world.talk()
    async with world.database.write() as session:
        await session.execute(delete(LoggedEvent).where(LoggedEvent.seq < 4))
    async with opened(browser, last_event_id=cursor) as stream:
        assert f"id: {await head(world)}\nevent: reset" in stream.text
        assert stream.seqs == []


async def test_only_what_one_may_see_is_told_and_the_cursor_moves_on_all_the_same(world: World) -> None:
    browser = await world.browser(await world.staff("a"))
    async with opened(browser) as stream:
        await world.talk(window=OTHER_WINDOW)
        await world.talk(window=None)
        await world.talk(municipality=OTHER_CITY)
        await world.talk(window=None, effects=())
        await stream.until(rf"id: {await head(world)}\nevent: ping\n")
        assert stream.seqs == []
        own = await world.talk()
        await stream.until(own.id)
        assert "話を聞いて" not in stream.text


async def test_a_talk_moved_out_of_sight_is_not_told_of_any_more(world: World) -> None:
    browser = await world.browser(await world.staff("a"))
    talk = await world.talk()
    async with opened(browser) as stream:
        async with world.database.write() as session:
            (await session.get_one(type(talk), talk.id)).window_id = OTHER_WINDOW
        await world.says(talk, "つづきです")
        await stream.until(rf"id: {await head(world)}\nevent: ping\n")
        assert stream.seqs == []


async def test_a_change_by_a_colleague_arrives_with_who_it_was(world: World) -> None:
    browser = await world.browser(await world.staff("a"))
    talk = await world.talk()
    other = await world.viewer(await world.staff("b", Role.RECEPTION))
    async with opened(browser) as stream:
        async with world.database.write() as session:
            await actions.claim(session, other, talk.id, now=world.clock.now())
        await stream.until(f'"hands_changed","talk":"{talk.id}","actor":"{other.staff_id}"')


async def test_a_write_of_another_process_arrives_without_a_wake_up(world: World) -> None:
    browser = await world.browser(await world.staff("a"))
    world.database.after_commit.clear()
    async with opened(browser) as stream:
        talk = await world.talk()
        await stream.until(talk.id)


async def test_a_stream_ends_when_its_session_is_revoked(world: World) -> None:
    browser = await world.browser(await world.staff("a"))
    async with opened(browser) as stream:
        async with world.database.write() as session:
            await revoke_session(session, token_hash(browser.cookies["tsunagi_session"]), world.clock.now())
        async with asyncio.timeout(2):
            await stream.ended.wait()


async def test_a_stream_ends_when_the_session_idles_out_for_it_is_no_action(world: World) -> None:
    browser = await world.browser(await world.staff("a"))
    async with opened(browser) as stream:
        world.clock.advance(minutes=31)
        async with asyncio.timeout(2):
            await stream.ended.wait()


async def test_who_joins_while_the_sessions_are_checked_keeps_the_stream(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, another = await world.browser(await world.staff("a")), await world.browser(await world.staff("b"))
    checked, done = asyncio.Event(), asyncio.Event()
    joined: list[Stream] = []
    async with contextlib.AsyncExitStack() as later:

        async def slow(session: ReadSession, hashes: Collection[str], config: AccountsConfig, now: datetime) -> Mapping[str, Viewer]:
            if joined:
                checked.set()
                await done.wait()
            else:
                joined.append(await later.enter_async_context(opened(another)))
            return await find_viewers(session, hashes, config, now)

        monkeypatch.setattr(hub, "find_viewers", slow)
        async with opened(browser):
            await checked.wait()
            await joined[0].until("event: ping")
            done.set()


async def test_a_stream_ends_when_the_process_stops(world: World) -> None:
    browser = await world.browser(await world.staff("a"))
    async with opened(browser) as stream:
        world.context.stopping.set()
        async with asyncio.timeout(2):
            await stream.ended.wait()


async def test_without_a_session_there_is_no_stream(world: World) -> None:
    async with opened(Browser(world.app)) as stream:
        await stream.ended.wait()
        assert stream.status in {303, 401}


async def test_silence_is_broken_by_a_sign_of_life(world: World) -> None:
    browser = await world.browser(await world.staff("a"))
    async with opened(browser) as stream:
        await stream.until("event: ping")
        assert stream.text.startswith("retry: 1000\n\n")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_line_that_breaks_and_comes_back_at_once_asks_the_database_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(_session: ReadSession) -> int:
        raise AssertionError

    browser, talk = await world.browser(await world.staff("a")), await world.talk()
    async with opened(browser) as stream:
        await world.says(talk, "とどいた")
        await stream.until(rf"id: {await head(world)}\nevent: change")
        monkeypatch.setattr(hub, "first_kept_seq", refuse)
        parts: Parts = world.app.state.parts
        assert await parts.hub.start_at(stream.cursor) == (stream.cursor, False)
