"""What makes the console a tool for everybody: narrow screens, dark and forced colours, paper, keys, and time enough."""

from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from handoff.accounts.models import Role
from tests.accounts.support import HASH
from tests.handoff.served import Served
from tests.handoff.support import WINDOW
from tests.handoff.test_browser import accessible, context, desk, log_in, shoot
from tests.support.chromium import NARROW, WIDE, browsing, in_chromium

__all__ = ["context", "desk"]

pytestmark = in_chromium

Manner = dict[str, Any]
LIGHT: Manner = {}


@pytest.fixture
def chief(desk: Served) -> Served:
    desk.do(desk.world.staff("chief", Role.MANAGER, name="責任者 高橋", windows=(WINDOW,), password_hash=HASH))
    return desk


def look(chromium: Browser, size: ViewportSize, manner: Manner) -> BrowserContext:
    return browsing(chromium, viewport=size, **manner)


def test_the_header_leaves_the_height_to_the_talks(context: BrowserContext, chief: Served) -> None:
    page = context.new_page()
    log_in(page, chief, "chief")
    for width in (1024, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.locator(".bar").bounding_box()["height"] <= 100, width  # type: ignore[index]


def test_on_a_phone_the_pages_are_behind_one_button(chromium: Browser, chief: Served) -> None:
    seen = look(chromium, NARROW, LIGHT)
    page = seen.new_page()
    log_in(page, chief, "chief")
    menu = page.get_by_role("button", name="メニュー")
    expect(page.get_by_role("link", name="窓口一覧")).to_be_hidden()
    menu.click()
    expect(menu).to_have_attribute("aria-expanded", "true")
    accessible(page)
    page.get_by_role("link", name="窓口一覧").click()
    expect(page.get_by_role("heading", name="会津若松市の窓口一覧")).to_be_visible()
    seen.close()


def test_the_command_box_finds_what_the_page_offers_and_presses_it(context: BrowserContext, desk: Served) -> None:
    page = context.new_page()
    log_in(page, desk)
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="操作をさがす")
    expect(box).to_be_focused()
    accessible(page)
    shoot(page, "command")
    box.fill("すみれ")
    expect(page.locator("#command-found li")).to_have_count(1)
    composing = "{ key: 'Enter', bubbles: true, isComposing: true }"
    box.evaluate(f"(box) => box.dispatchEvent(new KeyboardEvent('keydown', {composing}))")
    expect(page.get_by_role("dialog", name="操作をさがす")).to_be_visible()
    box.press("Enter")
    expect(page.get_by_role("heading", name="すみれ 042")).to_be_visible()
    expect(page.locator("#link")).to_contain_text("接続中")
    page.get_by_role("button", name="操作をさがす").click()
    box.fill("担当する")
    box.press("Enter")
    expect(page.locator("#talk-state")).to_have_text("あなたが対応中")
    page.keyboard.press("Control+k")
    box.fill("内部")
    expect(page.locator("#command-found li")).to_have_count(0)
    box.fill("めも")
    box.press("Enter")
    expect(page.get_by_label("職員どうしのメモ")).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_the_list_can_be_held_still_and_says_what_it_holds_back(context: BrowserContext, desk: Served) -> None:
    page = context.new_page()
    log_in(page, desk)
    page.get_by_role("button", name="更新を止める").click()
    desk.do(desk.world.talk("はじめまして", handle="ふくろう 900"))
    resume = page.get_by_role("button", name="更新を再開する")
    expect(resume).to_contain_text("件の動き")
    expect(page.locator("#queue-apply")).to_be_hidden()
    resume.click()
    expect(page.locator("#queue-apply")).to_have_text("新着1件を表示")


def test_the_end_of_a_session_is_told_in_time_and_one_press_puts_it_off(context: BrowserContext, desk: Served) -> None:
    page = context.new_page()
    page.clock.install()
    log_in(page, desk)
    other = context.new_page()
    other.goto(f"{desk.url}/")
    page.clock.fast_forward(24 * 60_000)
    expect(page.locator("#leaving")).to_be_hidden()
    page.clock.fast_forward(2 * 60_000)
    expect(page.locator("#leaving")).to_contain_text("まもなくログアウト")
    accessible(page)
    desk.world.clock.advance(minutes=26)
    page.get_by_role("button", name="続ける").click()
    expect(page.locator("#leaving")).to_be_hidden()
    desk.world.clock.advance(minutes=10)
    page.goto(f"{desk.url}/account")
    expect(page.get_by_role("heading", name="自分の設定")).to_be_visible()


def test_on_paper_there_is_the_whole_talk_and_nothing_to_press(context: BrowserContext, desk: Served) -> None:
    page = context.new_page()
    talk = desk.do(desk.world.talk("はじめまして", handle="こまどり 300"))
    for number in range(30):
        desk.do(desk.world.says(talk, f"{number}番目の話です。" * 6))
    log_in(page, desk)
    page.get_by_role("link", name="こまどり 300").click()
    expect(page.get_by_role("heading", name="こまどり 300")).to_be_visible()
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 703, "height": 1000})
    assert page.evaluate("() => { const log = document.getElementById('log'); return log.scrollHeight <= log.clientHeight + 1; }")
    assert page.evaluate("() => document.documentElement.scrollHeight > 1500")
    for hidden in (".bar", ".pane-queue", "#composer", "#work"):
        expect(page.locator(hidden)).to_be_hidden()
    assert page.evaluate("() => getComputedStyle(document.querySelector('.talk')).backgroundColor") == "rgb(255, 255, 255)"


def test_nothing_moves_for_whoever_asked_for_less_motion(chromium: Browser, desk: Served) -> None:
    seen = look(chromium, WIDE, {"reduced_motion": "reduce"})
    page: Page = seen.new_page()
    log_in(page, desk)
    moving = "() => [...document.querySelectorAll('*')].filter((one) => parseFloat(getComputedStyle(one).transitionDuration) > 0).length"
    assert page.evaluate(moving) == 0
    assert page.evaluate("() => document.getAnimations().length") == 0
    seen.close()
