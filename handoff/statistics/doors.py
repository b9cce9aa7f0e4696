"""Figures that are counted at the doors, not by contact: check-ins, pushes, who has blocked the account."""

import json
from collections import Counter
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, or_, select, update

from handoff.statistics.figures import day_of
from handoff.statistics.models import DOORS, Grain, StatHead, StatTally
from handoff.statistics.periods import year_of
from handoff.statistics.sweep import Tallies, add_tallies, spread
from intake.base.clock import TOKYO
from intake.base.database import ReadSession, WriteSession
from intake.checkins.models import CheckinContact, ContactState, LineQuota, PushBudget
from intake.outbox.models import OutboxItem
from intake.residents.models import Resident

_PATIENCE = timedelta(minutes=10)
_LATE = timedelta(days=30)
"""An answer to a check-in may come so much later and still belongs to it."""
_WENT = frozenset({ContactState.SENT, ContactState.UNCERTAIN})


async def recount_doors(session: WriteSession, municipality: str, now: datetime) -> None:
    """Count the fiscal year at the doors anew, and in its first weeks the year before as well."""
    today = day_of(now)
    first = year_of(today - _LATE).first
    since = datetime(first.year, first.month, first.day, tzinfo=TOKYO)
    days: dict[date, Counter[str]] = {}
    await _checkins(session, municipality, since, days)
    await _pushes(session, municipality, since, days)
    for day, blocked in [
        *await _blocked_before(session, municipality, first, year_of(today).first),
        (today, await _blocked(session, municipality)),
    ]:
        days.setdefault(day, Counter())["blocked"] = blocked
    spans = (StatTally.municipality == municipality, StatTally.slice == DOORS, StatTally.bucket >= first)
    await session.execute(delete(StatTally).where(*spans), {"synchronize_session": False})
    session.expunge_all()
    tallies: Tallies = {}
    spread(tallies, [DOORS], days, 1)
    await add_tallies(session, municipality, tallies)


async def _checkins(session: WriteSession, municipality: str, since: datetime, days: dict[date, Counter[str]]) -> None:
    decided = select(CheckinContact.decided_at, CheckinContact.state, CheckinContact.answered_at).where(
        CheckinContact.municipality == municipality, CheckinContact.decided_at >= since
    )
    for at, state, answered_at in (await session.execute(decided)).all():
        if at is None:
            continue
        counts = days.setdefault(day_of(at), Counter())
        counts[f"checkin/{'sent' if state in _WENT else state.value}"] += 1
        if answered_at is not None:
            counts["checkin/answered"] += 1


async def _pushes(session: WriteSession, municipality: str, since: datetime, days: dict[date, Counter[str]]) -> None:
    accounts = (await session.scalars(select(PushBudget.account).where(PushBudget.municipality == municipality))).all()
    pushed = select(OutboxItem.first_push_at).where(OutboxItem.account.in_(accounts), OutboxItem.first_push_at >= since)
    for at in await session.scalars(pushed):
        if at is not None:
            counts = days.setdefault(day_of(at), Counter())
            counts["push"] += 1
            counts[f"push_in/{day_of(at):%Y-%m}"] += 1


async def push_limit(session: ReadSession, municipality: str) -> int | None:
    """Return how many pushes a month the accounts of a municipality have as it stands today; None where one has no limit, or none is set.

    Of what was set here and what LINE says the smaller one holds.
    """
    rows = select(PushBudget.monthly_limit, LineQuota.monthly_limit).outerjoin(LineQuota, LineQuota.account == PushBudget.account)
    accounts = (await session.execute(rows.where(PushBudget.municipality == municipality))).all()
    limits = [min((limit for limit in both if limit is not None), default=None) for both in accounts]
    known = [limit for limit in limits if limit is not None]
    return sum(known) if known and len(known) == len(limits) else None


async def _blocked(session: WriteSession, municipality: str) -> int:
    blocked = select(func.count()).select_from(Resident).where(Resident.municipality == municipality, Resident.blocked_at.is_not(None))
    return await session.scalar(blocked) or 0


async def _blocked_before(session: WriteSession, municipality: str, since: date, until: date) -> list[tuple[date, int]]:
    """Return what a year that is over was left with: who had blocked the account then is not known any more."""
    left = select(StatTally.bucket, StatTally.counts).where(
        StatTally.municipality == municipality,
        StatTally.slice == DOORS,
        StatTally.grain == Grain.DAY,
        StatTally.bucket >= since,
        StatTally.bucket < until,
    )
    counted = [(day, json.loads(counts).get("blocked", 0)) for day, counts in (await session.execute(left)).all()]
    return [(day, blocked) for day, blocked in counted if blocked]


async def sweep_doors(session: WriteSession, now: datetime) -> None:
    """Count the doors of every municipality anew that has not been looked at for a while."""
    heads = await session.scalars(select(StatHead).where(or_(StatHead.doors_at.is_(None), StatHead.doors_at < now - _PATIENCE)))
    for municipality in [head.municipality for head in heads]:
        await recount_doors(session, municipality, now)
        await session.execute(update(StatHead).where(StatHead.municipality == municipality).values(doors_at=now))
