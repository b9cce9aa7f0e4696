"""The page of statistics, asked by people of several roles."""

import re

from sqlalchemy import event

from handoff.accounts.models import Role
from handoff.statistics.models import StatTally
from tests.handoff.support import Browser, World


async def asks(desk: World, role: Role = Role.MANAGER) -> Browser:
    return await desk.browser(await desk.staff(f"hito-{role}", role))


async def test_the_page_shows_figures_with_their_formula(desk: World) -> None:
    answer = await (await asks(desk)).ask("GET", "/statistics")
    assert answer.status == 200
    assert "令和8年度" in answer.text
    assert answer.text.count("この数字の出し方") >= 20
    assert "庁内用" in answer.text


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


async def test_two_filters_at_once_count_contact_by_contact(desk: World) -> None:
    browser = await asks(desk)
    answer = await browser.ask("GET", "/statistics?age=elder&speaker=self")
    assert answer.status == 200
    assert "しぼりこみ中は実人数を出しません" in answer.text


async def test_the_list_behind_a_figure_is_only_for_those_who_may_read_talks(desk: World) -> None:
    assert (await (await asks(desk, Role.OPERATOR)).ask("GET", "/statistics/talks")).status == 403
    assert (await (await asks(desk)).ask("GET", "/statistics/talks")).status == 200


async def test_what_other_sums_tell_as_well_is_left_out_outside(desk: World) -> None:
    browser = await asks(desk)
    inside, outside = [(await browser.ask("GET", f"/statistics?audience={audience}")).text for audience in ("inside", "public")]
    assert 'id="t-close"' in inside
    assert 'id="t-close"' not in outside
    month = (await browser.ask("GET", "/statistics?audience=public&span=month&value=2026-05")).text
    assert 'id="t-hour"' in outside
    assert 'id="t-hour"' not in month
