"""One question, one board: the sections that the page shows and that every file holds, by the same query."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from handoff.statistics.ask import Question, Standing, ask, standing
from handoff.statistics.doors import push_limit
from handoff.statistics.hand import load_hand
from handoff.statistics.layout import Seen
from handoff.statistics.models import DOORS
from handoff.statistics.outside import Source, check_public, told_of
from handoff.statistics.periods import Period, Span, year_words
from handoff.statistics.public import protect
from handoff.statistics.sections import Asked, lay_out
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
    def filtered(self) -> bool:
        """Whether only a part of the contacts is asked for."""
        return any(self.filters.values())

    @property
    def question(self) -> Question:
        """What is asked of the roll-ups."""
        return Question(municipality=self.municipality, period=self.period, filters=self.filters)

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

    def label_of(self, figure: str) -> str:
        """Return how a figure is called: its table and its row. Empty for one that is not told."""
        rows = ((table, row) for section in self.sections for table in section.tables for row in table.rows)
        return next((f"{table.title}：{row.label}" for table, row in rows if row.names == (figure,)), "")

    def tells(self, names: tuple[str, ...]) -> bool:
        """Tell whether figures of this period stand here unhidden."""
        tables = (table for section in self.sections for table in section.tables)
        return any(
            row.names == names and (place, 0) not in table.hidden and row.values[0] is not None
            for table in tables
            for place, row in enumerate(table.rows)
        )

    def find(self, key: str) -> Table | None:
        """Return a table by its key."""
        return next((table for section in self.sections for table in section.tables if table.key == key), None)


async def load_board(session: ReadSession, city: City | None, order: Order) -> Board:
    """Ask for everything and lay it out; for the public, with small numbers hidden."""
    stands = await standing(session, order.municipality)
    public, other = order.audience is Audience.PUBLIC, order.other
    if public:
        check_public(order.period, order.filters)
    now = await _asked(session, order, order.period)
    before = None if other is None else await _asked(session, order, other)
    contacts = now.now.total["contact"]
    if public and 0 < contacts < stands.threshold:
        raise TooFewError(
            f"この条件の相談は{stands.threshold}件より少なく、外に出す表にすると人が分かるおそれがあります。期間かしぼりこみを広げてください。"
        )
    seen = Seen(
        now=now.now,
        before=None if before is None else before.now,
        period=order.period,
        city=city,
        now_words=_short(order.period),
        before_words="" if other is None else _short(other),
        filtered=order.filtered,
    )
    sections = lay_out(seen, now, before)
    if public:
        source = Source(municipality=order.municipality, city=city, standing=stands)
        periods = [period for period in (order.period, other) if period is not None]
        tolds = [await told_of(session, source, order.question.slices[0], period) for period in periods]
        sections = protect(sections, tolds, [period.value for period in periods])
    return Board(order=order, standing=stands, sections=sections, contacts=contacts)


async def _asked(session: ReadSession, order: Order, period: Period) -> Asked:
    question = replace(order.question, period=period)
    hand = None
    if period.span is Span.YEAR and not order.filtered:
        hand = await load_hand(session, order.municipality, period.first.year)
    return Asked(
        now=await ask(session, question),
        doors=await ask(session, replace(question, filters={}, part=DOORS)),
        hand=hand,
        push_limit=await push_limit(session, order.municipality),
    )


def _short(period: Period) -> str:
    """Return a period as the head of a column."""
    if period.span is Span.YEAR:
        return year_words(period.first.year)
    return period.words.removesuffix("の週")
