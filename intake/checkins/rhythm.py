"""What a resident chooses for check-ins, and on which days after the beginning words are due. Pure."""

import calendar as months
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from functools import cache


class Rhythm(StrEnum):
    """How often. Every rhythm thins out while no answer comes, and ends after a year with a farewell."""

    GENTLE = "gentle"
    """そっと: after a week, then after 1, 2, 3, 4, 6, 8, 10 and 12 months."""
    MONTHLY = "monthly"
    FORTNIGHTLY = "fortnightly"
    OWN = "own"
    """Every so many days, as the resident said."""


class Hours(StrEnum):
    """The part of the day that the resident chose."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    DAYTIME = "daytime"


class Sender(StrEnum):
    """The name that stands under a message."""

    WINDOW = "window"
    """The alias of the window that knows the resident."""
    NEUTRAL = "neutral"
    """つなぎ, which tells nothing to whoever looks over a shoulder."""


class Style(StrEnum):
    """How the words are written."""

    ORDINARY = "ordinary"
    PLAIN = "plain"
    """やさしい日本語, in kana."""


HOURS: dict[Hours, tuple[time, time]] = {
    Hours.MORNING: (time(9, 30), time(12)),
    Hours.AFTERNOON: (time(13), time(16, 30)),
    Hours.DAYTIME: (time(9, 30), time(16, 30)),
}
"""From when until when. All of them keep clear of the quiet hours."""
OWN_DAYS = (7, 21, 56, 84)
"""The own intervals that can be tapped: every week, every three weeks, every eight and every twelve weeks."""
_WEEK = 7
_HALF_YEAR = 182
_YEAR = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckinSettings:
    """What the resident chose, as the card showed it."""

    rhythm: Rhythm = Rhythm.GENTLE
    every_days: int | None = None
    """Only for ``Rhythm.OWN``."""
    hours: Hours = Hours.DAYTIME
    sender: Sender = Sender.WINDOW
    style: Style = Style.ORDINARY

    def __post_init__(self) -> None:
        if (self.rhythm is Rhythm.OWN) != (self.every_days is not None):
            raise ValueError("an own rhythm, and only that, names its days")
        if self.every_days is not None and not _WEEK <= self.every_days <= _HALF_YEAR:
            raise ValueError("an own rhythm is between a week and half a year")


@dataclass(frozen=True, slots=True)
class Offset:
    """How long after the beginning a word is due: calendar months and days."""

    months: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        """Return the day; the 31st of a short month is its last day."""
        year, month = divmod(day.year * 12 + day.month - 1 + self.months, 12)
        there = date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))
        return there + timedelta(days=self.days)


_NEXT_DAY, _NEXT_WEEK = Offset(days=1), Offset(days=_WEEK)
_GENTLE = (_NEXT_WEEK, *(Offset(months=month) for month in (1, 2, 3, 4, 6, 8, 10, 12)))
_MONTHLY = tuple(Offset(months=month) for month in (1, 2, 3, 4, 5, 6, 8, 10, 12))


@cache
def offsets(rhythm: Rhythm, every_days: int | None, *, heavy: bool) -> tuple[Offset, ...]:
    """Return when words are due after the beginning; the last of them is the farewell.

    After a heavy talk they begin with the next day and the first week, whatever the rhythm.
    """
    match rhythm:
        case Rhythm.GENTLE:
            chosen = _GENTLE
        case Rhythm.MONTHLY:
            chosen = _MONTHLY
        case Rhythm.FORTNIGHTLY:
            chosen = _every(2 * _WEEK)
        case Rhythm.OWN:
            chosen = _every(every_days or _HALF_YEAR)
    if not heavy:
        return chosen
    return (_NEXT_DAY, _NEXT_WEEK, *(offset for offset in chosen if offset != _NEXT_WEEK))


def _every(days: int) -> tuple[Offset, ...]:
    """Every so many days for half a year, then half as often until the year is over."""
    dense = list(range(days, _HALF_YEAR + 1, days))
    thin = list(range(dense[-1] + 2 * days, _YEAR + 1, 2 * days))
    return tuple(Offset(days=day) for day in (*dense, *thin))
