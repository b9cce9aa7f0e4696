"""In a browser: colleagues see who is on a talk and who writes; the pages of organisations and examples are fit to work with."""

import pytest
from playwright.sync_api import Browser, expect

from handoff.accounts.models import Role
from tests.handoff.served import Served
from tests.handoff.support import CITY
from tests.handoff.test_browser import accessible, context, desk, log_in, shoot
from tests.support.chromium import PHONE, WIDE, browsing, in_chromium

__all__ = ["context", "desk"]

pytestmark = in_chromium


def test_a_colleague_is_seen_coming_writing_and_going(chromium: Browser, desk: Served) -> None:
    writer, other = (browsing(chromium).new_page() for _ in range(2))
    log_in(writer, desk)
    log_in(other, desk, "suzuki")
    writer.get_by_role("link", name="はまなす 555").click()
    row = other.locator(".row", has_text="はまなす 555").locator(".row-here")
    expect(row).to_have_text("相談員 田中さんが見ています")
    other.get_by_role("link", name="はまなす 555").click()
    expect(writer.locator("#here")).to_have_text("責任者 鈴木さんが見ています")
    writer.get_by_label("住民へ送信").fill("お待たせしました")
    expect(other.locator("#here")).to_have_text("相談員 田中さんが書いています")
    accessible(other)
    shoot(other, "presence")
    writer.goto(f"{desk.url}/")
    expect(other.locator("#here")).to_be_empty()


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
def test_organisations_and_examples_are_fit_to_work_with(chromium: Browser, desk: Served, size: dict[str, int]) -> None:
    # The desk of the test is built already; whether examples are kept is asked at each request.
    object.__setattr__(desk.world.context, "keep_examples_of", frozenset({CITY}))
    name = "phone" if size == PHONE else "wide"
    desk.do(desk.world.staff("root", Role.OPERATOR, name="システム 管理", windows=()))
    page = browsing(chromium, viewport=size).new_page()  # type: ignore[arg-type] # a size
    page.context.add_cookies([{"name": "tsunagi_session", "value": desk.token("root"), "url": desk.url}])
    page.goto(f"{desk.url}/organisations")
    page.get_by_label("名前（60文字まで）").fill("社会福祉法人 みどり会")
    page.get_by_role("button", name="加える").click()
    page.get_by_label("所属に入れる職員").select_option(label="相談員 田中（tanaka）")
    page.get_by_role("button", name="入れる", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("所属に入れました。")
    accessible(page)
    shoot(page, f"organisation-{name}")
    page.goto(f"{desk.url}/organisations")
    accessible(page)
    shoot(page, f"organisations-{name}")
    page.context.add_cookies([{"name": "tsunagi_session", "value": desk.token("suzuki"), "url": desk.url}])
    page.goto(f"{desk.url}/")
    page.get_by_role("link", name="すみれ 042").click()
    page.get_by_role("link", name="読み取りの例文を書く").click()
    page.get_by_label("書き直した文").fill("アパートの支払いがたまっていて、夜もねむれない")
    accessible(page)
    shoot(page, f"example-{name}")
    page.get_by_role("button", name="確認してもらう").click()
    expect(page.get_by_text("アパートの支払いがたまっていて")).to_be_visible()
    accessible(page)
    shoot(page, f"examples-{name}")
