"""The finder: one cheap look for hints, then only the searches that a hint asks for."""

import re
from bisect import bisect
from collections.abc import Iterator, Sequence

from ahocorasick_rs import AhoCorasick, MatchKind

from nlp.personal.address import addresses
from nlp.personal.anchors import LOOKS
from nlp.personal.contact import emails, line_ids
from nlp.personal.introductions import Span
from nlp.personal.numbers import cards, my_numbers, phones, postal_codes, spoken_phones
from nlp.personal.people import anchor_words, telling_names
from nlp.personal.signatures import beside, may_sign, signatures
from nlp.personal.spans import DIGITS, Found, flat
from nlp.reading import PersonalDatum, PersonalKind
from nlp.repair import Repaired

_DIGITS = [*"0123456789〇零", "丁目", "番地", "ちょうめ", "ばんち"]
_SPOKEN = ["ゼロ", "ぜろ", "れいきゅう", "れいはち", "れいなな", "まるきゅう", "まるはち", "まるなな"]
_MAIL = ["@", "＠", "アット", "あっと", "(at)", "[at]"]
_LINE = ["LINE", "Line", "line", "ライン", "らいん", "友だち追加", "友達追加", "ID検索"]
_HINTS: tuple[str, ...] = (*_DIGITS, *_SPOKEN, *_MAIL, *_LINE)
_NUMBERS, _SPEECH, _POST, _IDS = range(4)
_SORTS = [*[_NUMBERS] * len(_DIGITS), *[_SPEECH] * len(_SPOKEN), *[_POST] * len(_MAIL), *[_IDS] * len(_LINE)]
_SORTED = len(_SORTS)
_MANY_DIGITS = re.compile(f"(?:[{DIGITS}][^{DIGITS}]*+){{6}}")
"""The least that a number which reaches or names a person has: 電話 22-1845."""
_SILENT = tuple(anchor_words("silent"))
"""Everyday words that hold a hint, so that it is not looked at."""


class _Anchors:
    """Finds anchors in a text, with the looks that each of them asks for."""

    def __init__(self, words: Sequence[str]) -> None:
        self.looks = [LOOKS.get(word, ()) for word in words]
        self.find = AhoCorasick(words, matchkind=MatchKind.LeftmostLongest).find_matches_as_indexes


_ALL = _Anchors([*_HINTS, *LOOKS, *_SILENT])
_NAMELESS = _Anchors([word for word in (*_HINTS, *LOOKS, *_SILENT) if word not in telling_names()])
"""The same for a text that holds none of the listed names, which are four in five of the anchors."""


def find_personal_data(repaired: Repaired, *, named: bool = True) -> tuple[PersonalDatum, ...]:
    """Find the personal data of a text in order, without overlaps, in offsets of the original text.

    A stronger sign wins over a weaker one in the same place: a mail address over a name, a card over a phone.
    ``named`` may be false where it is known that none of the telling names stands in the text: that is found sooner.
    """
    text = repaired.text
    sought = _ALL if named else _NAMELESS
    anchors = sought.find(text)
    may_end_in_name = may_sign(text)
    if not anchors and not may_end_in_name:
        return ()
    names: list[Span] = []
    sorts: set[int] = set()
    for number, start, end in anchors:
        if number < _SORTED:
            sorts.add(_SORTS[number])
        for look in sought.looks[number]:
            name = look(text, start, end)
            if name is not None:
                names.append(name)
    numbers = list(_numbers(text, sorts)) if sorts else []
    for _, start, end in numbers:
        names.extend(beside(text, start, end))
    if may_end_in_name:
        names.extend(signatures(text))
    return _in_order(repaired, numbers, names) if numbers or names else ()


def _in_order(repaired: Repaired, numbers: list[Found], names: list[Span]) -> tuple[PersonalDatum, ...]:
    """Keep of what overlaps the first: numbers and addresses go before names, the names of an anchor before the others."""
    taken: list[tuple[int, int, PersonalKind]] = []
    for kind, begin, finish in (*numbers, *((PersonalKind.NAME, *name) for name in names)):
        start, end = repaired.original(begin, finish)
        place = bisect(taken, (start, end))
        if (place == 0 or taken[place - 1][1] <= start) and (place == len(taken) or end <= taken[place][0]):
            taken.insert(place, (start, end, kind))
    return tuple(PersonalDatum(kind=kind, start=start, end=end) for start, end, kind in taken)


def _numbers(text: str, sorts: set[int]) -> Iterator[Found]:
    if _POST in sorts:
        yield from emails(text)
    if _SPEECH in sorts:
        yield from spoken_phones(text)
    if _NUMBERS in sorts:
        digits = flat(text) if _MANY_DIGITS.search(text) else ""
        for finder in (cards, my_numbers, phones, postal_codes) if digits else ():
            yield from finder(digits)
        yield from addresses(text)
    if _IDS in sorts:
        yield from line_ids(text)
