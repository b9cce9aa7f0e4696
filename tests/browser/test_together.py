"""Colleagues in a browser: one watches and advises, one window asks another, what a resident sent beside words is looked at first."""

from dataclasses import replace
from datetime import timedelta

from playwright.sync_api import Browser, BrowserContext, Page, expect

from handoff.desk import actions
from tests.browser.test_danger import both_widths
from tests.care.test_attachments import sent
from tests.handoff.served import Served
from tests.handoff.support import ASKED, OTHER_WINDOW
from tests.handoff.test_browser import context, desk, log_in, shoot
from tests.handoff.test_transfer import NOTE, answers
from tests.support.chromium import browsing, in_chromium

__all__ = ["context", "desk"]
pytestmark = in_chromium
ADVICE = "まず「書いてくださって、ありがとうございます」から始めましょう。"


def colleague(chromium: Browser) -> Page:
    context = browsing(chromium)
    return context.new_page()


def test_advice_reaches_the_colleague_while_writing_and_has_no_way_to_the_resident(
    chromium: Browser, context: BrowserContext, desk: Served
) -> None:
    writing, watching = context.new_page(), colleague(chromium)
    log_in(writing, desk)
    log_in(watching, desk, "suzuki")
    writing.get_by_role("link", name="すみれ 042").click()
    writing.get_by_role("button", name="担当する").click()
    expect(writing.locator("#talk-state")).to_have_text("あなたが対応中")
    writing.get_by_label("住民へ送信").fill("書きかけの返事")

    watching.goto(f"{desk.url}/watch")
    both_widths(watching, "watch")
    watching.get_by_role("link", name="すみれ 042").click()
    expect(watching.locator("#reply-text")).to_have_count(0)
    watching.get_by_label("相談員 田中さんへの助言").fill(ADVICE)
    watching.get_by_role("button", name="相談員 田中さんにだけ伝える").click()
    expect(watching.locator("#whispers-list")).to_contain_text(ADVICE)
    shoot(watching, "whisper-given")

    heard = writing.locator("#whispers-list [data-new]")
    expect(heard).to_contain_text(ADVICE)
    expect(writing.get_by_label("住民へ送信")).to_have_value("書きかけの返事")
    expect(writing.get_by_label("住民へ送信")).to_be_focused()
    shoot(writing, "whisper-heard")
    heard.get_by_role("button", name="読みました").click()
    expect(watching.locator("#whispers-list")).to_contain_text("に読みました")
    for page in (writing, watching):
        expect(page.locator("#lines")).not_to_contain_text(ADVICE)


def test_a_talk_goes_to_another_window_with_the_residents_yes_and_comes_back_with_a_reason(
    chromium: Browser, context: BrowserContext, desk: Served
) -> None:
    page, receiver = context.new_page(), colleague(chromium)
    desk.do(desk.world.staff("kodomo", name="相談員 もみじ", windows=(OTHER_WINDOW,)))
    talk = desk.do(desk.world.talk("家賃のことと、学校に行けない子のこと", handle="ひなげし 606"))
    viewer = desk.do(desk.world.viewer(desk.staff("tanaka")))

    async def claim() -> None:
        async with desk.world.database.write() as session:
            await actions.claim(session, viewer, talk.id, now=desk.world.clock.now())

    desk.do(claim())
    log_in(page, desk)
    page.goto(f"{desk.url}/talks/{talk.id}")
    page.get_by_role("link", name="ほかの窓口につなぐ").click()
    page.get_by_label("つなぐ先の窓口").select_option(label="こどもの相談")
    page.get_by_label("伝える内容").fill(NOTE)
    both_widths(page, "transfer")
    page.get_by_role("button", name="住民に確認を送る").click()
    expect(page.locator(".hop")).to_contain_text("こどもの相談へのつなぎ")

    log_in(receiver, desk, "kodomo")
    receiver.goto(f"{desk.url}/hops")
    expect(receiver.locator(".cards")).to_contain_text("くらしの相談から")
    expect(receiver.locator(".cards")).not_to_contain_text("家賃")
    both_widths(receiver, "hops-asked")
    desk.do(answers(desk.world, talk, "yes"))
    receiver.reload()
    expect(receiver.locator(".cards")).to_contain_text(NOTE)
    both_widths(receiver, "hops")
    receiver.get_by_role("button", name="引き受ける").click()
    expect(receiver.locator("#talk-state")).to_have_text("あなたが対応中")
    receiver.get_by_role("link", name="ほかの窓口につなぐ").click()
    receiver.get_by_text("つなぎもどす（前の窓口へ返す）").click()
    receiver.get_by_label("もどす理由").select_option("担当する分野ではない")
    receiver.get_by_label("くわしく").fill("家賃の相談が先のため")
    receiver.get_by_role("button", name="つなぎもどす").click()
    page.goto(f"{desk.url}/talks/{talk.id}")
    expect(page.get_by_role("button", name="担当する")).to_be_visible()


def test_a_picture_is_a_risk_until_somebody_has_opened_it(context: BrowserContext, desk: Served) -> None:
    page = context.new_page()
    talk, _ = desk.do(sent(desk.world))
    log_in(page, desk)
    page.goto(f"{desk.url}/talks/{talk.id}")
    expect(page.locator(".unread-media")).to_contain_text("1件あります")
    expect(page.get_by_role("img", name="住民が送った画像")).to_have_count(0)
    both_widths(page, "attachment-unread")
    page.get_by_role("button", name="開いて確かめる").click()
    image = page.get_by_role("img", name="住民が送った画像")
    expect(image).to_be_visible()
    expect(image).to_have_js_property("complete", value=True)
    assert image.evaluate("(image) => image.naturalWidth") > 0
    expect(page.locator(".unread-media")).to_have_count(0)
    both_widths(page, "attachment")


def test_an_answer_can_be_taken_back_while_it_rests_and_becomes_the_draft_again(context: BrowserContext, desk: Served) -> None:
    page = context.new_page()
    # Long enough for a slow machine: what counts is what the press does, not how fast a browser is.
    parts = desk.world.app.state.parts
    desk.world.app.state.parts = replace(parts, context=replace(parts.context, undo=timedelta(minutes=5)))
    desk.do(desk.world.talk("家賃のことです", handle="ひばり 100", effects=(ASKED,)))
    log_in(page, desk)
    page.get_by_role("link", name="ひばり 100").click()
    page.get_by_label("住民へ送信").fill("お待たせしました。")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#undo")).to_contain_text("秒で送ります")
    page.get_by_role("button", name="送るのをやめて書き直す").click()
    expect(page.get_by_label("住民へ送信")).to_have_value("お待たせしました。")
    expect(page.locator("#undo")).to_have_count(0)
    expect(page.locator(".line[data-author=staff] .sent")).to_have_text("取り消し（送っていません）")
