"""What managers see of check-ins, without names: the coming week, what the pushes will bear, and what came of it all."""

from calendar import monthrange
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select

from handoff.accounts.viewer import Viewer
from intake.base.database import ReadSession
from intake.checkins.budget import Allowance, allowance_of
from intake.checkins.calendar import Calendar
from intake.checkins.models import CheckinContact, CheckinPlan, ContactState, LineQuota, PushBudget
from intake.checkins.plan import End
from intake.checkins.quota import OLD
from routing.hours import TOKYO

WEEK = 7
_MOST = 50_000
_APRIL = 4
_WENT = (ContactState.SAID, ContactState.SENT, ContactState.UNCERTAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of the coming week."""

    day: date
    words: int
    works: bool
    """False on days on which nothing goes out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What the pushes of an account bear until the end of the month."""

    account: str
    allowance: Allowance
    own_limit: int | None
    """The limit that the municipality has set itself."""
    planned: int
    """Check-ins that are planned until the end of the month."""
    put_off: int
    quota: LineQuota | None
    """What LINE said last; None where it was never asked."""
    old: bool
    """Whether that is too long ago to be trusted."""

    @property
    def missing(self) -> int:
        """How many of the planned ones will be put off, as it looks today."""
        total = self.allowance.for_checkins
        return 0 if total is None else max(0, self.planned - max(0, total - self.allowance.by_checkins))


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What came of the check-ins of a fiscal year."""

    since: date
    enrolled: int
    sent: int
    answered: int
    wrote_again: int
    """Enrolled residents who have written since they agreed."""
    ended: dict[End, int]

    @property
    def by_choice(self) -> int:
        """How many residents ended them by their own choice."""
        return self.ended.get(End.RESIDENT, 0) + self.ended.get(End.STOPPED, 0)


async def coming_week(session: ReadSession, viewer: Viewer, calendar: Calendar, now: datetime) -> list[Day]:
    """Return how many words are planned for each of the next seven days; what is overdue counts for the first day that works."""
    today = now.astimezone(TOKYO).date()
    planned = (CheckinPlan.municipality == viewer.municipality, CheckinPlan.next_at < _start(today + timedelta(days=WEEK)))
    real = CheckinPlan.next_at < CheckinPlan.next_not_after
    moments = await session.scalars(select(CheckinPlan.next_at).where(*planned, real).limit(_MOST))
    days = [today + timedelta(days=ahead) for ahead in range(WEEK)]
    overdue = next((day for day in days if _works(calendar, day)), today)
    counts = Counter(moment.astimezone(TOKYO).date() if moment >= now else overdue for moment in moments if moment is not None)
    return [Day(day=day, words=counts[day], works=_works(calendar, day)) for day in days]


def _works(calendar: Calendar, day: date) -> bool:
    return any(not calendar.is_paused(end - timedelta(seconds=1)) for _, end in calendar.spans(day))


async def forecast(session: ReadSession, viewer: Viewer, now: datetime) -> list[Forecast]:
    """Return what is left and what is planned, for each account that the municipality has told us about or uses."""
    budgets = {row.account: row for row in await session.scalars(select(PushBudget).where(PushBudget.municipality == viewer.municipality))}
    used = await session.scalar(select(CheckinPlan.account).where(CheckinPlan.municipality == viewer.municipality).limit(1))
    accounts = sorted({*budgets, *([used] if used else [])})
    return [await _forecast(session, viewer, account, budgets.get(account), now) for account in accounts]


async def _forecast(session: ReadSession, viewer: Viewer, account: str, budget: PushBudget | None, now: datetime) -> Forecast:
    mine = (CheckinPlan.municipality == viewer.municipality, CheckinPlan.account == account)
    until = (CheckinPlan.next_at < _month_end(now), CheckinPlan.next_at < CheckinPlan.next_not_after)
    planned = await session.scalar(select(func.count()).select_from(CheckinPlan).where(*mine, *until)) or 0
    put_off = await session.scalar(select(func.count()).select_from(CheckinPlan).where(*mine, CheckinPlan.deferrals > 0)) or 0
    quota = await session.get(LineQuota, account)
    return Forecast(
        account=account,
        allowance=await allowance_of(session, budget, now),
        own_limit=None if budget is None else budget.monthly_limit,
        planned=planned,
        put_off=put_off,
        quota=quota,
        old=quota is not None and quota.asked_at is not None and now - quota.asked_at > OLD,
    )


async def load_effect(session: ReadSession, viewer: Viewer, now: datetime) -> Effect:
    """Return the figures of the running fiscal year. Each counts plans or words, never names."""
    today = now.astimezone(TOKYO).date()
    since = date(today.year if today.month >= _APRIL else today.year - 1, _APRIL, 1)
    begin, city = _start(since), viewer.municipality
    words = (CheckinContact.municipality == city, CheckinContact.decided_at >= begin, CheckinContact.state.in_(_WENT))
    sent, answered = (
        await session.execute(select(func.count(), func.count(CheckinContact.answered_at)).select_from(CheckinContact).where(*words))
    ).one()
    plans = select(func.count(), func.count().filter(CheckinPlan.heard_at > CheckinPlan.consent_at)).select_from(CheckinPlan)
    enrolled, again = (await session.execute(plans.where(CheckinPlan.municipality == city, CheckinPlan.ended_at.is_(None)))).one()
    ends = select(CheckinPlan.end_reason, func.count()).where(CheckinPlan.municipality == city, CheckinPlan.ended_at >= begin)
    rows = (await session.execute(ends.group_by(CheckinPlan.end_reason))).all()
    ended = {reason: count for reason, count in rows if reason is not None}
    return Effect(since=since, enrolled=enrolled, sent=sent, answered=answered, wrote_again=again, ended=ended)


def _start(day: date) -> datetime:
    return datetime.combine(day, time(0), TOKYO).astimezone(UTC)


def _month_end(now: datetime) -> datetime:
    today = now.astimezone(TOKYO).date()
    return _start(today.replace(day=monthrange(today.year, today.month)[1]) + timedelta(days=1))
