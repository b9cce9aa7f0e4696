"""Who is involved beside the main window: all kinds, for staff, and the few places that a resident is shown."""

from collections.abc import Iterable, Iterator, Sequence

from nlp.reading import Concern
from routing.offer import DESK, Choice, Finder
from routing.referral import Destination, Kind, Profile

MOST_BESIDE = 3
"""A resident is shown at most so many places beside the main one."""


def involved(
    choices: Sequence[Choice], main: Destination | None, beside: Sequence[Destination], profile: Profile
) -> tuple[Destination, ...]:
    """Return all that is involved beside ``main``, for staff.

    Every kind of a need and every kind that a rule names beside comes once, then the windows of the municipality's own
    rules, then equals of the windows chosen. Windows among which the district decides come whole or not at all.
    """
    needs = _open(_own(choices), profile)
    kinds = _once_per_kind([*needs, *_open(beside, profile)], main)
    named = [window for choice in choices for window in choice.beside]
    sets = [destination for whole in _district_sets(choices, profile) for destination in whole]
    equals = [destination for choice in choices if not choice.ask_district for destination in choice.others]
    rest = _places([*_open(named, profile), *sets], main, *kinds)
    return (*kinds, *rest, *_places(_open(equals, profile), main, *kinds, *rest)[:MOST_BESIDE])


def shown(choices: Sequence[Choice], main: Destination | None, beside: Sequence[Destination], profile: Profile) -> tuple[Destination, ...]:
    """Return what a resident may be shown: ``main``, then at most three other places.

    First the windows of the other needs, then all windows among which the district decides (or none: a part of them would
    be a guess), then what the rules name beside, then equals. The desk stands there only as the main window.
    """
    found = _places(_open(_own(choices), profile), main)
    for whole in _district_sets(choices, profile):
        longer = _places([*found, *whole], main)
        if len(longer) <= MOST_BESIDE:
            found = longer
    violence = any(choice.need.concern is Concern.DV for choice in choices)
    fitting = [destination for destination in beside if violence or destination.kind is not Kind.WOMEN]
    equals = [destination for choice in choices if not choice.ask_district for destination in (*choice.beside, *choice.others)]
    found = _places([*found, *_open([*fitting, *equals], profile)], main)[:MOST_BESIDE]
    return (*((main,) if main else ()), *found)


def beside_kinds(choices: Sequence[Choice], patterns: Iterable[str], finder: Finder, often: Iterable[Kind] = ()) -> tuple[Destination, ...]:
    """Return one destination for each kind that the rules name beside the needs' own: by concern, by person, by what overlaps.

    After them come the kinds that such a household ``often`` involves.
    """
    found: dict[Kind, Destination] = {}
    named = ((kind, choices[0].need.concern) for kind in (often if choices else ()))
    for kind, concern in (*_kinds(choices, patterns, finder), *named):
        if kind not in found:
            found[kind] = finder.of_kind(kind, concern)
    return tuple(found.values())


def _kinds(choices: Sequence[Choice], patterns: Iterable[str], finder: Finder) -> Iterator[tuple[Kind, Concern]]:
    concerns = {choice.need.concern for choice in choices}
    for choice in choices:
        together = (kind for other, kinds in choice.rule.also_with.items() if other in concerns for kind in kinds)
        lives = (kind for group, kinds in choice.rule.also_household.items() if finder.members.has(group) for kind in kinds)
        for kind in (*choice.rule.also, *together, *lives):
            yield kind, choice.need.concern
    for kind in sorted(finder.profile.asks) if choices else ():
        yield kind, choices[0].need.concern
    for pattern in patterns if choices else ():
        for kind in finder.index.rules.patterns[pattern].kinds:
            yield kind, choices[0].need.concern


def _own(choices: Sequence[Choice]) -> list[Destination]:
    """Matters of safety first; otherwise as ordered."""
    return [choice.destination for choice in sorted(choices, key=lambda choice: not choice.rule.first)]


def _district_sets(choices: Sequence[Choice], profile: Profile) -> list[tuple[Destination, ...]]:
    sets = (tuple(_open(choice.others, profile)) for choice in choices if choice.ask_district)
    return list(dict.fromkeys(whole for whole in sets if 0 < len(whole) <= MOST_BESIDE))


def _once_per_kind(destinations: Iterable[Destination], main: Destination | None) -> list[Destination]:
    """Return the first destination of each kind and every further window of a need, without ``main``'s kind at the desk again."""
    kept: dict[tuple[str, Kind], Destination] = {}
    kinds = {main.kind} if main else set()
    windows = {main.window} if main else set()
    for destination in destinations:
        if destination.kind not in kinds or destination.window not in windows | {DESK}:
            kept.setdefault((destination.window, destination.kind), destination)
            kinds.add(destination.kind)
            windows.add(destination.window)
    return list(kept.values())


def _places(destinations: Iterable[Destination], *known: Destination | None) -> list[Destination]:
    """Return the first destination of each place that is neither the desk nor among ``known``."""
    taken = {DESK, *(destination.window for destination in known if destination)}
    kept: dict[str, Destination] = {}
    for destination in destinations:
        if destination.window not in taken:
            kept.setdefault(destination.window, destination)
    return list(kept.values())


def _open(destinations: Iterable[Destination], profile: Profile) -> list[Destination]:
    return [destination for destination in destinations if destination.window not in profile.declined]
