"""The hours at which staff read, as a clerk writes them in one cell: 「月火水木金 08:30-17:15; 土 09:00-12:00」."""

from routing.city import Opening
from routing.values import parse_time, parse_weekdays


def parse_staff_hours(value: str) -> tuple[Opening, ...]:
    """Return the openings, or an empty tuple where any part cannot be read."""
    found = [_opening(part.strip()) for part in value.split(";")]
    return () if None in found else tuple(opening for opening in found if opening)


def _opening(part: str) -> Opening | None:
    days, _, span = part.partition(" ")
    start, _, end = span.strip().partition("-")
    weekdays, opens, closes = parse_weekdays(days), parse_time(start), parse_time(end)
    if not weekdays or opens is None or closes is None or start >= end:
        return None
    return Opening(weekdays=weekdays, opens=opens, closes=closes)
