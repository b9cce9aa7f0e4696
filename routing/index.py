"""What a directory answers on one day, worked out once: which windows run, which rule decides, which window comes first."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache

from nlp.reading import Concern
from routing.city import City, CityRule, DeskWindow, State
from routing.city_rules import is_running, rules_on
from routing.hours import TOKYO
from routing.lines import usable_on
from routing.referral import Kind
from routing.rules import ConcernRule, load_rules
from routing.runs import RECORDS, outside, runs

_UNOFFERED = frozenset({Kind.COORDINATOR, Kind.CITY_DESK})
Passed = tuple[DeskWindow, str]
"""A window, and the code of the reason why it is not the one."""


class CityIndex:
    """One municipality on one day. Asking the same again costs a look into a table."""

    def __init__(self, city: City, now: datetime) -> None:
        self.day = _day(now)
        self.rules = load_rules()
        self.windows = city.windows
        self.lines = frozenset(key for key, line in city.lines.items() if usable_on(line, now))
        self._own = rules_on(city, self.day)
        self._rules: dict[tuple[Concern, str, tuple[str, ...]], ConcernRule] = {}
        self._searches: dict[tuple[Concern, tuple[Kind, ...], bool], tuple[Kind, tuple[DeskWindow, ...]]] = {}
        self._passed: dict[tuple[Concern, tuple[Kind, ...], bool], tuple[Passed, ...]] = {}

    def own_rule(self, concern: Concern, group: str) -> CityRule | None:
        """Return the municipality's own rule for a concern of a person of ``group``."""
        return next((rule for rule in self._own if rule.concern is concern and rule.group in {group, ""}), None)

    def rule(self, concern: Concern, group: str, standings: tuple[str, ...] = ()) -> ConcernRule:
        """Return what holds for a concern of a person of ``group``: the common rule, changed where the municipality says so."""
        key = (concern, group, standings)
        if key not in self._rules:
            self._rules[key] = self._make_rule(concern, group, standings)
        return self._rules[key]

    def running(self, identifiers: tuple[str, ...]) -> tuple[DeskWindow, ...]:
        """Return those of the windows that run, in the order given."""
        return tuple(self.windows[identifier] for identifier in identifiers if is_running(self.windows, identifier, self.day))

    def search(self, concern: Concern, kinds: tuple[Kind, ...], *, agency: bool) -> tuple[Kind, tuple[DeskWindow, ...]]:
        """Windows that name the concern come first, over all kinds; then those that take anything of their kind."""
        key = (concern, kinds, agency)
        if key not in self._searches:
            self._searches[key] = self._search(concern, kinds, agency=agency)
        return self._searches[key]

    def passed(self, concern: Concern, kinds: tuple[Kind, ...], *, agency: bool) -> tuple[Passed, ...]:
        """Return every window of these kinds, or that names the concern, with why it would not come first."""
        key = (concern, kinds, agency)
        if key not in self._passed:
            fitting = (window for window in self.windows.values() if window.kind in kinds or concern in window.concerns)
            self._passed[key] = tuple((window, self._why_not(window, concern, agency=agency)) for window in fitting)
        return self._passed[key]

    def _make_rule(self, concern: Concern, group: str, standings: tuple[str, ...]) -> ConcernRule:
        own = self.own_rule(concern, group)
        common = self._varied(concern, standings) if own is None or not own.kinds else self.rules.concerns[concern]
        kinds = common.by_person.get(group, common.kinds)
        also = tuple(dict.fromkeys((*common.also_person.get(group, ()), *common.also)))
        weight = common.weight_person.get(group, common.weight)
        if own is None:
            return replace(common, kinds=kinds, also=also, weight=weight)
        return replace(common, kinds=own.kinds or kinds, also=tuple(dict.fromkeys((*own.also_kinds, *also))), source=f"規則.csv:{own.row}")

    def _varied(self, concern: Concern, standings: tuple[str, ...]) -> ConcernRule:
        """Return the common rule, or what it says ``when`` the person stands so: the usual kind is then involved beside."""
        rule = self.rules.concerns[concern]
        found = next((rule.when[standing] for standing in standings if standing in rule.when), None)
        if found is None:
            return rule
        weight = rule.weight if found.weight is None else found.weight
        usual = tuple(kind for kind in rule.kinds[:1] if kind not in _UNOFFERED)
        varied = replace(rule, kinds=found.kinds, by_person={}, weight_person={}, weight=weight, also=(*usual, *rule.also))
        return replace(varied, keep_kind=True, light=rule.light and found.weight is None)

    def _search(self, concern: Concern, kinds: tuple[Kind, ...], *, agency: bool) -> tuple[Kind, tuple[DeskWindow, ...]]:
        for named in (True, False):
            for kind in kinds:
                running = self._running(kind, agency=agency)
                found = [window for window in running if (concern in window.concerns if named else not window.strict)]
                if found:
                    return kind, tuple(sorted(found, key=lambda window: _rank(window, concern)))
        return kinds[0], ()

    def _running(self, kind: Kind, *, agency: bool) -> Iterator[DeskWindow]:
        if kind in _UNOFFERED:
            return
        for window in self.windows.values():
            if window.kind is kind and runs(window, self.day) and (window.accepts != "機関" or agency):
                yield window

    def _why_not(self, window: DeskWindow, concern: Concern, *, agency: bool) -> str:
        facts = (
            ("not_running", window.state is not State.RUNNING),
            ("outside_dates", outside(window, self.day)),
            ("coordinator", window.kind is Kind.COORDINATOR),
            ("person", window.record not in RECORDS),
            ("agencies_only", window.accepts == "機関" and not agency),
            ("other_concerns", window.strict and concern not in window.concerns),
            ("by_district", window.by_area),
        )
        return next((code for code, holds in facts if holds), "other_first")


class _Identity:
    """A city as a key: the same tables in memory are the same city."""

    __slots__ = ("city", "now")

    def __init__(self, city: City, now: datetime) -> None:
        self.city, self.now = city, now

    def __hash__(self) -> int:
        return hash((id(self.city.windows), _day(self.now)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Identity):
            return NotImplemented
        same = (self.city.windows is other.city.windows, self.city.lines is other.city.lines, self.city.rules is other.city.rules)
        return all(same) and _day(self.now) == _day(other.now)


def index_for(city: City, now: datetime) -> CityIndex:
    """Return the index of ``city`` for the day of ``now`` in Japan."""
    return _index(_Identity(city, now))


@lru_cache(maxsize=32)
def _index(identity: _Identity) -> CityIndex:
    return CityIndex(identity.city, identity.now)


def _day(now: datetime) -> date:
    return now.astimezone(TOKYO).date()


def _rank(window: DeskWindow, concern: Concern) -> tuple[bool, bool, int, int]:
    """Return the whole city before a part, named places before programmes, special before general where the concern is named."""
    named = concern in window.concerns
    breadth = len(window.concerns)
    return (not named, not window.central, RECORDS.index(window.record), 0 if named else -breadth)
