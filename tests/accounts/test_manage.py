"""Managers let people in, change what they may, and put them out; each only within what they answer for."""

import pytest
from sqlalchemy import select, update

from handoff.accounts.models import Role, Staff, StaffWindow
from handoff.audit.models import Action, AuditEntry
from handoff.desk import actions
from intake.dialogue.turn import Controller
from tests.accounts.support import HASH, code_at, enrolled, link_of, log_in, person, secret_of
from tests.handoff.support import OTHER_CITY, OTHER_WINDOW, PASSWORD, WINDOW, Browser, World

NEW = "あたらしい合言葉です"


async def manager(world: World, role: Role = Role.MANAGER, windows: tuple[str, ...] = (WINDOW,)) -> Browser:
    return await world.browser(await world.staff("chief", role, windows=windows))


async def row(world: World, login: str) -> Staff:
    async with world.database.read() as session:
        return (await session.scalars(select(Staff).where(Staff.login == login))).one()


async def windows(world: World, login: str) -> set[str]:
    found = await row(world, login)
    async with world.database.read() as session:
        return set(await session.scalars(select(StaffWindow.window_id).where(StaffWindow.staff_id == found.id)))


async def recorded(world: World, action: Action) -> list[AuditEntry]:
    async with world.database.read() as session:
        return list(await session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


async def test_an_invited_person_chooses_password_and_factor_and_is_in(world: World) -> None:
    chief = await manager(world)
    answer = await chief.post("/staff", login="sato", display_name="相談員 さくら", role="counsellor", windows=WINDOW)
    assert answer.status == 200, answer.text
    link, newcomer = link_of(answer), Browser(world.app)
    assert "相談員 さくら" in (await newcomer.get(link)).text
    assert (await newcomer.post(link, password="みじかい", again="みじかい")).status == 422
    assert (await newcomer.post(link, password=NEW, again=NEW + "x")).status == 422
    assert (await newcomer.post(link, password=NEW, again=NEW)).headers["location"] == "/console/login/enrol"
    secret = secret_of(await newcomer.get("/login/enrol"))
    assert (await newcomer.post("/login/enrol", code=code_at(world, secret))).status == 200
    assert (await newcomer.get("/")).status == 200
    assert (await Browser(world.app).get(link)).status == 404
    assert len(await recorded(world, Action.STAFF_INVITED)) == len(await recorded(world, Action.INVITATION_USED)) == 1


async def test_a_link_ends_after_its_time_and_when_a_new_one_is_made(world: World) -> None:
    chief = await manager(world)
    first = link_of(await chief.post("/staff", login="sato", display_name="佐藤", role="counsellor", windows=WINDOW))
    second = link_of(await chief.post(f"/staff/{(await row(world, 'sato')).id}/link", kind="password"))
    assert [(await Browser(world.app).get(link)).status for link in (first, second)] == [404, 200]
    world.clock.advance(minutes=60 * 72)
    assert (await Browser(world.app).get(second)).status == 404


async def test_who_was_invited_and_has_no_password_yet_does_not_get_in(world: World) -> None:
    await (await manager(world)).post("/staff", login="sato", display_name="佐藤", role="counsellor", windows=WINDOW)
    assert [(await log_in(Browser(world.app), "sato", word)).status for word in ("!", "", PASSWORD)] == [401] * 3


@pytest.mark.parametrize(
    ("role", "window", "status"),
    [
        ("counsellor", WINDOW, 200),
        ("supervisor", WINDOW, 200),
        ("counsellor", OTHER_WINDOW, 403),
        ("manager", WINDOW, 403),
        ("operator", WINDOW, 403),
        ("statistics", WINDOW, 403),
        ("counsellor", "nowhere", 403),
    ],
)
async def test_a_manager_gives_only_lower_roles_and_own_windows(world: World, role: str, window: str, status: int) -> None:
    answer = await (await manager(world)).post("/staff", login="sato", display_name="佐藤", role=role, windows=window)
    assert answer.status == status


async def test_nobody_widens_the_own_rights(world: World) -> None:
    for role in (Role.MANAGER, Role.OPERATOR):
        staff = await world.staff(role, role)
        browser = await world.browser(staff)
        assert (await browser.post(f"/staff/{staff.id}/rights", role="operator", windows=WINDOW)).status == 404


async def test_changed_rights_hold_from_the_next_request_and_go_on_record(world: World) -> None:
    chief, worker = await manager(world), await world.staff("tanaka")
    browser, talk = await world.browser(worker), await world.talk(window=None)
    assert (await browser.get(f"/talks/{talk.id}")).status == 404
    assert (await chief.post(f"/staff/{worker.id}/rights", role="reception", windows=WINDOW)).status == 200
    assert (await browser.get(f"/talks/{talk.id}")).status == 200
    [entry] = await recorded(world, Action.RIGHTS_CHANGED)
    assert (entry.subject, entry.details) == (worker.id, f"counsellor:{WINDOW} -> reception:{WINDOW}")


async def test_of_staff_of_two_windows_a_manager_moves_only_the_own_one(world: World) -> None:
    worker = await world.staff("tanaka", windows=(WINDOW, OTHER_WINDOW))
    chief = await manager(world)
    assert (await chief.post(f"/staff/{worker.id}/close")).status == 403
    assert (await chief.post(f"/staff/{worker.id}/rights", role="reception", windows=WINDOW)).status == 200
    assert await windows(world, "tanaka") == {WINDOW, OTHER_WINDOW}
    assert (await chief.post(f"/staff/{worker.id}/rights", role="reception")).headers["location"] == "/console/staff"
    assert await windows(world, "tanaka") == {OTHER_WINDOW}
    assert (await chief.get(f"/staff/{worker.id}")).status == 404


async def test_a_leaver_is_out_at_once_and_the_talks_go_to_the_colleague(world: World) -> None:
    leaver, heir = await world.staff("tanaka", windows=(WINDOW, OTHER_WINDOW)), await world.staff("suzuki")
    own, other = await world.talk(), await world.talk(window=OTHER_WINDOW)
    browser, viewer = await world.browser(leaver), await world.viewer(leaver)
    async with world.database.write() as session:
        for talk in (own, other):
            await actions.claim(session, viewer, talk.id, now=world.clock.now())
    before = (await world.row(own)).epoch
    chief = await manager(world, windows=(WINDOW, OTHER_WINDOW))
    assert (await chief.post(f"/staff/{leaver.id}/close", to=heir.id)).status == 200
    assert (await browser.get("/")).headers["location"] == "/console/login"
    moved, waiting = await world.row(own), await world.row(other)
    assert (moved.owner, moved.controller, moved.epoch) == (heir.id, Controller.STAFF, before + 1)
    assert (waiting.owner, waiting.controller) == (None, Controller.WAITING)
    [entry] = await recorded(world, Action.TALKS_HANDED_ON)
    assert entry.details == f"2 -> {heir.id}"


async def test_without_a_colleague_the_talks_wait_again(world: World) -> None:
    leaver, talk = await world.staff("tanaka"), await world.talk()
    viewer = await world.viewer(leaver)
    async with world.database.write() as session:
        await actions.claim(session, viewer, talk.id, now=world.clock.now())
    await (await manager(world)).post(f"/staff/{leaver.id}/close")
    assert (await world.row(talk)).controller is Controller.WAITING
    assert (await world.row(talk)).waiting_since is not None


async def test_a_forgotten_second_factor_needs_the_link_and_the_password(world: World) -> None:
    browser, old, codes = await enrolled(world)
    staff = await row(world, "tanaka")
    link = link_of(await (await manager(world)).post(f"/staff/{staff.id}/link", kind="factor"))
    thief, owner = Browser(world.app), Browser(world.app)
    assert (await thief.post(link, password="あてずっぽうの言葉")).status == 401
    world.clock.advance(minutes=2)
    assert (await owner.post(link, password=PASSWORD)).headers["location"] == "/console/login/enrol"
    assert (await browser.get("/")).status == 303
    secret = secret_of(await owner.get("/login/enrol"))
    assert (await owner.post("/login/enrol", code=code_at(world, old))).status == 401
    assert (await owner.post("/login/enrol", code=code_at(world, secret))).status == 200
    again = Browser(world.app)
    await log_in(again)
    assert (await again.post("/login/second", code=codes[0])).status == 401


async def test_a_new_password_does_not_get_around_the_second_factor(world: World) -> None:
    _, secret, _ = await enrolled(world)
    staff = await row(world, "tanaka")
    link = link_of(await (await manager(world)).post(f"/staff/{staff.id}/link", kind="password"))
    browser = Browser(world.app)
    assert (await browser.post(link, password=NEW, again=NEW)).headers["location"] == "/console/login/second"
    assert (await browser.get("/")).status == 303
    world.clock.advance(minutes=2)
    assert (await browser.post("/login/second", code=code_at(world, secret))).status == 303


async def test_who_once_had_a_factor_registers_none_by_the_password_alone(world: World) -> None:
    await person(world)
    async with world.database.write() as session:
        await session.execute(update(Staff).values(enrolled_at=world.clock.now()))
    assert (await log_in(Browser(world.app))).status == 403


async def test_a_closed_account_comes_back_with_a_link_only(world: World) -> None:
    chief = await manager(world)
    worker = await world.staff("tanaka", password_hash=HASH)
    await chief.post(f"/staff/{worker.id}/close")
    assert (await log_in(Browser(world.app))).status == 401
    link = link_of(await chief.post(f"/staff/{worker.id}/reopen"))
    assert (await Browser(world.app).post(link, password=NEW, again=NEW)).status == 303


async def test_an_operator_manages_all_of_the_own_city_and_nobody_elsewhere(world: World) -> None:
    operator = await manager(world, Role.OPERATOR, windows=())
    here, there = await world.staff("tanaka", windows=(OTHER_WINDOW,)), await world.staff("tanaka", municipality=OTHER_CITY)
    assert [(await operator.get(f"/staff/{staff.id}")).status for staff in (here, there)] == [200, 404]
    assert "chief" in (await operator.get("/staff")).text
