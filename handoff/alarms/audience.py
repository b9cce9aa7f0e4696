"""Who is told: mine and unclaimed, nothing else. And who is called, in which order, when nobody opens an emergency. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from handoff.accounts.models import Role
from handoff.alarms.models import AlarmCall, CallReason
from handoff.duty.models import RECEPTION, EmergencyContact
from handoff.duty.plan import Roster
from routing.city import City
from routing.hours import TOKYO

LEADERS = frozenset({Role.SUPERVISOR, Role.MANAGER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What decides about the people of one talk."""

    owner: str | None
    window_id: str | None

    @property
    def windows(self) -> tuple[str, ...]:
        """The windows whose people look after the talk: its own, then 受付."""
        return tuple(dict.fromkeys((self.window_id or RECEPTION, RECEPTION)))


def audience(case: Case, roster: Roster, city: City, now: datetime) -> tuple[str, ...]:
    """Return who is told of something in a talk: its holder, else who is on duty, or without a plan all of the window in its hours."""
    return holders(case.owner, roster, now) if case.owner is not None else of_window(case.windows, roster, city, now)


def holders(owner: str, roster: Roster, now: datetime) -> tuple[str, ...]:
    """Return who holds a talk, and whoever stands in while they are away."""
    stand_in = roster.stand_in(owner, now.astimezone(TOKYO).date())
    return (owner,) if stand_in is None else (owner, stand_in)


def of_window(windows: Iterable[str], roster: Roster, city: City, now: datetime) -> tuple[str, ...]:
    """Return who looks after the first of these windows that is open now; nobody when none is."""
    for window in windows:
        duty = roster.on_duty(window, now)
        if duty:
            return tuple(one.staff_id for one in duty)
        if roster.is_open(window, city.staff_hours, now):
            return tuple(sorted(roster.serving.get(window, ())))
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody, or a post of the plan, who can be called."""

    reason: CallReason
    staff_id: str | None = None
    contact: EmergencyContact | None = None


def candidates(
    case: Case, roster: Roster, city: City, *, leaders: Collection[str], contacts: Sequence[EmergencyContact], now: datetime
) -> tuple[Candidate, ...]:
    """Return everybody to call, in order: the holder, those on duty, those who answer for the window, the posts of the plan.

    When nobody is on duty the plan of the city comes first; those who answer for the window are asked only after it.
    """
    duty = [one.staff_id for window in case.windows for one in roster.on_duty(window, now)]
    unplanned = of_window(case.windows, roster, city, now) if not duty else ()
    serving = {person for window in case.windows for person in roster.serving.get(window, ())}
    holding = holders(case.owner, roster, now) if case.owner else ()
    holder = [Candidate(reason=CallReason.HOLDER, staff_id=person) for person in holding]
    called = [Candidate(reason=CallReason.DUTY, staff_id=person) for person in (*duty, *unplanned)]
    above = [Candidate(reason=CallReason.LEADER, staff_id=person) for person in sorted(leaders) if person in serving]
    posts = [Candidate(reason=CallReason.PLAN, contact=contact) for contact in contacts]
    found = (*holder, *called, *above, *posts) if called else (*holder, *posts, *above)
    seen: dict[str, Candidate] = {}
    for one in found:
        seen.setdefault(one.staff_id or (one.contact.id if one.contact is not None else ""), one)
    return tuple(seen.values())


def next_candidate(order: Sequence[Candidate], calls: Collection[AlarmCall]) -> Candidate | None:
    """Return the first of the order who has not been called for this alarm yet."""
    done = {call.staff_id or call.contact_id for call in calls}
    return next((one for one in order if (one.staff_id or (one.contact and one.contact.id)) not in done), None)
