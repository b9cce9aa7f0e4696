from dataclasses import replace
from datetime import UTC, date, time, timedelta

import pytest

from routing.card import card_for
from routing.city import Opening
from routing.hours import is_open, next_opening, promised_answer, say_opening
from routing.referral import Destination, Kind
from tests.routing.support import cities, japan, sample_city, staffed

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


LUNCH = (
    Opening(weekdays=frozenset(range(5)), opens=time(8, 30), closes=time(12)),
    Opening(weekdays=frozenset(range(5)), opens=time(13), closes=time(17, 15)),
)
TWO_ROWS = (
    Opening(weekdays=frozenset(range(7)), opens=time(19), closes=time(0), holidays=True),
    Opening(weekdays=frozenset(range(7)), opens=time(0), closes=time(8), holidays=True),
)
SECOND_AND_FOURTH = (Opening(weekdays=frozenset({5}), opens=time(9), closes=time(12), weeks=frozenset({2, 4})),)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-20 11:59", "受付中です（12:00まで）"),
        ("2026-11-20 12:00", "次は今日13:00からです"),
        ("2026-11-20 12:59", "次は今日13:00からです"),
        ("2026-11-20 13:00", "受付中です（17:15まで）"),
    ],
)
def test_a_window_that_closes_for_lunch_says_when_it_is_back(moment: str, expected: str) -> None:
    assert say_opening(LUNCH, NONE, japan(moment)) == expected


@pytest.mark.parametrize("hours", [NIGHT, TWO_ROWS], ids=["one row", "two rows"])
def test_a_night_is_said_to_its_morning_however_it_is_written(hours: tuple[Opening, ...]) -> None:
    assert say_opening(hours, NONE, japan("2026-11-20 23:00")) == "受付中です（明日（土）8:00まで）"
    assert say_opening(hours, NONE, japan("2026-11-21 03:00")) == "受付中です（8:00まで）"


def test_hours_that_overlap_end_with_the_later_one() -> None:
    overlapping = (*LUNCH, Opening(weekdays=frozenset({4}), opens=time(11), closes=time(20)))
    assert say_opening(overlapping, NONE, japan("2026-11-20 11:30")) == "受付中です（20:00まで）"
    assert next_opening(overlapping, NONE, japan("2026-11-20 11:30")) == japan("2026-11-24 08:30")


def test_only_hours_that_never_end_are_said_to_be_around_the_clock() -> None:
    saturday_all_day = (*WEEKDAYS, Opening(weekdays=frozenset({5}), opens=time(0), closes=time(0)))
    assert say_opening(ALWAYS, NONE, japan("2026-11-20 12:00")) == "受付中です（24時間）"
    assert say_opening(saturday_all_day, NONE, japan("2026-11-20 12:00")) == "受付中です（17:15まで）"
    assert say_opening(saturday_all_day, NONE, japan("2026-11-21 12:00")) == "受付中です（24:00まで）"


@pytest.mark.parametrize(
    ("day", "expected"), [("2026-11-07", False), ("2026-11-14", True), ("2026-11-21", False), ("2026-11-28", True), ("2026-12-26", True)]
)
def test_the_second_and_fourth_saturday_are_counted_in_their_month(day: str, expected: bool) -> None:
    assert is_open(SECOND_AND_FOURTH, NONE, japan(f"{day} 10:00")) is expected


def test_a_day_of_the_month_has_its_own_hours() -> None:
    tenth = (Opening(weekdays=frozenset(range(7)), opens=time(8), closes=time(8), holidays=True, month_days=frozenset({10})),)
    assert not is_open(tenth, NONE, japan("2026-11-09 12:00"))
    assert say_opening(tenth, NONE, japan("2026-11-10 12:00")) == "受付中です（明日（水）8:00まで）"
    assert say_opening(tenth, NONE, japan("2026-11-11 12:00")) == "次は12月10日（木）8:00からです"


def test_a_closing_day_does_not_end_the_night_before() -> None:
    closed = frozenset({date(2026, 11, 21)})
    assert is_open(NIGHT, closed, japan("2026-11-21 03:00"))
    assert not is_open(NIGHT, closed, japan("2026-11-21 20:00"))
    assert not is_open(NIGHT, closed, japan("2026-11-22 03:00"))


def test_a_closing_day_of_one_window_leaves_the_others_open() -> None:
    city = sample_city()
    own = replace(city.windows["aizu-w14"], closed_days=frozenset({date(2026, 11, 20)}))
    changed = replace(city, windows={**city.windows, own.id: own})
    noon = japan("2026-11-20 12:00")
    opened = {
        window: card_for(changed, Destination(window=window, name="", kind=Kind.CHILD), noon).opening for window in ("aizu-w14", "aizu-w15")
    }
    assert opened == {"aizu-w14": "次は明日（土）9:00からです", "aizu-w15": "受付中です（17:15まで）"}


@pytest.mark.parametrize(
    ("minutes", "moment", "expected"),
    [
        (300, "2026-11-20 08:30", "2026-11-24 09:15"),
        (240, "2026-11-20 08:30", "2026-11-20 17:00"),
        (600, "2026-11-20 08:30", "2026-11-25 09:45"),
    ],
)
def test_a_promise_longer_than_the_hours_goes_on_in_the_next_ones(minutes: int, moment: str, expected: str) -> None:
    whole_day = (Opening(weekdays=frozenset(range(5)), opens=time(8, 30), closes=time(17, 15)),)
    hours = whole_day if minutes == 600 else LUNCH
    assert promised_answer(staffed(cities()["oshu"], hours, minutes), japan(moment)) == japan(expected)


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
