"""Duty as rows: reading the roster, coming and going, and the weekly plan."""

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import delete, select

from handoff.accounts.models import Staff, StaffWindow
from handoff.accounts.permissions import GRANTS
from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.desk.errors import TextError
from handoff.desk.window_rules import parse_clock, served_windows
from handoff.duty.absence import today_of
from handoff.duty.models import RECEPTION, Absence, DutyChange, DutySlot
from handoff.duty.plan import Roster
from intake.base.clock import TOKYO
from intake.base.database import ReadSession, WriteSession
from intake.base.errors import NotFoundError
from intake.base.ids import new_id
from routing.city import City
from routing.hours import closing_time

USUAL_STAY = timedelta(hours=4)
"""So long somebody is on duty who comes out of hours and does not say until when."""
LONGEST_STAY = timedelta(hours=16)
MOST_SLOTS = 200
_MOST_PLACES = 20


async def load_roster(session: ReadSession, city: City, now: datetime) -> Roster:
    """Return the duty of a municipality, in four queries."""
    fit = (Staff.municipality == city.key, Staff.disabled_at.is_(None), Staff.role.in_(GRANTS[Permission.ANSWER]))
    windows = select(Staff.id, Staff.display_name, Staff.role, StaffWindow.window_id).outerjoin(
        StaffWindow, StaffWindow.staff_id == Staff.id
    )
    names: dict[str, str] = {}
    serving: dict[str, set[str]] = {}
    for row in await session.execute(windows.where(*fit)):
        names[row.id] = row.display_name
        reception = (RECEPTION,) if row.role in GRANTS[Permission.READ_UNASSIGNED] else ()
        for window in (row.window_id or "", *reception):
            serving.setdefault(window, set()).add(row.id)
    slots: dict[str, list[DutySlot]] = {}
    changes: dict[str, dict[str, DutyChange]] = {}
    for slot in await session.scalars(select(DutySlot).where(DutySlot.municipality == city.key)):
        if slot.staff_id in serving.get(slot.window_id, ()):
            slots.setdefault(slot.window_id, []).append(slot)
    live = select(DutyChange).where(DutyChange.municipality == city.key, DutyChange.until > now, DutyChange.at <= now)
    for change in await session.scalars(live.order_by(DutyChange.id)):
        if change.staff_id in serving.get(change.window_id, ()):
            changes.setdefault(change.window_id, {})[change.staff_id] = change
    away = (Absence.municipality == city.key, Absence.ended_at.is_(None), Absence.last_day >= today_of(now))
    absences = (await session.scalars(select(Absence).where(*away).order_by(Absence.id))).all()
    newest = {window: tuple(by_person.values()) for window, by_person in changes.items()}
    serve = {window: frozenset(people) for window, people in serving.items()}
    return Roster(names=names, slots=slots, changes=newest, serving=serve, closed_days=city.closed_days, absences=absences)


def check_window(viewer: Viewer, window_id: str) -> None:
    """Refuse a window that is not the viewer's."""
    if window_id not in served_windows(viewer):
        raise NotFoundError("この窓口は見つかりません。")


def usual_end(city: City | None, now: datetime) -> datetime:
    """Return until when somebody who comes now is on duty: the end of the hours of staff, else some hours."""
    end = None if city is None else closing_time(city.staff_hours, city.closed_days, now)
    return end if end is not None and end - now <= LONGEST_STAY else now + USUAL_STAY


def parse_until(text: str, city: City | None, now: datetime) -> datetime:
    """Return the moment that a clock time of the form means: today, or tomorrow where that time is over. Empty is the usual end."""
    if not text.strip():
        return usual_end(city, now)
    local = now.astimezone(TOKYO)
    end = datetime.combine(local.date(), parse_clock(text), TOKYO)
    end = end if end > local else end + timedelta(days=1)
    if end - local > LONGEST_STAY:
        raise TextError(f"当番に入れるのは、一度に{LONGEST_STAY.seconds // 3600}時間までです。")
    return end.astimezone(now.tzinfo)


async def come(session: WriteSession, viewer: Viewer, window_id: str, *, until: datetime, now: datetime) -> None:
    """Be on duty from now on, for as long as is said."""
    _change(session, viewer, window_id, comes=True, until=until, now=now)


async def go(session: WriteSession, viewer: Viewer, window_id: str, *, now: datetime) -> None:
    """Be off duty for the rest of the day, whatever the plan says."""
    midnight = datetime.combine(now.astimezone(TOKYO).date() + timedelta(days=1), time(0), TOKYO)
    _change(session, viewer, window_id, comes=False, until=midnight.astimezone(now.tzinfo), now=now)


def _change(session: WriteSession, viewer: Viewer, window_id: str, *, comes: bool, until: datetime, now: datetime) -> None:
    check_permission(viewer, Permission.ANSWER)
    check_window(viewer, window_id)
    place = {"municipality": viewer.municipality, "window_id": window_id, "staff_id": viewer.staff_id}
    session.add(DutyChange(id=new_id(now), comes=comes, at=now, until=until, **place))


async def plan_duty(
    session: WriteSession,
    viewer: Viewer,
    window_id: str,
    *,
    staff_id: str,
    weekdays: Collection[int],
    starts: time,
    ends: time,
    holidays: bool,
    place: int,
    now: datetime,
) -> None:
    """Add lines to the weekly plan of one of the viewer's windows."""
    check_permission(viewer, Permission.TAKE_OVER)
    check_window(viewer, window_id)
    if staff_id not in {one.id for one in await able_staff(session, viewer, window_id)}:
        raise TextError("当番にする職員を、一覧から選んでください。")
    days = sorted(set(weekdays))
    if not days or not set(days) <= set(range(7)):
        raise TextError("曜日を一つ以上選んでください。")
    if not 1 <= place <= _MOST_PLACES:
        raise TextError(f"呼び出しの順番は1〜{_MOST_PLACES}にしてください。")
    mine = (DutySlot.municipality == viewer.municipality, DutySlot.window_id == window_id)
    known = (await session.scalars(select(DutySlot.id).where(*mine))).all()
    if len(known) + len(days) > MOST_SLOTS:
        raise TextError(f"一つの窓口の当番表は{MOST_SLOTS}行までです。")
    where = {"municipality": viewer.municipality, "window_id": window_id, "staff_id": staff_id}
    for day in days:
        slot = DutySlot(id=new_id(now), weekday=day, starts=starts, ends=ends, holidays=holidays, place=place, **where)
        slot.set_by, slot.set_at = viewer.staff_id, now
        session.add(slot)


async def drop_slot(session: WriteSession, viewer: Viewer, slot_id: str) -> None:
    """Take a line out of the weekly plan."""
    check_permission(viewer, Permission.TAKE_OVER)
    slot = await session.get(DutySlot, slot_id)
    if slot is None or slot.municipality != viewer.municipality or slot.window_id not in served_windows(viewer):
        raise NotFoundError("この当番は見つかりません。")
    await session.execute(delete(DutySlot).where(DutySlot.id == slot.id))


async def able_staff(session: ReadSession, viewer: Viewer, window_id: str) -> Sequence[Staff]:
    """Return who can be put on the plan of a window: they may answer, and the window is theirs."""
    fit = (Staff.municipality == viewer.municipality, Staff.disabled_at.is_(None), Staff.role.in_(GRANTS[Permission.ANSWER]))
    query = select(Staff).where(*fit).order_by(Staff.display_name, Staff.id)
    if window_id == RECEPTION:
        return (await session.scalars(query.where(Staff.role.in_(GRANTS[Permission.READ_UNASSIGNED])))).all()
    serving = select(StaffWindow.staff_id).where(StaffWindow.window_id == window_id)
    return (await session.scalars(query.where(Staff.id.in_(serving)))).all()
