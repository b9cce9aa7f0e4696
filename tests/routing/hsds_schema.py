"""The constraints of HSDS 3.0 on what we write: per object its required properties and the type or format of each, in our own words."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

Judge = Callable[[Any], bool]
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]([+-][0-9]{2}:[0-9]{2}|Z)")
_BYDAY = re.compile(r"-?[1-5]?(MO|TU|WE|TH|FR|SA|SU)(,-?[1-5]?(MO|TU|WE|TH|FR|SA|SU))*")
_EMAIL = re.compile(r"[!-~]+@[!-~]+\.[!-~]+")


def _text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _uuid(value: Any) -> bool:
    return isinstance(value, str) and str(UUID(value)) == value


def _day(value: Any) -> bool:
    return isinstance(value, str) and date.fromisoformat(value).isoformat() == value


def _one_of(*words: str) -> Judge:
    return lambda value: value in words


def _like(pattern: re.Pattern[str]) -> Judge:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


OBJECTS: Mapping[str, tuple[frozenset[str], Mapping[str, Judge | str]]] = {
    "service": (
        frozenset({"id", "name", "status"}),
        {
            "id": _uuid,
            "name": _text,
            "alternate_name": _text,
            "description": _text,
            "status": _one_of("active", "inactive", "defunct", "temporarily closed"),
            "application_process": _text,
            "fees_description": _text,
            "eligibility_description": _text,
            "minimum_age": _number,
            "assured_date": _day,
            "assurer_email": _like(_EMAIL),
            "organization": "organization",
            "program": "program",
            "phones": "phone*",
            "schedules": "schedule*",
            "service_areas": "service_area*",
            "service_at_locations": "service_at_location*",
            "contacts": "contact*",
            "attributes": "attribute*",
        },
    ),
    "organization": (
        frozenset({"id", "name", "description"}),
        {"id": _uuid, "name": _text, "description": _text, "organization_identifiers": "organization_identifier*"},
    ),
    "organization_identifier": (
        frozenset({"id", "identifier_type", "identifier"}),
        {"id": _uuid, "identifier_type": _text, "identifier": _text},
    ),
    "program": (frozenset({"id", "name", "description"}), {"id": _uuid, "name": _text, "description": _text}),
    "service_at_location": (frozenset({"id"}), {"id": _uuid, "location": "location"}),
    "location": (
        frozenset({"id", "location_type"}),
        {"id": _uuid, "location_type": _one_of("physical", "postal", "virtual"), "name": _text, "addresses": "address*"},
    ),
    "address": (
        frozenset({"id", "address_1", "city", "state_province", "postal_code", "country", "address_type"}),
        {
            "id": _uuid,
            "address_1": _text,
            "address_2": _text,
            "city": _text,
            "state_province": _text,
            "postal_code": _text,
            "country": _like(re.compile(r"[A-Z]{2}")),
            "address_type": _one_of("physical", "postal", "virtual"),
        },
    ),
    "phone": (
        frozenset({"id", "number"}),
        {
            "id": _uuid,
            "number": _text,
            "description": _text,
            "type": _one_of("text", "voice", "fax", "cell", "video", "pager", "textphone"),
        },
    ),
    "schedule": (
        frozenset({"id"}),
        {
            "id": _uuid,
            "freq": _one_of("WEEKLY", "MONTHLY"),
            "byday": _like(_BYDAY),
            "opens_at": _like(_TIME),
            "closes_at": _like(_TIME),
            "valid_from": _day,
            "valid_to": _day,
            "notes": _text,
        },
    ),
    "service_area": (
        frozenset({"id"}),
        {
            "id": _uuid,
            "name": _text,
            "description": _text,
            "extent": _text,
            "extent_type": _one_of("geojson", "topojson", "kml", "text"),
            "uri": _text,
        },
    ),
    "contact": (frozenset({"id"}), {"id": _uuid, "department": _text}),
    "attribute": (
        frozenset({"id"}),
        {"id": _uuid, "link_id": _uuid, "link_type": _text, "link_entity": _text, "value": _text, "taxonomy_term": "taxonomy_term"},
    ),
    "taxonomy_term": (
        frozenset({"id", "name", "description"}),
        {"id": _uuid, "code": _text, "name": _text, "description": _text, "taxonomy": _text, "taxonomy_detail": "taxonomy"},
    ),
    "taxonomy": (frozenset({"id", "name", "description"}), {"id": _uuid, "name": _text, "description": _text}),
}
"""Object to its required properties, and each property to its judge or to the object in it (``*``: a list of them)."""


def faults(kind: str, found: Mapping[str, Any], place: str = "") -> Iterator[str]:
    """Return what HSDS 3.0 would refuse in ``found``, each with its place. Properties of our own begin with ``jp_``."""
    required, properties = OBJECTS[kind]
    yield from (f"{place}{kind}.{name} is missing" for name in sorted(required - set(found)))
    for name, value in found.items():
        if name.startswith("jp_"):
            continue
        rule = properties.get(name)
        if rule is None:
            yield f"{place}{kind}.{name} is not a property of HSDS 3.0 that we know"
        elif isinstance(rule, str):
            yield from _inside(rule, value, f"{place}{kind}.{name}")
        elif not _holds(rule, value):
            yield f"{place}{kind}.{name} may not be {value!r}"


def _inside(rule: str, value: Any, place: str) -> Iterator[str]:
    if rule.endswith("*") != isinstance(value, list):
        yield f"{place} must {'' if rule.endswith('*') else 'not '}be a list"
        return
    for at, inner in enumerate(value if isinstance(value, list) else [value]):
        yield from faults(rule.removesuffix("*"), inner, f"{place}[{at}] ")


def _holds(judge: Judge, value: Any) -> bool:
    try:
        return judge(value)
    except (ValueError, TypeError, AttributeError):
        return False
