"""Asking the roll-ups. A page reads a few rows per month and slice, whatever the number of contacts; never a message."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import orjson
from sqlalchemy import and_, or_, select

from handoff.statistics.figures import ALL
from handoff.statistics.models import THRESHOLD, Grain, StatContact, StatHead, StatTally
from handoff.statistics.periods import Period
from intake.base.database import ReadSession
from intake.base.errors import AppError

FILTERS = ("window", "field", "district", "age", "speaker", "channel")
MOST = 20_000
"""So many contacts are looked through for two filters at once; one filter has no such end."""


class TooManyError(AppError):
    """Two filters at once over more contacts than a page can look through."""

    code = "statistics_too_many"
    status = 422


class Figures:
    """The figures of one question."""

    def __init__(self, total: Mapping[str, int]) -> None:
        """Sort the figures by the first word of their path, once."""
        self.total: Counter[str] = Counter(total)
        self._groups: dict[str, dict[str, int]] = {}
        for figure, count in total.items():
            group, slash, rest = figure.partition("/")
            if slash:
                self._groups.setdefault(group, {})[rest] = count

    def of(self, prefix: str) -> Mapping[str, int]:
        """Return the figures under a first word, by the rest of their path."""
        return self._groups.get(prefix, {})

    def minutes(self, prefix: str) -> dict[int, int]:
        """Return waits as minutes → how often."""
        return {int(minutes): count for minutes, count in self.of(prefix).items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: whose, when, and which contacts. No filter or one is read from the roll-ups."""

    municipality: str
    period: Period
    filters: Mapping[str, str] = field(default_factory=dict)
    part: str = ALL
    """The roll-up that is read where nothing is filtered."""

    @property
    def slices(self) -> tuple[str, ...]:
        """The slices that a contact must be in."""
        return tuple(f"{name}:{value}" for name, value in self.filters.items() if value) or (self.part,)


async def ask(session: ReadSession, question: Question) -> Figures:
    """Return the figures of a question."""
    if len(question.slices) > 1:
        return await _from_contacts(session, question)
    grains = zip((Grain.YEAR, Grain.MONTH, Grain.DAY), question.period.buckets(), strict=True)
    wanted = [and_(StatTally.grain == grain, StatTally.bucket.in_(buckets)) for grain, buckets in grains if buckets]
    rows = select(StatTally.counts).where(
        StatTally.municipality == question.municipality, StatTally.slice == question.slices[0], or_(*wanted)
    )
    total: dict[str, int] = {}
    for counts in await session.scalars(rows):
        _add(total, orjson.loads(counts))
    return Figures(total)


async def year_counts(session: ReadSession, municipality: str, part: str, year: Period) -> dict[str, str]:
    """Return the roll-ups of a slice for a fiscal year and its months, as they are kept, by the value of the period."""
    months = [month.first for month in year.months()]
    rows = select(StatTally.grain, StatTally.bucket, StatTally.counts).where(
        StatTally.municipality == municipality,
        StatTally.slice == part,
        or_(
            and_(StatTally.grain == Grain.YEAR, StatTally.bucket == year.first),
            and_(StatTally.grain == Grain.MONTH, StatTally.bucket.in_(months)),
        ),
    )
    found = (await session.execute(rows)).all()
    return {year.value if grain is Grain.YEAR else f"{bucket:%Y-%m}": counts for grain, bucket, counts in found}


def _add(total: dict[str, int], counts: dict[str, int]) -> None:
    if not total:
        total.update(counts)
        return
    for figure, count in counts.items():
        total[figure] = total.get(figure, 0) + count


async def _from_contacts(session: ReadSession, question: Question) -> Figures:
    """Add up contact by contact, for two filters and more."""
    period = question.period
    rows = select(StatContact.slices, StatContact.items).where(
        StatContact.municipality == question.municipality,
        StatContact.first_day <= period.last,
        StatContact.last_day >= period.first,
        *(StatContact.slices.contains(json.dumps(part, ensure_ascii=False), autoescape=True) for part in question.slices),
    )
    found = (await session.execute(rows.limit(MOST + 1))).all()
    if len(found) > MOST:
        raise TooManyError("この組み合わせは件数が多すぎます。期間を短くするか、しぼりこみを一つにしてください。")
    total: dict[str, int] = {}
    for _, items in found:
        for day, figures in orjson.loads(items).items():
            if period.first <= date.fromisoformat(day) <= period.last:
                _add(total, figures)
    return Figures(total)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far the roll-ups are. ``swept_at`` is None before the first sweep."""

    swept_at: datetime | None
    formula: int
    threshold: int


async def standing(session: ReadSession, municipality: str) -> Standing:
    """Return how far the roll-ups of a municipality are, and from which number on counts may leave the house."""
    head = await session.get(StatHead, municipality)
    if head is None:
        return Standing(swept_at=None, formula=0, threshold=THRESHOLD)
    return Standing(swept_at=head.swept_at, formula=head.formula, threshold=head.threshold)


async def known_values(session: ReadSession, municipality: str) -> dict[str, Sequence[str]]:
    """Return the values that can be filtered by, as they occur in the counted months."""
    slices = await session.scalars(
        select(StatTally.slice).where(StatTally.municipality == municipality, StatTally.grain == Grain.MONTH).distinct()
    )
    found: dict[str, list[str]] = {name: [] for name in FILTERS}
    for part in slices:
        name, _, value = part.partition(":")
        if name in found:
            found[name].append(value)
    return {name: sorted(values) for name, values in found.items()}
