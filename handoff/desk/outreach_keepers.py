"""Who knows an enrolled resident, and who takes over: a successor is named, and where the name changes the next word says so."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select, update

from handoff.accounts.models import Role, Staff, StaffWindow
from handoff.accounts.permissions import GRANTS
from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.desk.errors import TextError
from handoff.desk.outreach import hold_visible_plan, visible_plans
from intake.base.database import ReadSession, WriteSession
from intake.checkins.models import CheckinPlan
from routing.city import City


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody who answers residents."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Departed:
    """Somebody whose account is closed, and for how many residents they were the one who reads the answers."""

    id: str
    name: str
    plans: int


async def colleagues(session: ReadSession, viewer: Viewer, window_id: str | None = None) -> Sequence[Colleague]:
    """Return who may take over: open accounts of the municipality that answer residents, of one window where it is named."""
    answering = [role for role in Role if role in GRANTS[Permission.ANSWER]]
    query = select(Staff.id, Staff.display_name).where(
        Staff.municipality == viewer.municipality, Staff.disabled_at.is_(None), Staff.role.in_(answering)
    )
    if window_id is not None:
        query = query.where(Staff.id.in_(select(StaffWindow.staff_id).where(StaffWindow.window_id == window_id)))
    rows = await session.execute(query.order_by(Staff.display_name, Staff.id))
    return [Colleague(id=row.id, name=row.display_name) for row in rows]


async def departed_keepers(session: ReadSession, viewer: Viewer) -> Sequence[Departed]:
    """Return whose residents have nobody who knows them any more, as far as the viewer may see them."""
    going = (visible_plans(viewer), CheckinPlan.ended_at.is_(None), Staff.disabled_at.is_not(None))
    query = select(Staff.id, Staff.display_name, func.count()).join(CheckinPlan, CheckinPlan.staff_id == Staff.id).where(*going)
    rows = await session.execute(query.group_by(Staff.id, Staff.display_name).order_by(Staff.display_name))
    return [Departed(id=key, name=name, plans=count) for key, name, count in rows]


async def hand_over(session: WriteSession, viewer: Viewer, plan_id: str, *, city: City, window_id: str, staff_id: str) -> None:
    """Name who reads the answers of one resident from now on: a window, and where one is chosen a person of it.

    Another window is chosen by those who answer for the service. The resident learns of a changed name in the next word.
    """
    check_permission(viewer, Permission.ANSWER)
    plan, _ = await hold_visible_plan(session, viewer, plan_id)
    if window_id not in city.windows:
        raise TextError("引き継ぐ窓口を選んでください。")
    if window_id != plan.window_id:
        check_permission(viewer, Permission.TAKE_OVER)
    if staff_id and staff_id not in {one.id for one in await colleagues(session, viewer, window_id)}:
        raise TextError("その職員は、選んだ窓口の担当ではありません。窓口と職員を確かめてください。")
    plan.window_id, plan.staff_id = window_id, staff_id or None


async def replace_keeper(session: WriteSession, viewer: Viewer, before: str, after: str) -> None:
    """Give all residents of somebody who has left to a successor."""
    check_permission(viewer, Permission.TAKE_OVER)
    if after not in {one.id for one in await colleagues(session, viewer)}:
        raise TextError("後任の職員を選んでください。")
    if before not in {one.id for one in await departed_keepers(session, viewer)}:
        raise TextError("この職員の担当は、もう引き継がれています。")
    mine = select(CheckinPlan.id).where(visible_plans(viewer), CheckinPlan.staff_id == before, CheckinPlan.ended_at.is_(None))
    theirs = select(StaffWindow.window_id).where(StaffWindow.staff_id == after)
    known = or_(CheckinPlan.window_id.is_(None), CheckinPlan.window_id.in_(theirs))
    await session.execute(update(CheckinPlan).where(CheckinPlan.id.in_(mine), known).values(staff_id=after))
    await session.execute(update(CheckinPlan).where(CheckinPlan.id.in_(mine)).values(staff_id=None))
