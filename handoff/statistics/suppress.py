"""Hiding small numbers in what leaves the house, so that nobody can be found in a table and nobody can work a hidden number out.

All that is told of one fiscal year is one system: numbers by name, and the sums that a reader knows to hold between them, within a
table, between months and their year, and between tables that tell the same total. First, numbers from 1 to below the threshold are
hidden. Then, as long as the sums give a hidden number away, or narrow it down to less than hiding promises, another one beside it
is hidden too. Pure.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Name = str
Signs = Mapping[Name, int]
"""A sum that is nought: parts with 1, their total with -1."""
_ROUNDS = 12
"""Bounds that sums hand to each other settle soon; later rounds would only creep."""
_PRIME = 2**61 - 1
"""Elimination is done modulo a prime far larger than any minor of these sums: exact, and ten times faster than fractions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What can be known of a hidden count."""

    low: int
    high: int | None


@dataclass(slots=True, kw_only=True)
class System:
    """Everything that is told. ``groups`` says in which breakdown a number stands, ``held`` which totals are told as long as possible."""

    values: dict[Name, int] = field(default_factory=dict)
    lines: list[Signs] = field(default_factory=list)
    groups: dict[Name, str] = field(default_factory=dict)
    held: set[Name] = field(default_factory=set)
    unseen: set[Name] = field(default_factory=set)
    """Numbers that are never shown and that a reader could work out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """What is not told: single numbers, and whole breakdowns of which nothing but the total is told."""

    names: frozenset[Name]
    groups: frozenset[str]


def hide(system: System, threshold: int, also: Iterable[Name] = ()) -> Hidden:
    """Decide what is hidden. ``also`` names numbers that would give a small one away outside of the system."""
    return _Hider(system, threshold, frozenset(also)).run()


class _Hider:
    """Works on one system."""

    def __init__(self, system: System, threshold: int, also: frozenset[Name]) -> None:
        self._system, self._threshold = system, threshold
        small = {name for name, value in system.values.items() if 0 < value < threshold}
        self._wanted = small | (also & system.values.keys())
        self._hidden: set[Name] = self._wanted | system.unseen
        self._dropped: set[str] = set()
        self._lines_of: dict[Name, list[int]] = defaultdict(list)
        for number, line in enumerate(system.lines):
            for name in line:
                self._lines_of[name].append(number)
        self._clean: set[frozenset[Name]] = set()

    def run(self) -> Hidden:
        """Hide until nothing is open."""
        self._cover_lone(range(len(self._system.lines)))
        while found := list(self._open()):
            for name in found:
                self._protect(name)
        return Hidden(names=frozenset(self._hidden), groups=frozenset(self._dropped))

    def _cover_lone(self, numbers: Iterable[int]) -> None:
        """Give every sum with one hidden number a second one: the quick way for what elimination would find one by one."""
        waiting = list(numbers)
        while waiting:
            line = self._system.lines[waiting.pop()]
            hidden = [name for name in line if name in self._hidden]
            lone = hidden[0] if len(hidden) == 1 else None
            if lone is not None and (lone in self._wanted or lone not in self._system.unseen) and self._protect(lone, line):
                waiting += [number for name in line if name in self._hidden for number in self._lines_of[name]]

    def _protect(self, name: Name, line: Signs | None = None) -> bool:
        """Hide something beside a number; where only totals are left, tell nothing of the breakdown but its total."""
        cover = self._cover(name, [line] if line is not None else self._fewest_hidden(name))
        if (cover is None or cover in self._system.held) and self._may_drop(name):
            self._drop(self._system.groups[name])
            return True
        if cover is None:
            return False
        self._hide(cover)
        return True

    def _may_drop(self, name: Name) -> bool:
        group = self._system.groups.get(name)
        return group is not None and group not in self._dropped

    def _hide(self, name: Name) -> None:
        self._hidden.add(name)
        self._cover_lone(self._lines_of[name])

    def _drop(self, group: str) -> None:
        self._dropped.add(group)
        fresh = [name for name, own in self._system.groups.items() if own == group and name not in self._hidden]
        self._hidden.update(fresh)
        self._clean.clear()
        for name in fresh:
            self._cover_lone(self._lines_of[name])

    def _fewest_hidden(self, name: Name) -> list[Signs]:
        lines = [self._system.lines[number] for number in self._lines_of[name]]
        return sorted(lines, key=lambda line: sum(other in self._hidden for other in line))

    def _cover(self, name: Name, lines: Sequence[Signs]) -> Name | None:
        """Return what to hide: the smallest number that is not nought, then a nought, totals that are told elsewhere last."""
        values, held = self._system.values, self._system.held
        choices = [other for line in lines for other in line if other != name and other not in self._hidden]
        first = {other: place for place, other in reversed(list(enumerate(choices)))}
        return min(choices, key=lambda other: (other in held, not values[other], values[other], first[other]), default=None)

    def _open(self) -> Iterable[Name]:
        """Return hidden numbers that the sums give away, or narrow down to less than hiding promises; one of each part."""
        for names, lines in self._parts():
            whole = frozenset(names)
            if whole in self._clean:
                continue
            sums = [self._known(line) for line in lines]
            found = self._given_away(sums) or self._narrowed(names, sums)
            if found is None:
                self._clean.add(whole)
            else:
                yield found

    def _parts(self) -> Iterable[tuple[list[Name], list[Signs]]]:
        """Return the hidden numbers that hang together by sums, each time with these sums."""
        left = set(self._hidden)
        for first in sorted(self._hidden):
            if first not in left:
                continue
            names: list[Name] = []
            numbers: set[int] = set()
            waiting = [first]
            left.discard(first)
            while waiting:
                name = waiting.pop()
                names.append(name)
                for number in self._lines_of[name]:
                    if number not in numbers:
                        numbers.add(number)
                        near = [other for other in self._system.lines[number] if other in left]
                        left.difference_update(near)
                        waiting += near
            yield names, [self._system.lines[number] for number in sorted(numbers)]

    def _known(self, line: Signs) -> tuple[Signs, int]:
        """Return the unknown side of a sum, and what it comes to."""
        unknown = {name: sign for name, sign in line.items() if name in self._hidden}
        return unknown, -sum(sign * self._system.values[name] for name, sign in line.items() if name not in self._hidden)

    def _given_away(self, sums: Sequence[tuple[Signs, int]]) -> Name | None:
        return min((name for name in solve(sums) if name in self._wanted and self._beside(name)), default=None)

    def _beside(self, name: Name) -> bool:
        """Tell whether there is still something to hide beside a number, or a breakdown to leave out."""
        lines = (self._system.lines[number] for number in self._lines_of[name])
        return self._may_drop(name) or any(other not in self._hidden for line in lines for other in line)

    def _narrowed(self, names: Sequence[Name], sums: Sequence[tuple[Signs, int]]) -> Name | None:
        least = int(all(self._system.values[name] for name in names))
        low = {name: 0 if self._system.groups.get(name) in self._dropped else least for name in names}
        for name, bounds in narrow(low, sums).items():
            close = bounds.high is not None and bounds.high - bounds.low < self._threshold - 2
            if close and name in self._wanted and self._beside(name):
                return name
        return None


def solve(sums: Sequence[tuple[Signs, int]]) -> list[Name]:
    """Return the unknowns that the sums determine: elimination leaves a row with one unknown."""
    pivots: dict[Name, dict[Name, int]] = {}
    for line, _ in sums:
        row = dict(line)
        for name in [name for name in row if name in pivots]:
            if name in row:
                _take_out(row, pivots[name], name)
        if not row:
            continue
        lead = next(iter(row))
        inverse = pow(row[lead], -1, _PRIME)
        pivot = {name: value * inverse % _PRIME for name, value in row.items()}
        for other in pivots.values():
            if lead in other:
                _take_out(other, pivot, lead)
        pivots[lead] = pivot
    return [lead for lead, row in pivots.items() if len(row) == 1]


def _take_out(row: dict[Name, int], pivot: Mapping[Name, int], lead: Name) -> None:
    """Subtract a multiple of a pivot's row so that its leading unknown goes."""
    factor = row[lead]
    for name, value in pivot.items():
        left = (row.get(name, 0) - factor * value) % _PRIME
        if left:
            row[name] = left
        else:
            row.pop(name, None)


def narrow(least: Mapping[Name, int], sums: Sequence[tuple[Signs, int]]) -> dict[Name, Bounds]:
    """Return the bounds of the unknowns that follow from the sums, given how much each is at least."""
    low = dict(least)
    high: dict[Name, int | None] = dict.fromkeys(least)
    for _ in range(_ROUNDS):
        before = Counter(low), dict(high)
        for line, rest in sums:
            _tighten(line, rest, low, high)
        if before == (Counter(low), high):
            break
    return {name: Bounds(low=low[name], high=high[name]) for name in least}


def _tighten(line: Signs, rest: int, low: dict[Name, int], high: dict[Name, int | None]) -> None:
    """Bound each unknown of one sum by the others: ``sign * unknown = rest - sum of the others``."""
    for side in (1, -1):
        # On this side the least that each term can be; an unbounded one leaves only itself bounded.
        terms = {name: _least(sign * side, low[name], high[name]) for name, sign in line.items()}
        open_names = [name for name, value in terms.items() if value is None]
        if len(open_names) > 1:
            continue
        total = sum(value for value in terms.values() if value is not None)
        for name in open_names or terms:
            most = rest * side - (total - (terms[name] or 0))
            if line[name] * side > 0:
                known = high[name]
                high[name] = most if known is None else min(known, most)
            else:
                low[name] = max(low[name], -most)


def _least(sign: int, low: int, high: int | None) -> int | None:
    if sign > 0:
        return low
    return None if high is None else -high
