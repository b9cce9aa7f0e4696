"""Figures that people keep, and files that are made while one does something else."""

import asyncio
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from handoff.accounts.models import Role
from handoff.console.pages import statistics_files
from handoff.statistics.models import StatFile
from tests.handoff.support import Browser, World


async def asks(desk: World, role: Role = Role.MANAGER) -> Browser:
    return await desk.browser(await desk.staff(f"hito-{role}", role))


async def test_what_people_keep_stands_in_the_report_with_its_share_and_the_year_before(desk: World) -> None:
    browser = await asks(desk)
    for year, asked, connected in (("2025", "40", "30"), ("2026", "５０", "45")):
        answer = await browser.post("/statistics/hand", year=year, follow_asked=asked, follow_connected=connected)
        assert answer.status == 303
    content = (await browser.ask("GET", "/statistics/reports/file?form=csv&value=2026&audience=inside")).text
    assert re.search(r"つながり確認率（％）,90\.0,75\.0", content)
    assert re.search(r"つながったかを尋ねた（件）,50,40", content)
    outside = (await browser.ask("GET", "/statistics/reports/file?form=csv&value=2026&audience=public")).text
    assert re.search(r"つながり確認率（％）,90\.0,75\.0", outside)


async def test_outside_a_share_does_not_tell_that_few_were_left(desk: World) -> None:
    browser = await asks(desk)
    await browser.post("/statistics/hand", year="2026", follow_asked="50", follow_connected="48", complaints="2")
    content = (await browser.ask("GET", "/statistics/reports/file?form=csv&value=2026&audience=public")).text
    assert re.search(r"つながり確認率（％）,＊", content)
    assert re.search(r"苦情（件）,＊", content)
    shown = [bool(re.search(rf"{label}（件）,[0-9]", content)) for label in ("つながったかを尋ねた", "うちつながっていた")]
    assert shown != [True, True]


@pytest.mark.parametrize(("field", "typed"), [("complaints", "すこし"), ("follow_connected", "9")])
async def test_what_cannot_be_is_refused_and_stays_in_the_form(desk: World, field: str, typed: str) -> None:
    answer = await (await asks(desk)).post("/statistics/hand", form={"year": "2026", "meetings_case": "12", field: typed})
    assert answer.status == 422
    assert f'value="{typed}"' in answer.text
    assert 'value="12"' in answer.text


async def test_only_whoever_answers_for_the_figures_enters_them(desk: World) -> None:
    browser = await asks(desk, Role.COUNSELLOR)
    assert (await browser.ask("GET", "/statistics/hand")).status == 403
    assert (await browser.post("/statistics/hand", year="2026", complaints="1")).status == 403


async def finish() -> None:
    await asyncio.gather(*statistics_files._running)


async def test_a_report_is_ordered_shows_how_far_it_is_and_is_loaded_when_ready(desk: World) -> None:
    browser = await asks(desk)
    answer = await browser.post("/statistics/reports/files", report="yearly", form={"form": "csv"}, value="2026", audience="inside")
    assert answer.status == 303
    await finish()
    part = await browser.ask("GET", "/statistics/reports/files")
    link = re.search(r'href="/console(/statistics/reports/files/[^"]+/file\?[^"]+)"', part.text)
    assert link is not None
    assert "hx-trigger" not in part.text
    assert "庁内用" in (await browser.ask("GET", link[1])).text
    stranger = await desk.browser(await desk.staff("betsu", Role.MANAGER))
    assert (await stranger.ask("GET", link[1])).status == 404
    desk.clock.advance(seconds=timedelta(days=1, minutes=1).total_seconds())
    assert (await (await asks_again(desk)).ask("GET", link[1])).status == 404


async def asks_again(desk: World) -> Browser:
    return await desk.browser(await desk.staff("mata", Role.MANAGER))


async def test_while_it_is_made_the_page_shows_the_steps_and_asks_again(desk: World) -> None:
    browser = await asks(desk)
    await browser.post("/statistics/reports/files", report="form16", form={"form": "csv"}, value="2026")
    await finish()
    async with desk.database.write() as session:
        await session.execute(update(StatFile).values(state="making", content=None, done=2, steps=6))
    part = (await browser.ask("GET", "/statistics/reports/files")).text
    assert "6のうち2まで" in part
    assert "every 1s" in part
    desk.clock.advance(minutes=3)
    assert "とちゅうで止まりました" in (await browser.ask("GET", "/statistics/reports/files")).text


async def test_what_cannot_be_made_is_told_before_anything_is_ordered(desk: World) -> None:
    browser = await asks(desk)
    answer = await browser.post("/statistics/reports/files", span="month", value="2026-13")
    assert answer.status == 422
    async with desk.database.read() as session:
        assert (await session.scalars(select(StatFile))).all() == []


async def test_every_role_makes_public_files_and_no_other_sees_exact_ones(desk: World) -> None:
    browser = await asks(desk, Role.OPERATOR)
    await browser.post("/statistics/reports/files", report="all", form={"form": "csv"}, value="2025", audience="inside")
    await finish()
    async with desk.database.read() as session:
        (row,) = (await session.scalars(select(StatFile))).all()
    assert "公開用" in row.name
    assert "公開用" in (row.content or b"").decode()
