"""People look after their own account, behind their password."""

import pytest
from sqlalchemy import select

from handoff.accounts.factor_models import SecondFactor
from handoff.accounts.models import Role
from tests.accounts.support import Passkey, code_at, codes_of, enrolled, log_in, options_of, secret_of
from tests.handoff.support import PASSWORD, Browser, World

NEW = "あたらしい合言葉です"


async def factors(world: World) -> list[SecondFactor]:
    async with world.database.read() as session:
        return list(await session.scalars(select(SecondFactor).order_by(SecondFactor.id)))


async def signed_in(world: World, login: str = "tanaka", role: Role = Role.COUNSELLOR) -> tuple[Browser, str]:
    """Somebody with an app, in a session with its form token."""
    browser, secret, _ = await enrolled(world, login, role)
    page = await browser.get("/account")
    browser.csrf = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    return browser, secret


async def test_a_passkey_is_added_beside_the_app_and_both_let_in(world: World) -> None:
    browser, secret = await signed_in(world)
    assert (await browser.post("/account/factors/new", password=PASSWORD)).status == 303
    passkey = Passkey()
    options = options_of(await browser.get("/account/factors/new"))
    assert (await browser.post("/account/factors", credential=passkey.create(options), name="USBの鍵")).status == 200
    assert [factor.name for factor in await factors(world)] == ["認証アプリ", "USBの鍵"]
    world.clock.advance(minutes=2)
    for way in ("app", "key"):
        again = Browser(world.app)
        await log_in(again)
        page = await again.get("/login/second")
        answer = {"code": code_at(world, secret)} if way == "app" else {"credential": passkey.get(options_of(page))}
        assert (await again.post("/login/second", form=answer)).status == 303, way


@pytest.mark.parametrize("path", ["/account/factors/new", "/account/codes", "/account/factors/x/remove", "/account/password"])
async def test_an_open_screen_is_not_enough(world: World, path: str) -> None:
    browser, _ = await signed_in(world)
    answer = await browser.post(path, password="ちがう合言葉です", new=NEW, again=NEW)
    assert (answer.status, "いまのパスワードが違います" in answer.text) == (401, True)


async def test_the_last_factor_stays_and_another_can_go(world: World) -> None:
    browser, _ = await signed_in(world)
    [app] = await factors(world)
    assert (await browser.post(f"/account/factors/{app.id}/remove", password=PASSWORD)).status == 422
    await browser.post("/account/factors/new", password=PASSWORD)
    secret = secret_of(await browser.get("/account/factors/new"))
    await browser.post("/account/factors", code=code_at(world, secret))
    assert (await browser.post(f"/account/factors/{app.id}/remove", password=PASSWORD)).status == 200
    assert len(await factors(world)) == 1


async def test_new_codes_replace_the_old_ones(world: World) -> None:
    _, _, old = await enrolled(world, "other")
    browser, _ = await signed_in(world)
    new = codes_of(await browser.post("/account/codes", password=PASSWORD))
    assert len(new) == 10
    assert not set(new) & set(old)


async def test_a_new_password_puts_the_other_browsers_out_and_not_this_one(world: World) -> None:
    browser, secret = await signed_in(world)
    world.clock.advance(minutes=2)
    other = Browser(world.app)
    await log_in(other)
    await other.post("/login/second", code=code_at(world, secret))
    assert (await browser.post("/account/password", password=PASSWORD, new=NEW, again=NEW)).status == 200
    assert [(await one.get("/")).status for one in (browser, other)] == [200, 303]
    assert [(await log_in(Browser(world.app), password=word)).status for word in (PASSWORD, NEW)] == [401, 303]


async def test_sessions_are_listed_by_their_browser_and_end_one_by_one(world: World) -> None:
    browser, secret = await signed_in(world)
    world.clock.advance(minutes=2)
    other = Browser(world.app)
    await log_in(other)
    await other.post("/login/second", code=code_at(world, secret))
    page = await browser.get("/account")
    assert page.text.count("この端末</span>") == 1
    session_id = page.text.split("/account/sessions/")[1].split("/")[0]
    assert (await browser.post(f"/account/sessions/{session_id}/end")).status == 200
    assert [(await one.get("/")).status for one in (browser, other)] == [200, 303]


async def test_nobody_ends_the_session_of_somebody_else(world: World) -> None:
    browser, _ = await signed_in(world)
    victim = await world.staff("suzuki")
    theirs = await world.viewer(victim)
    assert (await browser.post(f"/account/sessions/{theirs.session_id}/end")).status == 404


@pytest.mark.parametrize(("role", "first"), [(Role.COUNSELLOR, "/"), (Role.OPERATOR, "/staff"), (Role.STATISTICS, "/statistics")])
async def test_everybody_begins_on_a_page_that_the_role_may_see(world: World, role: Role, first: str) -> None:
    _, secret, _ = await enrolled(world, "tanaka", role)
    world.clock.advance(minutes=2)
    browser = Browser(world.app)
    await log_in(browser)
    answer = await browser.post("/login/second", code=code_at(world, secret))
    assert answer.headers["location"] == f"/console{first}"
    assert (await browser.get(first)).status == 200
