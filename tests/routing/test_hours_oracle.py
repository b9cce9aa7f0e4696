"""The hours against a slow reading of the same table: every minute of nine days asked one by one."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from routing.city import Opening
from routing.hours import TOKYO, closing_time, is_open, next_opening, promised_answer
from tests.routing.support import cities, staffed

HOLIDAYS = frozenset(
    date.fromisoformat(day)
    for day in (
        "2026-09-21",
        "2026-09-22",
        "2026-09-23",
        "2026-10-12",
        "2026-11-03",
        "2026-11-23",
        "2026-12-29",
        "2026-12-30",
        "2026-12-31",
        "2027-01-01",
        "2027-01-02",
        "2027-01-03",
        "2027-01-11",
        "2027-02-11",
        "2027-02-23",
        "2027-03-21",
        "2027-03-22",
        "2027-04-29",
        "2027-05-03",
        "2027-05-04",
        "2027-05-05",
    )
)
"""The public holidays of the days tried here, written down by hand, and the turn of the year."""
FIRST, LAST = date(2026, 9, 14), date(2027, 4, 20)
SEEN = timedelta(days=9)
DAYS = st.dates(min_value=FIRST, max_value=LAST)
CLOCKS = st.one_of(st.times(), st.sampled_from([time(0), time(8, 30), time(12), time(13), time(17, 15)])).map(
    lambda clock: clock.replace(second=0, microsecond=0)
)
OPENINGS = st.lists(
    st.builds(
        Opening,
        weekdays=st.frozensets(st.integers(0, 6), min_size=1),
        opens=CLOCKS,
        closes=CLOCKS,
        holidays=st.booleans(),
        weeks=st.frozensets(st.integers(1, 5), max_size=2),
        month_days=st.sampled_from([frozenset(), frozenset(), frozenset({10}), frozenset({1, 15})]),
        valid_from=st.none() | DAYS,
        valid_to=st.none() | DAYS,
    ),
    max_size=4,
).map(tuple)
CLOSED = st.frozensets(DAYS, max_size=8)
MOMENTS = st.builds(lambda day, clock: datetime.combine(day, clock, TOKYO), DAYS, CLOCKS)


@dataclass(frozen=True, slots=True)
class Slow:
    """Asks a table of hours for one minute, in the plainest way there is."""

    openings: tuple[Opening, ...]
    closed: frozenset[date]

    def open_at(self, moment: datetime) -> bool:
        local = moment.astimezone(TOKYO)
        today, clock = local.date(), local.time()
        return any(self._covers(opening, today, clock) for opening in self.openings)

    def _covers(self, opening: Opening, today: date, clock: time) -> bool:
        if opening.opens < opening.closes:
            return opening.opens <= clock < opening.closes and self._begins(opening, today)
        evening = clock >= opening.opens and self._begins(opening, today)
        morning = clock < opening.closes and self._begins(opening, today - timedelta(days=1))
        return evening or morning

    def _begins(self, opening: Opening, day: date) -> bool:
        nth = sum(date(day.year, day.month, earlier).weekday() == day.weekday() for earlier in range(1, day.day + 1))
        return (
            day.weekday() in opening.weekdays
            and day not in self.closed
            and (not opening.weeks or nth in opening.weeks)
            and (not opening.month_days or day.day in opening.month_days)
            and (opening.holidays or day not in HOLIDAYS)
            and not (opening.valid_from is not None and day < opening.valid_from)
            and not (opening.valid_to is not None and day > opening.valid_to)
        )

    def next_change(self, now: datetime, *, to: bool) -> datetime | None:
        """Return the first minute after ``now`` at which the table turns to open (or to closed), within :data:`SEEN`."""
        before = self.open_at(now)
        moment = now + timedelta(minutes=1)
        while moment <= now + SEEN:
            after = self.open_at(moment)
            if after is to and before is not to:
                return moment
            before, moment = after, moment + timedelta(minutes=1)
        return None


@settings(max_examples=500, deadline=None)
@given(openings=OPENINGS, closed=CLOSED, now=MOMENTS)
def test_open_now_is_what_every_row_says_for_that_minute(openings: tuple[Opening, ...], closed: frozenset[date], now: datetime) -> None:
    assert is_open(openings, closed, now) is Slow(openings, closed).open_at(now)
    assert is_open(openings, closed, now.astimezone(UTC)) is is_open(openings, closed, now)


@settings(max_examples=40, deadline=None)
@given(openings=OPENINGS, closed=CLOSED, now=MOMENTS)
def test_the_next_opening_and_the_end_are_the_first_minutes_that_change(
    openings: tuple[Opening, ...], closed: frozenset[date], now: datetime
) -> None:
    slow = Slow(openings, closed)
    opens, closes = slow.next_change(now, to=True), slow.next_change(now, to=False)
    found, end = next_opening(openings, closed, now), closing_time(openings, closed, now)
    assert (end is not None) is slow.open_at(now)
    if end is not None and end <= now + SEEN:
        assert end == closes
    if opens is not None:
        assert found == opens
    else:
        assert found is None or found > now + SEEN


@settings(max_examples=40, deadline=None)
@given(openings=OPENINGS, now=MOMENTS, minutes=st.integers(1, 7 * 24 * 60))
def test_a_promised_answer_falls_into_hours_in_which_somebody_reads(openings: tuple[Opening, ...], now: datetime, minutes: int) -> None:
    city = staffed(cities()["oshu"], openings, minutes)
    promise = promised_answer(city, now)
    assert promise >= now + timedelta(minutes=1)
    if next_opening(openings, city.closed_days, now) is not None and not _ends_for_good(openings):
        assert is_open(openings, city.closed_days, promise - timedelta(minutes=1))


def _ends_for_good(openings: tuple[Opening, ...]) -> bool:
    """Whether the hours run out, or come so seldom that a promise may find none left."""
    return any(opening.valid_to or opening.month_days or opening.weeks for opening in openings)
