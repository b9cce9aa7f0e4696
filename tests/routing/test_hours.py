from datetime import UTC, date, time, timedelta

import pytest

from routing.city import Opening
from routing.hours import is_open, next_opening, promised_answer, say_opening
from tests.routing.support import cities, japan

WEEKDAYS = (Opening(weekdays=frozenset(range(5)), opens=time(8, 30), closes=time(17, 15)),)
NIGHT = (Opening(weekdays=frozenset(range(7)), opens=time(19), closes=time(8), holidays=True),)
ALWAYS = (Opening(weekdays=frozenset(range(7)), opens=time(0), closes=time(0), holidays=True),)
NONE: frozenset[date] = frozenset()


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-20 08:29", False),
        ("2026-11-20 08:30", True),
        ("2026-11-20 17:14", True),
        ("2026-11-20 17:15", False),
        ("2026-11-21 12:00", False),
        ("2026-11-23 12:00", False),  # 勤労感謝の日
        ("2026-05-06 12:00", False),  # 振替休日
        ("2026-12-28 12:00", True),
        ("2026-12-29 12:00", False),
        ("2027-01-04 12:00", True),
    ],
)
def test_office_hours_respect_weekends_holidays_and_the_turn_of_the_year(moment: str, expected: bool) -> None:
    assert is_open(WEEKDAYS, NONE, japan(moment)) is expected


def test_now_may_come_in_utc_while_the_calendar_is_japans() -> None:
    sunday_in_utc = japan("2026-11-16 08:45").astimezone(UTC)
    assert sunday_in_utc.date() == date(2026, 11, 15)
    assert is_open(WEEKDAYS, NONE, sunday_in_utc)


@pytest.mark.parametrize(("moment", "expected"), [("2026-11-20 23:59", True), ("2026-11-21 00:00", True), ("2026-11-21 08:00", False)])
def test_hours_over_midnight_hold_on_both_sides(moment: str, expected: bool) -> None:
    assert is_open(NIGHT, NONE, japan(moment)) is expected


@pytest.mark.parametrize("moment", ["2026-01-01 00:00", "2026-11-20 23:59", "2026-11-21 00:00"])
def test_a_window_open_all_day_never_closes(moment: str) -> None:
    assert is_open(ALWAYS, NONE, japan(moment))


def test_a_closing_day_of_the_city_closes() -> None:
    assert not is_open(WEEKDAYS, frozenset({date(2026, 11, 20)}), japan("2026-11-20 12:00"))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-20 06:00", "2026-11-20 08:30"),
        ("2026-11-20 12:00", "2026-11-24 08:30"),
        ("2026-12-28 18:00", "2027-01-04 08:30"),
        ("2026-05-01 18:00", "2026-05-07 08:30"),
    ],
)
def test_the_next_opening_skips_what_is_closed(moment: str, expected: str) -> None:
    assert next_opening(WEEKDAYS, NONE, japan(moment)) == japan(expected)


def test_a_window_without_hours_has_no_next_opening_and_nothing_is_said() -> None:
    assert next_opening((), NONE, japan("2026-11-20 12:00")) is None
    assert say_opening((), NONE, japan("2026-11-20 12:00")) == ""


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-20 12:00", "受付中です（17:15まで）"),
        ("2026-11-20 06:00", "次は今日8:30からです"),
        ("2026-11-18 20:00", "次は明日（木）8:30からです"),
        ("2026-11-20 20:00", "次は11月24日（火）8:30からです"),
    ],
)
def test_openings_are_said_with_the_day_of_the_week(moment: str, expected: str) -> None:
    assert say_opening(WEEKDAYS, NONE, japan(moment)) == expected


def test_hours_that_end_with_the_day_are_said_as_24() -> None:
    until_midnight = (Opening(weekdays=frozenset(range(7)), opens=time(12), closes=time(0)),)
    assert say_opening(until_midnight, NONE, japan("2026-11-20 23:00")) == "受付中です（24:00まで）"


def test_hours_hold_only_within_their_dates() -> None:
    summer = (
        Opening(weekdays=frozenset(range(7)), opens=time(9), closes=time(12), valid_from=date(2026, 7, 1), valid_to=date(2026, 8, 31)),
    )
    assert is_open(summer, NONE, japan("2026-07-15 10:00"))
    assert not is_open(summer, NONE, japan("2026-09-01 10:00"))
    assert next_opening(summer, NONE, japan("2026-09-01 10:00")) is None


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-20 12:00", "2026-11-20 13:00"),
        ("2026-11-20 02:00", "2026-11-20 09:30"),
        ("2026-11-20 17:00", "2026-11-24 09:30"),
        ("2026-12-31 23:59", "2027-01-04 09:30"),
    ],
)
def test_an_answer_is_promised_only_for_hours_in_which_somebody_reads(moment: str, expected: str) -> None:
    assert promised_answer(cities()["oshu"], japan(moment)) == japan(expected)


def test_a_promise_is_always_given_in_utc_and_never_lies_in_the_past() -> None:
    moment = japan("2026-11-20 00:00")
    for step in range(0, 14 * 24 * 60, 37):
        now = moment + timedelta(minutes=step)
        promise = promised_answer(cities()["oshu"], now)
        assert promise.utcoffset() == timedelta(0)
        assert promise >= now + timedelta(minutes=60)
