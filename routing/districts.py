"""Matches a resident's own word for a place with the districts of windows. Only what is written decides; nothing is guessed."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import cache

from routing.city import DeskWindow

_SUFFIX = re.compile(r"(地区|圏域|地域|小学校区|学区)$")
_KANJI = "一-龥々〆ヶ"


def match_district(word: str, windows: Iterable[DeskWindow], day: date | None = None) -> tuple[DeskWindow, ...]:
    """Return the windows one of whose district names occurs in ``word``; the longest name wins (北会津 over 会津).

    With ``day`` only the names that hold on that day count.
    """
    said = unicodedata.normalize("NFKC", word)
    lengths: dict[int, list[DeskWindow]] = {}
    for window in windows:
        longest = max((len(name) for name in _names(_holding(window, day)) if _pattern(name).search(said)), default=0)
        if longest:
            lengths.setdefault(longest, []).append(window)
    return tuple(lengths[max(lengths)]) if lengths else ()


def find_district(text: str, windows: Iterable[DeskWindow], day: date | None = None) -> str | None:
    """Return the one district name that ``text`` mentions, or None where it mentions none or several windows' districts."""
    matched = match_district(text, windows, day)
    if len(matched) != 1:
        return None
    said = unicodedata.normalize("NFKC", text)
    return max((name for name in _names(_holding(matched[0], day)) if _pattern(name).search(said)), key=len)


def _holding(window: DeskWindow, day: date | None) -> tuple[str, ...]:
    if day is None or not window.district_validity:
        return window.districts
    dated = zip(window.districts, window.district_validity, strict=True)
    return tuple(name for name, (start, end) in dated if (start is None or start <= day) and (end is None or day <= end))


@cache
def _names(districts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of a district cell: 「郷・押野地区」 is 郷 and 押野."""
    parts = [part for district in districts for part in re.split(r"[・、,;/ ]", unicodedata.normalize("NFKC", district))]
    return tuple(filter(None, (_SUFFIX.sub("", part) for part in parts)))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """Return the name as a word: not the tail of a longer name (本町 in 七日本町), except behind the name of a city or county.

    A name of one character must also not run on into another (郷 in 郷里).
    """
    ahead = rf"(?!(?!地区|町)[{_KANJI}])" if len(name) == 1 else ""
    return re.compile(rf"(?<![{_KANJI}]){re.escape(name)}{ahead}|(?<=[市郡]){re.escape(name)}{ahead}")
