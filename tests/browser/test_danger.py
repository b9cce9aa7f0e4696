"""緊急時情報提供票 and 通告・通報 in a browser: one press, a reason, somebody who answers for it, a paper for the police."""

from playwright.sync_api import BrowserContext, Page, expect

from handoff.accounts.models import Role
from intake.conversations.models import Conversation
from intake.dialogue.turn import EventKind
from nlp.reading import Concern, Reading, Risk, RiskKind, Speaker
from tests.care.support import USER_ID, know_user
from tests.handoff.served import Served
from tests.handoff.support import ALARM, ASKED, WINDOW
from tests.handoff.test_browser import context, desk, log_in, shoot
from tests.support.chromium import PHONE, WIDE, fits, in_chromium

__all__ = ["context", "desk"]
pytestmark = in_chromium
DANGER = Reading(risk=Risk.URGENT, risk_kinds=(RiskKind.SUICIDE, RiskKind.ABUSE), concerns=(Concern.ABUSE,), speaker=Speaker.SELF)


def opened(page: Page, desk: Served, words: str) -> Conversation:
    """A talk with danger in it, open before a counsellor."""
    talk = desk.do(desk.world.talk(words, handle="つばめ 808", effects=(ASKED, ALARM), reading=DANGER))
    desk.do(know_user(desk.world, talk))
    desk.do(desk.world.says(talk, "見本公園（会津若松市見本町）", kind=EventKind.LOCATION))
    desk.do(desk.world.staff("chief", Role.MANAGER, name="責任者 高橋", windows=(WINDOW,)))
    log_in(page, desk)
    page.goto(f"{desk.url}/talks/{talk.id}")
    return talk


def both_widths(page: Page, name: str) -> None:
    for size, end in ((PHONE, "-phone"), (WIDE, "")):
        page.set_viewport_size(size)
        assert fits(page, size["width"]), name
        page.evaluate("scrollTo(0, 0)")
        shoot(page, f"{name}{end}")


def test_one_press_opens_the_sheet_and_a_manager_answers_for_it(context: BrowserContext, desk: Served) -> None:
    page = context.new_page()
    opened(page, desk, "もう消えてしまいたい。いま橋の上にいます")
    expect(page.locator("body")).not_to_contain_text(USER_ID)
    page.get_by_role("button", name="110番通報のため").click()
    expect(page.get_by_role("heading", name="緊急時情報提供票")).to_be_visible()
    sheet = page.locator("#main")
    for told in (USER_ID, "いま橋の上にいます", "見本公園", "相談員 田中", "110番通報のため"):
        expect(sheet).to_contain_text(told)
    expect(page.locator(".watermark span").first).to_contain_text("相談員 田中（tanaka）")
    both_widths(page, "emergency")
    page.emulate_media(media="print")
    for hidden in (".bar", ".no-print", "#print"):
        expect(page.locator(hidden)).to_be_hidden()
    page.emulate_media(media="screen")

    log_in(page, desk, "chief")
    page.goto(f"{desk.url}/oversight")
    waiting = page.get_by_role("region", name="開かれた緊急時情報提供票")
    expect(waiting).to_contain_text("相談員 田中さんが開きました（110番通報のため）")
    both_widths(page, "oversight")
    waiting.get_by_role("button", name="確認しました").click()
    expect(waiting).to_contain_text("確認を待っている票はありません")


def test_another_reason_has_to_be_written_and_the_sheet_closes_by_itself(context: BrowserContext, desk: Served) -> None:
    page = context.new_page()
    opened(page, desk, "もう消えてしまいたい")
    page.get_by_role("button", name="理由を書いて開く").click()
    expect(page.locator(".glass .error")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text(USER_ID)
    page.get_by_label("ほかの理由のとき").fill("自宅に向かうと書かれているため、家族の安否を確かめる")
    page.get_by_role("button", name="理由を書いて開く").click()
    expect(page.locator("#main")).to_contain_text("家族の安否を確かめる")
    desk.world.clock.advance(hours=2, seconds=1)
    sheet = page.url
    log_in(page, desk)
    page.goto(sheet)
    expect(page.locator("body")).not_to_contain_text(USER_ID)
    expect(page.locator("#main")).to_contain_text("閉じました")


def test_a_sign_of_abuse_is_judged_reported_and_ended_on_its_form(context: BrowserContext, desk: Served) -> None:
    page = context.new_page()
    opened(page, desk, "父に毎日たたかれています")
    expect(page.locator(".report-call")).to_contain_text("通告・通報の票が開いています")
    page.get_by_role("link", name="票を開く").click()
    expect(page.get_by_role("heading", name="通告・通報の票")).to_be_visible()
    page.get_by_role("radio", name="該当しない").check()
    page.get_by_role("button", name="判断を残す").click()
    expect(page.locator("#main [role=alert]")).to_contain_text("理由")
    page.get_by_role("radio", name="迷う").check()
    page.get_by_label("理由").fill("本人の訴えだけで、けがは分からない。")
    page.get_by_role("button", name="判断を残す").click()
    page.get_by_label("相手").fill("会津児童相談所")
    page.get_by_label("伝えたこと").fill("本人の言葉、いまいる場所、次の連絡の約束。")
    both_widths(page, "report")
    page.get_by_role("button", name="したことを残す").click()
    expect(page.locator(".records")).to_contain_text("会津児童相談所")
    page.get_by_label("どうなりましたか").select_option(index=0)
    page.get_by_role("button", name="結果を残す").click()
    expect(page.locator(".report-due")).to_contain_text("終わりました")
