"""A simulated year of many residents who do as they like, with outages, a disaster pause and a short quota; every word is checked."""

import heapq
import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from intake.checkins.calendar import Calendar, Pause
from intake.checkins.plan import Contact, End, History, Plan, Refusal, judge, next_contact
from intake.checkins.rhythm import OWN_DAYS, CheckinSettings, Hours, Rhythm
from routing.hours import TOKYO
from tests.checkins.people import CALENDAR, START, gap_faults, plan, time_faults

_DEEDS = ("reply", "talk", "pause", "resume", "stop", "end", "block", "violence", "agree", "hours", "unfriend")
_WEIGHTS = (30, 20, 5, 6, 1, 1, 1, 2, 2, 5, 1)
_DISASTER = Pause(begins_at=START + timedelta(days=150), ends_at=START + timedelta(days=171))
_CALENDAR = replace(CALENDAR, pauses=(_DISASTER,))


@dataclass
class Person:
    """One resident as the simulation knows them: the truth, told apart from the plan."""

    plan: Plan
    history: History = field(default_factory=History)
    sent: list[datetime] = field(default_factory=list)
    began: list[tuple[datetime, bool]] = field(default_factory=list)
    talking_until: datetime = START
    over: End | None = None
    due: Contact | None = None


@dataclass
class Year:
    """The run and what it found."""

    people: list[Person]
    chance: random.Random
    quota: int
    calendar: Calendar = _CALENDAR
    faults: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    used: Counter[tuple[int, int]] = field(default_factory=Counter)


def simulate(count: int, *, seed: int, quota: int) -> Year:
    """Live through a year and return every rule that was broken; none should be."""
    chance = random.Random(seed)
    year = Year(people=[_enrol(number, chance) for number in range(count)], chance=chance, quota=quota)
    moments: list[tuple[datetime, int, int]] = []
    order = iter(range(10**9))
    for number, person in enumerate(year.people):
        moments.append((person.plan.began_at, next(order), number))
        moments += [
            (person.plan.began_at + timedelta(days=chance.uniform(0, 365)), next(order), ~number) for _ in range(chance.randrange(7))
        ]
    heapq.heapify(moments)
    while moments and moments[0][0] < START + timedelta(days=365):
        now, _, number = heapq.heappop(moments)
        again = _deed(year, year.people[~number], now) if number < 0 else _work(year, year.people[number], now)
        if again is not None:
            heapq.heappush(moments, (again, next(order), number if number >= 0 else ~number))
    for person in year.people:
        year.faults += gap_faults(person.sent, person.began)
    return year


def _enrol(number: int, chance: random.Random) -> Person:
    rhythm = chance.choice(list(Rhythm))
    chosen = CheckinSettings(
        rhythm=rhythm, every_days=chance.choice(OWN_DAYS) if rhythm is Rhythm.OWN else None, hours=chance.choice(list(Hours))
    )
    began = START + timedelta(days=chance.uniform(0, 60))
    made = plan(f"person-{number}", chosen=chosen, began=began, heavy=chance.random() < 0.2)
    return Person(plan=made, began=[(began, made.heavy)])


def _work(year: Year, person: Person, now: datetime) -> datetime | None:
    """Be the worker: plan, and send what is due, at times hours or days late."""
    if person.over is not None:
        return None
    due, person.due = person.due, None
    if due is not None and due.at <= now:
        verdict: End | Refusal | None = judge(person.plan, _facts(person, now), year.calendar, due, now)
        if verdict is None and year.used[_month(now)] >= year.quota:
            verdict = Refusal.QUOTA
        year.counts["sent" if verdict is None else verdict.value] += 1
        if verdict is None:
            _send(year, person, due, now)
    late = now - due.not_after if due is not None else timedelta(0)
    found = next_contact(person.plan, _facts(person, now), year.calendar, now + timedelta(days=1) if due else now, late=late)
    if isinstance(found, End):
        person.over = found
        year.counts[f"ended {found.value}"] += 1
        return None
    if not isinstance(found, Contact):
        return now + timedelta(days=7)
    person.due = found
    return found.at + _delay(year.chance)


def _delay(chance: random.Random) -> timedelta:
    """How long after its moment a word is worked on: mostly seconds, at times an outage."""
    luck = chance.random()
    return timedelta(seconds=30 * chance.random()) if luck < 0.95 else timedelta(hours=chance.uniform(0, 90))


def _facts(person: Person, now: datetime) -> History:
    return replace(person.history, busy=now < person.talking_until)


def _send(year: Year, person: Person, due: Contact, now: datetime) -> None:
    year.faults += [f"{person.plan.id}: {fault} at {now}" for fault in time_faults(person.plan.settings, now, CALENDAR.closed_days)]
    barred = {
        "during a talk": now < person.talking_until,
        "after block": person.history.blocked_at is not None,
        "after stop": person.history.stopped_at is not None,
        "while paused": person.plan.paused_at is not None,
        "without agreement": person.plan.unsafe_since is not None
        and (person.plan.safe_agreed_at is None or person.plan.safe_agreed_at < person.plan.unsafe_since),
        "in a disaster": _DISASTER.covers(now),
        "no friend": not person.plan.friend and now - (person.history.heard_at or person.plan.consent_at) > timedelta(days=7),
    }
    year.faults += [f"{person.plan.id}: {fault} at {now}" for fault, holds in barred.items() if holds]
    year.used[_month(now)] += 1
    person.sent.append(now)
    person.history = replace(person.history, done=due.step + 1, last_sent_at=now)


def _month(now: datetime) -> tuple[int, int]:
    there = now.astimezone(TOKYO)
    return there.year, there.month


def _deed(year: Year, person: Person, now: datetime) -> datetime | None:
    """Let a resident do something; where it moves the rhythm, return when the plan is to be looked at."""
    deed = year.chance.choices(_DEEDS, _WEIGHTS)[0]
    year.counts[deed] += 1
    if person.over is not None:
        return None
    made, history = person.plan, replace(person.history, heard_at=now)
    match deed:
        case "reply" | "talk":
            heavy = year.chance.random() < 0.2
            made, history = replace(made, began_at=now, heavy=heavy), replace(history, done=0)
            person.talking_until = now + timedelta(days=year.chance.uniform(0, 4) if deed == "talk" else 1)
            person.began.append((now, heavy))
        case "pause":
            made = replace(made, paused_at=made.paused_at or now)
        case "resume":
            made, history = replace(made, paused_at=None, began_at=now), replace(history, done=0)
            person.began.append((now, made.heavy))
        case "stop" | "block":
            history = replace(history, stopped_at=now) if deed == "stop" else replace(history, blocked_at=now)
        case "end":
            person.over = End.RESIDENT
        case "violence":
            made = replace(made, unsafe_since=now)
        case "agree":
            made = replace(made, safe_agreed_at=now)
        case "hours":
            made = replace(made, settings=replace(made.settings, hours=year.chance.choice(list(Hours))))
        case _:
            made = replace(made, friend=False)
    person.plan, person.history = made, history
    return None
