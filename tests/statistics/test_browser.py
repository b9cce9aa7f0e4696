"""The pages of figures as people see them: on a desk and on a phone, in the dark, on paper, and as what may leave the house."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.bench.statistics_fill import fill
from handoff.accounts.models import Role
from tests.handoff.conftest import invented_cities
from tests.handoff.served import Served, Stage, serve
from tests.handoff.test_browser import shoot
from tests.support.chromium import PHONE, WIDE, browsing, fits, in_chromium
from tests.support.world import CITY

pytestmark = in_chromium
YEAR = "span=year&value=2025&compare=year"
ON_PAPER = {"width": 703, "height": 1000}


@pytest.fixture(scope="module")
def counted(stage: Stage, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(stage, tmp_path_factory.mktemp("counted"), sqlite_template, invented_cities()) as served:
        world = served.world
        served.do(fill(world.database, world.context.cities[CITY], 900, end=world.clock.now(), progress=lambda _: None))
        served.do(world.staff("chief", Role.MANAGER, name="窓口責任者 高橋"))
        yield served


@pytest.fixture
def page(chromium: Browser, counted: Served) -> Page:
    context = browsing(chromium, reduced_motion="reduce")
    context.add_cookies([{"name": "tsunagi_session", "value": counted.token("chief"), "url": counted.url}])
    return context.new_page()


def at_both(page: Page, name: str) -> None:
    for size, end in ((WIDE, ""), (PHONE, "-phone")):
        page.set_viewport_size(size)
        assert fits(page, size["width"]), name
        shoot(page, f"{name}{end}")


def test_the_year_is_drawn_on_a_desk_on_a_phone_in_the_dark_and_on_paper(page: Page, counted: Served) -> None:
    page.goto(f"{counted.url}/statistics?{YEAR}#windows")
    back = page.locator("#t-hand_back")
    expect(back.get_by_role("cell").first).to_be_visible()
    expect(back.locator(".chart").locator("svg, img")).to_be_visible()
    at_both(page, "statistics-windows")
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="dark")
    shoot(page, "statistics-dark")
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": ON_PAPER["width"], "height": ON_PAPER["height"]})
    expect(page.locator(".stat-form")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= ON_PAPER["width"]
    shoot(page, "statistics-print")


def test_what_may_leave_the_house_says_so_and_hides_small_numbers(page: Page, counted: Served) -> None:
    page.goto(f"{counted.url}/statistics?{YEAR}&audience=public#people")
    expect(page.locator(".stat-kind strong")).to_have_text("公開用")
    expect(page.get_by_role("cell", name="＊").first).to_be_visible()
    expect(page.locator(".stat-tables").get_by_role("link")).to_have_count(0)
    at_both(page, "statistics-public")


def test_the_name_of_a_figure_leads_to_its_talks(page: Page, counted: Served) -> None:
    page.goto(f"{counted.url}/statistics?{YEAR}")
    page.locator("#t-office").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("相談")
    at_both(page, "statistics-talks")


@pytest.mark.parametrize(
    ("name", "title"), [("reports", "報告書・ファイル"), ("targets", "目標と実績"), ("issues", "地域課題"), ("hand", "手で入れる数字")]
)
def test_the_pages_beside_the_figures_fit_a_desk_and_a_phone(page: Page, counted: Served, name: str, title: str) -> None:
    page.goto(f"{counted.url}/statistics/{name}")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    at_both(page, f"statistics-{name}")
