"""Making the roll-ups anew from the facts, in short transactions beside the running service."""

from collections.abc import Callable

from sqlalchemy import func, select, update

from handoff.statistics.figures import FORMULA
from handoff.statistics.models import StatContact, StatHead, StatTally
from handoff.statistics.periods import Period, Span
from handoff.statistics.sweep import BATCH, count_units, recount_month
from intake.base.clock import Clock
from intake.base.database import Database
from intake.facts.models import Fact

Progress = Callable[[str], None]


async def rebuild(database: Database, municipality: str, clock: Clock, *, progress: Progress = lambda _: None) -> int:
    """Fold every contact anew, then add up every month anew from them. What comes in meanwhile is counted as well.

    Returns how many contacts there are. May be ended and begun again at any point.
    """
    count = await _fold_all(database, municipality, progress)
    await _add_up_all(database, municipality, progress)
    async with database.write() as session:
        await session.execute(update(StatHead).where(StatHead.municipality == municipality).values(swept_at=clock.now(), formula=FORMULA))
    return count


async def _fold_all(database: Database, municipality: str, progress: Progress) -> int:
    """Fold all units, those without facts included: what stands there without a fact is taken out."""
    last, count = "", 0
    while True:
        async with database.write() as session:
            known = select(Fact.unit.label("unit")).where(Fact.municipality == municipality, Fact.unit > last)
            counted = select(StatContact.id.label("unit")).where(StatContact.municipality == municipality, StatContact.id > last)
            both = known.union(counted).subquery()
            units = (await session.scalars(select(both.c.unit).order_by(both.c.unit).limit(BATCH))).all()
            if not units:
                return count
            await count_units(session, municipality, units)
        last, count = units[-1], count + len(units)
        progress(f"{count:,} 件の相談を数え直しました")


async def _add_up_all(database: Database, municipality: str, progress: Progress) -> None:
    async with database.read() as session:
        first = await session.scalar(select(func.min(StatContact.first_day)).where(StatContact.municipality == municipality))
        last = await session.scalar(select(func.max(StatContact.last_day)).where(StatContact.municipality == municipality))
        others = select(StatTally.bucket).where(StatTally.municipality == municipality).distinct()
        months = {bucket.replace(day=1) for bucket in (await session.scalars(others)).all()}
    if first is not None and last is not None:
        months |= {part.first for part in Period(span=Span.DAYS, first=first.replace(day=1), last=last).months()}
    for month in sorted(months):
        async with database.write() as session:
            await recount_month(session, municipality, month)
        progress(f"{month.year}年{month.month}月を足し直しました")
