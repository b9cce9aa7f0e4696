"""Bringing new facts into the roll-ups: each touched contact is folded anew, what it added before is taken out, what it adds now goes in.

So a late message, a reopened talk, a joined household, unsent or erased words need no rule of their own here: any change of
the facts of a contact ends in figures as if it had always been so.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

import orjson
from sqlalchemy import delete, func, select, tuple_, update

from handoff.statistics.figures import FORMULA, Days, items_of, slices_of
from handoff.statistics.fold import Told, fold
from handoff.statistics.models import DOORS, Grain, StatContact, StatHead, StatTally
from handoff.statistics.periods import Period, year_of
from intake.base.database import ReadSession, WriteSession
from intake.facts.models import Fact

BATCH = 500
PATIENCE = timedelta(minutes=2)
"""Facts wait this long for company: many contacts in one sweep cost hardly more than one."""
_IN = 200

Place = tuple[str, Grain, date]
Tallies = dict[Place, Counter[str]]


async def sweep_statistics(session: WriteSession, now: datetime, *, patient: bool = False) -> int:
    """Take a batch of pending facts into the roll-ups; returns how many contacts were counted anew.

    ``patient`` leaves a few young facts for the next time.
    """
    waiting = select(Fact.municipality, func.count(), func.min(Fact.at)).where(Fact.pending).group_by(Fact.municipality)
    counted = 0
    for municipality, count, oldest in (await session.execute(waiting)).all():
        if patient and count < BATCH and now - oldest < PATIENCE and await _swept_lately(session, municipality, now):
            continue
        units = select(Fact.unit).where(Fact.municipality == municipality, Fact.pending).distinct().limit(BATCH)
        counted += await count_units(session, municipality, (await session.scalars(units)).all())
        await _note_sweep(session, municipality, now)
    return counted


async def _swept_lately(session: ReadSession, municipality: str, now: datetime) -> bool:
    head = await session.get(StatHead, municipality)
    return head is not None and now - head.swept_at < PATIENCE


async def _note_sweep(session: WriteSession, municipality: str, now: datetime) -> None:
    head = await session.get(StatHead, municipality)
    if head is None:
        session.add(StatHead(municipality=municipality, swept_at=now, formula=FORMULA))
    else:  # Its formula stays the old one until all was made anew by ``rebuild``.
        head.swept_at = now
    await session.flush()


async def count_units(session: WriteSession, municipality: str, units: Sequence[str]) -> int:
    """Count some contacts anew, whatever was counted of them before."""
    changes: Tallies = {}
    for start in range(0, len(units), _IN):
        await _count_some(session, municipality, units[start : start + _IN], changes)
    await add_tallies(session, municipality, changes)
    return len(units)


async def _count_some(session: WriteSession, municipality: str, units: Sequence[str], changes: Tallies) -> None:
    facts: dict[str, list[Told]] = {unit: [] for unit in units}
    for fact in await session.execute(select(*_TOLD).where(Fact.unit.in_(units))):
        facts[fact.unit].append(fact)
    before = {row.id: row for row in await session.scalars(select(StatContact).where(StatContact.id.in_(units)))}
    for row in before.values():
        spread(changes, orjson.loads(row.slices), _load_days(row.items), -1)
    for unit in units:
        contact = fold(facts[unit])
        if contact is None:
            if unit in before:
                await session.delete(before[unit])
            continue
        days, slices = items_of(contact), slices_of(contact)
        spread(changes, slices, days, 1)
        row = before.get(unit) or StatContact(id=unit, municipality=municipality)
        for name, value in dump_contact(slices, days).items():
            setattr(row, name, value)
        session.add(row)
    await session.flush()
    await session.execute(update(Fact).where(Fact.unit.in_(units), Fact.pending).values(pending=False), _UNSEEN)


_TOLD = (Fact.unit, Fact.id, Fact.kind, Fact.at, Fact.ref, Fact.window_id, Fact.code, Fact.details)
_UNSEEN = {"synchronize_session": False}


def dump_contact(slices: Sequence[str], days: Days) -> dict[str, date | str]:
    """Return the columns in which a counted contact is kept."""
    return {
        "first_day": min(days),
        "last_day": max(days),
        "slices": _dumped(slices),
        "items": _dumped({day.isoformat(): figures for day, figures in days.items()}),
    }


def _dumped(value: object) -> str:
    return orjson.dumps(value).decode()


def _load_days(text: str) -> Days:
    return {date.fromisoformat(day): Counter(figures) for day, figures in orjson.loads(text).items()}


def spread(tallies: Tallies, slices: Iterable[str], days: Days, sign: int) -> None:
    """Add what a contact adds (or take it out) in each of its slices, by day, month and fiscal year."""
    for day, figures in days.items():
        buckets = ((Grain.DAY, day), (Grain.MONTH, day.replace(day=1)), (Grain.YEAR, year_of(day).first))
        for part in slices:
            for grain, bucket in buckets:
                tally = tallies.setdefault((part, grain, bucket), Counter())
                for figure, count in figures.items():
                    tally[figure] += sign * count


async def add_tallies(session: WriteSession, municipality: str, changes: Tallies) -> None:
    """Add changes to the roll-ups; figures that come to nothing are dropped."""
    wanted = [place for place, tally in changes.items() if any(tally.values())]
    key = tuple_(StatTally.slice, StatTally.grain, StatTally.bucket)
    for start in range(0, len(wanted), _IN):
        part = wanted[start : start + _IN]
        there = await session.scalars(select(StatTally).where(StatTally.municipality == municipality, key.in_(part)))
        rows = {(row.slice, row.grain, row.bucket): row for row in there}
        for place in part:
            row = rows.get(place)
            total = Counter(orjson.loads(row.counts)) if row is not None else Counter[str]()
            for figure, count in changes[place].items():
                total[figure] += count
            await _keep(session, municipality, place, row, {figure: count for figure, count in total.items() if count})
    await session.flush()


async def _keep(session: WriteSession, municipality: str, place: Place, row: StatTally | None, counts: Mapping[str, int]) -> None:
    if row is None:
        part, grain, bucket = place
        row = StatTally(municipality=municipality, slice=part, grain=grain, bucket=bucket, counts="{}")
        session.add(row)
    row.counts = _dumped(counts)
    if not counts:
        await session.flush()
        await session.delete(row)


async def recount_year(session: WriteSession, municipality: str, year: Period) -> int:
    """Make the roll-ups of one fiscal year anew from the contacts, as they were counted; returns how many contacts were in it."""
    fresh: Tallies = {}
    touching = select(StatContact.slices, StatContact.items).where(
        StatContact.municipality == municipality, StatContact.first_day <= year.last, StatContact.last_day >= year.first
    )
    count = 0
    for slices, items in (await session.execute(touching)).all():
        days = {day: figures for day, figures in _load_days(items).items() if year.first <= day <= year.last}
        spread(fresh, orjson.loads(slices), days, 1)
        count += 1
    span = (StatTally.municipality == municipality, StatTally.slice != DOORS, StatTally.bucket.between(year.first, year.last))
    await session.execute(delete(StatTally).where(*span), _UNSEEN)
    session.expunge_all()
    await add_tallies(session, municipality, fresh)
    return count
