"""Leaving one resident in peace for a while: set and lifted by staff, with a reason of four, never with words about the person."""

from datetime import datetime, timedelta
from enum import StrEnum

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.desk.errors import TextError
from handoff.desk.outreach import hold_visible_plan
from intake.base.database import WriteSession
from intake.checkins.holds import By, Whom, held_until, hold_contact, lift_holds
from intake.checkins.models import CheckinPlan, ContactHold, HoldKind
from intake.checkins.service import calendar_for, replan
from intake.residents.models import Resident
from routing.city import City


class HoldFor(StrEnum):
    """For how long."""

    TWO_WEEKS = "two_weeks"
    FORTY_NINE_DAYS = "forty_nine_days"
    THREE_MONTHS = "three_months"
    UNTIL_LIFTED = "until_lifted"


FOR_WORDS: dict[HoldFor, str] = {
    HoldFor.TWO_WEEKS: "2週間",
    HoldFor.FORTY_NINE_DAYS: "49日間",
    HoldFor.THREE_MONTHS: "3か月",
    HoldFor.UNTIL_LIFTED: "終えるまで",
}
_LENGTHS = {HoldFor.TWO_WEEKS: timedelta(days=14), HoldFor.FORTY_NINE_DAYS: timedelta(days=49), HoldFor.THREE_MONTHS: timedelta(days=91)}


async def set_hold(
    session: WriteSession, city: City, viewer: Viewer, plan_id: str, kind: HoldKind, length: HoldFor, *, now: datetime
) -> None:
    """Leave the resident of a plan in peace. The resident's agreement goes on; nothing is said to them."""
    check_permission(viewer, Permission.ANSWER)
    plan, resident = await hold_visible_plan(session, viewer, plan_id)
    if plan.ended_at is not None:
        raise TextError("この声かけは終わっています。")
    until = now + _LENGTHS[length] if length in _LENGTHS else None
    hold_contact(session, Whom(plan.municipality, plan.resident_id), kind, By(viewer.staff_id, now), until=until)
    await session.flush()
    await _plan_anew(session, city, plan, resident, now)


async def lift_hold(session: WriteSession, city: City, viewer: Viewer, plan_id: str, hold_id: str, *, now: datetime) -> None:
    """End one hold. The next word is planned anew; nothing that was left out is made up for."""
    check_permission(viewer, Permission.ANSWER)
    plan, resident = await hold_visible_plan(session, viewer, plan_id)
    await lift_holds(session, By(viewer.staff_id, now), ContactHold.id == hold_id, ContactHold.resident_id == plan.resident_id)
    await _plan_anew(session, city, plan, resident, now)


async def _plan_anew(session: WriteSession, city: City, plan: CheckinPlan, resident: Resident, now: datetime) -> None:
    """Find the next word where one is planned; one that is being sent at this moment is judged by the hold itself."""
    if plan.ended_at is not None or plan.next_at is None:
        return
    rests = await held_until(session, [plan.resident_id], now)
    replan(plan, resident, await calendar_for(session, city, now), now, wait_until=rests.get(plan.resident_id))
