"""The papers of a talk in a browser: the form of 16 items, the record that stays as written, the search, the hand-over of a shift."""

from playwright.sync_api import BrowserContext, expect

from nlp.reading import Concern, Reading
from routing.rules import FORM_ITEMS
from tests.browser.furnished import RECORD
from tests.browser.test_danger import both_widths
from tests.handoff.served import Served
from tests.handoff.support import ASKED
from tests.handoff.test_browser import context, desk, log_in
from tests.support.chromium import in_chromium

__all__ = ["context", "desk"]
pytestmark = in_chromium
READ = Reading(concerns=(Concern.RENT_LOAN, Concern.MENTAL))
ON_PAPER = {"width": 703, "height": 1000}


def test_the_form_of_sixteen_items_comes_filled_and_is_kept_as_a_person_leaves_it(context: BrowserContext, desk: Served) -> None:
    page = context.new_page()
    talk = desk.do(desk.world.talk("家賃が払えず、眠れません", handle="ひばり 100", effects=(ASKED,), reading=READ))
    log_in(page, desk)
    page.goto(f"{desk.url}/talks/{talk.id}")
    page.get_by_role("link", name="申込票").click()
    groups = page.get_by_role("group")
    expect(groups).to_have_count(len(FORM_ITEMS))
    assert len(FORM_ITEMS) == 16
    expect(page.locator("fieldset[data-marked]", has_text="読み取り：◎")).to_have_count(1)
    expect(page.locator("fieldset[data-marked]", has_text="読み取り：○")).to_have_count(1)
    both_widths(page, "form")
    page.get_by_role("group", name="家族との関係について").get_by_label("○ あてはまる").check()
    page.get_by_role("button", name="申込票を保存する").click()
    expect(page.get_by_text("職員が保存した内容です。")).to_be_visible()
    expect(page.get_by_role("group", name="家族との関係について").get_by_label("○ あてはまる")).to_be_checked()


def test_a_record_keeps_facts_apart_from_opinion_and_is_printed_without_the_forms(context: BrowserContext, desk: Served) -> None:
    page = context.new_page()
    log_in(page, desk)
    page.get_by_role("link", name="はまなす 555").click()
    page.get_by_role("link", name="経過記録").click()
    for key, text in RECORD.items():
        page.locator(f"#part-{key}").fill(text)
    page.get_by_role("button", name="記録を残す").click()
    kept = page.locator(".records")
    expect(kept.locator("[data-opinion]")).to_contain_text(RECORD["view"])
    expect(kept.locator("[data-opinion]")).to_have_count(1)
    expect(page.locator("#part-facts")).to_have_value("")
    both_widths(page, "record")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": ON_PAPER["width"], "height": ON_PAPER["height"]})
    for hidden in (".bar", ".record-form", "#print"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(kept).to_contain_text(RECORD["facts"])
    assert page.evaluate("document.documentElement.scrollWidth") <= ON_PAPER["width"]


def test_what_a_resident_wrote_is_found_and_a_shift_is_handed_over(context: BrowserContext, desk: Served) -> None:
    page = context.new_page()
    log_in(page, desk)
    page.keyboard.press("/")
    words = page.get_by_label("住民が書いた言葉・呼び名")
    words.fill("学校")
    words.press("Enter")
    expect(page.locator(".hits")).to_contain_text("ひばり 027")
    both_widths(page, "search")
    page.goto(f"{desk.url}/companions")
    page.locator("summary", has_text="申し送りを書く").click()
    page.get_by_label("次の人に伝えること").fill("すみれ 042さんに、午後もう一度声をかけてください。")
    page.get_by_role("button", name="申し送る").click()
    expect(page.locator(".shift-notes")).to_contain_text("すみれ 042さん")
    both_widths(page, "companions")
