"""What the page asks of either database."""

import re

from handoff.accounts.models import Role
from handoff.statistics.models import StatContact
from intake.facts.models import Fact
from tests.handoff.support import Browser, World


async def asks(desk: World, role: Role = Role.MANAGER) -> Browser:
    return await desk.browser(await desk.staff(f"hito-{role}", role))


async def test_the_page_shows_figures_with_their_formula(either_desk: World) -> None:
    answer = await (await asks(either_desk)).ask("GET", "/statistics")
    assert answer.status == 200
    assert "令和8年度" in answer.text
    assert answer.text.count("この数字の出し方") >= 20
    assert "庁内用" in answer.text


async def test_two_filters_at_once_count_contact_by_contact(either_desk: World) -> None:
    browser = await asks(either_desk)
    answer = await browser.ask("GET", "/statistics?age=elder&speaker=self")
    assert answer.status == 200
    assert "しぼりこみ中は実人数を出しません" in answer.text


async def test_a_figure_leads_to_its_talks_for_those_who_may_read_them_and_see_exact_numbers(either_desk: World) -> None:
    manager = await asks(either_desk)
    page = (await manager.ask("GET", "/statistics?value=2026&age=elder")).text
    link = re.search(r'href="/console(/statistics/talks\?value=2026&amp;age=elder&amp;figure=result/[^"]+)"', page)
    assert link is not None
    answer = await manager.ask("GET", link[1].replace("&amp;", "&"))
    assert answer.status == 200
    assert "対応区分：" in answer.text
    assert "figure=" not in (await manager.ask("GET", "/statistics?audience=public")).text
    assert "figure=" not in (await (await asks(either_desk, Role.COUNSELLOR)).ask("GET", "/statistics")).text
    assert "figure=" not in (await (await asks(either_desk, Role.STATISTICS)).ask("GET", "/statistics")).text


def test_work_is_counted_by_window_and_never_by_person() -> None:
    assert not {"staff_id", "actor", "owner"} & set(Fact.__table__.columns.keys())
    assert not {"staff_id", "actor", "owner"} & set(StatContact.__table__.columns.keys())
