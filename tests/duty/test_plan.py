"""Who is on duty: the weekly plan, whoever has come or gone beside it, and what residents are told from it."""

from datetime import UTC, date, datetime, time

import pytest

from handoff.duty.models import RECEPTION, DutyChange, DutySlot
from handoff.duty.plan import Roster
from routing.city import Opening
from routing.hours import TOKYO, is_open, next_opening

TUESDAY = datetime(2026, 4, 7, 10, 0, tzinfo=TOKYO).astimezone(UTC)


def at(hour: int, minute: int = 0, day: int = 7) -> datetime:
    return datetime(2026, 4, day, hour, minute, tzinfo=TOKYO).astimezone(UTC)


def slot(staff: str, starts: int = 9, ends: int = 17, *, weekday: int = 1, place: int = 1, holidays: bool = False) -> DutySlot:
    return DutySlot(
        id=f"{staff}{weekday}",
        window_id=RECEPTION,
        staff_id=staff,
        weekday=weekday,
        starts=time(starts),
        ends=time(ends),
        place=place,
        holidays=holidays,
    )


def change(staff: str, *, comes: bool, since: datetime, until: datetime) -> DutyChange:
    return DutyChange(id=staff, window_id=RECEPTION, staff_id=staff, comes=comes, at=since, until=until)


def roster(*slots: DutySlot, changes: tuple[DutyChange, ...] = (), closed: frozenset[date] = frozenset()) -> Roster:
    people = [*(one.staff_id for one in slots), *(one.staff_id for one in changes)]
    return Roster(
        names={person: person for person in people},
        slots={RECEPTION: slots} if slots else {},
        changes={RECEPTION: changes} if changes else {},
        closed_days=closed,
    )


def names(duty: Roster, now: datetime) -> list[str]:
    return [one.staff_id for one in duty.on_duty(RECEPTION, now)]


@pytest.mark.parametrize(("now", "there"), [(at(8, 59), []), (at(9), ["a"]), (at(16, 59), ["a"]), (at(17), []), (at(10, day=8), [])])
def test_the_weekly_plan_says_who_is_on_duty(now: datetime, there: list[str]) -> None:
    assert names(roster(slot("a")), now) == there


def test_those_on_duty_stand_in_the_order_in_which_they_are_called() -> None:
    assert names(roster(slot("a", place=2), slot("b", place=1), slot("c", place=2)), TUESDAY) == ["b", "a", "c"]


def test_a_night_goes_on_into_the_next_morning() -> None:
    night = roster(slot("a", 22, 6))
    assert names(night, at(23)) == ["a"]
    assert names(night, at(5, day=8)) == ["a"]
    assert names(night, at(6, day=8)) == []


def test_nobody_is_planned_on_a_holiday_or_a_closing_day_unless_the_line_says_so() -> None:
    holiday = at(10, day=29)
    assert names(roster(slot("a", weekday=2)), holiday) == []
    assert names(roster(slot("a", weekday=2, holidays=True)), holiday) == ["a"]
    assert names(roster(slot("a"), closed=frozenset({date(2026, 4, 7)})), TUESDAY) == []


def test_whoever_has_come_is_on_duty_after_those_on_the_plan_and_whoever_has_gone_is_not() -> None:
    changes = (
        change("b", comes=True, since=at(9, 30), until=at(12)),
        change("a", comes=False, since=at(9, 40), until=at(0, day=8)),
    )
    assert names(roster(slot("a"), slot("c", place=3), changes=changes), TUESDAY) == ["c", "b"]


def test_whoever_comes_again_in_their_own_hours_stays_until_the_later_end() -> None:
    duty = roster(slot("a"), changes=(change("a", comes=True, since=at(9), until=at(12)),))
    assert [one.until for one in duty.on_duty(RECEPTION, TUESDAY)] == [at(17)]


def test_the_hours_of_the_plan_take_the_place_of_the_usual_ones() -> None:
    usual = (Opening(weekdays=frozenset(range(5)), opens=time(8, 30), closes=time(17, 15)),)
    hours, closed = roster(slot("a", 13, 17)).hours(RECEPTION, usual, TUESDAY)
    assert not is_open(hours, closed, TUESDAY)
    assert next_opening(hours, closed, TUESDAY) == at(13)
    same, _ = roster().hours(RECEPTION, usual, TUESDAY)
    assert same == usual


def test_a_window_whose_only_person_has_gone_opens_again_next_week() -> None:
    duty = roster(slot("a"), changes=(change("a", comes=False, since=at(9, 30), until=at(0, day=8)),))
    hours, closed = duty.hours(RECEPTION, (), TUESDAY)
    assert not is_open(hours, closed, TUESDAY)
    assert next_opening(hours, closed, TUESDAY) == at(9, day=14)


def test_somebody_who_comes_back_the_same_day_opens_the_window_for_the_rest_of_it() -> None:
    duty = roster(slot("a"), changes=(change("a", comes=False, since=at(9, 30), until=at(14)),))
    hours, closed = duty.hours(RECEPTION, (), TUESDAY)
    assert next_opening(hours, closed, TUESDAY) == at(14)


def test_the_night_of_somebody_who_has_gone_does_not_hold_the_window_open() -> None:
    duty = roster(slot("a", 22, 6), changes=(change("a", comes=False, since=at(1, day=8), until=at(0, day=9)),))
    hours, closed = duty.hours(RECEPTION, (), at(2, day=8))
    assert not is_open(hours, closed, at(2, day=8))


def test_whoever_comes_on_a_closing_day_opens_the_window_and_nobody_else_with_them() -> None:
    closed_day = frozenset({date(2026, 4, 7)})
    duty = roster(slot("a"), changes=(change("b", comes=True, since=at(9, 30), until=at(11)),), closed=closed_day)
    hours, closed = duty.hours(RECEPTION, (), TUESDAY)
    assert is_open(hours, closed, TUESDAY)
    assert not is_open(hours, closed, at(12))
    assert next_opening(hours, closed, at(12)) == at(9, day=14)


def test_without_a_plan_the_usual_hours_say_whether_a_window_is_open() -> None:
    usual = (Opening(weekdays=frozenset(range(5)), opens=time(8, 30), closes=time(17, 15)),)
    assert roster().is_open(RECEPTION, usual, TUESDAY)
    assert not roster(slot("a", 13, 17)).is_open(RECEPTION, usual, TUESDAY)
    assert not roster().is_open(RECEPTION, usual, at(20))
