"""One question, one board: the sections that the page shows and that every file holds, by the same query."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from handoff.statistics.ask import Figures, Question, Standing, ask, standing
from handoff.statistics.layout import Seen, demand, people
from handoff.statistics.layout_concerns import concerns
from handoff.statistics.layout_work import checkins, danger, windows, work
from handoff.statistics.models import DOORS
from handoff.statistics.periods import Period, Span, year_words
from handoff.statistics.suppress import protect
from handoff.statistics.tables import Section, Table
from intake.base.database import ReadSession
from intake.base.errors import AppError
from routing.city import City


class Audience(StrEnum):
    """Whom a board is for: colleagues who may see exact numbers, or everybody else."""

    INSIDE = "inside"
    PUBLIC = "public"


class Compare(StrEnum):
    """What the figures are set beside."""

    BEFORE = "before"
    YEAR = "year"
    NONE = "none"


COMPARE_WORDS = {Compare.YEAR: "前の年の同じ期間", Compare.BEFORE: "すぐ前の期間", Compare.NONE: "比べない"}


class TooFewError(AppError):
    """A question for the public that so few contacts answer that any table would show them."""

    code = "statistics_too_few"
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked of a board."""

    municipality: str
    period: Period
    compare: Compare = Compare.YEAR
    filters: Mapping[str, str] = field(default_factory=dict)
    audience: Audience = Audience.PUBLIC

    @property
    def other(self) -> Period | None:
        """The period that it is set beside."""
        if self.compare is Compare.NONE:
            return None
        return self.period.before() if self.compare is Compare.BEFORE else self.period.year_before()


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The answer."""

    order: Order
    standing: Standing
    sections: tuple[Section, ...]
    contacts: int

    def find(self, key: str) -> Table | None:
        """Return a table by its key."""
        return next((table for section in self.sections for table in section.tables if table.key == key), None)


async def load_board(session: ReadSession, city: City | None, order: Order) -> Board:
    """Ask for everything and lay it out; for the public, with small numbers hidden."""
    stands = await standing(session, order.municipality)
    question = Question(municipality=order.municipality, period=order.period, filters=order.filters)
    now = await ask(session, question)
    other = order.other
    before = None if other is None else await ask(session, replace(question, period=other))
    at_doors = replace(question, filters={}, part=DOORS)
    doors = await ask(session, at_doors)
    doors_before = None if other is None else await ask(session, replace(at_doors, period=other))
    contacts = now.total["contact"]
    if order.audience is Audience.PUBLIC and 0 < contacts < stands.threshold:
        raise TooFewError(
            f"この条件の相談は{stands.threshold}件より少なく、外に出す表にすると人が分かるおそれがあります。期間かしぼりこみを広げてください。"
        )
    seen = Seen(
        now=now,
        before=before,
        period=order.period,
        city=city,
        now_words=_short(order.period),
        before_words="" if other is None else _short(other),
        filtered=any(order.filters.values()),
    )
    sections = _sections(seen, doors, doors_before)
    if order.audience is Audience.PUBLIC:
        sections = tuple(_protected(section, stands.threshold) for section in sections)
    return Board(order=order, standing=stands, sections=sections, contacts=contacts)


def _sections(seen: Seen, doors: Figures, doors_before: Figures | None) -> tuple[Section, ...]:
    return (
        demand(seen),
        concerns(seen),
        work(seen),
        windows(seen),
        danger(seen),
        people(seen),
        checkins(doors, doors_before, seen),
    )


TWICE_TOLD = frozenset({"office", "close"})
"""Tables whose numbers another table tells as well, in other sums: outside only one of the two is told, or each would open the other."""


def _protected(section: Section, threshold: int) -> Section:
    return replace(section, tables=tuple(protect(table, threshold) for table in section.tables if table.key not in TWICE_TOLD))


def _short(period: Period) -> str:
    """Return a period as the head of a column."""
    if period.span is Span.YEAR:
        return year_words(period.first.year)
    return period.words.removesuffix("の週")
