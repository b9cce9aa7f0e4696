"""When the next check-in is due, and whether one that is due may go out. Pure: a plan, what happened, a calendar and the time go in."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import islice

from intake.checkins.calendar import Calendar, Span
from intake.checkins.rhythm import HOURS, CheckinSettings, Offset, offsets
from routing.hours import TOKYO

GAP = timedelta(days=7)
"""Never twice in a week …"""
FIRST_GAP = timedelta(days=4)
"""… except in the first week after a heavy talk: the next day, and then week 1."""
FRIENDLESS = timedelta(days=7)
"""LINE carries words to somebody who is no friend of the account only so long after they wrote."""
LONGEST_PAUSE = timedelta(days=182)
HORIZON = 120
"""So many days ahead a slot is looked for."""
_SLACK = timedelta(minutes=15)
_LAST_START = timedelta(minutes=30)
_SPREAD = 3
_MOST_SPREAD = 5
_NEAR_DAYS = 6
_JITTER_FROM = 14


class End(StrEnum):
    """Why a plan is over."""

    RESIDENT = "resident"
    """The resident said so, by a tap or in words."""
    STOPPED = "stopped"
    """お知らせを止める: the resident wants no notices at all."""
    COMPLETED = "completed"
    """A year without an answer; the farewell has gone out."""
    BLOCKED = "blocked"
    NO_FRIEND = "no_friend"
    ERASED = "erased"
    LAPSED = "lapsed"
    """A pause that nobody ended for half a year."""


class Rest(StrEnum):
    """Why a plan that goes on has no next word for now."""

    PAUSED = "paused"
    UNSAFE = "unsafe"
    """Violence at home was read, and there is no agreement on how to write safely."""
    ALL_PAUSED = "all_paused"
    NO_SLOT = "no_slot"
    """The chosen hours and the municipality's never meet."""


class Refusal(StrEnum):
    """Why a word that was due is not said now. All but the first lead to another slot."""

    RESTING = "resting"
    EARLY = "early"
    """The clock went back."""
    LATE = "late"
    CLOSED = "closed"
    """Night, a day off, or outside the hours that the resident chose."""
    TALK = "talk"
    """A talk or a case step is open."""
    WEEK = "week"
    CHANGED = "changed"
    """The rhythm began anew since this was filed."""
    QUOTA = "quota"
    NO_WORDS = "no_words"
    """Nobody has approved a text that fits."""
    FAILED = "failed"
    """Tried too often; something about this one is broken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the resident agreed to, and what bars it."""

    id: str
    settings: CheckinSettings
    began_at: datetime
    """When the rhythm began: at the consent, or at the last sign of life."""
    consent_at: datetime
    heavy: bool = False
    paused_at: datetime | None = None
    unsafe_since: datetime | None = None
    safe_agreed_at: datetime | None = None
    friend: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What has happened since."""

    done: int = 0
    """How many words of the rhythm are behind us since it began."""
    last_sent_at: datetime | None = None
    heard_at: datetime | None = None
    blocked_at: datetime | None = None
    stopped_at: datetime | None = None
    """When the resident stopped all notices."""
    busy: bool = False
    """Whether a talk or a case step is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """The next word: when it is due, until when it may still go out, which of which rhythm, and whether it is the farewell."""

    at: datetime
    not_after: datetime
    step: int
    began_at: datetime
    farewell: bool = False


Next = Contact | Rest | End


def next_contact(
    plan: Plan, history: History, calendar: Calendar, now: datetime, *, late: timedelta = timedelta(0), wait_until: datetime | None = None
) -> Next:
    """Return the next word of a plan, why there is none for now, or why there will be none any more.

    The same arguments always give the same moment. What is ``late`` is spread over as many working days as were missed, so that
    nothing bursts after an outage. A word so late that the next one is near is left out. Nothing is planned before ``wait_until``.
    """
    ended = why_ended(plan, history, now)
    if ended is not None:
        return ended
    rest = why_resting(plan)
    if rest is not None:
        return rest
    steps = offsets(plan.settings.rhythm, plan.settings.every_days, heavy=plan.heavy)
    begin = plan.began_at.astimezone(TOKYO).date()
    for step in range(history.done, len(steps)):
        target = _target(plan, steps, step, begin)
        earliest = max(now, wait_until or now, _after_gap(plan, history, step))
        slot = _slot(plan, calendar, step, max(target, _first_day(now, late, plan, calendar, step)), earliest)
        if slot is None:
            return Rest.ALL_PAUSED if calendar.is_paused(now) else Rest.NO_SLOT
        if step == len(steps) - 1:
            return Contact(at=slot[0], not_after=slot[1], step=step, began_at=plan.began_at, farewell=True)
        following = _target(plan, steps, step + 1, begin)
        if _day(slot[0]) < following - timedelta(days=min(_NEAR_DAYS, (following - target).days // 2)):
            return Contact(at=slot[0], not_after=slot[1], step=step, began_at=plan.began_at)
    return End.COMPLETED


def why_ended(plan: Plan, history: History, now: datetime) -> End | None:
    """Say why a plan is over, None while it goes on."""
    if history.blocked_at is not None:
        return End.BLOCKED
    if history.stopped_at is not None and history.stopped_at > plan.consent_at:
        return End.STOPPED
    heard = max(plan.consent_at, history.heard_at or plan.consent_at)
    if not plan.friend and now - heard > FRIENDLESS:
        return End.NO_FRIEND
    if plan.paused_at is not None and now - plan.paused_at > LONGEST_PAUSE:
        return End.LAPSED
    steps = offsets(plan.settings.rhythm, plan.settings.every_days, heavy=plan.heavy)
    return End.COMPLETED if history.done >= len(steps) else None


def why_resting(plan: Plan) -> Rest | None:
    """Say why a plan that goes on rests, None when it does not. An agreement counts for what was read before it."""
    if plan.paused_at is not None:
        return Rest.PAUSED
    if plan.unsafe_since is not None and (plan.safe_agreed_at is None or plan.safe_agreed_at < plan.unsafe_since):
        return Rest.UNSAFE
    return None


def judge(plan: Plan, history: History, calendar: Calendar, due: Contact, now: datetime) -> End | Refusal | None:
    """Judge a word that is due at the moment of sending, by the facts as they are now. None means: it may go out."""
    ended = why_ended(plan, history, now)
    if ended is not None:
        return ended
    open_now = any(start <= now < end for start, end in _spans(plan, calendar, _day(now)))
    reasons = (
        (why_resting(plan) is not None or calendar.is_paused(now), Refusal.RESTING),
        (due.step < history.done or due.began_at != plan.began_at, Refusal.CHANGED),
        (now < due.at, Refusal.EARLY),
        (now >= due.not_after, Refusal.LATE),
        (history.busy, Refusal.TALK),
        (not open_now, Refusal.CLOSED),
        (now < _after_gap(plan, history, due.step), Refusal.WEEK),
    )
    return next((refusal for holds, refusal in reasons if holds), None)


def _target(plan: Plan, steps: tuple[Offset, ...], step: int, begin: date) -> date:
    """Return the day of a step. From the second week on it wavers by up to two days, so that it does not feel like a machine's."""
    day = steps[step].after(begin)
    return day + timedelta(days=_chance(plan.id, "day", step) % _SPREAD) if (day - begin).days >= _JITTER_FROM else day


def _first_day(now: datetime, late: timedelta, plan: Plan, calendar: Calendar, step: int) -> date:
    """Return the first day that may be used. What is late goes to one of the next working days; the farther behind, the more of them."""
    today = _day(now)
    if late <= timedelta(0):
        return today
    ahead = (today + timedelta(days=days) for days in range(HORIZON))
    working = list(islice((day for day in ahead if calendar.spans(day)), min(_MOST_SPREAD, 2 + late.days)))
    return working[_chance(plan.id, "late", step, today) % len(working)] if working else today


def _after_gap(plan: Plan, history: History, step: int) -> datetime:
    """Return the moment from which the last word is long enough ago. A last word in the future means that the clock went back."""
    if history.last_sent_at is None:
        return plan.consent_at
    first_week = plan.heavy and step == 1 and history.last_sent_at >= plan.began_at
    return history.last_sent_at + (FIRST_GAP if first_week else GAP)


def _slot(plan: Plan, calendar: Calendar, step: int, day: date, earliest: datetime) -> Span | None:
    """Return the first moment on or after a day that is allowed, and until when it may still be used."""
    day = max(day, _day(earliest))
    for ahead in range(HORIZON):
        there = day + timedelta(days=ahead)
        spans = [(max(start, earliest), end) for start, end in _spans(plan, calendar, there)]
        usable = [(start, end) for start, end in spans if end - start > _LAST_START]
        if not usable:
            continue
        start, end = usable[_chance(plan.id, "part", step, there) % len(usable)]
        minutes = int((end - _LAST_START - start) / timedelta(minutes=1)) + 1
        at = start + timedelta(minutes=_chance(plan.id, "minute", step, there) % minutes)
        if not calendar.is_paused(at):
            return at, end - _SLACK
    return None


def _spans(plan: Plan, calendar: Calendar, day: date) -> list[Span]:
    """Return the hours of a day in which both the resident and the municipality want words to go out."""
    opens, closes = HOURS[plan.settings.hours]
    first = datetime.combine(day, opens, TOKYO).astimezone(UTC)
    last = datetime.combine(day, closes, TOKYO).astimezone(UTC)
    both = [(max(start, first), min(end, last)) for start, end in calendar.spans(day)]
    return [(start, end) for start, end in both if start < end]


def _day(moment: datetime) -> date:
    return moment.astimezone(TOKYO).date()


def _chance(*parts: object) -> int:
    """Return a number that only these parts decide: what looks like chance stays the same when it is asked again."""
    return int.from_bytes(hashlib.blake2b("|".join(map(str, parts)).encode(), digest_size=8).digest())
