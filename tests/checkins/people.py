"""Plans and histories for the tests, and a slow second opinion on what a check-in may never do."""

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import jpholiday

from intake.checkins.calendar import Calendar
from intake.checkins.plan import Plan
from intake.checkins.rhythm import HOURS, CheckinSettings
from routing.city import Opening
from routing.hours import TOKYO

START = datetime(2026, 4, 7, 1, 0, tzinfo=UTC)
"""Tuesday, 2026-04-07 at 10:00 in Japan."""
STAFF = (Opening(weekdays=frozenset(range(5)), opens=time(8, 30), closes=time(17, 15)),)
CALENDAR = Calendar(openings=STAFF, closed_days=frozenset({date(2026, 8, 13), date(2026, 8, 14)}))


def plan(
    key: str = "plan",
    *,
    chosen: CheckinSettings | None = None,
    began: datetime = START,
    heavy: bool = False,
    paused_at: datetime | None = None,
    unsafe_since: datetime | None = None,
    safe_agreed_at: datetime | None = None,
    friend: bool = True,
) -> Plan:
    return Plan(
        id=key,
        settings=chosen or CheckinSettings(),
        began_at=began,
        consent_at=began,
        heavy=heavy,
        paused_at=paused_at,
        unsafe_since=unsafe_since,
        safe_agreed_at=safe_agreed_at,
        friend=friend,
    )


def time_faults(chosen: CheckinSettings, at: datetime, closed: frozenset[date]) -> list[str]:
    """Say what is wrong with a moment, told without the product's own calendar."""
    local = at.astimezone(TOKYO)
    day = local.date()
    opens, closes = HOURS[chosen.hours]
    found = []
    if not time(9) <= local.time() < time(18):
        found.append("quiet hours")
    if not opens <= local.time() < closes:
        found.append("outside the chosen hours")
    if day.weekday() >= 5 or jpholiday.is_holiday(day) or day in closed or (day.month, day.day) in {(12, 29), (12, 30), (12, 31)}:
        found.append("day off")
    if day.month == 1 and day.day <= 3:
        found.append("new year")
    return found


def gap_faults(sent: Sequence[datetime], began: Sequence[tuple[datetime, bool]]) -> list[str]:
    """Say where two words lie in one week. ``began`` tells when the rhythm began (anew), and whether after a heavy talk."""
    found = []
    for first, second in itertools.pairwise(sent):
        start, heavy = max((mark for mark in began if mark[0] <= second), default=(second, False))
        first_week = heavy and start <= first and first - start < timedelta(days=7) and second - first >= timedelta(days=4)
        if second - first < timedelta(days=7) and not first_week:
            found.append(f"{first} and {second}")
    return found
