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
ENDLESS = timedelta(days=14)
"""Hours that last longer than this are said to be around the clock."""
YEAR_END = frozenset({(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)})


def is_open(openings: Iterable[Opening], closed_days: frozenset[date], now: datetime) -> bool:
    """Whether any opening holds at ``now``."""
    return bool(_ends(tuple(openings), closed_days, now))


def closing_time(openings: Iterable[Opening], closed_days: frozenset[date], now: datetime) -> datetime | None:
    """When the hours that hold at ``now`` end (UTC), or None when closed.

    Hours that touch or overlap are one: an evening until 24:00 and a morning from 0:00 end in the morning. Hours that go on
    for longer than :data:`ENDLESS` are not followed further.
    """
    kept = tuple(openings)
    end = max(_ends(kept, closed_days, now), default=None)
    while end is not None and end - now <= ENDLESS:
        later = max(_ends(kept, closed_days, end), default=end)
        if later == end:
            return end
        end = later
    return end


def next_opening(openings: Iterable[Opening], closed_days: frozenset[date], now: datetime) -> datetime | None:
    """Return the next moment after ``now`` at which closed turns to open (UTC), or None within :data:`HORIZON_DAYS`."""
    kept = tuple(openings)
    after = closing_time(kept, closed_days, now) or now
    first = after.astimezone(TOKYO).date()
    last = now.astimezone(TOKYO).date() + timedelta(days=HORIZON_DAYS)
    for ahead in range((last - first).days + 1):
        starts = [start for start, _ in _spans(kept, closed_days, (first + timedelta(days=ahead),)) if start > after]
        if starts:
            return min(starts)
    return None


def say_opening(openings: Iterable[Opening], closed_days: frozenset[date], now: datetime) -> str:
    """「受付中です（17:15まで）」, 「次は明日（月）8:30からです」, or an empty string where no hours are known."""
    kept = tuple(openings)
    end = closing_time(kept, closed_days, now)
    if end is not None:
        return "受付中です（24時間）" if end - now > ENDLESS else f"受付中です（{say_end(end, now)}まで）"
    start = next_opening(kept, closed_days, now)
    return f"次は{say_when(start, now)}からです" if start else ""


def say_end(end: datetime, now: datetime) -> str:
    """Return when something ends: 「17:15」 today, 「24:00」 with the day, 「明日（土）8:00」 after a night."""
    last = (end - timedelta(microseconds=1)).astimezone(TOKYO)
    if last.date() == now.astimezone(TOKYO).date():
        return say_clock(end)
    return f"{_say_day(last, now)}{say_clock(end)}"


def say_when(moment: datetime, now: datetime) -> str:
    """Return a moment as people say it: 「今日8:30」, 「明日（月）8:30」, 「11月24日（火）8:30」."""
    local = moment.astimezone(TOKYO)
    return f"{_say_day(local, now)}{local.hour}:{local.minute:02d}"


def _say_day(local: datetime, now: datetime) -> str:
    weekday = f"（{WEEKDAYS[local.weekday()]}）"
    match (local.date() - now.astimezone(TOKYO).date()).days:
        case 0:
            return "今日"
        case 1:
            return f"明日{weekday}"
        case _:
            return f"{local.month}月{local.day}日{weekday}"


def say_clock(moment: datetime) -> str:
    """「8:30」; the end of a day is 24:00."""
    local = moment.astimezone(TOKYO)
    return "24:00" if local.time() == time(0) else f"{local.hour}:{local.minute:02d}"


def promised_answer(city: City, now: datetime) -> datetime:
    """By when a person answers (UTC), always within staff hours.

    A promise that would pass closing time counts from the next opening; one that is longer than the hours of a day goes on
    in the next ones. Where staff answer at fixed times, it counts from the next of these.
    """
    left = timedelta(minutes=city.answer_within_minutes)
    now = next_answer_time(city, now) or now
    # Only closing days listed for longer than the horizon make the weekly hours alone count; those always come round.
    reached = _reached(city.staff_hours, city.closed_days, now, left) or _reached(city.staff_hours, frozenset(), now, left)
    return (reached or now + left).astimezone(UTC)


def next_answer_time(city: City, now: datetime) -> datetime | None:
    """Return when staff answer next who do so at fixed times (UTC); None where they answer as soon as they can, or are never there then."""
    first = now.astimezone(TOKYO).date()
    days = (first + timedelta(days=ahead) for ahead in range(HORIZON_DAYS if city.answer_times else 0))
    moments = (datetime.combine(day, hour, TOKYO) for day in days for hour in sorted(city.answer_times))
    there = (moment for moment in moments if moment > now and (not city.staff_hours or is_open(city.staff_hours, city.closed_days, moment)))
    found = next(there, None)
    return None if found is None else found.astimezone(UTC)


def _reached(openings: tuple[Opening, ...], closed_days: frozenset[date], now: datetime, left: timedelta) -> datetime | None:
    """Return when ``left`` will have passed in one stretch of hours, or in several where it is longer than the first whole one."""
    end = closing_time(openings, closed_days, now)
    if end is not None and now + left <= end:
        return now + left
    start = next_opening(openings, closed_days, now)
    while start is not None:
        end = closing_time(openings, closed_days, start) or start
        if start + left <= end:
            return start + left
        left, start = left - (end - start), next_opening(openings, closed_days, start)
    return None


def is_holiday(day: date) -> bool:
    """Public holidays, and the days from 29 December to 3 January."""
    return (day.month, day.day) in YEAR_END or _is_public_holiday(day)


@cache
def _is_public_holiday(day: date) -> bool:
    return bool(jpholiday.is_holiday(day))


def _ends(openings: tuple[Opening, ...], closed_days: frozenset[date], now: datetime) -> list[datetime]:
    """Return when each opening that holds at ``now`` ends."""
    today = now.astimezone(TOKYO).date()
    spans = _spans(openings, closed_days, (today - timedelta(days=1), today))
    return [end for start, end in spans if start <= now < end]


def _spans(openings: tuple[Opening, ...], closed_days: frozenset[date], days: Iterable[date]) -> Iterator[tuple[datetime, datetime]]:
    """Return the openings that begin on ``days``, as UTC spans. A closing day cancels what begins on it, not the night before."""
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
    if day.weekday() not in opening.weekdays or (opening.weeks and (day.day - 1) // 7 + 1 not in opening.weeks):
        return False
    if (opening.month_days and day.day not in opening.month_days) or (is_holiday(day) and not opening.holidays):
        return False
    return (opening.valid_from is None or opening.valid_from <= day) and (opening.valid_to is None or day <= opening.valid_to)
