"""What a person meets in a real browser: reading, taking, answering, with eyes, keys or a screen reader."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from intake.conversations.models import Conversation
from tests.handoff.conftest import invented_cities
from tests.handoff.served import Served, Stage, serve
from tests.handoff.support import PASSWORD
from tests.support.chromium import PHONE, WIDE, browsing, in_chromium

pytestmark = in_chromium


@pytest.fixture
def desk(stage: Stage, tmp_path: Path, sqlite_template: Path) -> Iterator[Served]:
    with serve(stage, tmp_path, sqlite_template, invented_cities()) as served:
        yield served


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = browsing(chromium)
    yield context
    context.close()


def log_in(page: Page, desk: Served, login: str = "tanaka") -> None:
    """Come in as somebody who has just logged in."""
    page.context.add_cookies([{"name": "tsunagi_session", "value": desk.token(login), "url": desk.url}])
    page.goto(f"{desk.url}/")
    stands(page)


def stands(page: Page) -> None:
    expect(page.get_by_role("heading", name="相談の一覧")).to_be_visible()
    expect(page.locator("#link")).to_contain_text("接続中")


def write_password(page: Page, desk: Served, login: str = "tanaka") -> None:
    page.goto(f"{desk.url}/login")
    page.get_by_label("自治体").select_option(label="会津若松市")
    page.get_by_label("ログインID").fill(login)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="ログイン").click()


def accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def shoot(page: Page, name: str) -> None:
    folder = os.environ.get("SCREENS_DIR")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        # To hide the caret Playwright writes inline styles, and the policy speaks up when htmx carries them over.
        page.screenshot(path=Path(folder) / f"console-{name}.png", caret="initial")


def test_from_login_to_an_answer_with_nothing_in_the_way_of_a_screen_reader(context: BrowserContext, desk: Served) -> None:
    page = context.new_page()
    problems: list[str] = []
    page.on(
        "console", lambda message: problems.append(f"{message.text} {message.location}") if message.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{desk.url}/login")
    accessible(page)
    shoot(page, "login")
    write_password(page, desk)
    stands(page)
    accessible(page)
    shoot(page, "queue")
    expect(page.locator("#rows .row").first).to_contain_text("すみれ 042")
    page.get_by_role("link", name="すみれ 042").click()
    expect(page.get_by_role("heading", name="すみれ 042")).to_be_visible()
    expect(page.locator("mark[data-danger]")).to_have_text("消えてしまいたい")
    expect(page.locator(".masked")).to_have_text("〔電話番号〕")
    accessible(page)
    shoot(page, "talk")
    page.get_by_role("button", name="担当する").click()
    expect(page.locator("#talk-state")).to_have_text("あなたが対応中")
    expect(page.locator("#lines")).to_contain_text("090-0000-0001")
    page.get_by_label("住民へ送信").fill("田中と申します。お待たせしました。")
    page.keyboard.press("Enter")
    expect(page.locator(".line[data-author=staff]")).to_have_count(0)
    page.keyboard.type("今日はここまでお話を聞かせてください。")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".line[data-author=staff]")).to_contain_text("お待たせしました。")
    expect(page.locator(".line[data-author=staff] .sent")).to_have_text("送信待ち")
    expect(page.get_by_label("住民へ送信")).to_have_value("")
    expect(page.get_by_label("住民へ送信")).to_be_focused()
    page.get_by_label("職員どうしのメモ").fill("電話は夕方がよい")
    page.get_by_role("button", name="メモを残す").click()
    expect(page.locator("#notes-list")).to_contain_text("電話は夕方がよい")
    expect(page.locator("#lines")).not_to_contain_text("夕方がよい")
    accessible(page)
    shoot(page, "answered")
    assert problems == []


def test_a_phone_shows_one_pane_with_a_way_back(context: BrowserContext, desk: Served) -> None:
    page = context.new_page()
    log_in(page, desk)
    page.set_viewport_size(PHONE)
    shoot(page, "queue-phone")
    accessible(page)
    page.get_by_role("link", name="すみれ 042").click()
    expect(page.locator("#back")).to_be_visible()
    expect(page.locator(".pane-queue")).to_be_hidden()
    shoot(page, "talk-phone")
    accessible(page)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
    page.locator("#back").click()
    expect(page.get_by_role("heading", name="相談の一覧")).to_be_visible()


def test_a_new_message_is_heard_and_seen_without_taking_draft_focus_or_place(context: BrowserContext, desk: Served) -> None:
    page = context.new_page()
    log_in(page, desk)
    page.get_by_role("link", name="はまなす 555").click()
    page.get_by_label("住民へ送信").fill("書きかけの返事")
    order = page.locator("#rows .row").evaluate_all("(rows) => rows.map((row) => row.id)")
    talk_id = page.url.rsplit("/", 1)[1].split("?")[0]
    announced = page.evaluate_handle(
        "() => { const heard = []; new MutationObserver((all) => all.forEach((one) => one.addedNodes.forEach((node) =>"
        " heard.push(node.textContent)))).observe(document.getElementById('polite'), { childList: true }); return heard; }"
    )
    desk.do(desk.world.says(desk.do(talk_of(desk, talk_id)), "追伸：夜はつらいです"))
    expect(page.locator("#lines")).to_contain_text("追伸：夜はつらいです")
    expect(page.locator("#news")).to_contain_text("新しいメッセージ")
    expect(page.get_by_label("住民へ送信")).to_have_value("書きかけの返事")
    expect(page.get_by_label("住民へ送信")).to_be_focused()
    page.wait_for_function("(heard) => heard.includes('住民から：追伸：夜はつらいです')", arg=announced)
    expect(page.locator("#log")).to_have_attribute("aria-live", "off")
    desk.do(desk.world.talk("はじめまして", handle="ふくろう 900"))
    expect(page.locator("#queue-apply")).to_have_text("新着1件を表示")
    assert page.locator("#rows .row").evaluate_all("(rows) => rows.map((row) => row.id)") == order
    page.locator("#queue-apply").click()
    expect(page.locator("#rows")).to_contain_text("ふくろう 900")


async def talk_of(desk: Served, talk_id: str) -> Conversation:
    async with desk.world.database.read() as session:
        return await session.get_one(Conversation, talk_id)


def test_of_two_browsers_the_second_learns_at_once_who_took_the_talk(chromium: Browser, context: BrowserContext, desk: Served) -> None:
    first, other = context.new_page(), browsing(chromium)
    second = other.new_page()
    for page, login in ((first, "tanaka"), (second, "suzuki")):
        log_in(page, desk, login)
        page.get_by_role("link", name="すみれ 042").click()
    second.get_by_label("住民へ送信").fill("鈴木です")
    first.get_by_role("button", name="担当する").click()
    expect(second.locator("#talk-state")).to_have_text("相談員 田中さんが対応中")
    second.get_by_role("button", name="送信").click()
    expect(second.locator("#composer")).to_contain_text("相談員 田中さんが対応中です。")
    expect(second.get_by_label("送らなかった文")).to_have_value("鈴木です")
    accessible(second)
    shoot(second, "refused")
    second.get_by_label("引き継ぐ理由").fill("田中さんが外出のため")
    second.get_by_role("button", name="担当を引き継ぐ").click()
    expect(first.locator("#talk-state")).to_have_text("責任者 鈴木さんが対応中")
    other.close()


def test_a_talk_is_found_taken_and_left_by_keys_alone(context: BrowserContext, desk: Served) -> None:
    page = context.new_page()
    log_in(page, desk)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="操作の案内")).to_be_visible()
    accessible(page)
    shoot(page, "help")
    page.keyboard.press("Escape")
    for key in "jjk":
        page.keyboard.press(key)
    expect(page.get_by_role("link", name="すみれ 042")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="すみれ 042")).to_be_visible()
    expect(page.locator("#link")).to_contain_text("接続中")
    page.keyboard.press("c")
    expect(page.locator("#talk-state")).to_have_text("あなたが対応中")
    expect(page.get_by_label("住民へ送信")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    expect(page.get_by_label("職員どうしのメモ")).to_be_focused()
    page.keyboard.type("cjk?")
    expect(page.get_by_label("職員どうしのメモ")).to_have_value("cjk?")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.get_by_label("住民へ送信")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="相談の一覧")).to_be_visible()


def test_enter_that_confirms_a_conversion_sends_nothing(context: BrowserContext, desk: Served) -> None:
    page = context.new_page()
    log_in(page, desk)
    page.get_by_role("link", name="はまなす 555").click()
    box = page.get_by_label("住民へ送信")
    box.fill("へんかんちゅう")
    composing = "{ key: 'Enter', ctrlKey: true, bubbles: true, isComposing: true }"
    box.evaluate(f"(box) => box.dispatchEvent(new KeyboardEvent('keydown', {composing}))")
    expect(box).to_have_value("へんかんちゅう")
    expect(page.locator(".line[data-author=staff]")).to_have_count(0)


def test_a_person_can_switch_the_single_keys_off(context: BrowserContext, desk: Served) -> None:
    page = context.new_page()
    log_in(page, desk)
    page.get_by_role("button", name="操作の案内").click()
    page.get_by_role("button", name="使わないようにする").click()
    expect(page.locator("body")).to_have_attribute("data-keys", "off")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_seven_tabs_share_one_stream_and_say_when_the_session_has_ended(context: BrowserContext, desk: Served) -> None:
    pages = [context.new_page() for _ in range(7)]
    log_in(pages[0], desk)
    for page in pages[1:]:
        page.goto(f"{desk.url}/")
        expect(page.locator("#link")).to_contain_text("接続中")
    desk.do(desk.world.talk("はじめまして", handle="ふくろう 900"))
    for page in pages:
        expect(page.locator("#queue-apply")).to_have_text("新着1件を表示")
    desk.world.clock.advance(hours=13)
    for page in pages:
        expect(page.locator("#link")).to_have_attribute("data-state", "ended")


def test_without_scripts_every_form_still_works(chromium: Browser, desk: Served) -> None:
    context = chromium.new_context(viewport=WIDE, java_script_enabled=False)
    page = context.new_page()
    write_password(page, desk)
    page.get_by_role("link", name="すみれ 042").click()
    page.locator("#claim").click()
    expect(page.locator("#talk-state")).to_have_text("あなたが対応中")
    page.get_by_label("住民へ送信").fill("お待たせしました")
    page.get_by_role("button", name="送信").click()
    expect(page.locator(".line[data-author=staff]")).to_contain_text("お待たせしました")
    page.get_by_role("button", name="確認しました").click()
    page.get_by_label("どのように終わりましたか").select_option(label="お話を聴いた")
    page.get_by_role("button", name="終了する").click()
    expect(page.locator("#talk-state")).to_have_text("終了しました")
    context.close()
