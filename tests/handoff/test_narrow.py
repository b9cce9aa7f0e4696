"""What staff meet on small and middle screens, and when the line breaks: nothing overlaps, nothing is far, nothing is lost."""

from dataclasses import replace

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from handoff.desk import actions
from intake.dialogue.turn import EventKind
from nlp.reading import Risk
from tests.handoff.served import Served
from tests.handoff.support import ALARM, ASKED
from tests.handoff.test_browser import accessible, context, desk, log_in, shoot
from tests.support.chromium import PHONE, WIDE, fits, in_chromium

__all__ = ["context", "desk"]

pytestmark = in_chromium

MIDDLE = {"width": 800, "height": 900}
OVERLAPS = """
() => [...document.querySelectorAll("#rows a")].flatMap((row) => {
  const parts = [...row.children].map((part) => [part.className, part.getBoundingClientRect()]).filter(([, box]) => box.width);
  return parts.flatMap(([name, a], at) => parts.slice(at + 1)
    .filter(([, b]) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
    .map(([other]) => `${name} lies on ${other}`));
})
"""


def crowded(desk: Served) -> None:
    """A row with everything in it: long names, an alarm, a promise that was broken days ago."""
    desk.do(desk.world.talk("夫に殴られました", handle="しじゅうから 877", effects=(ASKED, ALARM)))
    desk.world.clock.advance(hours=40)


def open_talk(page: Page, handle: str) -> None:
    page.get_by_role("link", name=handle).click()
    expect(page.get_by_role("heading", name=handle)).to_be_visible()
    # Keys are listened to once the page's own modules run, which the stream tells.
    expect(page.locator("#link")).to_contain_text("接続中")


def test_no_part_of_a_row_lies_on_another_at_any_width(context: BrowserContext, desk: Served) -> None:
    page = context.new_page()
    crowded(desk)
    log_in(page, desk)
    for opened in (False, True):
        if opened:
            open_talk(page, "しじゅうから 877")
        for width in (360, 800, 1024, 1280, 1920):
            page.set_viewport_size({"width": width, "height": 900})
            assert fits(page, width), width
            assert page.evaluate(OVERLAPS) == [], width


@pytest.mark.parametrize("size", [PHONE, MIDDLE, WIDE])
def test_a_long_talk_is_read_taken_and_answered_without_a_search(context: BrowserContext, desk: Served, size: dict[str, int]) -> None:
    page = context.new_page()
    talk = desk.do(desk.world.talk("はじめまして", handle="こまどり 300"))
    for number in range(30):
        desk.do(desk.world.says(talk, f"{number}番目の話です。" * 6))
    desk.do(desk.world.says(talk, "", kind=EventKind.POSTBACK, data="v1:staff"))
    log_in(page, desk)
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    open_talk(page, "こまどり 300")
    expect(page.locator(".line", has_text="29番目の話です。")).to_be_in_viewport()
    expect(page.get_by_label("住民へ送信")).to_be_in_viewport()
    shoot(page, f"long-{size['width']}")
    page.get_by_role("button", name="担当する").click()
    expect(page.locator("#talk-state")).to_have_text("あなたが対応中")
    page.get_by_label("住民へ送信").fill("お待たせしました。")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".line[data-author=staff]")).to_be_in_viewport()
    expect(page.get_by_label("住民へ送信")).to_be_focused()
    if size is not PHONE:
        assert page.evaluate("[scrollY, document.body.scrollTop]") == [0, 0]
    accessible(page)


def test_a_text_too_long_for_line_is_told_while_it_is_written_and_is_not_cut(context: BrowserContext, desk: Served) -> None:
    page = context.new_page()
    log_in(page, desk)
    open_talk(page, "はまなす 555")
    box = page.get_by_label("住民へ送信")
    box.fill("😀" * 2501)
    expect(page.locator("#reply-length")).to_have_text("2文字多いため、このままでは送れません。分けて送ってください。")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/replies") else None)
    page.keyboard.press("Control+Enter")
    expect(box).to_have_value("😀" * 2501)
    accessible(page)
    assert sent == []
    box.fill("😀" * 2500)
    expect(page.locator("#reply-length")).to_be_hidden()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".line[data-author=staff]")).to_contain_text("😀")


def test_a_press_into_a_broken_line_says_so_and_the_second_press_sends_once(context: BrowserContext, desk: Served) -> None:
    page = context.new_page()
    log_in(page, desk)
    open_talk(page, "はまなす 555")

    page.route("**/replies", lambda route: (route.fetch(), route.abort()))
    page.get_by_label("住民へ送信").fill("聞こえていますか")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#alerts")).to_contain_text("入力した文は残っています")
    expect(page.get_by_label("住民へ送信")).to_have_value("聞こえていますか")
    page.unroute("**/replies")
    page.get_by_label("住民へ送信").press("Control+Enter")
    expect(page.locator("#alerts")).to_be_empty()
    expect(page.get_by_label("住民へ送信")).to_have_value("")
    expect(page.locator(".line[data-author=staff]")).to_have_count(1)


@pytest.mark.parametrize("size", [PHONE, WIDE])
def test_whoever_comes_second_sees_at_once_who_answers_and_keeps_the_words(
    context: BrowserContext, desk: Served, size: dict[str, int]
) -> None:
    page = context.new_page()
    talk = desk.do(desk.world.talk("はじめまして", handle="こまどり 300"))
    for number in range(20):
        desk.do(desk.world.says(talk, f"{number}番目の話です。" * 6))
    log_in(page, desk)
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    page.route("**/desk", lambda route: route.abort())
    open_talk(page, "こまどり 300")
    page.get_by_label("住民へ送信").fill("お話を聞かせてください。")
    colleague = desk.do(desk.world.staff("sato", name="佐藤"))
    viewer = desk.do(desk.world.viewer(colleague))

    async def claim() -> None:
        async with desk.world.database.write() as session:
            await actions.claim(session, viewer, talk.id, now=desk.world.clock.now())

    desk.do(claim())
    page.keyboard.press("Control+Enter")
    refusal = page.locator("#composer .error")
    expect(refusal).to_contain_text("佐藤さんが対応中です")
    expect(refusal).to_be_in_viewport()
    expect(page.get_by_label("送らなかった文")).to_have_value("お話を聞かせてください。")
    expect(page.get_by_label("送らなかった文")).to_be_in_viewport()
    expect(page.locator(".line", has_text="19番目の話です。")).to_be_in_viewport()
    accessible(page)
    shoot(page, f"second-{size['width']}")


def test_a_new_sign_of_danger_is_told_at_once_and_offers_the_order_of_urgency(context: BrowserContext, desk: Served) -> None:
    page = context.new_page()
    calm = desk.do(desk.world.talk("家賃のことです", handle="ひばり 100"))
    desk.world.clock.advance(minutes=5)
    log_in(page, desk)
    link = page.get_by_role("link", name="ひばり 100")
    link.focus()
    desk.do(desk.world.says(calm, "いま薬を飲みました", replace(ALARM, risk=Risk.EMERGENCY)))
    expect(page.locator("#queue-alarms")).to_contain_text("2件あります")
    expect(page.locator("#queue-apply")).to_have_text("急ぐ順に並べ直す")
    expect(link).to_be_focused()
    page.locator("#queue-apply").click()
    expect(page.locator("#rows .row").first).to_contain_text("ひばり 100")
    accessible(page)


def test_a_wait_grows_older_on_the_page_while_nothing_happens(context: BrowserContext, desk: Served) -> None:
    page = context.new_page()
    page.clock.install()
    log_in(page, desk)
    row = page.locator("#rows .row", has_text="はまなす 555")
    before = row.locator(".row-waited").inner_text()
    promise = page.locator("#rows .row", has_text="すみれ 042").locator(".row-promise")
    expect(promise).to_contain_text("までの約束")
    page.route("**/queue/rows*", lambda route: route.abort())
    page.clock.run_for(61_000)
    expect(row.locator(".row-waited")).not_to_have_text(before)
    page.clock.fast_forward("26:00:00")
    expect(row.locator(".row-waited")).to_have_text("待ち 1日2時間")
    expect(promise).to_contain_text("の約束を過ぎています")
    expect(promise).to_have_attribute("data-late", "")
