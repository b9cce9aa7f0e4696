"""The header tells the 責任者 how much waits for their word, without a query more."""

import re

import pytest

from handoff.accounts.models import Role
from nlp.reading import Concern, Reading
from tests.handoff.support import ALARM, ASKED, OTHER_WINDOW, Browser, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def count(browser: Browser, path: str = "/") -> str:
    """What stands beside 「確認」; empty where nothing does."""
    link = re.search(r'/console/oversight"[^>]*>確認(?:<span class="pages-mark">(\d+))?', (await browser.get(path)).text)
    assert link is not None
    return link[1] or ""


async def test_sheets_of_others_and_late_reports_are_counted_until_a_word_is_said(world: World) -> None:
    boss = await world.browser(await world.staff("chief", Role.MANAGER))
    elsewhere = await world.browser(await world.staff("far", Role.MANAGER, windows=(OTHER_WINDOW,)))
    assert await count(boss) == ""
    talk = await world.talk(effects=(ASKED, ALARM), reading=Reading(concerns=(Concern.ABUSE,)))
    opener = await world.browser(await world.staff("a"))
    answer = await opener.post(f"/talks/{talk.id}/emergency", form={"ground": "police"})
    sheet = answer.headers["location"].rpartition("/")[2]
    assert [await count(boss), await count(boss, "/oversight"), await count(elsewhere)] == ["1", "1", ""]
    assert (await boss.post(f"/emergency/{sheet}/verdict", form={"verdict": "approved"})).status == 303
    assert await count(boss) == ""
    world.clock.advance(hours=25)
    boss = await world.browser(await world.staff("chief2", Role.MANAGER))
    assert await count(boss) == "1"


async def test_who_has_no_such_page_is_told_nothing_of_it(world: World) -> None:
    browser = await world.browser(await world.staff("a", Role.SUPERVISOR))
    assert "oversight" not in (await browser.get("/")).text
