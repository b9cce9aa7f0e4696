"""The finder: one cheap look for hints, then only the searches that a hint asks for."""

from collections.abc import Callable, Iterator

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from nlp.personal.address import addresses
from nlp.personal.anchors import LOOKS, beside, signatures
from nlp.personal.contact import emails, line_ids
from nlp.personal.numbers import cards, my_numbers, phones, postal_codes, spoken_phones
from nlp.personal.spans import Found, flat
from nlp.reading import PersonalDatum, PersonalKind
from nlp.repair import Repaired

_DIGITS = [*"0123456789〇零", "丁目", "番地", "ちょうめ", "ばんち"]
_SPOKEN = ["ゼロ", "ぜろ", "れいきゅう", "れいはち", "れいなな", "まるきゅう", "まるはち", "まるなな"]
_MAIL = ["@", "＠", "アット", "あっと", "(at)", "[at]"]
_LINE = ["LINE", "Line", "line", "ライン", "らいん"]
_HINTS: tuple[str, ...] = (*_DIGITS, *_SPOKEN, *_MAIL, *_LINE)
_NUMBERS, _SPEECH, _POST, _IDS = range(4)
_SORTS = [*[_NUMBERS] * len(_DIGITS), *[_SPEECH] * len(_SPOKEN), *[_POST] * len(_MAIL), *[_IDS] * len(_LINE)]
_LOOK_OF = {word: look for words, look in LOOKS for word in words}
_WORDS = [*_HINTS, *_LOOK_OF]
_LOOK_BY_NUMBER = [None] * len(_HINTS) + list(_LOOK_OF.values())
_AUTOMATON = AhoCorasick(_WORDS, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA)


def find_personal_data(repaired: Repaired) -> tuple[PersonalDatum, ...]:
    """Find the personal data of a text in order, without overlaps, in offsets of the original text.

    A stronger sign wins over a weaker one in the same place: a mail address over a name, a card over a phone.
    """
    text = repaired.text
    hits = _AUTOMATON.find_matches_as_indexes(text)
    taken: list[tuple[int, int, PersonalKind]] = []
    for kind, begin, finish in _candidates(text, hits):
        start, end = repaired.original(begin, finish)
        if all(end <= other or start >= last for other, last, _ in taken):
            taken.append((start, end, kind))
    return tuple(PersonalDatum(kind=kind, start=start, end=end) for start, end, kind in sorted(taken))


def _candidates(text: str, hits: list[tuple[int, int, int]]) -> Iterator[Found]:
    sorts = {_SORTS[number] for number, _, _ in hits if number < len(_SORTS)}
    numbers = list(_numbers(text, sorts)) if sorts else []
    yield from numbers
    for number, start, end in hits:
        look = _LOOK_BY_NUMBER[number]
        if look:
            found = look(text, start, end)
            if found:
                yield PersonalKind.NAME, *found
    for _, start, end in numbers:
        for span in beside(text, start, end):
            yield PersonalKind.NAME, *span
    for span in signatures(text):
        yield PersonalKind.NAME, *span


def _numbers(text: str, sorts: set[int]) -> Iterator[Found]:
    if _POST in sorts:
        yield from emails(text)
    if _SPEECH in sorts:
        yield from spoken_phones(text)
    if _NUMBERS in sorts:
        digits = flat(text)
        for finder in (cards, my_numbers, phones, postal_codes):
            yield from finder(digits)
        yield from addresses(text)
    if _IDS in sorts:
        yield from line_ids(text)
