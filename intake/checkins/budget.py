"""How many pushes are left for check-ins: alarms and the answers of people come first, and the month is shared out by working days."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import ColumnElement, func, select

from intake.base.database import ReadSession, WriteSession
from intake.checkins.calendar import Calendar
from intake.checkins.models import LineQuota, PushBudget
from intake.outbox.models import OutboxItem
from routing.hours import TOKYO


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What an account may push in a month, and what it has pushed."""

    limit: int | None
    reserve: int
    by_people: int
    """Pushes that were no check-ins, also those of which only LINE knows."""
    by_checkins: int
    elsewhere: int = 0
    """How many of ``by_people`` did not come from here, e.g. were sent from LINE's own pages."""

    @property
    def for_checkins(self) -> int | None:
        """How many check-ins the whole month bears: what people need beyond the reserve is taken from them."""
        return None if self.limit is None else max(0, self.limit - max(self.reserve, self.by_people))


def month_of(now: datetime) -> str:
    """Return the month in Japan, by which LINE counts: 2026-04."""
    return f"{now.astimezone(TOKYO):%Y-%m}"


def left_today(allowance: Allowance, calendar: Calendar, now: datetime) -> int | None:
    """Return how many check-ins may still go out today; None without a limit. Each working day adds its share, unused shares stay."""
    total = allowance.for_checkins
    if total is None:
        return None
    today = now.astimezone(TOKYO).date()
    working = [day for day in _days(today) if calendar.spans(day)]
    passed = sum(day <= today for day in working)
    share = -(-total * passed // len(working)) if working else total
    return max(0, share - allowance.by_checkins)


async def hold_budget(session: WriteSession, account: str, now: datetime) -> PushBudget | None:
    """Return the budget of an account, held until the transaction ends so that two workers never spend the same push."""
    budget = await session.scalar(
        select(PushBudget).where(PushBudget.account == account).with_for_update().execution_options(populate_existing=True)
    )
    if budget is not None and budget.month != month_of(now):
        budget.month, budget.used = month_of(now), 0
    return budget


async def allowance_of(session: ReadSession, budget: PushBudget | None, now: datetime) -> Allowance:
    """Return what an account has left, as its rows and LINE's last answer say; of two limits the smaller counts.

    Where nobody has said how much is kept for people, it is half.
    """
    quota = None if budget is None else await session.get(LineQuota, budget.account)
    limits = [row.monthly_limit for row in (budget, quota) if row is not None and row.monthly_limit is not None]
    if budget is None or not limits:
        return Allowance(limit=None, reserve=0, by_people=0, by_checkins=0)
    limit, begin = min(limits), _month_start(now)
    people = await _pushed(session, OutboxItem.account == budget.account, OutboxItem.first_push_at >= begin, OutboxItem.not_after.is_(None))
    elsewhere = 0
    if quota is not None and quota.asked_at is not None and quota.asked_at >= begin:
        before = (OutboxItem.first_push_at >= begin, OutboxItem.first_push_at <= quota.asked_at)
        elsewhere = max(0, quota.used - await _pushed(session, OutboxItem.account == budget.account, *before))
    return Allowance(
        limit=limit,
        reserve=budget.reserve if budget.set_at or budget.reserve else limit // 2,
        by_people=people + elsewhere,
        by_checkins=budget.used if budget.month == month_of(now) else 0,
        elsewhere=elsewhere,
    )


async def _pushed(session: ReadSession, *which: ColumnElement[bool]) -> int:
    return await session.scalar(select(func.count()).select_from(OutboxItem).where(*which)) or 0


def _month_start(now: datetime) -> datetime:
    there = now.astimezone(TOKYO)
    return datetime.combine(date(there.year, there.month, 1), time(0), TOKYO).astimezone(UTC)


def _days(day: date) -> list[date]:
    return [day.replace(day=number) for number in range(1, monthrange(day.year, day.month)[1] + 1)]
