"""From a first message to a human answer, in three real browsers at once: a resident's phone and two desks."""

import os
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.served import Served
from tests.support.chromium import WIDE, browsing, in_chromium

PHONE: ViewportSize = {"width": 360, "height": 900}

pytestmark = in_chromium


def browser_of(chromium: Browser, size: ViewportSize) -> Page:
    context = browsing(chromium, viewport=size)
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


def test_a_first_message_becomes_a_human_answer(chromium: Browser, served: Served) -> None:
    served.clock.forward(10, 5)
    phone = browser_of(chromium, PHONE)
    first, second = (browser_of(chromium, WIDE) for _ in range(2))
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
    expect(log).to_contain_text("一緒に整理していきましょう")
    expect(log).to_contain_text("受付（見本）")
    expect(first.locator(".line[data-author=staff] .sent")).to_have_text("LINE受付済み")
    shoot(first, "console-talk")
    shoot(phone, "phone-answer")

    write(phone, "ありがとうございます")
    expect(first.locator("#lines")).to_contain_text("ありがとうございます")


def test_words_of_danger_at_night_get_open_lines_and_an_honest_time(chromium: Browser, served: Served) -> None:
    served.clock.forward(23, 20)
    phone, desk = browser_of(chromium, PHONE), browser_of(chromium, WIDE)
    phone.goto(f"{served.base}/simulator/phone/sora")
    write(phone, "もう消えてしまいたい")
    log = phone.get_by_role("log")
    expect(log).to_contain_text("明日")
    shoot(phone, "phone-night")
    log_in(desk, served, "sekinin")
    top = desk.locator("#rows .row").first
    expect(top).to_contain_text("本日中")
    shoot(desk, "console-night")
