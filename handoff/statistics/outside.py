"""Asking for what may leave the house: whole fiscal years are laid out and decided upon, and kept as long as nothing new was counted."""

import asyncio
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import orjson

from handoff.statistics.ask import Figures, Standing, year_counts
from handoff.statistics.figures import ALL
from handoff.statistics.hand import Hand, load_hand
from handoff.statistics.layout import Seen
from handoff.statistics.models import DOORS
from handoff.statistics.periods import Period, Span, year_of
from handoff.statistics.public import Told, decide
from handoff.statistics.sections import Asked, lay_out
from intake.base.database import ReadSession
from intake.base.errors import AppError
from routing.city import City

FILTERS = frozenset({"window", "field"})
"""What a public board may be filtered by. The parts of the others add up to the whole: side by side they would tell small numbers."""
_KEPT = 32
_kept: OrderedDict[Hashable, Told] = OrderedDict()
"""By what was counted: the same figures are hidden in the same way, whoever asks."""


class PublicError(AppError):
    """A question whose answer could not leave the house safely, however much is hidden."""

    code = "statistics_public"
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Whose figures, and how far they are counted."""

    municipality: str
    city: City | None
    standing: Standing


def check_public(period: Period, filters: Mapping[str, str]) -> None:
    """Refuse what would tell small numbers when laid beside what is public already: stretches of days, and most filters."""
    if period.span not in {Span.YEAR, Span.MONTH}:
        raise PublicError(
            "公開用は、年度か月で出します。週や日付で切ると、ほかの公開用との引き算で少ない数が分かるためです。年度か月を選んでください。"
        )
    chosen = {name for name, value in filters.items() if value}
    if len(chosen) > 1 or chosen - FILTERS:
        raise PublicError(
            "公開用でしぼりこめるのは、窓口か分野の一つだけです。ほかの表との引き算で少ない数が分かるためです。しぼりこみを減らしてください。"
        )


async def told_of(session: ReadSession, source: Source, part: str, period: Period) -> Told:
    """Return what the fiscal year of a period may tell of a slice; takes a moment when something new was counted."""
    year = year_of(period.first)
    hand = await load_hand(session, source.municipality, year.first.year)
    whole = None if part == ALL else await told_of(session, source, ALL, period)
    counted = [await year_counts(session, source.municipality, name, year) for name in (part, DOORS)]
    version = None if source.city is None else source.city.version
    stands = source.standing.threshold, version, tuple(sorted(hand.items()))
    key = (source.municipality, part, year.first, stands, *(tuple(sorted(counts.items())) for counts in counted))
    if key not in _kept:
        _kept[key] = await asyncio.to_thread(_decide, source, year, counted[0], counted[1], hand if part == ALL else {}, whole)
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    return _kept[key]


def _decide(source: Source, year: Period, counted: Mapping[str, str], doors: Mapping[str, str], hand: Hand, whole: Told | None) -> Told:
    boards = {}
    for period in (year, *year.months()):
        now, at_doors = (Figures(orjson.loads(counts.get(period.value, "{}"))) for counts in (counted, doors))
        seen = Seen(now=now, before=None, period=period, city=source.city, filtered=whole is not None)
        kept = hand if period == year else None
        boards[period.value] = lay_out(seen, Asked(now=now, doors=at_doors, hand=kept), None)
    return decide(year.value, boards, source.standing.threshold, whole=whole)
