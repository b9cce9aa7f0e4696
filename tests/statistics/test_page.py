"""The page of statistics, asked by people of several roles."""

import json
import re
from datetime import date

from sqlalchemy import event

from handoff.accounts.models import Role
from handoff.statistics.models import DOORS, Grain, StatTally
from intake.checkins.models import LineQuota, PushBudget
from tests.handoff.support import Browser, World
from tests.support.world import CITY


async def asks(desk: World, role: Role = Role.MANAGER) -> Browser:
    return await desk.browser(await desk.staff(f"hito-{role}", role))


async def test_whoever_does_not_answer_for_the_service_sees_no_small_number(desk: World) -> None:
    answer = await (await asks(desk, Role.COUNSELLOR)).ask("GET", "/statistics?audience=inside")
    assert "公開用" in answer.text
    assert "＊" in answer.text
    shown = [int(found.replace(",", "")) for found in re.findall(r'<td class="num">([0-9,]+)</td>', answer.text)]
    assert shown
    minutes = {1, 2, 3, 4}
    counts = re.sub(r'<figure class="stat-table" id="t-waits".*?</figure>', "", answer.text, flags=re.DOTALL)
    assert not minutes & {int(found) for found in re.findall(r'<td class="num">([0-9]+)</td>', counts)}


async def test_an_impossible_period_is_told_and_no_chart_stands_there(desk: World) -> None:
    answer = await (await asks(desk)).ask("GET", "/statistics?span=days&value=2026-11-10&until=2026-11-01")
    assert answer.status == 422
    assert "始まりより前" in answer.text
    assert 'class="chart"' not in answer.text


async def test_a_public_question_that_few_answer_is_refused(desk: World) -> None:
    browser = await asks(desk)
    await browser.post("/statistics/reports/threshold", threshold="100")
    answer = await browser.ask("GET", "/statistics?audience=public&span=month&value=2026-05")
    assert answer.status == 422
    assert "人が分かるおそれ" in answer.text
    assert 'class="chart"' not in answer.text


async def test_a_public_question_by_days_is_refused_in_words_that_say_what_to_do(desk: World) -> None:
    answer = await (await asks(desk, Role.COUNSELLOR)).ask("GET", "/statistics?span=days&value=2026-05-01&until=2026-05-09")
    assert answer.status == 422
    assert "年度か月を選んでください" in answer.text


async def test_a_chart_is_drawn_with_title_description_and_without_styles(desk: World) -> None:
    answer = await (await asks(desk)).ask("GET", "/statistics/chart/trend?span=year&value=2026")
    assert answer.status == 200
    assert 'role="img"' in answer.text
    assert "<title>相談の動き" in answer.text
    assert "<desc>" in answer.text
    assert "style=" not in answer.text


async def test_every_chart_of_the_page_can_be_drawn(desk: World) -> None:
    browser = await asks(desk)
    page = await browser.ask("GET", "/statistics")
    found = re.findall(r'hx-get="/console(/statistics/chart/[^"]+)"', page.text)
    assert len(found) >= 10
    for path in found:
        assert (await browser.ask("GET", path)).status == 200, path


async def test_the_page_reads_few_rows_whatever_the_number_of_contacts(desk: World) -> None:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(desk.database.reader.sync_engine, "before_cursor_execute", note)
    await (await asks(desk)).ask("GET", "/statistics")
    read = [statement for statement in statements if "FROM stat_" in statement or "FROM message" in statement or "FROM fact" in statement]
    assert read
    assert not [statement for statement in read if "stat_contact" in statement or "message" in statement or "FROM fact" in statement]
    assert StatTally.__tablename__ in " ".join(read)


async def test_the_list_behind_a_figure_is_only_for_those_who_may_read_talks(desk: World) -> None:
    assert (await (await asks(desk, Role.OPERATOR)).ask("GET", "/statistics/talks")).status == 403
    assert (await (await asks(desk)).ask("GET", "/statistics/talks")).status == 200


async def test_the_list_of_an_impossible_period_goes_where_the_fault_is_told(desk: World) -> None:
    answer = await (await asks(desk)).ask("GET", "/statistics/talks?span=month&value=2026-13")
    assert answer.status == 303


async def test_how_much_of_the_monthly_pushes_was_used_stands_there_inside_only(desk: World) -> None:
    async with desk.database.write() as session:
        session.add(PushBudget(account="a", municipality=CITY, monthly_limit=200))
        session.add(LineQuota(account="a", municipality=CITY, monthly_limit=160, next_ask_at=desk.clock.now()))
        counts = json.dumps({"push": 40, "push_in/2026-05": 40})
        session.add(StatTally(municipality=CITY, slice=DOORS, grain=Grain.MONTH, bucket=date(2026, 5, 1), counts=counts))
    browser = await asks(desk)
    page = (await browser.ask("GET", "/statistics?span=month&value=2026-05")).text
    table = page.split('id="t-pushes"')[1].split("</figure>")[0]
    assert re.findall(r'<td class="num">([^<]+)</td>', table) == ["40", "160", "25.0"]
    assert 'id="t-pushes"' not in (await browser.ask("GET", "/statistics?span=month&value=2026-05&audience=public")).text
    assert 'id="t-pushes"' not in (await browser.ask("GET", "/statistics?span=week&value=2026-05-11")).text


async def test_what_other_sums_tell_as_well_is_left_out_outside(desk: World) -> None:
    browser = await asks(desk)
    inside, outside = [(await browser.ask("GET", f"/statistics?audience={audience}")).text for audience in ("inside", "public")]
    assert 'id="t-close"' in inside
    assert 'id="t-close"' not in outside
    month = (await browser.ask("GET", "/statistics?audience=public&span=month&value=2026-05")).text
    assert 'id="t-hour"' in outside
    assert 'id="t-hour"' not in month
