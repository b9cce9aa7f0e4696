"""Filling a database with the roll-ups of a generated city, as the sweeps would have left them."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from bot.bench.statistics_city import GeneratedCity
from handoff.statistics.figures import FORMULA, items_of, slices_of
from handoff.statistics.fold import fold
from handoff.statistics.models import StatContact, StatHead, StatTally
from handoff.statistics.sweep import Tallies, dump_contact, spread
from intake.base.database import Database, WriteSession
from intake.facts.models import Fact
from routing.city import City

_CHUNK = 2_500
_COLUMNS = ("id", "municipality", "unit", "kind", "at", "ref", "window_id", "code", "details", "pending")
YEARS = timedelta(days=700)
DISTINCT = 10_000
"""So many contacts differ; a larger city is made of several of each, since inventing them takes longer than a benchmark may."""


async def fill(database: Database, city: City, contacts: int, *, end: datetime, progress: Callable[[str], None]) -> None:
    """Write the facts, the counted contacts and the roll-ups of so many contacts within two years before ``end``."""
    made = GeneratedCity(city, begin=end - YEARS, end=end)
    copies = max(1, contacts // DISTINCT)
    tallies: Tallies = {}
    done = 0
    while done < contacts:
        count = min(_CHUNK, max(1, (contacts - done) // copies))
        async with database.write() as session:
            await _write(session, city, list(made.contacts(count)), tallies, copies)
        done += count * copies
        progress(f"{done:,} contacts made")
    rows = [
        {"municipality": city.key, "slice": part, "grain": grain, "bucket": bucket, "counts": json.dumps(tally, ensure_ascii=False)}
        for (part, grain, bucket), tally in tallies.items()
    ]
    for start in range(0, len(rows), _CHUNK):
        async with database.write() as session:
            await _insert(session, StatTally, rows[start : start + _CHUNK])
    async with database.write() as session:
        session.add(StatHead(municipality=city.key, swept_at=end.astimezone(UTC), formula=FORMULA))


async def _insert(session: WriteSession, table: type[Any], rows: Iterable[Mapping[str, Any]]) -> None:
    await session.execute(insert(table.__table__), list(rows))


async def _write(session: WriteSession, city: City, units: list[list[Fact]], tallies: Tallies, copies: int) -> None:
    rows = []
    for facts in units:
        contact = fold(facts)
        if contact is None:
            continue
        days, slices = items_of(contact), slices_of(contact)
        spread(tallies, slices, days, copies)
        kept = {"municipality": city.key, **dump_contact(slices, days)}
        rows += [{"id": f"{copy:02d}{facts[0].unit[2:]}" if copy else facts[0].unit, **kept} for copy in range(copies)]
    await _insert(session, Fact, ({name: getattr(fact, name) for name in _COLUMNS} for facts in units for fact in facts))
    await _insert(session, StatContact, rows)
