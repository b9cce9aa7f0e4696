"""Bodies that work windows for the city: who belongs to them, what they work, and what happens when the contract ends."""

import pytest
from sqlalchemy import select

from handoff.accounts.models import Organisation, OrganisationKind, OrganisationWindow, Role, Staff, StaffOrganisation
from handoff.audit.models import Action, AuditEntry
from handoff.desk import actions
from intake.base.ids import new_id
from intake.dialogue.turn import Controller
from tests.accounts.support import HASH, log_in
from tests.handoff.support import OTHER_CITY, OTHER_WINDOW, WINDOW, Answer, Browser, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NAME = "社会福祉法人 みどり会"


async def operator(world: World) -> Browser:
    return await world.browser(await world.staff("root", Role.OPERATOR, windows=()))


async def body(world: World, browser: Browser, name: str = NAME, *people: Staff, windows: str = "") -> str:
    """An organisation made through the page; its id."""
    assert (await browser.post("/organisations", name=name, kind="entrusted")).status == 200
    async with world.database.read() as session:
        key = (await session.scalars(select(Organisation.id).where(Organisation.name == name))).one()
    if windows:
        assert (await browser.post(f"/organisations/{key}/windows", windows=windows)).status == 200
    for one in people:
        assert (await browser.post(f"/organisations/{key}/staff", staff=one.id)).status == 200
    return key


async def details(world: World) -> list[str]:
    chosen = select(AuditEntry.details).where(AuditEntry.action == Action.ORGANISATION_CHANGED).order_by(AuditEntry.seq)
    async with world.database.read() as session:
        return list(await session.scalars(chosen))


async def end(browser: Browser, key: str, to: str = "") -> Answer:
    return await browser.post(f"/organisations/{key}/end", to=to, sure="true")


async def test_a_body_is_added_named_given_windows_and_people_and_each_step_is_on_record(world: World) -> None:
    browser, worker = await operator(world), await world.staff("tanaka")
    key = await body(world, browser, NAME, worker, windows=WINDOW)
    assert (await browser.post(f"/organisations/{key}/name", name="みどり会　本部")).status == 200
    page = (await browser.get("/organisations")).text
    assert "みどり会 本部" in page
    assert "くらしの相談" in page.split("みどり会 本部")[1]
    assert "みどり会 本部" in (await browser.get("/staff")).text
    assert await details(world) == ["added:entrusted", f"windows:{WINDOW}", f"staff_in:{worker.id}", "renamed"]


async def invited(browser: Browser, organisation: str) -> Answer:
    form = {"login": "suzuki", "display_name": "すずき", "role": "counsellor", "windows": WINDOW, "organisation": organisation}
    return await browser.post("/staff", form=form)


async def test_an_invited_person_belongs_to_the_chosen_body_from_the_start(world: World) -> None:
    browser = await operator(world)
    key = await body(world, browser, NAME)
    assert NAME in (await browser.get("/staff")).text.split("所属する団体")[1]
    assert (await invited(browser, key)).status == 200
    async with world.database.read() as session:
        staff = (await session.scalars(select(Staff).where(Staff.login == "suzuki"))).one()
        assert (await session.get_one(StaffOrganisation, staff.id)).organisation_id == key
    assert await details(world) == ["added:entrusted", f"staff_in:{staff.id}"]


@pytest.mark.parametrize(("role", "status"), [(Role.MANAGER, 403), (Role.OPERATOR, 422)])
async def test_nobody_is_invited_into_a_body_by_who_may_not_place_people_or_after_its_contract(
    world: World, role: Role, status: int
) -> None:
    root = await operator(world)
    key = await body(world, root, NAME)
    if role is Role.OPERATOR:
        await end(root, key)
    browser = root if role is Role.OPERATOR else await world.browser(await world.staff("chief", role))
    assert "所属する団体" not in (await browser.get("/staff")).text
    assert (await invited(browser, key)).status == status
    async with world.database.read() as session:
        assert await session.scalar(select(Staff.id).where(Staff.login == "suzuki")) is None


async def test_the_record_tells_every_manager_which_body_works_what(world: World) -> None:
    browser, worker = await operator(world), await world.staff("tanaka", name="相談員 田中")
    await body(world, browser, NAME, worker, windows=WINDOW)
    page = (await (await world.browser(await world.staff("chief", Role.MANAGER, windows=(OTHER_WINDOW,)))).get("/audit")).text
    assert "所属に入れた：相談員 田中（tanaka）" in page
    assert f"受け持つ窓口：{WINDOW}" in page
    assert NAME in page


async def test_a_window_is_worked_by_one_body_at_a_time(world: World) -> None:
    browser = await operator(world)
    first, second = await body(world, browser, windows=WINDOW), await body(world, browser, "NPO はるかぜ")
    refused = await browser.post(f"/organisations/{second}/windows", windows=WINDOW)
    assert (refused.status, "ほかの団体が受け持っています" in refused.text) == (422, True)
    assert (await browser.post(f"/organisations/{first}/windows")).status == 200
    assert (await browser.post(f"/organisations/{second}/windows", windows=WINDOW)).status == 200


async def test_who_joins_another_body_has_left_the_first(world: World) -> None:
    browser, worker = await operator(world), await world.staff("tanaka")
    first, second = await body(world, browser, NAME, worker), await body(world, browser, "NPO はるかぜ", worker)
    async with world.database.read() as session:
        assert (await session.scalars(select(StaffOrganisation.organisation_id))).all() == [second]
    assert (await browser.post(f"/organisations/{first}/staff/out", staff=worker.id)).status == 404
    assert (await browser.post(f"/organisations/{second}/staff/out", staff=worker.id)).status == 200


@pytest.mark.parametrize("name", ["", "　", "あ" * 61, NAME])
async def test_a_name_is_neither_empty_nor_too_long_nor_given_twice(world: World, name: str) -> None:
    browser = await operator(world)
    await body(world, browser)
    assert (await browser.post("/organisations", name=name, kind="entrusted")).status == 422


async def test_the_end_of_a_contract_puts_its_people_out_and_hands_their_talks_on(world: World) -> None:
    browser, heir = await operator(world), await world.staff("heir")
    leaver, other = await world.staff("tanaka", windows=(WINDOW, OTHER_WINDOW)), await world.staff("sato")
    inherited, waiting, theirs = await world.talk(), await world.talk(window=OTHER_WINDOW), await world.talk()
    for staff, talk in ((leaver, inherited), (leaver, waiting), (other, theirs)):
        viewer = await world.viewer(staff)
        async with world.database.write() as session:
            await actions.claim(session, viewer, talk.id, now=world.clock.now())
    at_work = await world.browser(leaver)
    key = await body(world, browser, NAME, leaver, windows=WINDOW)
    assert (await browser.post(f"/organisations/{key}/end", to=heir.id)).status == 422
    assert (await at_work.get("/")).status == 200
    assert (await end(browser, key, heir.id)).status == 200
    assert (await at_work.get("/")).headers["location"] == "/console/login"
    assert (await world.row(inherited)).owner == heir.id
    assert ((await world.row(waiting)).owner, (await world.row(waiting)).controller) == (None, Controller.WAITING)
    assert (await world.row(theirs)).owner == other.id
    async with world.database.read() as session:
        assert (await session.scalars(select(OrganisationWindow))).all() == []
    assert (await details(world))[-1] == "ended:1"


async def test_nobody_inherits_from_the_own_body_and_then_nothing_has_ended(world: World) -> None:
    browser = await operator(world)
    first, second = await world.staff("tanaka"), await world.staff("sato")
    key = await body(world, browser, NAME, first, second)
    assert (await end(browser, key, second.id)).status == 422
    async with world.database.read() as session:
        assert (await session.scalars(select(Staff.disabled_at).where(Staff.id == first.id))).one() is None
        assert (await session.get_one(Organisation, key)).ended_at is None


async def test_an_operator_does_not_put_the_own_account_out(world: World) -> None:
    browser, other = await operator(world), await world.staff("root2", Role.OPERATOR, windows=())
    async with world.database.read() as session:
        me = (await session.scalars(select(Staff).where(Staff.login == "root"))).one()
    key = await body(world, await world.browser(other), NAME, me)
    assert (await end(browser, key)).status == 422
    assert (await browser.get("/organisations")).status == 200


async def test_what_has_ended_takes_nobody_in_and_its_people_come_back_only_elsewhere(world: World) -> None:
    browser, worker = await operator(world), await world.staff("tanaka", password_hash=HASH)
    key = await body(world, browser, NAME, worker)
    await end(browser, key)
    assert (await end(browser, key)).status == 422
    assert (await browser.post(f"/organisations/{key}/windows", windows=WINDOW)).status == 422
    refused = await browser.post(f"/staff/{worker.id}/reopen")
    assert (refused.status, "先に「団体と受け持ち」で所属を変えてください" in refused.text) == (422, True)
    assert (await browser.post(f"/organisations/{key}/staff/out", staff=worker.id)).status == 200
    assert (await browser.post(f"/staff/{worker.id}/reopen")).status == 200
    assert (await log_in(Browser(world.app))).status != 401


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])
async def test_only_the_system_management_says_who_works_what(world: World, role: Role) -> None:
    key = await body(world, await operator(world))
    browser = await world.browser(await world.staff("me", role))
    asked = [await browser.get("/organisations"), await browser.get(f"/organisations/{key}"), await end(browser, key)]
    asked += [await browser.post(f"/organisations/{key}/{end_of}") for end_of in ("name", "windows", "staff", "staff/out")]
    assert {answer.status for answer in asked} == {403}


async def test_a_body_of_another_city_does_not_exist(world: World) -> None:
    now = world.clock.now()
    async with world.database.write() as session:
        row = Organisation(id=new_id(now), municipality=OTHER_CITY, name=NAME, kind=OrganisationKind.ENTRUSTED, created_at=now)
        session.add(row)
    browser = await operator(world)
    asked = [await browser.get(f"/organisations/{row.id}"), await end(browser, row.id)]
    asked += [
        await browser.post(f"/organisations/{row.id}/{end_of}", name="別の名前") for end_of in ("name", "windows", "staff", "staff/out")
    ]
    assert {answer.status for answer in asked} == {404}
    assert NAME not in (await browser.get("/organisations")).text
