"""Asking the roll-ups. A page reads a few rows per month and slice, whatever the number of contacts; never a message."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of one question: in sum, and by the parts of the period in their order."""

    total: Counter[str]
    parts: tuple[tuple[Period, Counter[str]], ...] = ()

    def of(self, prefix: str) -> dict[str, int]:
        """Return the figures under a prefix, by the rest of their path."""
        start = prefix + "/"
        return {figure.removeprefix(start): count for figure, count in self.total.items() if figure.startswith(start)}

    def minutes(self, prefix: str) -> dict[int, int]:
        """Return waits as minutes → how often."""
        return {int(minutes): count for minutes, count in self.of(prefix).items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: whose, when, and which contacts. No filter or one is read from the roll-ups."""

    municipality: str
    period: Period
    filters: Mapping[str, str] = field(default_factory=dict)

    @property
    def slices(self) -> tuple[str, ...]:
        """The slices that a contact must be in."""
        return tuple(f"{name}:{value}" for name, value in self.filters.items() if value) or (ALL,)


async def ask(session: ReadSession, question: Question, *, parts: bool = False) -> Figures:
    """Return the figures of a question, with ``parts`` also by month or day."""
    by_bucket = await _by_bucket(session, question, by_day=parts and _is_short(question.period))
    total: Counter[str] = Counter()
    for counts in by_bucket.values():
        total.update(counts)
    if not parts:
        return Figures(total=total)
    return Figures(total=total, parts=tuple((part, _within(part, by_bucket)) for part in question.period.parts()))


def _is_short(period: Period) -> bool:
    return next(period.parts()).first == next(period.parts()).last


def _within(part: Period, by_bucket: Mapping[date, Counter[str]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for bucket, counts in by_bucket.items():
        if part.first <= bucket <= part.last:
            found.update(counts)
    return found


async def _by_bucket(session: ReadSession, question: Question, *, by_day: bool) -> dict[date, Counter[str]]:
    if len(question.slices) > 1:
        return await _from_contacts(session, question)
    months, days = question.period.buckets()
    if by_day:
        months, days = [], [date.fromordinal(n) for n in range(question.period.first.toordinal(), question.period.last.toordinal() + 1)]
    wanted = or_(
        and_(StatTally.grain == Grain.MONTH, StatTally.bucket.in_(months)), and_(StatTally.grain == Grain.DAY, StatTally.bucket.in_(days))
    )
    rows = select(StatTally.bucket, StatTally.counts).where(
        StatTally.municipality == question.municipality, StatTally.slice == question.slices[0], wanted
    )
    return {bucket: Counter(json.loads(counts)) for bucket, counts in (await session.execute(rows)).all()}


async def _from_contacts(session: ReadSession, question: Question) -> dict[date, Counter[str]]:
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
    by_day: dict[date, Counter[str]] = {}
    for _, items in found:
        for text, figures in json.loads(items).items():
            day = date.fromisoformat(text)
            if period.first <= day <= period.last:
                by_day.setdefault(day, Counter()).update(figures)
    return by_day


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
