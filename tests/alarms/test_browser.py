"""Notices in a real browser: asked for by a button, told once; the pages of duty and practice for eyes and screen readers."""

import re

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from handoff.accounts.models import Role, Staff
from tests.alarms.support import EMERGENCY, notifier, on_plan
from tests.handoff.served import Served
from tests.handoff.support import ASKED
from tests.handoff.test_browser import context, desk, log_in, shoot
from tests.support.chromium import PHONE, WIDE, in_chromium

__all__ = ["context", "desk"]
pytestmark = in_chromium
# A browser without a screen shows no notification: what it is asked to show is written down instead.
PRETENCE = """
window.shownNotices = []; window.askedForNotices = 0; window.tones = 0;
class Pretence {
  static permission = sessionStorage.getItem("may") ?? "default";
  static async requestPermission() { window.askedForNotices += 1; Pretence.permission = "granted"; return "granted"; }
  constructor(title, options) { window.shownNotices.push([title, options.body, options.tag]); }
  close() {}
}
window.Notification = Pretence;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...given) { window.tones += 1; return start.apply(this, given); };
"""


async def plan(desk: Served) -> Staff:
    person = await desk.world.staff("yoru", Role.RECEPTION, name="夜間 山田")
    await on_plan(desk.world, person)
    return person


async def emergency(desk: Served, handle: str = "すみれ 777") -> None:
    await desk.world.talk("もう死にたい", handle=handle, window=None, effects=(ASKED, EMERGENCY))
    await notifier(desk.world).work()


async def on_duty(desk: Served) -> None:
    async with desk.world.database.read() as session:
        tanaka = (await session.scalars(select(Staff).where(Staff.login == "tanaka"))).one()
    await on_plan(desk.world, tanaka)


def at_both_widths(page: Page, name: str) -> None:
    for width, size in (("wide", WIDE), ("phone", PHONE)):
        page.set_viewport_size(size)
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{name} {width} overflows by {overflow}px"
        shoot(page, f"{name}-{width}")
    page.set_viewport_size(WIDE)


def test_an_emergency_is_shown_and_sounds_once_after_the_person_has_allowed_it(context: BrowserContext, desk: Served) -> None:
    context.add_init_script(PRETENCE)
    page = context.new_page()
    log_in(page, desk)
    assert page.evaluate("window.askedForNotices") == 0, "never asked when a page opens"
    desk.do(notifier(desk.world).work())
    desk.do(on_duty(desk))
    page.goto(f"{desk.url}/notices")
    at_both_widths(page, "notices")
    page.get_by_role("button", name="画面の通知を許可する").click()
    expect(page.locator("#desktop-state")).to_have_text("この端末では、画面の通知が使えます。")
    expect(page.locator("#link")).to_contain_text("接続中")
    desk.do(emergency(desk))
    expect(page.locator("html")).to_have_attribute("data-told", re.compile(".+"))
    first = page.locator("html").get_attribute("data-told") or ""
    shown = page.evaluate("window.shownNotices")
    assert [(title, body) for title, body, _ in shown] == [("至急の相談があります", "つなぎの画面で確かめてください。")]
    assert page.evaluate("window.tones") == 6
    page.get_by_role("button", name="この端末の音を消す").click()
    desk.world.clock.advance(minutes=6)
    desk.do(emergency(desk, "すみれ 778"))
    expect(page.locator("html")).not_to_have_attribute("data-told", first)
    assert page.evaluate("window.tones") == 6, "muted on this device"


def test_duty_is_entered_seen_and_left(context: BrowserContext, desk: Served) -> None:
    page = context.new_page()
    log_in(page, desk, "suzuki")
    desk.do(plan(desk))
    page.goto(f"{desk.url}/duty")
    reception = page.get_by_role("region", name="受付（窓口の決まっていない相談）")
    expect(reception).to_contain_text("夜間 山田さん（17:00まで）")
    reception.get_by_role("button", name="いま当番に入る").click()
    expect(reception).to_contain_text("責任者 鈴木さん")
    page.locator("summary", has_text="連絡先を足す").click()
    page.get_by_label("職名").fill("宿日直")
    page.get_by_label("電話番号").fill("000-0000-0001")
    page.get_by_role("button", name="連絡先を足す").click()
    expect(page.get_by_role("region", name="緊急連絡計画")).to_contain_text("宿日直")
    desk.do(emergency(desk))
    page.reload()
    expect(page.get_by_role("region", name="至急の呼び出しの記録")).to_contain_text("まだだれも確認していません")
    at_both_widths(page, "duty")
    desk.world.clock.advance(seconds=6)
    page.goto(f"{desk.url}/")
    expect(page.locator(".duty-line")).to_contain_text("受付：夜間 山田・責任者 鈴木")


def test_practice_is_marked_on_the_screen(context: BrowserContext, desk: Served) -> None:
    page = context.new_page()
    log_in(page, desk)
    page.goto(f"{desk.url}/practice")
    at_both_widths(page, "practice")
    page.get_by_role("region", name="ひとことだけ届いた相談").get_by_role("button").click()
    expect(page.locator(".practice")).to_contain_text("相手は架空の住民です")
    at_both_widths(page, "practice-talk")
