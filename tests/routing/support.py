"""Small helpers: times in Japan, needs in short, the loaded cities."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache

from nlp.reading import Concern, Risk, RiskKind
from routing.choose import refer
from routing.city import City, Opening
from routing.hours import TOKYO
from routing.load import load_cities
from routing.referral import Actor, Kind, Need, Profile, Referral

FRIDAY_NOON = datetime(2026, 11, 20, 12, 0, tzinfo=TOKYO)


def japan(text: str) -> datetime:
    """2026-11-20 12:00 as people in Japan read it."""
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


@cache
def cities() -> Mapping[str, City]:
    return load_cities()


@cache
def sample_city() -> City:
    return load_cities(sample=True)["aizuwakamatsu"]


def staffed(city: City, openings: tuple[Opening, ...], minutes: int) -> City:
    """Return the city with other hours of staff and another promise."""
    return replace(city, staff_hours=openings, answer_within_minutes=minutes)


def need(text: str) -> Need:
    """``care@mother`` is care for the mother; without a person it is the writer's own."""
    concern, _, person = text.partition("@")
    return Need(concern=Concern(concern), person=person or "self")


def ask(
    key: str,
    *needs: str,
    district: str | None = None,
    actor: Actor = Actor.RESIDENT,
    risk: Risk = Risk.NONE,
    kinds: tuple[RiskKind, ...] = (),
    declined: frozenset[str] = frozenset(),
    refuses: bool = False,
    child: bool = False,
    now: datetime = FRIDAY_NOON,
) -> Referral:
    profile = Profile(
        actor=actor, district=district, risk=risk, risk_kinds=kinds, declined=declined, refuses_contact=refuses, child_writer=child
    )
    return refer([need(text) for text in needs], profile, cities()[key], now)


def offered(referral: Referral) -> set[str]:
    """All windows that a referral shows to the resident."""
    return {destination.window for destination in referral.shown}


def named(referral: Referral) -> set[str]:
    """All windows that a referral knows to be involved."""
    return {destination.window for destination in (referral.main, *referral.also) if destination is not None}


def kinds(referral: Referral) -> set[Kind]:
    return {destination.kind for destination in (referral.main, *referral.also) if destination is not None}


def codes(referral: Referral) -> set[str]:
    return {reason.code for reason in referral.reasons}
