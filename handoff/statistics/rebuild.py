"""Making the roll-ups anew from the facts, in short transactions beside the running service."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select, update

from handoff.statistics.figures import FORMULA
from handoff.statistics.models import StatContact, StatHead, StatTally
from handoff.statistics.periods import year_of
from handoff.statistics.sweep import BATCH, count_units, recount_year
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
        buckets = select(StatTally.bucket).where(StatTally.municipality == municipality).distinct()
        years = {year_of(bucket).first for bucket in await session.scalars(buckets)}
    while first is not None and last is not None and first <= last:
        years.add(year_of(first).first)
        first = year_of(first).last + timedelta(days=1)
    for year in sorted(years):
        async with database.write() as session:
            await recount_year(session, municipality, year_of(year))
        progress(f"{year.year}年度を足し直しました")
