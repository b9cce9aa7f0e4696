"""Opening hours in Japan: weekly hours, public holidays, the turn of the year, and a city's own closing days.

``now`` is always an aware time; the calendar is that of Asia/Tokyo, whatever zone ``now`` comes in.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import jpholiday

from routing.city import City, Opening
from routing.values import WEEKDAYS

TOKYO = ZoneInfo("Asia/Tokyo")
HORIZON_DAYS = 60
"""How far a next opening is looked for; a window closed for longer is shown without one."""
YEAR_END = frozenset({(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)})


def is_open(openings: Iterable[Opening], closed_days: frozenset[date], now: datetime) -> bool:
    """Whether any opening holds at ``now``."""
    return closing_time(openings, closed_days, now) is not None


def closing_time(openings: Iterable[Opening], closed_days: frozenset[date], now: datetime) -> datetime | None:
    """When the opening that holds at ``now`` ends (UTC), or None when closed."""
    today = now.astimezone(TOKYO).date()
    spans = _spans(tuple(openings), closed_days, (today - timedelta(days=1), today))
    return max((end for start, end in spans if start <= now < end), default=None)


def next_opening(openings: Iterable[Opening], closed_days: frozenset[date], now: datetime) -> datetime | None:
    """Return the next moment after ``now`` at which an opening begins (UTC), or None within :data:`HORIZON_DAYS`."""
    today = now.astimezone(TOKYO).date()
    kept = tuple(openings)
    for ahead in range(HORIZON_DAYS + 1):
        starts = [start for start, _ in _spans(kept, closed_days, (today + timedelta(days=ahead),)) if start > now]
        if starts:
            return min(starts)
    return None


def say_opening(openings: Iterable[Opening], closed_days: frozenset[date], now: datetime) -> str:
    """「受付中です（17:15まで）」, 「次は明日（月）8:30からです」, or an empty string where no hours are known."""
    kept = tuple(openings)
    end = closing_time(kept, closed_days, now)
    if end is not None:
        around_the_clock = any(opening.opens == opening.closes for opening in kept)
        return "受付中です（24時間）" if around_the_clock else f"受付中です（{say_clock(end)}まで）"
    start = next_opening(kept, closed_days, now)
    return f"次は{say_when(start, now)}からです" if start else ""


def say_when(moment: datetime, now: datetime) -> str:
    """Return a moment as people say it: 「今日8:30」, 「明日（月）8:30」, 「11月24日（火）8:30」."""
    local, today = moment.astimezone(TOKYO), now.astimezone(TOKYO).date()
    weekday = f"（{WEEKDAYS[local.weekday()]}）"
    match (local.date() - today).days:
        case 0:
            day = "今日"
        case 1:
            day = f"明日{weekday}"
        case _:
            day = f"{local.month}月{local.day}日{weekday}"
    return f"{day}{say_clock(moment)}"


def say_clock(moment: datetime) -> str:
    """「8:30」; the end of a day is 24:00."""
    local = moment.astimezone(TOKYO)
    return "24:00" if local.time() == time(0) else f"{local.hour}:{local.minute:02d}"


def promised_answer(city: City, now: datetime) -> datetime:
    """By when a person answers (UTC). A promise that would pass closing time counts from the next opening of staff hours."""
    within = timedelta(minutes=city.answer_within_minutes)
    end = closing_time(city.staff_hours, city.closed_days, now)
    if end is not None and now + within <= end:
        return (now + within).astimezone(UTC)
    start = next_opening(city.staff_hours, city.closed_days, now)
    if start is None:
        # Only a list of closing days longer than the horizon leads here; the weekly hours alone always come round.
        start = next_opening(city.staff_hours, frozenset(), now)
    return (start or now) + within


def is_holiday(day: date) -> bool:
    """Public holidays, and the days from 29 December to 3 January."""
    return (day.month, day.day) in YEAR_END or _is_public_holiday(day)


@cache
def _is_public_holiday(day: date) -> bool:
    return bool(jpholiday.is_holiday(day))


def _spans(openings: tuple[Opening, ...], closed_days: frozenset[date], days: Iterable[date]) -> Iterator[tuple[datetime, datetime]]:
    """Return the openings that begin on ``days``, as UTC spans."""
    for day in days:
        if day in closed_days:
            continue
        for opening in openings:
            if _holds_on(opening, day):
                last = day if opening.opens < opening.closes else day + timedelta(days=1)
                start = datetime.combine(day, opening.opens, TOKYO)
                end = datetime.combine(last, opening.closes, TOKYO)
                yield start.astimezone(UTC), end.astimezone(UTC)


def _holds_on(opening: Opening, day: date) -> bool:
    if day.weekday() not in opening.weekdays or (is_holiday(day) and not opening.holidays):
        return False
    return (opening.valid_from is None or opening.valid_from <= day) and (opening.valid_to is None or day <= opening.valid_to)
