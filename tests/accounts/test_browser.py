"""Second factors, staff and the record in a real browser, wide and on a phone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from handoff.accounts.models import Role
from tests.accounts.support import HASH
from tests.handoff.conftest import invented_cities
from tests.handoff.served import Served, Stage, serve
from tests.handoff.support import PASSWORD, WINDOW
from tests.handoff.test_browser import shoot, write_password
from tests.support.chromium import PHONE, WIDE, browsing, fits, in_chromium

pytestmark = in_chromium
KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": False,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def desk(stage: Stage, tmp_path: Path, sqlite_template: Path) -> Iterator[Served]:
    """A console that is no demo, under a name: a passkey belongs to a name, never to an address."""
    with serve(stage, tmp_path, sqlite_template, invented_cities()) as served:
        parts = served.world.app.state.parts
        served.world.app.state.parts = replace(parts, context=replace(parts.context, demo=False))
        yield replace(served, url=served.url.replace("127.0.0.1", "localhost"))


@pytest.fixture
def context(chromium: Browser) -> BrowserContext:
    return browsing(chromium)


def looked_at(page: Page, name: str) -> None:
    """The page has no fault that axe finds, fits a screen and a phone, and is shot where screens are asked for."""
    expect(page.locator("main")).to_be_visible()
    for size, end in ((PHONE, "-phone"), (WIDE, "")):
        page.set_viewport_size(size)
        assert fits(page, size["width"]), name
        shoot(page, f"accounts-{name}{end}")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_passkey_is_registered_shown_again_and_lets_in(context: BrowserContext, desk: Served) -> None:
    desk.do(desk.world.staff("sato", Role.RECEPTION, name="相談員 さくら", password_hash=HASH))
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    cdp = context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    write_password(page, desk, "sato")
    expect(page.get_by_role("heading", name="二つ目の確認の登録")).to_be_visible()
    looked_at(page, "enrol")
    page.get_by_label("名前（どの端末・鍵か分かるように）").fill("窓口のパソコン")
    page.get_by_role("button", name="パスキーを登録する").click()
    expect(page.get_by_role("heading", name="登録できました")).to_be_visible()
    looked_at(page, "codes")
    page.get_by_role("link", name="控えました。はじめる").click()
    expect(page.get_by_role("heading", name="相談の一覧")).to_be_visible()
    page.goto(f"{desk.url}/account")
    looked_at(page, "own")
    page.locator("#factor-password").fill(PASSWORD)
    page.get_by_role("button", name="認証アプリ・パスキーを加える").click()
    expect(page.locator(".qr")).to_be_visible()
    looked_at(page, "factor")
    page.context.clear_cookies()
    write_password(page, desk, "sato")
    expect(page.get_by_role("heading", name="二つ目の確認", exact=True)).to_be_visible()
    looked_at(page, "second")
    page.get_by_role("button", name="パスキーで確認する").click()
    expect(page.get_by_role("heading", name="相談の一覧")).to_be_visible()
    assert problems == []


def test_a_manager_invites_looks_after_staff_and_reads_the_record(context: BrowserContext, desk: Served) -> None:
    world = desk.world
    desk.do(world.staff("chief", Role.MANAGER, name="責任者 高橋", windows=(WINDOW,), password_hash=HASH))
    page = context.new_page()
    write_password(page, desk, "chief")
    secret = page.locator(".secret").text_content() or ""
    page.get_by_label("アプリに表示された6けたの数字").fill(pyotp.TOTP(secret.replace(" ", "")).at(world.clock.now()))
    page.get_by_role("button", name="認証アプリを登録する").click()
    page.get_by_role("link", name="控えました。はじめる").click()
    page.locator(".row a").first.click()
    page.goto(f"{desk.url}/staff")
    page.get_by_label("ログインID").fill("sato")
    page.get_by_label("表示名（住民にも見えます。20文字まで）").fill("相談員 さくら")
    page.get_by_label("くらしの相談").check()
    looked_at(page, "staff")
    page.get_by_role("button", name="招待のリンクを作る").click()
    link = page.locator(".link-out").text_content() or ""
    looked_at(page, "member")
    page.goto(f"{desk.url}/audit")
    expect(page.get_by_role("row").filter(has_text="職員を加えた")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="相談を開いた").first).to_be_visible()
    looked_at(page, "record")
    page.context.clear_cookies()
    page.goto(link)
    expect(page.get_by_role("heading", name="パスワードの設定")).to_be_visible()
    looked_at(page, "invitation")
