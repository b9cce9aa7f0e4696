"""Matches a resident's own words for a place with the districts of windows. Only what is written decides; nothing is guessed."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from routing.city import DeskWindow
from routing.district_table import Entry, Name, district_table
from routing.place_names import KANJI, bare_reading, plain, postal_codes

_AFTER = re.compile(r"字|地区|圏域|地域|学区|小学|中学|保育|幼稚|公民館|駅|団地|方面|周辺|付近|近辺|近く|辺|側|在住|町|村")
_AFTER_ONE_SIGN = re.compile(r"地区|町")
_DENIED = re.compile(
    r"(?:地区|町)?(?:の(?:方|ほう))?(?:(?:では|じゃ|でも)(?:な[いくかし]|あり)|でな[いく]|とは?(?:違|ちが)|以外|から(?:引っ?越|来)|出身|生まれ|育ち)"
)
_NEAR = re.compile(
    r"(?:地区|町)?の?(?:近く|ちかく|そば|側|隣|となり|手前|先|方|ほう|あたり|辺|へん|周辺|付近|近辺|小学|中学|保育|幼稚|公民館|駅|団地)"
)
_AREA_END = re.compile(r"(?:地区|圏域|地域|学区)$")
_OTHER_CITY = re.compile(rf"([{KANJI}ぁ-んァ-ヺ]+[市郡])[の ]?$")
_WHOLE = re.compile(r"[町村区]$|丁目$")
_WHOLE_FROM = 3
"""A name in 町 of this length ends with it also before other letters (門田町日吉); 本町 does not (本町田)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What words say about a place. ``windows`` are all that they may mean; ``names`` are the table's names for it."""

    windows: tuple[DeskWindow, ...] = ()
    names: tuple[str, ...] = ()
    sure: bool = False
    """Whether the words decide: one window of each kind that is divided."""


@dataclass(frozen=True, slots=True)
class _Spot:
    """A name that stands in a text as a word, and whether only somewhere near it is meant."""

    name: Name
    near: bool


def look_up(text: str, windows: Iterable[DeskWindow], day: date | None = None) -> Found:
    """Return what ``text`` says about a place in the tables of ``windows`` on ``day``.

    A name counts where it stands as a word; of names that overlap the longest does (北会津 over 会津). Names that are denied
    (富奥ではない) or follow another municipality (金沢市本町) do not count. Several names narrow each other down to the
    windows that have them all; where no window has, all are returned, and nothing is sure.
    """
    kept = [window for window in windows if window.districts]
    names = district_table(tuple(_entries(window, day) for window in kept))
    spots = list(_spots(plain(text), names, tuple({window.municipality for window in kept} - {""})))
    said = [spot.name for spot in spots]
    other = _in_other_ways(text, names)
    if not any(name.windows & one.windows for name in other for one in said):
        said += other  # A postal code that a name beside it agrees with says nothing more.
    if not said:
        return Found()
    held = [name.windows for name in said]
    among = frozenset.intersection(*held) or frozenset[int]().union(*held)
    found = tuple(window for at, window in enumerate(kept) if at in among)
    sure = len({window.kind for window in found}) == len(found) and not any(spot.near for spot in spots)
    return Found(windows=found, names=_deciding(said, among) if sure else _choices(said, among, names), sure=sure)


def match_district(word: str, windows: Iterable[DeskWindow], day: date | None = None) -> tuple[DeskWindow, ...]:
    """Return the windows that ``word`` decides for, several of a kind where it may mean each of them, none where it says nothing sure.

    With ``day`` only the names that hold on that day count.
    """
    found = look_up(word, windows, day)
    return found.windows if found.sure or len(found.windows) > 1 else ()


def find_district(text: str, windows: Iterable[DeskWindow], day: date | None = None) -> str | None:
    """Return the one district name that ``text`` mentions, or None where it mentions none or several windows' districts."""
    found = look_up(text, windows, day)
    return found.names[0] if found.sure else None


def names_to_choose(windows: Iterable[DeskWindow], day: date | None = None) -> tuple[str, ...]:
    """Return the district names by which a resident may choose among ``windows``; a 町字 only where no district stands above it."""
    return tuple(dict.fromkeys(name for window in windows for name in _upper_names(window, day)))


def _upper_names(window: DeskWindow, day: date | None) -> list[str]:
    holding = [entry.name for entry in _entries(window, day)]
    return [name for name in holding if name in window.areas] or holding


def _entries(window: DeskWindow, day: date | None) -> tuple[Entry, ...]:
    """Return the names of a window that hold on ``day``."""
    words = window.district_words or ((),) * len(window.districts)
    spans = window.district_validity or ((None, None),) * len(window.districts)
    return tuple(
        Entry(name, more)
        for name, more, (start, end) in zip(window.districts, words, spans, strict=True)
        if day is None or ((start is None or start <= day) and (end is None or day <= end))
    )


def _deciding(said: list[Name], among: frozenset[int]) -> tuple[str, ...]:
    """Return the name that says the most: the one of the fewest windows beside those found, then the longest."""
    best = min((name for name in said if name.windows & among), key=lambda name: (len(name.windows - among), -len(name.key)))
    return (best.shown,)


def _choices(said: list[Name], among: frozenset[int], names: tuple[Name, ...]) -> tuple[str, ...]:
    """Return the names to choose from: those that were said, and in place of one that several windows share its parts."""
    chosen: list[str] = []
    for name in said:
        if len(name.windows) == 1:
            chosen.append(name.shown)
            continue
        inside = [part for part in names if len(part.windows) == 1 and part.windows <= among and not part.short]
        chosen += [part.shown for part in inside if part.key.startswith(name.key)] or [part.shown for part in inside] or [name.shown]
    return tuple(dict.fromkeys(chosen))


def _in_other_ways(text: str, names: tuple[Name, ...]) -> list[Name]:
    """Return the names whose reading is all that the text says, or whose postal code it holds."""
    codes, readings = postal_codes(text), bare_reading(text)
    return [name for name in names if name.readings & readings or name.codes & codes]


def _spots(said: str, names: tuple[Name, ...], cities: tuple[str, ...]) -> Iterator[_Spot]:
    """Give the names that stand in ``said`` as words and are not denied; ``names`` come longest first."""
    taken: list[tuple[int, int]] = []
    for name in names:
        for match in name.pattern.finditer(said) if name.stem in said else ():
            start, end = match.span()
            inside = any(start < other_end and other_start < end for other_start, other_end in taken)
            if inside or not _begins(said[:start], names, cities) or not _ends(match[0], said[end:], said[:start]):
                continue
            taken.append((start, end))
            if not _DENIED.match(said, end):
                yield _Spot(name, near=_NEAR.match(said, end) is not None)


def _begins(before: str, names: tuple[Name, ...], cities: tuple[str, ...]) -> bool:
    """Whether a name may begin behind ``before``: not inside a longer word, and not in another municipality."""
    own = (*cities, *(city.removesuffix("市") for city in cities))
    if other := _OTHER_CITY.search(before):
        return not cities or other[1].endswith(own)
    if not re.search(rf"[{KANJI}]$", before):
        return True
    return bool(_AREA_END.search(before)) or before.endswith((*own, *(name.key for name in names if len(name.key) > 1)))


def _ends(name: str, behind: str, before: str) -> bool:
    """Whether a name may end before ``behind``: no letters follow, or such as belong to a place, or it is whole by itself."""
    if not re.match(rf"[{KANJI}]", behind) or _DENIED.match(behind):
        return True
    if len(name) == 1:
        return _AFTER_ONE_SIGN.match(behind) is not None
    whole = _WHOLE.search(name) is not None and (len(name) >= _WHOLE_FROM or before.endswith("市"))
    return whole or _AFTER.match(behind) is not None
