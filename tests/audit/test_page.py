"""A manager finds in the record what concerns the own windows, and takes it out."""

import csv
import io
from urllib.parse import quote

import pytest
from sqlalchemy import select

from handoff.accounts.models import Role
from handoff.audit.models import Action, AuditEntry
from handoff.audit.record import record_audit
from tests.handoff.support import CITY, OTHER_WINDOW, WINDOW, Browser, World


async def chief(world: World) -> Browser:
    return await world.browser(await world.staff("chief", Role.MANAGER, name="責任者 鈴木"))


async def opened(world: World, login: str, handle: str, window: str = WINDOW) -> None:
    browser = await world.browser(await world.staff(login, windows=(window,)))
    talk = await world.talk(handle=handle, window=window)
    await browser.get(f"/talks/{talk.id}")


async def test_the_record_says_who_opened_which_talk(world: World) -> None:
    await opened(world, "tanaka", "すみれ 042")
    page = (await (await chief(world)).get("/audit")).text
    assert "tanaka" in page
    assert "すみれ 042" in page
    assert "相談を開いた" in page


async def test_what_concerns_only_other_windows_is_not_found(world: World) -> None:
    await opened(world, "sato", "かえで 310", OTHER_WINDOW)
    page = (await (await chief(world)).get("/audit")).text
    assert "かえで 310" not in page
    assert "sato" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("person=tanaka", {"すみれ 042"}),
        ("person=nobody", set()),
        ("talk=りんどう 118", {"りんどう 118"}),
        ("action=talk_viewed", {"すみれ 042", "りんどう 118"}),
        ("action=exported", set()),
        ("since=2026-04-07&until=2026-04-07", {"すみれ 042", "りんどう 118"}),
        ("until=2026-04-06", set()),
        ("since=2026-04-08", set()),
        ("since=nonsense&action=nonsense", {"すみれ 042", "りんどう 118"}),
    ],
)
async def test_the_record_is_searched_by_day_person_talk_and_deed(world: World, query: str, found: set[str]) -> None:
    await opened(world, "tanaka", "すみれ 042")
    await opened(world, "suzuki", "りんどう 118")
    table = (await (await chief(world)).get(f"/audit?{quote(query, safe='=&')}")).text.partition("見つかった記録")[2]
    assert {handle for handle in ("すみれ 042", "りんどう 118") if handle in table} == found


async def test_a_file_is_recorded_and_no_cell_is_a_formula(world: World) -> None:
    browser = await chief(world)
    staff = await world.staff("tanaka")
    async with world.database.write() as session:
        now = world.clock.now()
        record_audit(session, world.ring, municipality=CITY, actor=staff.id, action=Action.SEARCHED, subject="", details="=1+1", now=now)
    answer = await browser.post("/audit/export")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0][:2] == ["番号", "日時"]
    assert rows[1][5] == "'=1+1"
    async with world.database.read() as session:
        assert list(await session.scalars(select(AuditEntry.subject).where(AuditEntry.action == Action.EXPORTED))) == ["/audit/export"]


async def test_a_page_holds_a_hundred_and_leads_on(world: World) -> None:
    browser, staff = await chief(world), await world.staff("tanaka")
    async with world.database.write() as session:
        for number in range(130):
            now = world.clock.now()
            record_audit(
                session, world.ring, municipality=CITY, actor=staff.id, action=Action.SEARCHED, subject="", details=f"n{number}", now=now
            )
    first = (await browser.get("/audit")).text
    assert first.count("<tr>") == 101
    assert "before=31" in first
    assert (await browser.get("/audit?before=31")).text.count("<tr>") == 31
