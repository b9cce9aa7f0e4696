"""Who is on duty, and when a window is open because of it. Pure: rows in, people and hours out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from handoff.duty.models import Absence, DutyChange, DutySlot
from routing.city import Opening
from routing.hours import TOKYO, closing_time, is_open

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDuty:
    """Somebody who is on duty, and until when. ``planned`` where the weekly plan says so."""

    staff_id: str
    name: str
    until: datetime
    planned: bool
    place: int


def opening_of(slot: DutySlot) -> Opening:
    """Return a line of the plan as hours."""
    return Opening(weekdays=frozenset({slot.weekday}), opens=slot.starts, closes=slot.ends, holidays=slot.holidays)


def without(opening: Opening, first: date, last: date) -> Iterable[Opening]:
    """Return the same hours without what begins on some days."""
    yield replace(opening, valid_to=first - _DAY)
    yield replace(opening, valid_from=last + _DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The duty of one municipality at a moment. It holds nobody who has left, lost the window, or may not answer."""

    names: Mapping[str, str]
    """Display names by id, of everybody who stands in the rows."""
    slots: Mapping[str, Sequence[DutySlot]] = field(default_factory=dict)
    """By window."""
    changes: Mapping[str, Sequence[DutyChange]] = field(default_factory=dict)
    """By window, the newest of each person, and only those that still count."""
    serving: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By window, everybody who may be on duty there."""
    closed_days: frozenset[date] = frozenset()
    absences: Sequence[Absence] = ()
    """Those of this day and later."""

    def stand_in(self, staff_id: str, day: date) -> str | None:
        """Return who stands in for somebody on a day; None where they are there."""
        away = (one.stand_in_id for one in self.absences if one.staff_id == staff_id and one.first_day <= day <= one.last_day)
        return next(away, None)

    def has_plan(self, window: str) -> bool:
        """Tell whether a window has a weekly plan. Where it has none, the hours of the municipality say whether it is open."""
        return bool(self.slots.get(window))

    def on_duty(self, window: str, now: datetime) -> tuple[OnDuty, ...]:
        """Return who is on duty for a window, in the order in which they are called."""
        found = {one.staff_id: one for one in self._planned(window, now)}
        for change in self.changes.get(window, ()):
            before = found.pop(change.staff_id, None)
            if change.comes:
                until = change.until if before is None else max(change.until, before.until)
                place = self._last_place(window) if before is None else before.place
                found[change.staff_id] = OnDuty(
                    staff_id=change.staff_id, name=self.names[change.staff_id], until=until, planned=False, place=place
                )
        return tuple(sorted(found.values(), key=lambda one: (one.place, one.staff_id)))

    def _planned(self, window: str, now: datetime) -> Iterable[OnDuty]:
        for slot in sorted(self.slots.get(window, ()), key=lambda one: -one.place):
            until = closing_time([opening_of(slot)], self.closed_days, now)
            stand_in = self.stand_in(slot.staff_id, now.astimezone(TOKYO).date())
            there = stand_in or slot.staff_id
            if until is not None and (stand_in is None or self._serves(stand_in, window)):
                yield OnDuty(staff_id=there, name=self.names[there], until=until, planned=True, place=slot.place)

    def _serves(self, staff_id: str, window: str) -> bool:
        return staff_id in self.serving.get(window, ())

    def _last_place(self, window: str) -> int:
        return 1 + max((slot.place for slot in self.slots.get(window, ())), default=0)

    def order(self, window: str) -> tuple[str, ...]:
        """Return everybody on the plan of a window, in the order in which they are called."""
        ranked = sorted(self.slots.get(window, ()), key=lambda slot: (slot.place, slot.staff_id))
        return tuple(dict.fromkeys(slot.staff_id for slot in ranked))

    def hours(self, window: str, usual: Sequence[Opening], now: datetime) -> tuple[tuple[Opening, ...], frozenset[date]]:
        """Return the hours of a window as they stand at this moment, with the closing days that go with them.

        The plan takes the place of the ``usual`` hours. Whoever has gone is left out for as long as that holds; whoever has come opens
        the window also on a closing day.
        """
        gone = {change.staff_id: change for change in self.changes.get(window, ()) if not change.comes}
        weekly: list[Opening] = []
        for slot in self.slots.get(window, ()):
            held = [opening_of(slot)] if slot.staff_id not in gone else _while_gone(slot, gone[slot.staff_id], now)
            weekly += self._while_there(slot.staff_id, window, held)
        hours = weekly if self.has_plan(window) else list(usual)
        closed = self.closed_days
        for change in self.changes.get(window, ()):
            if change.comes:
                came = change.at.astimezone(TOKYO).date()
                if came in closed:
                    hours, closed = [kept for one in hours for kept in without(one, came, came)], closed - {came}
                hours.append(_coming(change, came))
        return tuple(hours), closed

    def _while_there(self, staff_id: str, window: str, hours: Iterable[Opening]) -> Iterable[Opening]:
        """Return hours without the days on which somebody is away and nobody who serves the window stands in."""
        away = [one for one in self.absences if one.staff_id == staff_id and not self._serves(one.stand_in_id, window)]
        for one in away:
            hours = [kept for opening in hours for kept in without(opening, one.first_day, one.last_day)]
        return hours

    def is_open(self, window: str, usual: Sequence[Opening], now: datetime) -> bool:
        """Tell whether a window is open: somebody is on duty, or where there is no plan, the usual hours say so."""
        return bool(self.on_duty(window, now)) or (not self.has_plan(window) and is_open(usual, self.closed_days, now))


def _coming(change: DutyChange, came: date) -> Opening:
    opens, closes = change.at.astimezone(TOKYO).time(), change.until.astimezone(TOKYO).time()
    days = frozenset({came.weekday()})
    return Opening(weekdays=days, opens=opens, closes=closes, holidays=True, valid_from=came, valid_to=came)


def _while_gone(slot: DutySlot, change: DutyChange, now: datetime) -> Iterable[Opening]:
    """Return the hours of somebody who has gone for a while: none that holds now, and the rest of today where they come back in it."""
    opening, today = opening_of(slot), now.astimezone(TOKYO).date()
    back = change.until.astimezone(TOKYO)
    night = slot.ends <= slot.starts
    first, last = today - _DAY if night else today, max(today, back.date() - _DAY)
    yield from without(opening, first, last)
    if not night and back.date() == today and slot.starts < back.time() < slot.ends:
        yield replace(opening, opens=back.time(), valid_from=today, valid_to=today)
