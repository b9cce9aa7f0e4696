"""「窓口一覧」 in a real browser: on a desk, on a phone and on paper, for eyes and for a screen reader."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.served import Served
from tests.browser.test_whole_way import PHONE, log_in, shoot
from tests.support.chromium import WIDE, in_chromium, in_japan

pytestmark = in_chromium

STORY = "80代の母の認知症がすすんで、介護のために仕事を辞めました。家賃が払えなくて、もう2か月たまっています。"
A4: ViewportSize = {"width": 703, "height": 1000}


def accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def opened(chromium: Browser, served: Served, size: ViewportSize) -> tuple[Page, list[str]]:
    page = in_japan(chromium, viewport=size).new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    log_in(page, served, "uketsuke")
    if size is PHONE:
        page.get_by_role("button", name="メニュー").click()
    page.get_by_role("link", name="窓口一覧").click()
    expect(page.get_by_role("heading", name="会津若松市の窓口一覧")).to_be_visible()
    return page, problems


@pytest.mark.parametrize(("size", "name"), [(WIDE, "console-directory"), (PHONE, "console-directory-phone")], ids=["desk", "phone"])
def test_staff_try_a_sentence_and_see_why_it_goes_where_it_goes(chromium: Browser, served: Served, size: ViewportSize, name: str) -> None:
    page, problems = opened(chromium, served, size)
    accessible(page)
    assert fits(page)
    shoot(page, name)
    page.get_by_label("住民が書きそうな文").fill(STORY)
    page.get_by_role("button", name="案内先を見る").click()
    result = page.get_by_role("heading", name="結果：")
    expect(result).to_be_in_viewport()
    expect(result).to_be_focused()
    answer = page.locator("#answer")
    expect(answer.locator("mark").first).to_be_visible()
    expect(answer).to_contain_text("主な窓口")
    expect(answer).to_contain_text("理由")
    accessible(page)
    assert fits(page)
    shoot(page, f"{name}-answer")
    assert problems == []


def test_on_paper_there_are_windows_and_no_forms(chromium: Browser, served: Served) -> None:
    page, _ = opened(chromium, served, WIDE)
    expect(page.get_by_role("button", name="印刷する")).to_be_visible()
    page.emulate_media(media="print")
    page.set_viewport_size(A4)
    expect(page.locator("#try form")).to_be_hidden()
    expect(page.locator(".bar")).to_be_hidden()
    expect(page.get_by_role("button", name="印刷する")).to_be_hidden()
    expect(page.get_by_role("heading", name="若松第 1 地域包括支援センター")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= A4["width"]


def test_without_a_script_the_list_and_the_form_still_work(chromium: Browser, served: Served) -> None:
    page, _ = opened(chromium, served, WIDE)
    bare = chromium.new_context(viewport=WIDE, java_script_enabled=False, storage_state=page.context.storage_state())
    plain = bare.new_page()
    plain.goto(f"{served.base}/console/directory")
    expect(plain.get_by_role("button", name="印刷する")).to_be_hidden()
    plain.get_by_label("住民が書きそうな文").fill(STORY)
    plain.get_by_role("button", name="案内先を見る").click()
    expect(plain.locator("#answer")).to_contain_text("主な窓口")
