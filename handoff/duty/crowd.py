"""混雑: how long residents really wait at this moment, and the municipality as residents are told of it because of that.

The promise is never shorter than what the municipality has declared; it is longer where so many wait that it could not be kept.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from math import ceil
from statistics import median

from sqlalchemy import func, select

from handoff.accounts.models import StaffSession
from handoff.desk.models import Episode
from handoff.desk.work_models import AnswerMode, WindowRule
from handoff.duty.models import RECEPTION
from handoff.duty.plan import Roster
from handoff.duty.service import load_roster
from intake.base.database import ReadSession
from intake.conversations.models import Conversation
from intake.dialogue.turn import Controller
from routing.city import City, Opening
from routing.hours import is_open, next_opening, promised_answer

USUAL_PACE = timedelta(minutes=20)
"""So long a first answer takes one person, until enough were measured."""
_SHORTEST, _LONGEST = timedelta(minutes=5), timedelta(minutes=60)
_MEASURED, _ENOUGH, _LOOKED_BACK = 50, 10, timedelta(days=28)
_AT_WORK = timedelta(minutes=30)
_STEP, _MOST_MINUTES = 10, 1440
"""Minutes told to residents are rounded up to the first, and never more than the second: three days of work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """How many wait for a window, how many answer, and how long one answer takes. Without anybody there is nothing to reckon with."""

    waiting: int
    people: int
    pace: timedelta

    def minutes(self) -> int:
        """Return in how many minutes of work whoever comes next is answered, rounded up; 0 where nobody can tell."""
        if not self.people:
            return 0
        rounds = ceil((self.waiting + 1) / self.people)
        return min(ceil(rounds * self.pace / timedelta(minutes=_STEP)) * _STEP, _MOST_MINUTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The duty of a window of a municipality at a moment: who is there, and what a resident who waits for it from now on is told."""

    roster: Roster
    city: City
    """The municipality as residents are told of it now."""
    crowd: Crowd
    open: bool
    """Whether the window is open."""
    promise: datetime
    now: datetime

    @property
    def crowded(self) -> bool:
        """Whether residents are told a longer time than the municipality has declared."""
        return self.city.crowded


async def load_outlook(session: ReadSession, city: City, now: datetime, window: str = RECEPTION) -> Outlook:
    """Return how things stand for 受付, or for another window."""
    roster = await load_roster(session, city, now)
    usual, closed = _usual_hours(city, window)
    hours, closed = replace(roster, closed_days=closed).hours(window, usual, now)
    rule = await session.get(WindowRule, (city.key, window))
    opened = is_open(hours, closed, now)
    begins = now if opened else next_opening(hours, closed, now)
    crowd = await _crowd(session, city, roster, window, begins or now, now)
    expected = crowd.minutes()
    served = replace(
        city,
        staff_hours=hours,
        closed_days=closed,
        answer_times=answer_times(rule),
        answer_within_minutes=max(expected, city.answer_within_minutes),
        crowded=expected > city.answer_within_minutes,
    )
    return Outlook(roster=roster, city=served, crowd=crowd, open=opened, promise=promised_answer(served, now), now=now)


def _usual_hours(city: City, window: str) -> tuple[tuple[Opening, ...], frozenset[date]]:
    """Return the hours and closing days that hold where no plan of duty does: a window's own where the directory tells them."""
    listed = city.windows.get(window)
    if listed is None or not listed.confirmed:
        return city.staff_hours, city.closed_days
    return listed.openings or city.staff_hours, city.closed_days | listed.closed_days


def answer_times(rule: WindowRule | None) -> tuple[time, ...]:
    """Return the fixed hours at which a window answers; none for one that answers live."""
    if rule is None or rule.mode is not AnswerMode.TIMES or not rule.times:
        return ()
    return tuple(time.fromisoformat(one) for one in rule.times.split(";"))


async def _crowd(session: ReadSession, city: City, roster: Roster, window: str, begins: datetime, now: datetime) -> Crowd:
    """Count who waits for a window, and who will answer them: those on duty, without a plan those at work."""
    free = (Conversation.municipality == city.key, Conversation.closed_at.is_(None), Conversation.controller == Controller.WAITING)
    theirs = Conversation.window_id.is_(None) if window == RECEPTION else Conversation.window_id == window
    real = Conversation.practice_of.is_(None)
    waiting = await session.scalar(select(func.count()).select_from(Conversation).where(*free, theirs, real)) or 0
    people = len(roster.on_duty(window, begins))
    if not people:
        people = await _at_work(session, roster.serving.get(window, frozenset()), now)
    return Crowd(waiting=waiting, people=people, pace=await _pace(session, city.key, now))


async def _at_work(session: ReadSession, serving: Collection[str], now: datetime) -> int:
    """Count who of those that serve a window has been at the console of late."""
    live = (StaffSession.revoked_at.is_(None), StaffSession.seen_at > now - _AT_WORK)
    return await session.scalar(select(func.count(StaffSession.staff_id.distinct())).where(*live, StaffSession.staff_id.in_(serving))) or 0


async def _pace(session: ReadSession, municipality: str, now: datetime) -> timedelta:
    """Return the median time from taking a talk to its first answer, of late; as usual where too few were measured."""
    done = (Episode.municipality == municipality, Episode.opened_at > now - _LOOKED_BACK, Episode.first_answer_at > Episode.claimed_at)
    real = Conversation.practice_of.is_(None)
    measured = select(Episode.claimed_at, Episode.first_answer_at).join(Conversation, Conversation.id == Episode.conversation_id)
    recent = measured.where(*done, real).order_by(Episode.id.desc()).limit(_MEASURED)
    spans: list[timedelta] = [row.first_answer_at - row.claimed_at for row in await session.execute(recent)]
    if len(spans) < _ENOUGH:
        return USUAL_PACE
    middle = timedelta(seconds=median(span.total_seconds() for span in spans))
    return min(max(middle, _SHORTEST), _LONGEST)


class Outlooks:
    """How things stand in each municipality, looked at anew every few seconds: neither a message nor a page must wait for it."""

    def __init__(self, fresh: timedelta = timedelta(seconds=5)) -> None:
        self._fresh = fresh
        self._known: dict[tuple[str, str], tuple[City, Outlook]] = {}

    async def of(self, session: ReadSession, city: City, now: datetime, window: str = RECEPTION) -> Outlook:
        """Return how things stand for 受付 or another window, a few seconds old at most."""
        before, known = self._known.get((city.key, window), (None, None))
        if known is None or before is not city or not now - self._fresh < known.now <= now:
            known = await load_outlook(session, city, now, window)
            self._known[city.key, window] = (city, known)
        return known

    async def served(self, session: ReadSession, cities: Mapping[str, City], municipality: str, now: datetime) -> Mapping[str, City]:
        """Return the municipalities, one of them as residents are told of it at this moment."""
        return {**cities, municipality: (await self.of(session, cities[municipality], now)).city}
