"""不在と代わり: who is away on which days, and who stands in. Nobody's talks wait for somebody who is not there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select

from handoff.accounts.models import Staff, StaffWindow
from handoff.accounts.permissions import GRANTS
from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.desk.errors import TextError
from handoff.duty.models import Absence
from intake.base.clock import TOKYO
from intake.base.database import ReadSession, WriteSession
from intake.base.errors import NotFoundError
from intake.base.ids import new_id
from intake.conversations.models import Conversation

_FARTHEST = timedelta(days=366)
MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceView:
    """One absence in words."""

    id: str
    staff_id: str
    who: str
    first: date
    last: date
    stand_in: str
    stand_in_id: str
    touchable: bool
    """Whether the viewer may end it."""


def today_of(now: datetime) -> date:
    """Return the day in Japan."""
    return now.astimezone(TOKYO).date()


async def set_absence(
    session: WriteSession, viewer: Viewer, *, staff_id: str, first: date, last: date, stand_in_id: str, now: datetime
) -> None:
    """Note that somebody is away from one day to another, and who stands in: for oneself, or by those who plan duty for colleagues."""
    check_permission(viewer, Permission.ANSWER)
    if staff_id != viewer.staff_id:
        check_permission(viewer, Permission.TAKE_OVER)
    near = {one.id for one in await near_staff(session, viewer)}
    if staff_id not in near:
        raise NotFoundError("この職員は見つかりません。")
    if stand_in_id == staff_id or stand_in_id not in near:
        raise TextError("代わりの職員を、一覧から選んでください。")
    today = today_of(now)
    if last < first or last < today or last > today + _FARTHEST:
        raise TextError("不在の期間は、今日から1年のうちで、はじめの日から順に入力してください。")
    known = await absences(session, viewer, now)
    if len(known) >= MOST:
        raise TextError(f"不在の予定は{MOST}件までです。")
    if any(one.staff_id == staff_id and one.first <= last and first <= one.last for one in known):
        raise TextError("この期間には、もう不在の予定があります。先にそれを取り消してください。")
    row = Absence(id=new_id(now), municipality=viewer.municipality, staff_id=staff_id, stand_in_id=stand_in_id)
    row.first_day, row.last_day, row.set_by, row.set_at = first, last, viewer.staff_id, now
    session.add(row)


async def end_absence(session: WriteSession, viewer: Viewer, absence_id: str, *, now: datetime) -> None:
    """Take an absence back, or end it early."""
    check_permission(viewer, Permission.ANSWER)
    row = await session.get(Absence, absence_id)
    near = {one.id for one in await near_staff(session, viewer)}
    if row is None or row.municipality != viewer.municipality or row.staff_id not in near:
        raise NotFoundError("この不在の予定は見つかりません。")
    if row.staff_id != viewer.staff_id:
        check_permission(viewer, Permission.TAKE_OVER)
    row.ended_at = row.ended_at or now


async def near_staff(session: ReadSession, viewer: Viewer) -> Sequence[Staff]:
    """Return the viewer, and those who may answer in one of the viewer's windows."""
    fit = (Staff.municipality == viewer.municipality, Staff.disabled_at.is_(None), Staff.role.in_(GRANTS[Permission.ANSWER]))
    theirs = select(StaffWindow.staff_id).where(StaffWindow.window_id.in_(viewer.windows))
    near = select(Staff).where(*fit, Staff.id.in_(theirs) | (Staff.id == viewer.staff_id))
    return (await session.scalars(near.order_by(Staff.display_name, Staff.id))).all()


async def absences(session: ReadSession, viewer: Viewer, now: datetime) -> Sequence[AbsenceView]:
    """Return the absences of today and later among the viewer's colleagues, the next first."""
    near = {one.id: one.display_name for one in await near_staff(session, viewer)}
    live = (Absence.municipality == viewer.municipality, Absence.ended_at.is_(None), Absence.last_day >= today_of(now))
    query = select(Absence, Staff.display_name).join(Staff, Staff.id == Absence.stand_in_id).where(*live, Absence.staff_id.in_(near))
    rows = await session.execute(query.order_by(Absence.first_day, Absence.id).limit(MOST))
    return [
        AbsenceView(
            id=row.Absence.id,
            staff_id=row.Absence.staff_id,
            who=near[row.Absence.staff_id],
            first=row.Absence.first_day,
            last=row.Absence.last_day,
            stand_in=row.display_name,
            stand_in_id=row.Absence.stand_in_id,
            touchable=row.Absence.staff_id == viewer.staff_id or viewer.may(Permission.TAKE_OVER),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """That the holder of a talk is away today."""

    last: date
    stand_in: str
    is_viewer: bool
    """Whether the viewer is the one who stands in."""


async def away_of(session: ReadSession, viewer: Viewer, conversation_id: str, now: datetime) -> Away | None:
    """Tell that whoever holds a talk is away, and who stands in; None where they are there. One query."""
    query = (
        select(Absence.last_day, Absence.stand_in_id, Staff.display_name)
        .join(Conversation, Conversation.owner == Absence.staff_id)
        .join(Staff, Staff.id == Absence.stand_in_id)
        .where(Conversation.id == conversation_id, Conversation.closed_at.is_(None), *_today(now))
    )
    row = (await session.execute(query.limit(1))).first()
    return None if row is None else Away(last=row.last_day, stand_in=row.display_name, is_viewer=row.stand_in_id == viewer.staff_id)


async def stood_in_for(session: ReadSession, viewer: Viewer, now: datetime) -> frozenset[str]:
    """Return for whom the viewer stands in today."""
    return frozenset(await session.scalars(select(Absence.staff_id).where(Absence.stand_in_id == viewer.staff_id, *_today(now))))


async def stands_in(session: ReadSession, viewer: Viewer, staff_id: str | None, now: datetime) -> bool:
    """Tell whether the viewer stands in for somebody today."""
    return staff_id is not None and staff_id in await stood_in_for(session, viewer, now)


def _today(now: datetime) -> tuple[ColumnElement[bool], ...]:
    today = today_of(now)
    return (Absence.ended_at.is_(None), Absence.first_day <= today, Absence.last_day >= today)
