"""Postback data, parsed in one place: ``v1:verb`` or ``v1:verb:arg``. Old buttons stay tappable for ever, so anything may come."""

import re
from dataclasses import dataclass
from enum import StrEnum

from intake.wording.keys import POSTBACK_VERSION, Choice
from nlp.reading import Concern

_SHAPE = re.compile(re.escape(POSTBACK_VERSION) + r"(?P<verb>[a-z]{1,12})(?::(?P<arg>[^\s:]{1,40}))?")

_CONSENT = re.compile(r"(?:yes|no)-[0-9A-HJKMNP-TV-Z]{26}")
_UNFIT_FOR_DATA = re.compile(r"[\s:]")


class Verb(StrEnum):
    """What a tap asks for."""

    STAFF = "staff"
    OTHER = "other"
    LISTEN = "listen"
    WINDOW = "window"
    SKIP = "skip"
    NONE = "none"
    ELSE = "else"
    END = "end"
    STOP = "stop"
    ERASE = "erase"
    STORED = "stored"
    WHO = "who"
    UNFIT = "unfit"
    SAFE = "safe"
    CONCERN = "concern"
    DISTRICT = "district"
    CHECKIN = "checkin"
    CONSENT = "consent"
    """The answer to a question that staff put: ``yes-`` or ``no-`` and the number of the question."""


@dataclass(frozen=True, slots=True)
class Tap:
    """A known tap. ``arg`` is empty where the verb takes none."""

    verb: Verb
    arg: str = ""


def find_tap(data: str) -> Tap | None:
    """Return the tap that the data names, or None when the data is not ours or not known any more."""
    shape = _SHAPE.fullmatch(data)
    if shape is None or shape["verb"] not in set(Verb):
        return None
    tap = Tap(Verb(shape["verb"]), shape["arg"] or "")
    known = {
        Verb.CONCERN: tap.arg in set(Concern),
        Verb.DISTRICT: bool(tap.arg),
        Verb.CONSENT: _CONSENT.fullmatch(tap.arg) is not None,
    }.get(tap.verb, data.removeprefix(POSTBACK_VERSION) in set(Choice))
    return tap if known else None


def concern_choice(concern: Concern) -> str:
    """Return the choice that names a concern."""
    return f"{Verb.CONCERN}:{concern}"


def district_choice(district: str) -> str:
    """Return the choice that names a district; spaces would not come back, so they are left out."""
    return f"{Verb.DISTRICT}:" + _UNFIT_FOR_DATA.sub("", district)[:40]


def consent_choice(question: str, *, agrees: bool) -> str:
    """Return the choice that answers a question of consent."""
    return f"{Verb.CONSENT}:{'yes' if agrees else 'no'}-{question}"
