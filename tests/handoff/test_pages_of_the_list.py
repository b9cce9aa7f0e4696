"""The list beyond its first page: by the place of a row, so that what comes and goes meanwhile neither hides a talk nor shows it twice."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from handoff.accounts.models import Role
from handoff.accounts.viewer import Viewer
from handoff.desk import actions, queue, queue_query
from handoff.desk.paging import Place
from handoff.desk.queue import load_queue
from handoff.desk.queue_query import Asker, QueueFilter, QueueView
from handoff.desk.words import CloseReason
from intake.conversations.models import Conversation
from nlp.reading import Risk
from tests.handoff.support import ALARM, ASKED, World


@pytest.fixture(autouse=True)
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (queue, queue_query):
        monkeypatch.setattr(module, "PAGE", 3)


async def page(world: World, viewer: Viewer, after: Place | None = None) -> queue.Queue:
    async with world.database.read() as session:
        asker = Asker(viewer=viewer, now=world.clock.now())
        return await load_queue(session, world.ring, asker, QueueView.ALL, QueueFilter(after=after))


async def mixed(world: World, viewer: Viewer) -> list[str]:
    """Eight talks in the order of the list: signs of danger (one of a closed talk), waiting ones, held ones, one without a promise."""
    promise = world.clock.now()
    handles = [("急", (ASKED, replace(ALARM, risk=Risk.EMERGENCY))), ("済", (ASKED, ALARM)), ("一", (ASKED,)), ("二", (ASKED,))]
    handles += [("三", (ASKED,)), ("四", (ASKED,)), ("五", (ASKED,)), ("無", (ASKED,))]
    talks: dict[str, Conversation] = {}
    for handle, effects in handles:
        world.clock.advance(minutes=1)
        talks[handle] = await world.talk(handle=handle, effects=effects)
    async with world.database.write() as session:
        for handle in ("五", "無"):
            await actions.claim(session, viewer, talks[handle].id, now=world.clock.now())
        for handle, talk in talks.items():
            row = await session.get_one(Conversation, talk.id)
            row.promised_by = promise if handle in "一二" else row.promised_by
            if handle == "無":
                row.promised_by = row.waiting_since = None
            if handle == "済":
                row.closed_at, row.close_reason = world.clock.now(), CloseReason.LISTENED
    return [handle for handle, _ in handles]


async def test_the_pages_hold_each_talk_once_and_in_order_whatever_arrives_meanwhile(world: World) -> None:
    viewer = await world.viewer(await world.staff("a", Role.MANAGER))
    wanted = await mixed(world, viewer)
    shown, after, pages = [], None, 0
    while pages == 0 or after is not None:
        found = await page(world, viewer, after)
        shown += [row.handle for row in found.rows]
        after, pages = found.more, pages + 1
        await world.talk(handle=f"新{pages}", effects=(ASKED, ALARM))
    assert (shown, pages) == (wanted, 3)
    assert found.counts[QueueView.ALL] == len(wanted) + 2


async def test_the_page_leads_on_and_back_to_the_beginning_by_links_alone(world: World) -> None:
    for number in range(5):
        world.clock.advance(minutes=1)
        await world.talk(handle=f"さくら {number}")
    browser = await world.browser(await world.staff("a"))
    first = (await browser.get("/?view=all&risk=none")).text
    assert "先に見るべき3件" in first
    link = re.search(r'id="more"\s+class="button"\s+href="/console([^"]*)"', first)
    assert link is not None
    second = (await browser.get(link[1].replace("&amp;", "&"))).text
    assert [number for number in range(5) if f"さくら {number}</strong>" in second] == [3, 4]
    assert 'id="more"' not in second
    assert 'href="/console/?view=all&amp;risk=none">先頭に戻る' in second
    opened = re.search(r'href="/console(/talks/[^"]*)"', second)
    assert opened is not None
    beside = (await browser.get(opened[1].replace("&amp;", "&"))).text
    assert [number for number in range(5) if f"さくら {number}</strong>" in beside] == [3, 4], "the list beside the talk stays on its page"


async def test_behind_the_last_row_the_page_says_that_there_is_nothing(world: World) -> None:
    await world.talk()
    browser = await world.browser(await world.staff("a"))
    assert "この先に相談はありません" in (await browser.get("/?after=0.1.-.01ZZZZZZZZZZZZZZZZZZZZZZZZ")).text


@pytest.mark.parametrize("text", ["", "x", "1.0", "0.0.9999999999999999999.A", "0.2.-.A", "０.1.-.A", "0.1.-.a'--", "99999.1.-.A"])
def test_what_is_no_place_is_the_beginning(text: str) -> None:
    assert Place.read(text) is None


@pytest.mark.parametrize("due", [None, datetime(2026, 4, 7, 1, 0, 0, 5, tzinfo=UTC)])
def test_a_place_is_read_as_it_was_written(due: datetime | None) -> None:
    place = Place(urgency=4, known=0, due=due, talk_id="01M7ZNW0290216AR8MSRV721ET")
    assert Place.read(str(place)) == place
