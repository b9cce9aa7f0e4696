"""Somebody is away: who stands in is on duty, is told, and may answer; nothing waits for whoever is not there."""

from datetime import date, timedelta

import pytest

from handoff.accounts.errors import NotAllowedError
from handoff.accounts.models import Role, Staff
from handoff.accounts.viewer import Viewer
from handoff.alarms.audience import Case, audience, candidates
from handoff.desk import actions
from handoff.desk.errors import TextError
from handoff.duty import absence
from handoff.duty.models import RECEPTION
from handoff.duty.plan import Roster
from handoff.duty.service import load_roster
from intake.base.errors import NotFoundError
from intake.conversations.models import Conversation
from tests.alarms.support import on_plan
from tests.duty.test_promise import at, city_of
from tests.handoff.support import OTHER_WINDOW, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TODAY = date(2026, 4, 7)


async def away(world: World, who: Staff, stand_in: Staff, *, by: Staff | None = None, first: date = TODAY, days: int = 1) -> None:
    viewer = await world.viewer(by or who)
    last = first + timedelta(days=days - 1)
    async with world.database.write() as session:
        await absence.set_absence(session, viewer, staff_id=who.id, first=first, last=last, stand_in_id=stand_in.id, now=world.clock.now())


async def roster(world: World) -> Roster:
    async with world.database.read() as session:
        return await load_roster(session, city_of(world), world.clock.now())


async def held_by(world: World, staff: Staff) -> Conversation:
    talk, viewer = await world.talk(), await world.viewer(staff)
    async with world.database.write() as session:
        await actions.claim(session, viewer, talk.id, now=world.clock.now())
    return talk


async def taken_by(world: World, viewer: Viewer, talk: Conversation) -> Conversation:
    epoch = (await world.row(talk)).epoch
    async with world.database.write() as session:
        reason, now = "不在のあいだの代わり", world.clock.now()
        return await actions.take_over(session, world.ring, viewer, talk.id, epoch=epoch, reason=reason, now=now)


async def test_whoever_stands_in_has_the_duty_of_those_days_and_no_other(world: World) -> None:
    one, two = [await world.staff(login, Role.RECEPTION) for login in ("a", "b")]
    await on_plan(world, one)
    await away(world, one, two)
    found = await roster(world)
    assert [on.staff_id for on in found.on_duty(RECEPTION, at(10))] == [two.id]
    assert [on.staff_id for on in found.on_duty(RECEPTION, at(10, day=8))] == [one.id]
    assert found.is_open(RECEPTION, (), at(10))


async def test_where_nobody_can_stand_in_at_a_window_it_is_closed_on_those_days(world: World) -> None:
    one, two = await world.staff("a", Role.RECEPTION), await world.staff("b")
    await on_plan(world, one)
    await away(world, one, two)
    found = await roster(world)
    assert found.on_duty(RECEPTION, at(10)) == ()
    hours, _ = found.hours(RECEPTION, (), at(10))
    assert {opening.valid_to for opening in hours} == {date(2026, 4, 6), None}
    assert {opening.valid_from for opening in hours} == {date(2026, 4, 8), None}


async def test_what_the_absent_one_is_told_the_stand_in_is_told_too_and_is_called_next(world: World) -> None:
    one, two = await world.staff("a"), await world.staff("b")
    await away(world, one, two)
    case, found, city, now = Case(owner=one.id, window_id=None), await roster(world), city_of(world), world.clock.now()
    assert audience(case, found, city, now) == (one.id, two.id)
    called = candidates(case, found, city, leaders=(), contacts=(), now=now)
    assert [person.staff_id for person in called[:2]] == [one.id, two.id]


async def test_whoever_stands_in_may_take_a_talk_over_and_nobody_else_who_may_not(world: World) -> None:
    one, two, three = [await world.staff(login) for login in ("a", "b", "c")]
    talk = await held_by(world, one)
    with pytest.raises(NotAllowedError):
        await taken_by(world, await world.viewer(two), talk)
    await away(world, one, two)
    with pytest.raises(NotAllowedError):
        await taken_by(world, await world.viewer(three), talk)
    assert (await taken_by(world, await world.viewer(two), talk)).owner == two.id


async def test_the_talk_says_that_its_holder_is_away_and_offers_the_stand_in_to_take_it(world: World) -> None:
    one, two, three = [await world.staff(login, name=login) for login in ("a", "b", "c")]
    talk = await held_by(world, one)
    await away(world, one, two, days=3)
    page = (await (await world.browser(two)).get(f"/talks/{talk.id}")).text
    assert "aさんは4月9日まで不在です。代わりはあなたです" in page
    assert "担当を引き継ぐ" in page
    other = (await (await world.browser(three)).get(f"/talks/{talk.id}")).text
    assert "代わりはbさんです" in other
    assert "担当を引き継ぐ" not in other
    assert "不在・あなたが代わり" in (await (await world.browser(two)).get("/companions")).text


async def test_one_notes_the_own_absence_on_the_page_and_ends_it_there(world: World) -> None:
    one, two = await world.staff("a", name="佐藤"), await world.staff("b", name="鈴木")
    browser = await world.browser(one)
    sent = await browser.post("/duty/absences", first="2026-04-07", last="2026-04-10", stand_in=two.id)
    assert sent.status == 303
    page = (await browser.get("/duty")).text
    assert "4月7日〜4月10日" in page
    viewer = await world.viewer(one)
    async with world.database.read() as session:
        (known,) = await absence.absences(session, viewer, world.clock.now())
    assert (await browser.post(f"/duty/absences/{known.id}/end")).status == 303
    assert "不在の予定はありません" in (await browser.get("/duty")).text


async def test_an_absence_is_ones_own_or_of_those_whose_duty_one_plans(world: World) -> None:
    one, two = await world.staff("a"), await world.staff("b")
    boss, stranger = await world.staff("boss", Role.MANAGER), await world.staff("x", windows=(OTHER_WINDOW,))
    with pytest.raises(NotAllowedError):
        await away(world, one, two, by=two)
    with pytest.raises(NotFoundError):
        await away(world, stranger, two, by=boss)
    with pytest.raises(TextError, match="代わりの職員"):
        await away(world, one, stranger)
    with pytest.raises(TextError, match="代わりの職員"):
        await away(world, one, one)
    with pytest.raises(TextError, match="期間"):
        await away(world, one, two, first=TODAY - timedelta(days=3))
    await away(world, one, two, by=boss)
    with pytest.raises(TextError, match="もう不在"):
        await away(world, one, two)
    viewer = await world.viewer(two)
    async with world.database.write() as session:
        (known,) = await absence.absences(session, viewer, world.clock.now())
        with pytest.raises(NotAllowedError):
            await absence.end_absence(session, viewer, known.id, now=world.clock.now())
