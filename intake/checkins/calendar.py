"""On which days and at which hours a municipality's check-ins may go out: only when people are there to read an answer. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from routing.city import City, Opening
from routing.hours import TOKYO, closing_time, is_holiday, next_opening

QUIET_UNTIL, QUIET_FROM = time(9), time(18)
"""Nobody is disturbed outside these hours, also where staff work longer."""
_SATURDAY = 5
_ORDINARY = (Opening(weekdays=frozenset(range(_SATURDAY)), opens=time(9), closes=time(17)),)
"""The hours of a municipality that has not named any."""

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A time in which the municipality sends no check-ins at all. Without an end it lasts until it is lifted."""

    begins_at: datetime
    ends_at: datetime | None = None

    def covers(self, moment: datetime) -> bool:
        """Tell whether a moment falls into it."""
        return self.begins_at <= moment and (self.ends_at is None or moment < self.ends_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The days and hours of one municipality."""

    openings: tuple[Opening, ...] = _ORDINARY
    closed_days: frozenset[date] = frozenset()
    pauses: tuple[Pause, ...] = ()

    def spans(self, day: date) -> tuple[Span, ...]:
        """Return when words may go out on a day; nothing on weekends, holidays and closing days. Pauses are not looked at."""
        return _spans(self.openings or _ORDINARY, self.closed_days, day)

    def is_paused(self, moment: datetime) -> bool:
        """Tell whether the municipality sends nothing at a moment."""
        return any(pause.covers(moment) for pause in self.pauses)


def calendar_of(city: City, pauses: tuple[Pause, ...] = ()) -> Calendar:
    """Return the calendar of a municipality: the hours in which its staff read."""
    return Calendar(openings=city.staff_hours, closed_days=city.closed_days, pauses=pauses)


@lru_cache(maxsize=20_000)
def _spans(openings: tuple[Opening, ...], closed_days: frozenset[date], day: date) -> tuple[Span, ...]:
    if day.weekday() >= _SATURDAY or is_holiday(day) or day in closed_days:
        return ()
    first, last = _moment(day, QUIET_UNTIL), _moment(day, QUIET_FROM)
    found: list[Span] = []
    start: datetime | None = first if closing_time(openings, closed_days, first) else next_opening(openings, closed_days, first)
    while start is not None and start < last:
        end = min(closing_time(openings, closed_days, start) or start, last)
        found.append((start, end))
        start = next_opening(openings, closed_days, max(end, start + timedelta(minutes=1)) - timedelta(seconds=1))
    return tuple(found)


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, TOKYO).astimezone(UTC)
