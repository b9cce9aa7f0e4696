"""Who has a talk open and who writes in it: seen by whom it concerns, on no record, and gone by itself."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.listen import listen
from handoff.accounts.models import Role, StaffSession
from handoff.audit.models import AuditEntry
from handoff.supervision.presence import CHANNEL, Doing, Presence, Sign, packed
from intake.base.database import Database
from intake.base.sealing import KeyRing
from intake.conversations.models import Conversation
from intake.events.models import LoggedEvent
from tests.handoff.support import OTHER_WINDOW, Answer, Browser, World
from tests.handoff.test_stream import opened
from tests.support.clock import FixedClock
from tests.support.world import World as Way

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOW = datetime(2026, 4, 7, 1, 0, tzinfo=UTC)
ANNA = Sign(talk="t1", municipality="city", window_id="w", owner=None, staff_id="anna", name="相談員 あんな", tab="a", doing=Doing.VIEWING)
BEN = replace(ANNA, staff_id="ben", name="受付 べん", tab="b")


def after(seconds: int) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_everybody_is_told_of_the_others_and_nobody_of_themselves() -> None:
    presence = Presence()
    presence.note(ANNA, NOW)
    presence.note(replace(BEN, doing=Doing.WRITING), NOW)
    assert presence.words("t1", "anna") == "受付 べんさんが書いています"
    assert presence.words("t1", "ben") == "相談員 あんなさんが見ています"
    assert presence.words("t1", "carl") == "受付 べんさんが書いています。相談員 あんなさんが見ています"
    assert presence.words("t2", "carl") == ""


def test_whoever_says_nothing_more_fades_first_from_writing_then_from_viewing() -> None:
    presence = Presence()
    presence.note(replace(ANNA, doing=Doing.WRITING), NOW)
    seen = []
    for seconds in (24, 25, 44, 45):
        presence.expire(after(seconds))
        seen.append(presence.words("t1", "ben"))
    assert seen == ["相談員 あんなさんが書いています", "相談員 あんなさんが見ています", "相談員 あんなさんが見ています", ""]


def test_a_page_that_keeps_saying_so_stays_and_tells_nobody_anew() -> None:
    presence = Presence()
    for seconds in range(0, 200, 20):
        presence.note(ANNA, after(seconds))
        presence.expire(after(seconds))
    assert presence.version == 1
    assert presence.words("t1", "ben") == "相談員 あんなさんが見ています"


def test_one_of_two_pages_is_left_and_the_person_is_still_there() -> None:
    presence = Presence()
    presence.note(ANNA, NOW)
    presence.note(replace(ANNA, tab="c"), NOW)
    presence.note(replace(ANNA, doing=Doing.GONE), NOW)
    assert presence.words("t1", "ben") != ""
    presence.note(replace(ANNA, tab="c", doing=Doing.GONE), NOW)
    assert presence.words("t1", "ben") == ""


def test_a_screen_that_was_away_hears_what_has_changed_also_that_all_have_left() -> None:
    presence = Presence()
    presence.note(ANNA, NOW)
    seen = presence.version
    presence.note(replace(ANNA, doing=Doing.GONE), after(1))
    presence.note(replace(BEN, talk="t2"), after(1))
    presence.expire(after(2))
    assert {change.last.talk: change.words_for("x") for change in presence.since(seen)} == {"t1": "", "t2": "受付 べんさんが見ています"}


def test_what_nobody_looks_at_any_more_takes_no_room() -> None:
    presence = Presence()
    for number in range(50):
        presence.note(replace(ANNA, talk=f"t{number}"), NOW)
    presence.expire(after(50))
    presence.expire(after(50 + 120))
    assert presence.since(0) == []


def test_many_people_are_told_in_a_few_words() -> None:
    presence = Presence()
    for number in range(5):
        presence.note(replace(ANNA, staff_id=str(number), name=f"職員{number}"), NOW)
    assert presence.words("t1", "x") == "職員0さん・職員1さん・職員2さんほか2人が見ています"


async def say(browser: Browser, talk: Conversation, doing: str = "viewing", tab: str = "a1") -> Answer:
    return await browser.post("/presence", talk=talk.id, tab=tab, doing=doing)


@only_sqlite
async def test_colleagues_see_it_on_the_talk_in_the_list_and_supervisors_where_they_watch(world: World) -> None:
    talk, holder = await world.talk(), await world.browser(await world.staff("a", name="相談員A"))
    await holder.post(f"/talks/{talk.id}/claim")
    assert (await say(holder, talk, "writing")).status == 204
    colleague = await world.browser(await world.staff("b"))
    watching = await world.browser(await world.staff("sv", Role.SUPERVISOR))
    pages = [(colleague, f"/talks/{talk.id}"), (colleague, "/?view=all"), (watching, "/watch")]
    for browser, path in pages:
        assert "相談員Aさんが書いています" in (await browser.get(path)).text, path
    assert "書いています" not in (await holder.get(f"/talks/{talk.id}")).text
    world.clock.advance(minutes=1)
    world.context.presence.expire(world.clock.now())
    for browser, path in pages:
        assert "相談員Aさんが" not in (await browser.get(path)).text.replace("相談員Aさんが対応中", ""), path


@only_sqlite
async def test_it_comes_by_the_stream_to_open_screens_of_those_who_may_see_the_talk_and_moves_no_cursor(world: World) -> None:
    talk, other = await world.talk(), await world.talk(window=OTHER_WINDOW)
    writer = await world.browser(await world.staff("a", name="相談員A", windows=("mado-a", OTHER_WINDOW)))
    reader = await world.browser(await world.staff("b"))
    await reader.get("/")
    async with opened(reader) as stream:
        await say(writer, other)
        await say(writer, talk, "writing")
        await stream.until(r"event: here\ndata: .*さんが書いています")
        assert other.id not in stream.text
        assert "id: " not in stream.text.partition("event: here")[2].partition("\n\n")[0]
        world.clock.advance(minutes=1)
        await stream.until(r"event: here\ndata: \{[^}]*\"here\":\"\"\}")


@only_sqlite
async def test_it_is_on_no_record_in_no_table_and_keeps_nobody_logged_in(world: World) -> None:
    talk, browser = await world.talk(), await world.browser(await world.staff("a"))
    await browser.get(f"/talks/{talk.id}")

    async def kept() -> list[object]:
        tables = (AuditEntry.seq, LoggedEvent.seq)
        async with world.database.read() as session:
            counts: list[object] = [await session.scalar(select(func.count(column))) for column in tables]
            return [*counts, *(await session.scalars(select(StaffSession.seen_at)))]

    before = await kept()
    world.clock.advance(minutes=5)
    body = f"csrf_token={browser.csrf}&talk={talk.id}&tab=a1&doing=viewing".encode()
    headers = {"origin": "http://desk.test", "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded"}
    answer = await browser.ask("POST", "/presence", body=body, headers={**headers, "x-tsunagi-live": "1"})
    assert answer.status == 204
    assert await kept() == before


@only_sqlite
async def test_of_a_talk_that_is_not_the_viewers_nothing_is_said_and_nothing_told(world: World) -> None:
    talk = await world.talk(window=OTHER_WINDOW)
    stranger = await world.browser(await world.staff("a", name="相談員A"))
    assert [(await say(stranger, talk)).status, (await stranger.post("/presence", talk="none", tab="a")).status] == [204, 204]
    colleague = await world.browser(await world.staff("b", windows=(OTHER_WINDOW,)))
    assert "相談員Aさんが見ています" not in (await colleague.get(f"/talks/{talk.id}")).text
    assert (await say(stranger, talk, tab="<b>")).status == 422


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_other_processes_on_the_same_database_know_it_too(
    database: Database, database_url: str, ring: KeyRing, clock: FixedClock
) -> None:
    elsewhere = Database(database_url)
    other = Way(elsewhere, ring, clock)
    listening = asyncio.create_task(listen(other.runtime))
    async with asyncio.timeout(10):
        while not other.runtime.presence.version:
            await database.tell_others(CHANNEL, packed(ANNA))
            await asyncio.sleep(0)
    assert other.runtime.presence.words("t1", "ben") == "相談員 あんなさんが見ています"
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await elsewhere.close()
