"""Hours as a clerk writes them in one cell: 「月火水木金 08:30-17:15; 第2・4土 09:00-12:00; 毎月10日 08:00-翌08:00」."""

import re

from routing.city import Opening
from routing.values import WEEKDAYS, parse_time, parse_weekdays

_DAYS = re.compile(rf"(?:第(?P<weeks>[1-5](?:・[1-5])*))?(?P<weekdays>[{WEEKDAYS}]+)")
_MONTH_DAYS = re.compile(r"毎月(?P<month_days>[1-9][0-9]?(?:・[1-9][0-9]?)*)日")
_LAST_DAY = 31


def parse_staff_hours(value: str) -> tuple[Opening, ...]:
    """Return the openings, or an empty tuple where any part cannot be read.

    翌 before the closing time means the morning after. A day of the month (毎月10日) holds on whatever day of the week it
    falls, on holidays too.
    """
    found = [_opening(part.strip()) for part in value.split(";")]
    return () if None in found else tuple(opening for opening in found if opening)


def parse_days(value: str) -> tuple[frozenset[int], frozenset[int]] | None:
    """Return the weekdays of a cell and which of them in a month (「第2・4土」; empty for every week), or None."""
    weekly = _DAYS.fullmatch(value)
    if weekly is None:
        return None
    return parse_weekdays(weekly["weekdays"]), _numbers(weekly["weeks"]) if weekly["weeks"] else frozenset()


def days_problem(value: str) -> str:
    """Say what is wrong with the weekdays of a cell."""
    return "" if parse_days(value) else f"「{value}」は月火水木金…の並びか「第2・4土」の形ではありません"


def _opening(part: str) -> Opening | None:
    days, _, span = part.partition(" ")
    start, _, end = span.strip().partition("-")
    over_night, end = end.startswith("翌"), end.removeprefix("翌")
    opens, closes = parse_time(start), parse_time(end)
    if opens is None or closes is None or start == "24:00" or over_night == (start < end):
        return None
    if monthly := _MONTH_DAYS.fullmatch(days):
        dates = _numbers(monthly["month_days"])
        every = frozenset(range(len(WEEKDAYS)))
        if max(dates) > _LAST_DAY:
            return None
        return Opening(weekdays=every, opens=opens, closes=closes, holidays=True, month_days=dates)
    weekly = parse_days(days)
    return Opening(weekdays=weekly[0], opens=opens, closes=closes, weeks=weekly[1]) if weekly else None


def _numbers(words: str) -> frozenset[int]:
    return frozenset(int(word) for word in words.split("・"))
