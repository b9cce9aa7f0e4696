"""The phone page in Chromium: by keyboard, under its strict policy, without accessibility faults, live."""

import itertools
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.simulator.conftest import TOKEN
from tests.simulator.server import running
from tests.support.chromium import browsing, in_chromium

_numbers = itertools.count(1)
pytestmark = in_chromium
WIDTHS = (360, 1280)
CHOICES = {
    "items": [
        {"type": "action", "action": {"type": "postback", "label": "話すだけでいい", "data": "listen", "displayText": "話すだけでいい"}}
    ]
}
CARD = {
    "type": "bubble",
    "header": {
        "type": "box",
        "layout": "vertical",
        "contents": [{"type": "text", "text": "見本市 生活サポート相談", "weight": "bold", "size": "lg", "wrap": True, "color": "#1b1f24"}],
    },
    "body": {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": "平日 8:30〜17:15", "wrap": True}]},
    "footer": {
        "type": "box",
        "layout": "vertical",
        "spacing": "sm",
        "contents": [
            {
                "type": "button",
                "style": "primary",
                "color": "#1f6b4a",
                "action": {"type": "uri", "label": "電話する", "uri": "tel:000-0000-0001"},
            },
            {
                "type": "button",
                "style": "secondary",
                "action": {"type": "postback", "label": "職員につなぐ", "data": "staff", "displayText": "職員につないでください"},
            },
        ],
    },
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running() as base:
        yield base


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    opened = browsing(chromium, viewport={"width": 360, "height": 800}).new_page()
    troubles: list[str] = []
    opened.on("console", lambda message: troubles.append(message.text))
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    yield opened
    opened.close()
    assert [trouble for trouble in troubles if "409" not in trouble] == [], "the policy or a script complained"


@pytest.fixture
def user(address: str) -> str:
    key = f"r{next(_numbers)}"
    httpx2.post(
        f"{address}/control/residents", json={"key": key, "name": "てすと", "about": "見本の人"}, trust_env=False
    ).raise_for_status()
    act(address, key, act="follow")
    return key


def act(address: str, user: str, **order: Any) -> dict[str, Any]:
    answer = httpx2.post(f"{address}/control/act", json={"user": user, **order}, trust_env=False)
    answer.raise_for_status()
    value: dict[str, Any] = answer.json()["events"][0]
    return value


def call(address: str, path: str, body: dict[str, Any]) -> None:
    headers = {"authorization": f"Bearer {TOKEN}"}
    httpx2.post(f"{address}/api/v2/bot{path}", json=body, headers=headers, trust_env=False).raise_for_status()


def push(address: str, user: str, *messages: dict[str, Any]) -> None:
    chats = httpx2.get(f"{address}/control/state", trust_env=False).json()["chats"]
    to = next(chat["user_id"] for chat in chats if chat["user"] == user)
    call(address, "/message/push", {"to": to, "messages": list(messages)})


def own_texts(address: str, user: str) -> list[str]:
    chats = httpx2.get(f"{address}/control/state", trust_env=False).json()["chats"]
    messages = next(chat["messages"] for chat in chats if chat["user"] == user)
    return [message["body"].get("text", "") for message in messages if message["author"] == "resident"]


def test_enter_sends_shift_enter_breaks_the_line_and_an_ime_keeps_its_enter(page: Page, address: str, user: str) -> None:
    page.goto(f"{address}/phone/{user}")
    box = page.get_by_label("メッセージ", exact=True)
    box.focus()
    page.keyboard.insert_text("家賃が")
    box.dispatch_event("keydown", {"key": "Enter", "keyCode": 229, "isComposing": True, "bubbles": True, "cancelable": True})
    expect(box).to_have_value("家賃が")
    page.keyboard.press("Shift+Enter")
    page.keyboard.insert_text("払えません")
    page.keyboard.press("Enter")
    expect(page.locator(".entry--own .bubble")).to_have_text("家賃が\n払えません")
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    assert own_texts(address, user) == ["家賃が\n払えません"]


def test_a_bubble_of_the_city_arrives_by_itself_is_announced_and_takes_no_focus(page: Page, address: str, user: str) -> None:
    page.goto(f"{address}/phone/{user}")
    page.get_by_label("メッセージ", exact=True).focus()
    push(address, user, {"type": "text", "text": "読みました", "sender": {"name": "相談員"}})
    expect(page.locator("#announcer")).to_contain_text("読みました")
    expect(page.locator(".entry--other .entry__speaker")).to_contain_text("相談員 from 見本市 つなぎ相談")
    expect(page.get_by_label("メッセージ", exact=True)).to_be_focused()
    expect(page.locator("#announcer p")).to_have_count(0)


def test_a_choice_is_tapped_by_keyboard_and_vanishes(page: Page, address: str, user: str) -> None:
    push(address, user, {"type": "text", "text": "どうしますか", "quickReply": CHOICES})
    page.goto(f"{address}/phone/{user}")
    page.get_by_role("button", name="話すだけでいい").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".entry--own .bubble")).to_have_text("話すだけでいい")
    expect(page.get_by_role("button", name="話すだけでいい")).to_have_count(0)


def test_a_card_shows_its_colours_and_its_buttons_work(page: Page, address: str, user: str) -> None:
    push(address, user, {"type": "flex", "altText": "ご案内", "contents": CARD})
    page.goto(f"{address}/phone/{user}")
    phone = page.get_by_role("link", name="電話する")
    expect(phone).to_have_attribute("href", "tel:000-0000-0001")
    expect(phone).to_have_css("background-color", "rgb(31, 107, 74)")
    page.get_by_role("button", name="職員につなぐ").click()
    expect(page.locator(".entry--own .bubble")).to_have_text("職員につないでください")


def test_a_message_is_read_and_then_taken_back(page: Page, address: str, user: str) -> None:
    page.goto(f"{address}/phone/{user}")
    event = act(address, user, text="まちがえました")
    expect(page.locator(".entry--own .bubble")).to_have_text("まちがえました")
    call(address, "/chat/markAsRead", {"markAsReadToken": event["message"]["markAsReadToken"]})
    expect(page.get_by_text("既読")).to_be_visible()
    page.locator(".own-menu summary").press("Enter")
    page.get_by_role("button", name="送信を取り消す").press("Enter")
    expect(page.get_by_text("メッセージの送信を取り消しました").first).to_be_visible()
    expect(page.locator(".entry--own .bubble")).to_have_count(0)
    expect(page.get_by_role("log")).to_be_focused()


def test_stickers_pictures_and_a_block_are_reached_by_keyboard(page: Page, address: str, user: str) -> None:
    page.goto(f"{address}/phone/{user}")
    tray = page.locator("#tray summary")
    tray.press("Enter")
    page.get_by_role("button", name="スタンプ：ありがとう").press("Enter")
    expect(page.get_by_role("log").get_by_role("img", name="スタンプ：ありがとう")).to_be_visible()
    expect(tray).to_be_focused()
    tray.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="写真（見本）を送る")).to_be_hidden()
    tray.press("Enter")
    page.get_by_role("button", name="写真（見本）を送る").press("Enter")
    expect(page.get_by_role("log").get_by_role("img", name="写真（見本）")).to_be_visible()
    page.locator(".menu summary").press("Enter")
    page.get_by_role("button", name="ブロックする").press("Enter")
    expect(page.get_by_text("ブロック中です。メッセージは届きません。")).to_be_visible()
    page.get_by_label("メッセージ", exact=True).fill("とどかない")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("ブロック中は送れません")
    expect(page.get_by_label("メッセージ", exact=True)).to_have_value("とどかない")


def test_a_new_bubble_takes_the_choices_away_but_never_the_focus(page: Page, address: str, user: str) -> None:
    push(address, user, {"type": "text", "text": "どうしますか", "quickReply": CHOICES})
    page.goto(f"{address}/phone/{user}")
    page.get_by_role("button", name="話すだけでいい").focus()
    push(address, user, {"type": "text", "text": "相談員です", "sender": {"name": "相談員"}})
    expect(page.get_by_role("button", name="話すだけでいい")).to_have_count(0)
    expect(page.get_by_label("メッセージ", exact=True)).to_be_focused()


def test_who_reads_back_is_not_pulled_to_the_end(page: Page, address: str, user: str) -> None:
    for _ in range(6):
        push(address, user, {"type": "text", "text": "長い話\n\n\n\nのつづき"})
    page.goto(f"{address}/phone/{user}")
    page.get_by_role("log").evaluate("log => { log.scrollTop = 0; }")
    push(address, user, {"type": "text", "text": "新しい話"})
    page.get_by_role("button", name="新しいメッセージへ").press("Enter")
    expect(page.get_by_text("新しい話").last).to_be_in_viewport()
    expect(page.get_by_role("button", name="新しいメッセージへ")).to_be_hidden()


def test_an_answer_taller_than_the_screen_is_shown_from_its_beginning(page: Page, address: str, user: str) -> None:
    page.goto(f"{address}/phone/{user}")
    expect(page.locator("html")).to_have_attribute("data-ready", "true")
    long = {"type": "text", "text": "長い話\n\n\n\nのつづき\n" * 4}
    push(address, user, {"type": "flex", "altText": "ご案内", "contents": CARD}, long, long)
    expect(page.get_by_text("見本市 生活サポート相談")).to_be_in_viewport()
    expect(page.get_by_label("メッセージ", exact=True)).to_be_in_viewport()
    assert page.locator("#phone").evaluate("phone => phone.scrollTop") == 0
    page.get_by_role("button", name="続きを見る").press("Enter")
    expect(page.get_by_role("button", name="続きを見る")).to_be_hidden()


def test_the_dots_move_until_the_answer_comes(page: Page, address: str, user: str) -> None:
    page.goto(f"{address}/phone/{user}")
    chats = httpx2.get(f"{address}/control/state", trust_env=False).json()["chats"]
    chat_id = next(chat["user_id"] for chat in chats if chat["user"] == user)
    call(address, "/chat/loading/start", {"chatId": chat_id, "loadingSeconds": 20})
    expect(page.locator(".dots")).to_be_visible()
    push(address, user, {"type": "text", "text": "お待たせしました"})
    expect(page.locator(".dots")).to_have_count(0)


@pytest.mark.parametrize("where", ["list", "phone", "tray", "stranger"])
def test_no_accessibility_fault_is_found(page: Page, address: str, user: str, where: str) -> None:
    act(address, user, text="家賃が払えません")
    act(address, user, act="sticker")
    push(address, user, {"type": "flex", "altText": "ご案内", "contents": CARD, "sender": {"name": "自動案内"}, "quickReply": CHOICES})
    page.goto(f"{address}/" if where == "list" else f"{address}/phone/{'sora' if where == 'stranger' else user}")
    if where == "tray":
        page.locator("#tray summary").press("Enter")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert Axe().run(page).response["violations"] == []


@pytest.mark.parametrize("where", ["", "phone"])
def test_nothing_scrolls_sideways_and_every_target_is_large_enough(page: Page, address: str, user: str, where: str) -> None:
    act(address, user, text="あ" * 200)
    act(address, user, text="https://example.com/" + "a" * 200)
    push(address, user, {"type": "flex", "altText": "ご案内", "contents": CARD, "quickReply": CHOICES})
    page.goto(f"{address}/phone/{user}" if where else f"{address}/")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        small = page.evaluate(
            "() => [...document.querySelectorAll('main button, main summary, main a')].filter(e => e.checkVisibility())"
            ".map(e => e.getBoundingClientRect()).filter(r => r.width > 0 && (r.width < 24 || r.height < 24)).length"
        )
        assert small == 0
