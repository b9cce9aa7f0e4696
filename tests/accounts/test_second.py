"""Nobody gets in with a password alone."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select, update

from handoff.accounts.config import AccountsConfig
from handoff.accounts.factor_models import RecoveryCode, SecondFactor
from handoff.accounts.models import Staff, StaffSession
from handoff.audit.models import Action, AuditEntry
from tests.accounts.support import Passkey, code_at, codes_of, enrolled, log_in, options_of, person, secret_of
from tests.handoff.support import Answer, Browser, World


async def actions(world: World) -> list[Action]:
    async with world.database.read() as session:
        return list(await session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)))


async def second(world: World, secret: str, code: str | None = None) -> tuple[Browser, Answer]:
    browser = Browser(world.app)
    assert (await log_in(browser)).headers["location"] == "/console/login/second"
    return browser, await browser.post("/login/second", code=code or code_at(world, secret))


async def test_the_first_login_registers_an_app_and_shows_ten_codes_once(world: World) -> None:
    browser, secret, codes = await enrolled(world)
    assert len(set(codes)) == 10
    assert (await browser.get("/")).status == 200
    async with world.database.read() as session:
        factor = (await session.scalars(select(SecondFactor))).one()
        hashes = (await session.scalars(select(RecoveryCode.code_hash))).all()
    assert factor.sealed_secret is not None
    assert secret.encode() not in factor.sealed_secret
    assert world.ring.open(factor.sealed_secret, factor.place()) == secret
    assert not {code.replace("-", "") for code in codes} & set(hashes)


async def test_the_password_alone_opens_nothing(world: World) -> None:
    await enrolled(world)
    browser = Browser(world.app)
    await log_in(browser)
    async with world.database.read() as session:
        assert len((await session.scalars(select(StaffSession))).all()) == 1
    assert (await browser.get("/")).headers["location"] == "/console/login"
    assert (await browser.get("/login/enrol")).status == 401


async def test_a_code_works_once(world: World) -> None:
    _, secret, _ = await enrolled(world)
    world.clock.advance(minutes=2)
    code = code_at(world, secret)
    browser, first = await second(world, secret, code)
    assert (first.status, (await browser.get("/")).status) == (303, 200)
    _, again = await second(world, secret, code)
    assert again.status == 401


async def test_the_code_that_registered_the_app_does_not_also_log_in(world: World) -> None:
    _, secret, _ = await enrolled(world)
    assert (await second(world, secret))[1].status == 401


async def test_one_code_given_twice_at_the_same_moment_opens_one_session(world: World) -> None:
    _, secret, _ = await enrolled(world)
    world.clock.advance(minutes=2)
    browser, copy = Browser(world.app), Browser(world.app)
    await log_in(browser)
    copy.cookies.update(browser.cookies)
    answers = await asyncio.gather(*(one.post("/login/second", code=code_at(world, secret)) for one in (browser, copy)))
    assert sorted(answer.status for answer in answers) == [303, 401]


@pytest.mark.parametrize(("late", "status"), [(-31, 401), (-30, 303), (0, 303), (59, 303), (60, 401)])
async def test_a_clock_may_differ_by_half_a_minute(world: World, late: int, status: int) -> None:
    _, secret, _ = await enrolled(world)
    world.clock.advance(minutes=5)
    code = pyotp.TOTP(secret).at(world.clock.now() + timedelta(seconds=late))
    assert (await second(world, secret, code))[1].status == status


async def test_a_recovery_code_stands_in_once_however_it_is_typed(world: World) -> None:
    _, secret, codes = await enrolled(world)
    typed = codes[3].upper().replace("-", " ")
    assert (await second(world, secret, typed))[1].status == 303
    assert (await second(world, secret, codes[3]))[1].status == 401
    assert (await second(world, secret, codes[4]))[1].status == 303
    assert Action.CODE_USED in await actions(world)


async def test_a_passkey_is_registered_and_lets_in(world: World) -> None:
    staff = await person(world)
    browser, passkey = Browser(world.app), Passkey()
    await log_in(browser)
    credential = passkey.create(options_of(await browser.get("/login/enrol")))
    assert len(codes_of(await browser.post("/login/enrol", credential=credential, name="窓口のパソコン"))) == 10
    async with world.database.read() as session:
        factor = (await session.scalars(select(SecondFactor))).one()
    assert (factor.staff_id, factor.name, factor.sealed_secret) == (staff.id, "窓口のパソコン", None)
    again = Browser(world.app)
    await log_in(again)
    credential = passkey.get(options_of(await again.get("/login/second")))
    assert (await again.post("/login/second", credential=credential)).status == 303
    assert (await again.get("/")).status == 200


@pytest.mark.parametrize("fault", ["another site", "another key", "an old answer", "a counter that went back", "no json", "another person"])
async def test_a_passkey_answer_that_does_not_hold_is_refused(world: World, fault: str) -> None:
    await person(world)
    browser, passkey = Browser(world.app), Passkey()
    await log_in(browser)
    await browser.post("/login/enrol", credential=passkey.create(options_of(await browser.get("/login/enrol"))))
    again = Browser(world.app)
    await log_in(again)
    old = passkey.get(options_of(await again.get("/login/second")))
    if fault == "another person":
        await person(world, "suzuki")
        other = Browser(world.app)
        await log_in(other, "suzuki")
        await other.post("/login/enrol", credential=Passkey(credential_id=b"hers").create(options_of(await other.get("/login/enrol"))))
        again = Browser(world.app)
        await log_in(again, "suzuki")
    elif fault == "an old answer":
        await log_in(again)
    options = options_of(await again.get("/login/second"))
    answers: dict[str, Callable[[], str]] = {
        "another site": lambda: passkey.get(options, origin="http://desk.test.evil.example"),
        "another key": lambda: Passkey().get(options),
        "an old answer": lambda: old,
        "a counter that went back": lambda: Passkey(key=passkey.key, count=-1).get(options),
        "no json": lambda: "{",
        "another person": lambda: passkey.get(options),
    }
    assert (await again.post("/login/second", credential=answers[fault]())).status == 401
    assert (await again.get("/")).status == 303


async def test_after_five_wrong_answers_the_login_begins_anew(world: World) -> None:
    await enrolled(world)
    browser = Browser(world.app)
    await log_in(browser)
    for _ in range(5):
        world.clock.advance(seconds=31)
        assert (await browser.post("/login/second", code="000000")).status == 401
    world.clock.advance(seconds=31)
    answer = await browser.post("/login/second", code="000000")
    assert "はじめから" in answer.text


async def test_who_knows_the_password_and_guesses_on_is_locked_out_and_it_goes_on_record(world: World) -> None:
    _, secret, _ = await enrolled(world)
    browser = Browser(world.app)
    statuses = []
    for attempt in range(10):
        world.clock.advance(seconds=31)
        if attempt % 5 == 0:
            await log_in(browser)
        statuses.append((await browser.post("/login/second", code="000000")).status)
    assert statuses == [401] * 9 + [403]
    world.clock.advance(seconds=31)
    refused = await log_in(Browser(world.app))
    assert (refused.status, "一時停止" in refused.text) == (403, True)
    assert "一時停止" not in (await log_in(Browser(world.app), password="ちがう合言葉です")).text
    assert Action.LOCKED in await actions(world)
    world.clock.advance(minutes=61)
    assert (await second(world, secret))[1].status == 303


async def test_guesses_at_the_second_factor_are_slowed_down(world: World) -> None:
    await enrolled(world)
    browser = Browser(world.app)
    await log_in(browser)
    statuses = [(await browser.post("/login/second", code="000000")).status for _ in range(4)]
    assert statuses == [401, 401, 401, 429]


async def test_a_step_ends_after_its_time(world: World) -> None:
    _, secret, _ = await enrolled(world)
    browser = Browser(world.app)
    await log_in(browser)
    world.clock.advance(seconds=AccountsConfig().step.total_seconds())
    assert (await browser.post("/login/second", code=code_at(world, secret))).status == 401


async def test_a_closed_account_does_not_get_past_the_second_factor(world: World) -> None:
    _, secret, _ = await enrolled(world)
    world.clock.advance(minutes=2)
    browser = Browser(world.app)
    await log_in(browser)
    async with world.database.write() as session:
        await session.execute(update(Staff).values(disabled_at=world.clock.now()))
    assert (await browser.post("/login/second", code=code_at(world, secret))).status == 401


async def test_a_wrong_code_registers_nothing_and_the_same_seed_can_be_tried_again(world: World) -> None:
    await person(world)
    browser = Browser(world.app)
    await log_in(browser)
    first = secret_of(await browser.get("/login/enrol"))
    assert (await browser.post("/login/enrol", code="000000")).status == 401
    assert secret_of(await browser.get("/login/enrol")) == first
    assert (await browser.post("/login/enrol", code=code_at(world, first))).status == 200


async def test_the_demo_asks_for_no_second_factor_and_says_that_it_is_one(world: World) -> None:
    staff = await person(world)
    async with world.database.write() as session:
        await session.execute(update(Staff).where(Staff.id == staff.id).values(demo=True))
    browser = Browser(world.app)
    assert (await log_in(browser)).headers["location"] == "/console/"
    assert "架空のもの" in (await browser.get("/")).text
