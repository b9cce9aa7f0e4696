"""「当番」 and 「お知らせの受け方」 as people use them."""

import json

import pytest
from sqlalchemy import select

from handoff.accounts.models import Role
from handoff.alarms.models import Notice, NoticeChoice, StaffMail
from handoff.duty.models import DutyChange, DutySlot, EmergencyContact
from tests.alarms.support import EMERGENCY, notifier, on_plan
from tests.handoff.support import ASKED, OTHER_WINDOW, WINDOW, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_whoever_comes_is_shown_to_everybody_and_can_go_again(world: World) -> None:
    staff = await world.staff("uketsuke", Role.RECEPTION, name="相談員 田中")
    browser = await world.browser(staff)
    assert (await browser.post("/duty/windows/desk/come", until="12:00")).status == 303
    page = await browser.get("/duty")
    assert "相談員 田中</strong>さん（12:00まで）" in page.text
    assert "受付は、いま開いています。" in page.text
    world.clock.advance(seconds=6)
    assert 'hx-get="/console/duty/line"' in (await browser.get("/")).text
    assert "受付：相談員 田中" in (await browser.get("/duty/line")).text
    world.clock.advance(seconds=6)
    assert (await browser.post("/duty/windows/desk/go")).status == 303
    assert "受付は、いま閉じています。" in (await browser.get("/duty")).text


async def test_an_hour_that_is_none_is_told_in_words(world: World) -> None:
    browser = await world.browser(await world.staff("a", Role.RECEPTION))
    answer = await browser.post("/duty/windows/desk/come", until="いつか")
    assert answer.status == 422
    assert "「8:30」のように" in answer.text


async def test_only_those_of_a_window_come_on_duty_for_it(world: World) -> None:
    counsellor = await world.browser(await world.staff("a"))
    assert (await counsellor.post(f"/duty/windows/{OTHER_WINDOW}/come")).status == 404
    assert (await counsellor.post("/duty/windows/desk/come")).status == 404
    assert (await counsellor.post(f"/duty/windows/{WINDOW}/come")).status == 303
    async with world.database.read() as session:
        assert (await session.scalars(select(DutyChange.window_id))).all() == [WINDOW]


async def test_a_manager_plans_the_week_and_takes_a_line_out(world: World) -> None:
    staff = await world.staff("a")
    boss = await world.browser(await world.staff("boss", Role.MANAGER))
    form = {"staff": staff.id, "weekday": "1", "starts": "8:30", "ends": "17:15", "place": "1"}
    assert (await boss.post(f"/duty/windows/{WINDOW}/slots", form=form)).status == 303
    assert "08:30〜17:15" in (await boss.get("/duty")).text
    async with world.database.read() as session:
        slot = (await session.scalars(select(DutySlot))).one()
    other = await world.browser(await world.staff("other", Role.MANAGER, windows=(OTHER_WINDOW,)))
    assert (await other.post(f"/duty/slots/{slot.id}/drop")).status == 404
    counsellor = await world.browser(staff)
    assert (await counsellor.post(f"/duty/slots/{slot.id}/drop")).status == 403
    assert (await counsellor.post(f"/duty/windows/{WINDOW}/slots", form=form)).status == 403
    assert (await boss.post(f"/duty/slots/{slot.id}/drop")).status == 303


async def test_nobody_is_planned_who_does_not_work_for_the_window(world: World) -> None:
    stranger = await world.staff("a", windows=(OTHER_WINDOW,))
    boss = await world.browser(await world.staff("boss", Role.MANAGER))
    form = {"staff": stranger.id, "weekday": "1", "starts": "8:30", "ends": "17:15"}
    assert (await boss.post(f"/duty/windows/{WINDOW}/slots", form=form)).status == 422


async def test_the_plan_for_emergencies_is_kept_and_shown_beside_a_danger_that_nobody_is_there_for(world: World) -> None:
    boss = await world.browser(await world.staff("boss", Role.MANAGER))
    answer = await boss.post("/duty/contacts", name="宿日直", phone="000-0000-0001", mail="", note="裏口の電話", place="1")
    assert answer.status == 303
    assert (await boss.post("/duty/contacts", name="だれか", mail="なし")).status == 422
    talk = await world.talk(effects=(ASKED, EMERGENCY))
    page = await boss.get(f"/talks/{talk.id}")
    assert "当番がいません。緊急連絡計画1：<strong>宿日直</strong> 000-0000-0001" in page.text
    async with world.database.read() as session:
        contact = (await session.scalars(select(EmergencyContact))).one()
    assert (await boss.post(f"/duty/contacts/{contact.id}/drop")).status == 303
    assert "宿日直" not in (await boss.get("/duty")).text.split("連絡先を足す")[0]


async def test_the_calls_of_an_emergency_are_read_by_whoever_may_see_the_talk(world: World) -> None:
    staff = await world.staff("a", name="相談員 田中")
    await on_plan(world, staff, window=WINDOW)
    talk = await world.talk(handle="すみれ 042", effects=(ASKED, EMERGENCY))
    await notifier(world).work()
    browser = await world.browser(staff)
    assert "当番：相談員 田中" in (await browser.get("/duty")).text
    assert "まだだれも確認していません" in (await browser.get(f"/talks/{talk.id}")).text
    world.clock.advance(minutes=4)
    await browser.post(f"/talks/{talk.id}/alarms")
    await notifier(world).work()
    assert "相談員 田中さんが確認（4分）" in (await browser.get("/duty")).text
    stranger = await world.browser(await world.staff("b", windows=(OTHER_WINDOW,)))
    assert "すみれ" not in (await stranger.get("/duty")).text


async def test_the_table_of_notices_is_kept_and_the_address_is_sealed(world: World) -> None:
    browser = await world.browser(await world.staff("a"))
    form = {"wanted": "emergency.mail", "address": "watashi@example.jp"}
    assert (await browser.post("/notices", form=form)).status == 303
    page = await browser.get("/notices")
    assert 'value="watashi@example.jp"' in page.text
    async with world.database.read() as session:
        choices = {(row.kind.value, row.way.value): row.wanted for row in await session.scalars(select(NoticeChoice))}
        sealed = (await session.scalars(select(StaffMail.sealed_address))).one()
    assert choices[("emergency", "sound")] is False
    assert ("emergency", "mail") not in choices, "what is usual needs no row"
    assert b"watashi" not in sealed
    assert (await browser.post("/notices", form={"address": "だれか@"})).status == 422


async def test_a_switched_off_way_is_not_used(world: World) -> None:
    staff = await world.staff("a")
    await on_plan(world, staff, window=WINDOW)
    browser = await world.browser(staff)
    await browser.post("/notices", form={"wanted": "emergency.desktop"})
    await world.talk(effects=(ASKED, EMERGENCY))
    await notifier(world).work()
    (notice,) = json.loads((await browser.get("/notices/new")).text)
    assert (notice["kind"], notice["desktop"], notice["sound"]) == ("emergency", True, False)
    assert set(notice) == {"id", "kind", "title", "talk", "desktop", "sound"}
    async with world.database.read() as session:
        row = (await session.scalars(select(Notice))).one()
    assert json.loads((await browser.get(f"/notices/new?after={row.id}")).text) == []


async def test_nobody_reads_the_notices_of_another(world: World) -> None:
    staff = await world.staff("a")
    await on_plan(world, staff, window=WINDOW)
    await world.talk(effects=(ASKED, EMERGENCY))
    await notifier(world).work()
    other = await world.browser(await world.staff("b"))
    assert json.loads((await other.get("/notices/new")).text) == []
