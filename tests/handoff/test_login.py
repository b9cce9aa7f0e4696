"""Getting in, staying in, and being put out."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from handoff.accounts.config import AccountsConfig
from handoff.accounts.errors import AccountDataError
from handoff.accounts.models import FailedLogin, Staff, StaffSession
from handoff.accounts.passwords import Passwords
from handoff.accounts.sessions import token_hash
from handoff.accounts.staff import check_new_staff, disable_staff
from handoff.accounts.throttle import delay_after
from tests.handoff.conftest import secured
from tests.handoff.support import CITY, PASSWORD, Answer, Browser, World


@pytest.fixture
async def tanaka(world: World) -> Staff:
    """An invented person, of whom no second factor is asked; those with one are in ``tests/accounts``."""
    staff = await world.staff("tanaka", password_hash=await Passwords().hash(PASSWORD))
    async with world.database.write() as session:
        await session.execute(update(Staff).where(Staff.id == staff.id).values(demo=True))
    return staff


async def log_in(browser: Browser, login: str = "tanaka", password: str = PASSWORD) -> Answer:
    return await browser.post("/login", municipality=CITY, login=login, password=password)


async def test_the_right_words_open_a_session_whose_token_the_database_does_not_hold(world: World, tanaka: Staff) -> None:
    browser = Browser(world.app)
    answer = await log_in(browser)
    assert (answer.status, answer.headers["location"]) == (303, "/console/")
    async with world.database.read() as session:
        row = (await session.scalars(select(StaffSession))).one()
    token = browser.cookies["tsunagi_session"]
    assert (row.staff_id, row.token_hash) == (tanaka.id, token_hash(token))
    assert token not in row.token_hash
    assert (await browser.get("/")).status == 200


@pytest.mark.usefixtures("tanaka")
async def test_the_cookie_is_closed_to_scripts_other_sites_and_plain_http(world: World) -> None:
    cookie = next(found for found in (await log_in(Browser(secured(world).app))).cookies if "tsunagi=" in found)
    name, *attributes = cookie.split("; ")
    assert name.startswith("__Host-tsunagi=")
    assert {"HttpOnly", "Secure", "SameSite=strict", "Path=/"} <= set(attributes)
    assert not any(attribute.lower().startswith("domain") for attribute in attributes)


@pytest.mark.usefixtures("tanaka")
async def test_an_unknown_name_and_a_wrong_password_read_the_same(world: World) -> None:
    wrong = await log_in(Browser(world.app), password="ちがう合言葉です")
    unknown = await log_in(Browser(world.app), login="nobody")
    assert (wrong.status, wrong.text.replace("tanaka", "nobody")) == (401, unknown.text)


@pytest.mark.usefixtures("tanaka")
async def test_a_login_typed_in_full_width_letters_is_the_same(world: World) -> None:
    assert (await log_in(Browser(world.app), login="ｔａｎａｋａ ")).status == 303


@pytest.mark.usefixtures("tanaka")
async def test_a_token_from_before_the_login_is_never_the_session(world: World) -> None:
    browser = Browser(world.app, cookies={"tsunagi_session": "planted"})
    await log_in(browser)
    assert browser.cookies["tsunagi_session"] != "planted"
    first = browser.cookies["tsunagi_session"]
    await log_in(browser)
    assert (await Browser(world.app, cookies={"tsunagi_session": first}).get("/")).status == 303


@pytest.mark.parametrize(("idle", "status"), [(timedelta(minutes=29), 200), (timedelta(minutes=30), 303)])
async def test_a_session_ends_after_half_an_hour_without_an_action(world: World, tanaka: Staff, idle: timedelta, status: int) -> None:
    browser = await world.browser(tanaka)
    world.clock.advance(seconds=idle.total_seconds())
    assert (await browser.get("/")).status == status


async def test_a_refresh_by_itself_keeps_no_session_alive_and_a_person_does(world: World, tanaka: Staff) -> None:
    idle, busy = await world.browser(tanaka), await world.browser(tanaka)
    for _ in range(2):
        world.clock.advance(minutes=16)
        await idle.get("/queue/rows", x_tsunagi_live="1")
        await busy.get("/queue/rows")
    assert (await idle.get("/")).status == 303
    assert (await busy.get("/")).status == 200


async def test_even_a_busy_session_ends_after_twelve_hours(world: World, tanaka: Staff) -> None:
    browser = await world.browser(tanaka)
    for _ in range(36):
        world.clock.advance(minutes=20)
        last = await browser.get("/")
    assert last.status == 303


async def test_logging_out_ends_the_session_everywhere(world: World, tanaka: Staff) -> None:
    browser = await world.browser(tanaka)
    copy = Browser(world.app, cookies=dict(browser.cookies))
    assert (await browser.post("/logout")).status == 303
    assert (await copy.get("/")).headers["location"] == "/console/login"


async def test_a_closed_account_is_out_at_its_next_request_and_cannot_come_back(world: World, tanaka: Staff) -> None:
    browser = await world.browser(tanaka)
    async with world.database.write() as session:
        await disable_staff(session, tanaka.id, world.clock.now())
    assert (await browser.get("/")).status == 303
    assert (await log_in(Browser(world.app))).status == 401


@pytest.mark.usefixtures("tanaka")
async def test_guessing_is_slowed_down_and_never_locked_out(world: World) -> None:
    browser = Browser(world.app)
    for _ in range(3):
        assert (await log_in(browser, password="ちがう合言葉です")).status == 401
    slowed = await log_in(browser)
    assert (slowed.status, slowed.headers["retry-after"]) == (429, "1")
    assert (await log_in(Browser(world.app, address="198.51.100.7"))).status == 303
    world.clock.advance(seconds=1)
    assert (await log_in(browser)).status == 303
    async with world.database.read() as session:
        left = (await session.scalars(select(FailedLogin))).all()
    assert left == []


@pytest.mark.usefixtures("tanaka")
async def test_a_hundred_guesses_at_once_are_not_all_the_first(world: World) -> None:

    answers = await asyncio.gather(*(log_in(Browser(world.app), password="ちがう合言葉です") for _ in range(20)))
    assert sorted(answer.status for answer in answers) == [401] * 3 + [429] * 17


def test_the_wait_grows_to_thirty_seconds_and_no_further() -> None:
    waits = [delay_after(failures, AccountsConfig()).total_seconds() for failures in (0, 2, 3, 4, 5, 6, 7, 8, 9, 1000)]
    assert waits == [0, 0, 1, 2, 4, 8, 16, 30, 30, 30]


async def test_a_login_is_taken_once_per_municipality(world: World, tanaka: Staff) -> None:
    with pytest.raises(AccountDataError):
        await world.staff("tanaka")
    assert (await world.staff("tanaka", municipality="sakata")).id != tanaka.id


@pytest.mark.parametrize(
    ("login", "name", "password"),
    [("", "名", PASSWORD), ("空 白", "名", PASSWORD), ("ok", " ", PASSWORD), ("ok", "名" * 21, PASSWORD), ("ok", "名", "みじかい")],
)
def test_an_account_that_cannot_be_is_refused_with_what_would_be_right(login: str, name: str, password: str) -> None:
    with pytest.raises(AccountDataError):
        check_new_staff(login, name, password, AccountsConfig())
