"""「窓口一覧」: what staff find there, and a sentence that is read, answered with reasons, and kept nowhere."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from handoff.accounts.models import Role
from handoff.console.app import build_console
from handoff.console.pages.directory_try import LONGEST_TEXT
from intake.base.tables import Base
from routing.city import City
from routing.confirmed import only_confirmed
from routing.findings import Finding, Level
from routing.gaps import gaps
from routing.live import Refusal
from routing.load import load_city
from tests.handoff.support import CITY, OTHER_CITY, Answer, Browser, World

SENTENCE = "家賃が払えなくて、もう2か月たまっています"
DANGER = "もう消えてしまいたいです"


@pytest.fixture
def cities() -> dict[str, City]:
    return {CITY: load_city(CITY, sample=True), OTHER_CITY: load_city(OTHER_CITY)}


async def opened(world: World, role: Role = Role.RECEPTION) -> Browser:
    return await world.browser(await world.staff("tanaka", role))


async def asked(browser: Browser, text: str, **more: str) -> Answer:
    return await browser.post("/directory", form={"text": text, **more})


async def test_staff_find_every_window_with_its_state_source_and_dates(world: World) -> None:
    page = (await (await opened(world)).get("/directory")).text
    city = world.context.cities[CITY]
    assert len(city.windows) > 50
    for window in city.windows.values():
        assert f"窓口ID {window.id}" in page
        assert window.name in page
    assert page.count("<dt>出典</dt>") == page.count('class="window-state"') == page.count("<dt>今日の受付</dt>") == len(city.windows)
    for gap in gaps(city, world.clock.now()):
        assert gap.text in page
    assert city.version in page


async def test_a_directory_holds_nothing_of_residents_so_every_role_may_read_it(world: World) -> None:
    for role in Role:
        browser = await world.browser(await world.staff(f"a-{role.value}", role))
        assert (await browser.get("/directory")).status == 200


async def test_staff_see_the_directory_of_their_own_municipality_only(world: World) -> None:
    browser = await world.browser(await world.staff("sakata", municipality=OTHER_CITY))
    page = (await browser.get("/directory")).text
    assert "酒田市の窓口一覧" in page
    assert "aizu-w01" not in page


async def test_each_window_says_what_residents_are_told_of_it(world: World) -> None:
    page = (await (await opened(world)).get("/directory")).text
    assert "電話・時間・所在地まで案内" in page
    assert "名前と所管課だけ案内（連絡先は確認中）" in page
    assert "職員のための役割" in page


async def test_what_the_setting_hides_is_still_listed_for_staff_and_said_to_be_hidden(world: World) -> None:
    plain = load_city(CITY)
    offered = {CITY: only_confirmed(plain, world.clock.now().date())}
    context = replace(world.context, cities={CITY: plain}, offered=offered)
    hiding = replace(world, context=context, app=build_console(context))
    browser = await opened(hiding)
    page = (await browser.get("/directory")).text
    assert all(window.name in page for window in plain.windows.values())
    assert "確認するまで名前も出さない設定" in page
    assert "名前と所管課だけ案内（連絡先は確認中）" not in page
    answer = (await asked(browser, SENTENCE)).text.split('id="answer"')[1].split('id="gaps"')[0]
    assert plain.desk_name in answer
    assert "生活サポート相談窓口" not in answer


async def test_a_sentence_shows_its_evidence_the_window_and_the_reasons(world: World) -> None:
    page = await asked(await opened(world), SENTENCE)
    answer = page.text.split('id="answer"')[1].split('id="gaps"')[0]
    assert page.status == 200
    assert "<mark" in answer
    assert "家賃・住宅ローン（本人）" in answer
    assert "生活サポート相談窓口" in answer
    assert "選びました" in answer
    assert "◎" in answer
    assert world.context.cities[CITY].version in answer
    assert SENTENCE in page.text.split('id="try-text"')[1].split("</textarea>")[0]


async def test_words_of_danger_show_the_lines_and_the_sign(world: World) -> None:
    answer = (await asked(await opened(world), DANGER)).text.split('id="answer"')[1]
    assert "data-danger" in answer
    assert 'data-risk="urgent"' in answer
    assert "よりそいホットライン" in answer.split('id="gaps"')[0]


async def test_a_district_that_staff_name_decides_the_window(world: World) -> None:
    browser = await opened(world)
    care = "母の介護のことで相談したいです"
    without = (await asked(browser, care)).text.split('id="answer"')[1].split('id="gaps"')[0]
    assert "先に、お住まいの地区を尋ねます" in without
    told = (await asked(browser, care, district="千石")).text.split('id="answer"')[1].split('id="gaps"')[0]
    assert "先に、お住まいの地区を尋ねます" not in told
    assert "若松第 1 地域包括支援センター" in told.split("主な窓口")[1].split("</article>")[0]


async def test_an_empty_or_endless_sentence_is_refused_beside_its_field_with_all_that_was_typed(world: World) -> None:
    browser = await opened(world)
    long = "あ" * (LONGEST_TEXT + 1)
    for text, said in (("  ", "文が空です"), (long, "長すぎます")):
        page = await asked(browser, text, district="千石")
        assert page.status == 422
        assert said in page.text
        assert 'aria-invalid="true"' in page.text
        assert "try-fault" in page.text
        assert 'value="千石"' in page.text
        assert 'id="answer"' not in page.text
    assert long in page.text


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "{{ 7 * 7 }}", "\x00\u202e", "😀" * 400, "\ud800".encode(errors="replace").decode()]
)
async def test_no_sentence_breaks_the_page(world: World, text: str) -> None:
    page = await asked(await opened(world), text)
    assert page.status == 200
    assert "<script>alert" not in page.text
    assert "49" not in page.text.split('id="answer"')[1].split('id="gaps"')[0].replace(world.context.cities[CITY].version, "")


async def test_a_form_that_is_not_ours_is_refused(world: World) -> None:
    browser = await opened(world)
    browser.csrf = "other"
    assert (await asked(browser, SENTENCE)).status == 403


async def test_nothing_of_a_tried_sentence_is_stored_or_logged(world: World) -> None:
    browser = await opened(world)
    await browser.get("/directory")
    before = await rows(world)
    with capture_logs() as logs:
        assert (await asked(browser, SENTENCE + "。" + DANGER)).status == 200
    assert await rows(world) == before
    assert "家賃" not in str(logs)
    assert (await browser.get("/directory")).text.count("2か月") == 0


async def rows(world: World) -> dict[str, int]:
    async with world.database.read() as session:
        counts = {table.name: await session.scalar(select(func.count()).select_from(table)) for table in Base.metadata.sorted_tables}
    return {name: count or 0 for name, count in counts.items()}


async def test_tables_that_were_refused_are_named_with_row_column_and_remedy_on_every_page(world: World) -> None:
    finding = Finding(level=Level.ERROR, file="窓口.csv", row=3, column="自治体コード", text="「72028」は5桁です")
    refusal = Refusal(at=world.clock.now(), folder=Path("/data/directory/aizuwakamatsu"), findings=(finding,), version="0123456789abcdef")
    context = replace(world.context, refused={CITY: refusal})
    browser = await opened(replace(world, context=context, app=build_console(context)))
    page = (await browser.get("/directory")).text
    told = page.split("dir-refusal")[1].split("</section>")[0]
    assert all(
        part in told for part in ("窓口.csv 3行「自治体コード」", "「72028」は5桁です", "0123456789abcdef", "/data/directory/aizuwakamatsu")
    )
    assert "要確認" in (await browser.get("/")).text


async def test_without_a_refusal_nothing_is_said_of_one(world: World) -> None:
    browser = await opened(world)
    assert "取り込んでいません" not in (await browser.get("/directory")).text
    assert "要確認" not in (await browser.get("/")).text
