"""Leaving a resident in peace: by hand, or because a next contact of staff is planned."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.checkins import sweep_all
from handoff.accounts.models import Role
from handoff.desk.companions import STEP_RESTS, contact_done, plan_contact
from intake.base.clock import TOKYO
from intake.checkins.models import CheckinContact, CheckinPlan, ContactHold, ContactState, HoldKind
from intake.checkins.service import CheckinContext
from intake.conversations.models import Conversation
from tests.checkins.test_outreach import enrolled, plan_of
from tests.handoff.conftest import cities, world
from tests.handoff.support import OTHER_WINDOW, World

__all__ = ["cities", "world"]

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def holds(world: World) -> list[ContactHold]:
    async with world.database.read() as session:
        return list(await session.scalars(select(ContactHold).order_by(ContactHold.id)))


async def sweep_when_due(world: World, plan: CheckinPlan) -> CheckinContact:
    """Let the next word of a plan become due and be judged; returns it."""
    due = (await plan_of(world, plan)).next_at
    assert due is not None
    world.clock.advance(seconds=(due - world.clock.now()).total_seconds() + 1)
    await sweep_all(world.database, CheckinContext(ring=world.ring, cities=world.context.cities), world.clock)
    async with world.database.read() as session:
        query = select(CheckinContact).where(CheckinContact.plan_id == plan.id).order_by(CheckinContact.due_at.desc())
        return (await session.scalars(query)).all()[0]


async def test_staff_leave_a_resident_in_peace_and_the_next_word_is_planned_after_it(world: World) -> None:
    plan, staff = await enrolled(world), await world.staff("a", name="相談員 佐藤")
    browser = await world.browser(staff)
    assert (await browser.post(f"/outreach/plans/{plan.id}/holds", kind="bereavement", length="forty_nine_days")).status == 303
    (hold,) = await holds(world)
    assert (hold.kind, hold.made_by, hold.until) == (HoldKind.BEREAVEMENT, staff.id, world.clock.now() + timedelta(days=49))
    after = await plan_of(world, plan)
    assert after.next_at is not None
    assert hold.until is not None
    assert after.next_at >= hold.until
    page = (await browser.get(f"/outreach/plans/{plan.id}")).text
    assert "お便りを控えています（ご不幸のあと）" in page
    assert "相談員 佐藤さんが" in page
    assert "職員が控えています（ご不幸のあと）" in (await browser.get("/outreach")).text
    assert (await browser.post(f"/outreach/plans/{plan.id}/holds/{hold.id}/lift")).status == 303
    (hold,) = await holds(world)
    assert (hold.lifted_at, hold.lifted_by) == (world.clock.now(), staff.id)
    again = await plan_of(world, plan)
    assert again.next_at is not None
    assert again.next_at < world.clock.now() + timedelta(days=12)


async def test_a_hold_without_an_end_is_looked_at_again_and_sends_nothing(world: World) -> None:
    plan, browser = await enrolled(world), await world.browser(await world.staff("a"))
    await browser.post(f"/outreach/plans/{plan.id}/holds", kind="away", length="until_lifted")
    for _ in range(3):
        contact = await sweep_when_due(world, plan)
        assert (contact.state, contact.reason) == (ContactState.REFUSED, "talk")
        again = (await plan_of(world, plan)).next_at
        assert again is not None
        assert again - world.clock.now() >= timedelta(days=6), "a hold does not fill the picture with a try a day"


async def test_only_who_sees_the_plan_sets_a_hold_and_another_persons_hold_is_not_lifted(world: World) -> None:
    plan, other = await enrolled(world), await enrolled(world, "かえで 200")
    browser = await world.browser(await world.staff("a"))
    stranger = await world.browser(await world.staff("b", windows=(OTHER_WINDOW,)))
    form = {"kind": "away", "length": "two_weeks"}
    assert (await stranger.post(f"/outreach/plans/{plan.id}/holds", form=form)).status == 404
    assert (await browser.post(f"/outreach/plans/{plan.id}/holds", form={**form, "kind": "x"})).status == 422
    await browser.post(f"/outreach/plans/{plan.id}/holds", form=form)
    (hold,) = await holds(world)
    await browser.post(f"/outreach/plans/{other.id}/holds/{hold.id}/lift")
    assert (await holds(world))[0].lifted_at is None


async def test_a_planned_contact_of_staff_is_a_step_that_check_ins_wait_for(world: World) -> None:
    plan, staff = await enrolled(world), await world.staff("a", Role.SUPERVISOR)
    viewer, now = await world.viewer(staff), world.clock.now()
    due_on = now.astimezone(TOKYO).date() + timedelta(days=20)
    async with world.database.write() as session:
        talk = await session.get_one(Conversation, plan.conversation_id)
        await plan_contact(session, world.ring, viewer, talk.id, due_on=due_on, plan="訪問", now=now)
    (hold,) = await holds(world)
    assert (hold.kind, hold.resident_id) == (HoldKind.CASE_STEP, plan.resident_id)
    assert hold.until is not None
    assert timedelta(days=19) < hold.until - now - STEP_RESTS < timedelta(days=21)
    contact = await sweep_when_due(world, plan)
    assert (contact.state, contact.reason) == (ContactState.REFUSED, "talk")
    async with world.database.write() as session:
        await contact_done(session, viewer, talk.id, now=world.clock.now())
    assert (await holds(world))[0].lifted_at == world.clock.now()
