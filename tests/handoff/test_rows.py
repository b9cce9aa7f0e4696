"""Rows of the list that ride on the stream: the same as the list would show, for whoever may see them and has the list open."""

import re

import pytest
from playwright.sync_api import BrowserContext, expect

from handoff.accounts.models import Role
from handoff.desk import actions
from handoff.desk.later import PutOff, snooze
from handoff.desk.queue import load_queue, rows_of
from handoff.desk.queue_query import Asker, QueueView
from handoff.desk.words import CloseReason
from intake.conversations.models import Conversation
from tests.handoff.served import Served
from tests.handoff.support import ALARM, ASKED, World
from tests.handoff.test_browser import context, desk, log_in
from tests.handoff.test_stream import opened
from tests.support.chromium import needs_chromium

__all__ = ["context", "desk"]


async def test_the_holder_and_others_each_get_the_row_in_their_words_and_only_where_the_list_is_open(world: World) -> None:
    talk = await world.talk("話を聞いてほしいです")
    holder = await world.staff("a", name="青木")
    own, other, listless = [await world.browser(person) for person in (holder, await world.staff("b"), await world.staff("c"))]
    for browser in (own, other):
        await browser.get("/queue/rows")
    viewer = await world.viewer(holder)
    async with opened(own) as mine, opened(other) as theirs, opened(listless) as none:
        async with world.database.write() as session:
            await actions.claim(session, viewer, talk.id, now=world.clock.now())
        for stream in (mine, theirs, none):
            await stream.until("event: change")
        assert "あなたが対応中" in mine.text
        assert '"views":["mine","all"]' in mine.text
        assert "青木さんが対応中" in theirs.text
        assert '"views":["all"]' in theirs.text
        assert "event: row" not in none.text
        assert "話を聞いて" not in none.text
        assert re.search("event: row\n.*\n\nid: .*\nevent: change", mine.text), "the row comes before the change that it belongs to"


async def test_a_row_names_the_views_in_which_the_queue_lists_it(world: World) -> None:
    me = await world.viewer(await world.staff("me", Role.MANAGER))
    colleague = await world.viewer(await world.staff("other", Role.MANAGER))
    now = world.clock.now()

    async def held(who: object, *effects: object) -> Conversation:
        talk = await world.talk(effects=(ASKED, *effects))  # type: ignore[arg-type]
        async with world.database.write() as session:
            await actions.claim(session, who, talk.id, now=now)  # type: ignore[arg-type]
        return talk

    async def closed(*effects: object) -> Conversation:
        talk = await held(me, *effects)
        epoch = (await world.row(talk)).epoch
        async with world.database.write() as session:
            if effects:
                await actions.open_alarms(session, me, talk.id, now=now)
            await actions.close(session, me, talk.id, epoch=epoch, reason=CloseReason.LISTENED, now=now)
        return talk

    talks = [await world.talk(), await world.talk(effects=(ALARM,)), await held(me), await held(colleague), await held(colleague, ALARM)]
    talks += [await closed(), await closed(ALARM), await world.talk(effects=())]
    for put_off in (await world.talk(), await world.talk(effects=(ASKED, ALARM)), await held(me)):
        async with world.database.write() as writing:
            await snooze(writing, me, put_off.id, PutOff.TOMORROW, now=now)
        talks.append(put_off)
    async with world.database.read() as session:
        told = {both.own.id: both for both in await rows_of(session, world.ring, [talk.id for talk in talks], now)}
        for view in QueueView:
            listed = {row.id for row in (await load_queue(session, world.ring, Asker(viewer=me, now=now), view)).rows}
            owners = {talk.id: (await world.row(talk)).owner for talk in talks}
            seen = {key: both.own if owners[key] == me.staff_id else both.others for key, both in told.items()}
            assert {key for key, row in seen.items() if view in row.views} == listed, view


@pytest.mark.browser
@needs_chromium
def test_a_row_changes_where_it_stands_and_a_line_is_put_without_asking_the_server(context: BrowserContext, desk: Served) -> None:
    page = context.new_page()
    page.clock.install()
    talk = desk.do(desk.world.talk("家賃のことです", handle="ひばり 100"))
    log_in(page, desk)
    page.get_by_role("link", name="ひばり 100").click()
    expect(page.get_by_role("heading", name="ひばり 100")).to_be_visible()
    expect(page.locator("#link")).to_contain_text("接続中")
    asked: list[str] = []
    page.on("request", lambda request: None if "/static/" in request.url else asked.append(request.url))
    desk.do(desk.world.says(talk, "夜は眠れています"))
    expect(page.locator("#lines")).to_contain_text("夜は眠れています")
    expect(page.locator("#rows .row", has_text="ひばり 100")).to_contain_text("夜は眠れています")
    last = page.locator("#lines > li").last.get_attribute("id") or ""
    expect(page.locator("#reply [name=last_seen]")).to_have_value(last.removeprefix("m-"))
    page.clock.run_for(4500)
    page.evaluate("0")  # Whatever the timers asked for has been told by now.
    assert asked == []
