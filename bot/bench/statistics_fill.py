"""Filling a database with the roll-ups of a generated city, as the sweeps would have left them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from bot.bench.statistics_city import GeneratedCity
from handoff.statistics.figures import FORMULA, items_of, slices_of
from handoff.statistics.fold import fold
from handoff.statistics.models import StatContact, StatHead
from handoff.statistics.sweep import Tallies, add_tallies, dump_contact, spread
from intake.base.database import Database, WriteSession
from intake.facts.models import Fact
from routing.city import City

_CHUNK = 5_000
_COLUMNS = ("id", "municipality", "unit", "kind", "at", "ref", "window_id", "code", "details", "pending")
YEARS = timedelta(days=700)


async def fill(database: Database, city: City, contacts: int, *, end: datetime, progress: Callable[[str], None]) -> None:
    """Write the facts, the counted contacts and the roll-ups of so many contacts within two years before ``end``."""
    made = GeneratedCity(city, begin=end - YEARS, end=end)
    tallies: Tallies = {}
    done = 0
    while done < contacts:
        count = min(_CHUNK, contacts - done)
        async with database.write() as session:
            await _write(session, city, list(made.contacts(count)), tallies)
        done += count
        progress(f"{done:,} contacts made")
    async with database.write() as session:
        await add_tallies(session, city.key, tallies)
        session.add(StatHead(municipality=city.key, swept_at=end.astimezone(UTC), formula=FORMULA))


async def _write(session: WriteSession, city: City, units: list[list[Fact]], tallies: Tallies) -> None:
    rows = []
    for facts in units:
        contact = fold(facts)
        if contact is None:
            continue
        days, slices = items_of(contact), slices_of(contact)
        spread(tallies, slices, days, 1)
        rows.append({"id": facts[0].unit, "municipality": city.key, **dump_contact(slices, days)})
    await session.execute(insert(Fact), [{name: getattr(fact, name) for name in _COLUMNS} for facts in units for fact in facts])
    await session.execute(insert(StatContact), rows)
