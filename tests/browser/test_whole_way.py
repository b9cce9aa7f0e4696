"""From a first message to a human answer, in three real browsers at once: a resident's phone and two desks."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from tests.browser.served import Served, demo

CHROMIUM = Path("/usr/bin/chromium")
ARGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
ARGS += ["--disable-sync", "--no-first-run", "--disable-quic"]
PHONE: ViewportSize = {"width": 360, "height": 900}
DESK: ViewportSize = {"width": 1280, "height": 800}
TUESDAY_MORNING = datetime(2026, 4, 7, 1, 5, tzinfo=UTC)
"""10:05 in Japan."""
TUESDAY_NIGHT = datetime(2026, 4, 7, 14, 20, tzinfo=UTC)
"""23:20 in Japan."""

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def contexts() -> Iterator[list[BrowserContext]]:
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


def browser_of(chromium: Browser, contexts: list[BrowserContext], size: ViewportSize) -> Page:
    context = chromium.new_context(viewport=size, locale="ja-JP", timezone_id="Asia/Tokyo")
    context.set_default_timeout(30_000)
    contexts.append(context)
    return context.new_page()


def shoot(page: Page, name: str) -> None:
    folder = os.environ.get("SCREENS_DIR")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png")


def write(phone: Page, words: str) -> None:
    phone.get_by_role("textbox", name="メッセージ").fill(words)
    phone.get_by_role("button", name="送信").click()


def log_in(page: Page, served: Served, login: str) -> None:
    page.goto(f"{served.base}/console/")
    page.get_by_label("ログインID").fill(login)
    page.get_by_label("パスワード").fill(served.password)
    page.get_by_role("button", name="ログイン").click()
    expect(page.get_by_role("heading", name="相談の一覧")).to_be_visible()


def ask_for_a_person(phone: Page, base: str) -> None:
    phone.goto(f"{base}/simulator/phone/haruka")
    write(phone, "家賃が払えなくて、もう2か月たまっています")
    log = phone.get_by_role("log")
    expect(log).to_contain_text("生活サポート相談窓口")
    expect(log).to_contain_text("見本")
    expect(phone.get_by_text("生活サポート相談窓口").last).to_be_in_viewport()
    shoot(phone, "phone-card")
    phone.get_by_role("button", name="LINEのまま職員につなぐ").last.click()
    expect(log).to_contain_text("職員につなぎます")


def open_the_new_talk(desk: Page) -> None:
    expect(desk.locator("body")).to_contain_text("新着")
    desk.get_by_role("button", name="新着").click()
    row = desk.locator("#rows .row", has_text="待ち 0分")
    expect(row).to_be_visible()
    shoot(desk, "console-queue")
    row.get_by_role("link").click()
    expect(desk.locator("#lines")).to_contain_text("家賃が払えなくて")


def test_a_first_message_becomes_a_human_answer(
    chromium: Browser, contexts: list[BrowserContext], tmp_path: Path, database_url: str
) -> None:
    with demo(tmp_path, database_url, TUESDAY_MORNING) as served:
        phone = browser_of(chromium, contexts, PHONE)
        first, second = (browser_of(chromium, contexts, DESK) for _ in range(2))
        log_in(first, served, "uketsuke")
        log_in(second, served, "soudan")
        expect(first.locator("#link")).to_contain_text("接続中")

        ask_for_a_person(phone, served.base)
        open_the_new_talk(first)
        # The live refresh would take the button away before the second hand reaches it.
        second.route("**/desk", lambda route: route.abort())
        second.goto(first.url)
        expect(second.get_by_role("button", name="担当する")).to_be_visible()
        first.get_by_role("button", name="担当する").click()
        expect(first.locator("#talk-state")).to_contain_text("あなたが対応中")
        second.get_by_role("button", name="担当する").click()
        expect(second.locator("body")).to_contain_text("受付（見本）")

        first.get_by_label("住民へ送信").fill("受付の見本です。お待たせしました。家賃のこと、一緒に整理していきましょう。")
        first.keyboard.press("Control+Enter")
        log = phone.get_by_role("log")
        # An answer can be taken back for twelve seconds before it leaves.
        expect(log).to_contain_text("一緒に整理していきましょう", timeout=30_000)
        expect(log).to_contain_text("受付（見本）")
        expect(first.locator(".line[data-author=staff] .sent")).to_have_text("LINE受付済み")
        shoot(first, "console-talk")
        shoot(phone, "phone-answer")

        write(phone, "ありがとうございます")
        expect(first.locator("#lines")).to_contain_text("ありがとうございます")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_words_of_danger_at_night_get_open_lines_and_an_honest_time(
    chromium: Browser, contexts: list[BrowserContext], tmp_path: Path, database_url: str
) -> None:
    with demo(tmp_path, database_url, TUESDAY_NIGHT) as served:
        phone, desk = browser_of(chromium, contexts, PHONE), browser_of(chromium, contexts, DESK)
        phone.goto(f"{served.base}/simulator/phone/sora")
        write(phone, "もう消えてしまいたい")
        log = phone.get_by_role("log")
        expect(log).to_contain_text("明日")
        shoot(phone, "phone-night")
        log_in(desk, served, "sekinin")
        top = desk.locator("#rows .row").first
        expect(top).to_contain_text("本日中")
        shoot(desk, "console-night")
