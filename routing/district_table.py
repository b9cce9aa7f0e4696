"""The names of a table of districts, made ready for comparing: each with the windows it belongs to and its other ways of writing."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from routing.place_names import KANJI, hiragana, name_parts, plain, postal_codes, without_area

_BLOCK = re.compile(r"(\d+)丁目$")
_LONG_ENOUGH = 3
"""A name in 町 of this length may be said without it: 門田町 is 門田, but 本町 is not 本."""


class Entry(NamedTuple):
    """A district of one window as the table writes it, with its readings in kana and its postal codes."""

    name: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One name: as it is compared and as it is shown; ``windows`` are positions."""

    key: str
    shown: str
    stem: str
    """What a text must hold for the name to be in it at all."""
    pattern: re.Pattern[str]
    windows: frozenset[int]
    readings: frozenset[str]
    codes: frozenset[str]
    short: bool
    """A shorter way to say other names: 本町 for 本町1丁目 and 本町2丁目."""


@lru_cache(maxsize=64)
def district_table(entries: tuple[tuple[Entry, ...], ...]) -> tuple[Name, ...]:
    """Return all names of the windows whose districts are given, longest first."""
    held: dict[str, set[int]] = defaultdict(set)
    shown: dict[str, str] = {}
    words: dict[str, set[str]] = defaultdict(set)
    for at, districts in enumerate(entries):
        for entry in districts:
            for part, own in _parts(entry):
                key = plain(part)
                held[key].add(at)
                shown.setdefault(key, part)
                words[key].update(own)
    names = [_name(key, shown[key], held[key], words[key]) for key in held]
    names += [_name(key, key, windows, set(), short=True) for key, windows in _shortened(held).items()]
    return tuple(sorted(names, key=lambda name: (-len(name.key), name.key)))


def _parts(entry: Entry) -> list[tuple[str, tuple[str, ...]]]:
    """Return the names of a cell with their own words: two names with two readings have one each."""
    parts = tuple(part for part in name_parts(entry.name) if plain(part))
    if len(parts) == len(entry.words):
        return [(part, (word,)) for part, word in zip(parts, entry.words, strict=True)]
    return [(part, entry.words) for part in parts]


def _shortened(held: dict[str, set[int]]) -> dict[str, set[int]]:
    """Return the shorter ways to say names, as far as they are no names themselves, with all windows that they may mean."""
    found: dict[str, set[int]] = defaultdict(set)
    for key, windows in held.items():
        short = _BLOCK.sub("", key)
        if short == key and key.endswith("町") and len(key) >= _LONG_ENOUGH:
            short = key.removesuffix("町")
        if len(short) > 1 and short not in held:
            found[short] |= windows
    return found


def _name(key: str, shown: str, windows: set[int], words: set[str], *, short: bool = False) -> Name:
    block = _BLOCK.search(key)
    stem = _BLOCK.sub("", key)
    # The third 丁目 is also the first number behind the name: 本町3-2.
    written = rf"{re.escape(stem)}{block[1]}(?:丁目|(?=-\d))" if block else re.escape(key)
    own = {key} if not re.search(rf"[{KANJI}\d]", key) else set()
    return Name(
        key=key,
        shown=shown,
        stem=stem,
        pattern=re.compile(written),
        windows=frozenset(windows),
        readings=frozenset(without_area(hiragana(word)) for word in {*words, *own} if not postal_codes(word)),
        codes=frozenset(code for word in words for code in postal_codes(word)),
        short=short,
    )
