"""Names that nothing introduces: at the end of a message, on a line of their own, beside a number or an address."""

import re
from collections.abc import Iterator
from string import ascii_letters

from nlp.personal.introductions import Span
from nlp.personal.names import HIRAGANA, may_be_unknown, name_after, name_before
from nlp.personal.people import (
    Sure,
    anchor_words,
    given,
    is_common_surname,
    is_full_name,
    is_listed,
    is_place,
    name,
    short_surnames,
    spoken_surnames,
    surnames,
)
from nlp.personal.surroundings import on_show

_LAST_WORD = re.compile(
    r"(?:^|[\s。、!！?？…(（「【)）・:：笑w]|の|は)"
    r"(?P<it>[一-龥々ヶケツノ]{1,4}(?:[ \u3000][一-龥々ぁ-ん]{1,4})?|[一-龥々]{1,3}[ぁ-んァ-ヴー]{1,3})$"
)
_NAME_LINE = re.compile(
    r"^[ \u3000]?(?P<it>[一-龥々ヶケツノ]{2,6}|[一-龥々]{1,4}[ \u3000][一-龥々ぁ-んァ-ヴー]{1,5})[ \u3000]?$", re.MULTILINE
)
_LAST_FULL = re.compile(
    r"(?:[。!！?？…\n）)]|[ます][、 \u3000])[ \u3000\n]{0,2}(?P<it>[ァ-ヴー]{2,10}(?:[・＝·][ァ-ヴー]{1,10}){1,3}"
    r"|[A-Z][A-Za-z'’-]{1,15}(?: [A-Z][A-Za-z'’-]{1,15}){1,3}|[一-龥々]{1,4}[ \u3000]?(?:[ぁ-ん]{2,4}|[ァ-ヴー]{2,4}))$"
)
"""A full name at the end that needs no more than its own shape."""
_LAST_KANA = re.compile(r"[。!！?？…\n][ \u3000\n]{0,2}(?P<it>[ぁ-ん]{3,6}|[ァ-ヴー]{2,6})$")
_ENDED = re.compile(r"[。!！?？…\n][ \u3000\n]*$|[ますた][ \u3000\n]+$")
_TAIL = "。．.!！)）】」』〉>☆♪ \u3000\n\t🙏🙇💦😢😭😊🙇‍♀️♂️…"
_TAILS = frozenset(_TAIL)
_OPENING = re.compile(r"(?:^|[。\n!！?？])(?P<it>[一-龥々ヶケ]{2,6}(?:[ぁ-ん]{1,2}[一-龥々])?)$")


_SPOKEN_ENDS = frozenset(
    (
        *("です", "ます", "せん", "さい", "たい", "ない", "よね", "すね", "すよ", "った", "して", "から", "けど", "かな", "んだ", "だよ"),
        *("だね", "する", "ある", "いる", "のか", "なあ", "かも", "よう", "とか", "しい", "れる"),
    )
)
_LONGER_ENDS = ("ました", "でした", "ですか", "ますか", "でしょうか")
"""How sentences end; a name at the end of a message looks otherwise."""


def may_sign(text: str) -> bool:
    """Tell cheaply whether :func:`signatures` has anything to look at."""
    if "\n" in text or " " in text:
        return True
    tail, ended = text[-2:], text[-1:] in _TAILS
    if ended:
        tail = text.rstrip(_TAIL)[-2:]
    if "一" <= tail[-1:] <= "龥" or tail == "より":
        return True
    if not ended and tail not in _SPOKEN_ENDS and _ends_otherwise(text) and _may_be_shaped(text, len(text)):
        return True
    comma = text.find("、", 3)
    while comma > 0:
        if "一" <= text[comma - 1] <= "龥":
            return True
        comma = text.find("、", comma + 1)
    return False


def _ends_otherwise(text: str) -> bool:
    """Tell whether kana or letters end the text that end no sentence, and a sentence ended shortly before."""
    if text.endswith(_LONGER_ENDS):
        return False
    window = text[-24:-2]
    return "。" in window or "！" in window or "!" in window or "?" in window or "？" in window


def signatures(text: str) -> Iterator[Span]:
    """Find a name that ends a message, stands on a line of its own, or opens a sentence in full."""
    yield from _last(text)
    for line in _NAME_LINE.finditer(text) if "\n" in text else ():
        start = name_before(text, line.end("it"), Sure.LISTED)
        if start == line.start("it"):
            yield line.span("it")
    comma = text.find("、", 3)
    while comma > 0:
        if "一" <= text[comma - 1] <= "龥":
            opening = _OPENING.search(text, max(0, comma - 10), comma)
            if opening and is_full_name(opening["it"]):
                yield opening.span("it")
        comma = text.find("、", comma + 1)


_SIGNED = frozenset("り拝")


def _last(text: str) -> Iterator[Span]:
    end = len(text.rstrip(_TAIL))
    by = False
    if text[end - 1 : end] in _SIGNED:
        by = text.endswith("より", 0, end)
        end -= 2 * by or text.endswith("拝", 0, end)
    if not "一" <= text[end - 1 : end] <= "龥":
        if _may_be_shaped(text, end):
            yield from _shaped(text, end)
        return
    if end < 6:  # noqa: PLR2004 - a name alone is an answer, and may be a place as well
        return
    found = _LAST_WORD.search(text, max(0, end - 12), end)
    if found:
        start = name_before(text, end, Sure.LISTED)
        if start is not None and start >= found.start("it") and (_signs(text, start, end) or _closes(text, start, end, by=by)):
            yield start, end
        elif start is None and _ended(text, found.start("it")) and (_is_rare(found["it"]) or _is_short(found["it"])):
            yield found.span("it")


def _may_be_shaped(text: str, end: int) -> bool:
    """Tell cheaply whether :func:`_shaped` has anything to look at."""
    last = text[end - 1 : end]
    if not "ぁ" <= last <= "ん":
        return "ァ" <= last <= "ー" or last in _LATIN_ENDS
    near = text[max(0, end - 7) : end]
    stem = near.rstrip(HIRAGANA)
    lead = stem[-1:]
    return 1 < len(near) - len(stem) < 7 and (lead >= "々" or lead in _KANA_LEADS)  # noqa: PLR2004 - the lengths of _LAST_FULL and _LAST_KANA


def _shaped(text: str, end: int) -> Iterator[Span]:
    """Find a name in kana, or a full name that needs no more than its shape; neither ends in kanji."""
    kana = _LAST_KANA.search(text, max(0, end - 9), end)
    if kana and is_listed(kana["it"]):
        yield kana.span("it")
    reach = _MIXED_REACH if "ぁ" <= text[end - 1] <= "ん" else _FULL_REACH
    full = _LAST_FULL.search(text, max(0, end - reach), end)
    if full and _is_whole(text, *full.span("it")):
        yield full.span("it")


_KANA_LEADS = frozenset("。!！?？…\n \u3000")
_LATIN_ENDS = frozenset(f"{ascii_letters}'’-\n")
"""How letters end a name; a line break stands there before より, and $ looks over it."""
_FULL_REACH, _MIXED_REACH = 44, 13
"""How far a full name reaches back, and one of kanji and kana."""


def _is_whole(text: str, start: int, end: int) -> bool:
    word = text[start:end]
    if word[0] < "一":
        return not _LATIN_LABEL.search(word)
    return name_before(text, end, Sure.LISTED) == start and (" " in word or "\u3000" in word or is_full_name(word))


_ENCLOSED = re.compile("(?P<it>[一-龥々ヶケ]{2,6})[)）]")


def enclosed(text: str, start: int, end: int) -> Span | None:
    """Look into brackets that open a message: (西川)生活保護のことで…."""
    met = _ENCLOSED.match(text, end) if start == 0 or text[start - 1] in "\n。" else None
    if not met:
        return None
    word = met["it"]
    return met.span("it") if is_full_name(word) or is_common_surname(word) or (name(word) is Sure.NAME and is_listed(word)) else None


def signed(text: str, start: int, _: int) -> Span | None:
    """Look left of より that ends a sentence, for a name that is all of it."""
    found = name_before(text, start, Sure.LISTED)
    if found is None or (found and text[found - 1] not in "。\n!！?？ \u3000"):
        return None
    word = text[found:start]
    return (found, start) if is_full_name(word) or is_common_surname(word) or (is_listed(word) and not is_place(word)) else None


_CLOSED = re.compile(
    r"(?:お願い(?:いた|致)?します|お願い申し上げます|失礼(?:いた|致)?します|ございま(?:す|した)|くだ?さい|下さい|待っ?ています|おります)[。!！、\s]{1,3}$"
)


def _closes(text: str, start: int, end: int, *, by: bool) -> bool:
    """Tell whether a listed name stands after a polite close, or signs with より: then it may be a place or a word as well."""
    word = text[start:end]
    if not is_listed(word) or (len(word) == 1 and word not in surnames()):
        return False
    if _CLOSED.search(text, max(0, start - 14), start) is not None:
        return True
    return len(word) > 1 and _ended(text, start) and (by or not is_place(word))


def _ended(text: str, at: int) -> bool:
    return _ENDED.search(text, max(0, at - 4), at) is not None


def _is_short(word: str) -> bool:
    return len(word) == 1 and word not in "笑泣涙汗怒爆草謎喜" and given(word) >= Sure.COMMON


def _is_rare(word: str) -> bool:
    return 2 <= len(word) <= 3 and word.isalpha() and may_be_unknown(word)  # noqa: PLR2004 - the length of surnames


def _signs(text: str, start: int, end: int) -> bool:
    word, before = text[start:end], text[start - 1]
    if len(word) == 1:
        return before in "。！!？?\n" and (word in surnames() or name(word) is Sure.NAME or given(word) is Sure.LISTED)
    if before in "のは":
        least = Sure.PLACE if text[start - 2] in "課係部務局室店校園所会社" and word not in anchor_words("region") else Sure.NAME
        return name(word) >= least and len(word) > 1 and "一" <= text[start - 2] <= "龥" and not on_show(text, start)
    return name(word) is Sure.NAME or is_full_name(word) or is_common_surname(word) or (len(word) > 1 and before in " \u3000\n(（【「")


_LATIN = r"[A-Z][A-Za-z]{1,15}(?: [A-Z][A-Za-z]{1,15}){1,3}"
_LEFT_LATIN = re.compile(rf"(?:^|[^A-Za-z])(?P<it>{_LATIN})[ ,/:(\n]{{1,3}}$")
_RIGHT_LATIN = re.compile(rf"[ ,/\n]{{1,3}}(?P<it>{_LATIN})(?![A-Za-z0-9])")
_LATIN_LABEL = re.compile(
    "Google|Apple|Pay|Amazon|Email|Mail|Tel|Phone|Line|Fax|Address|Help|Please|Thank|My |Number|Contact|Call|Mobile|Postal|Code|Wi-?Fi"
    r"|English|Japanese|Only|Speak|\bOK\b|\bID\b|\bCard\b|\bVisa\b|\bJCB\b",
    re.IGNORECASE,
)
_LEFT_OF_NUMBER = re.compile(
    r"(?:^|[\s、。/／,:：)）!！?？」])(?P<it>[ァ-ヴー]{2,10}(?:[・＝·][ァ-ヴー]{1,10}){1,3}"
    r"|[一-龥々ヶケツノァ-ヴー]{1,6}(?:[ \u3000][一-龥々ぁ-んァ-ヴー]{1,5})?|[ぁ-ん]{2,5})[ \u3000:：、,(（\n・]{1,2}"
    r"(?:(?:FAX|Fax|TEL|Tel|tel|電話|携帯|連絡先)[ :：]?)?$"
)
_RIGHT_OF_NUMBER = re.compile(
    r"[ \u3000\n、,]{1,2}(?P<it>[ァ-ヴー]{2,10}(?:[・＝·][ァ-ヴー]{1,10}){1,3}|[ぁ-ん]{2,5}"
    r"|(?:[一-龥々ヶケツノ]{1,6}|[ァ-ヴー]{2,6})(?:[ \u3000][一-龥々ぁ-んァ-ヴー]{1,5})?)"
    r"(?=[\s、。,/]|$|です|まで)"
)


def beside(text: str, start: int, end: int) -> Iterator[Span]:
    """Find a name that stands left or right of a number or an address."""
    for latin in (_LEFT_LATIN.search(text, max(0, start - 40), start), _RIGHT_LATIN.match(text, end)):
        if latin and not _LATIN_LABEL.search(latin["it"]):
            yield latin.span("it")
    left = _LEFT_OF_NUMBER.search(text, max(0, start - 14), start)
    if left:
        found = name_before(text, left.end("it"), Sure.UNKNOWN)
        if found is not None and found >= left.start("it") and _may_stand_beside(text[found : left.end("it")]):
            yield found, left.end("it")
    right = _RIGHT_OF_NUMBER.match(text, end)
    if right:
        found = name_after(text, right.start("it"), Sure.UNKNOWN)
        if found is not None and _may_stand_beside(text[right.start("it") : found]):
            yield right.start("it"), found


def _may_stand_beside(word: str) -> bool:
    """Tell names from the words that announce a number, such as メール and カード."""
    if "ぁ" <= word[0] <= "ん":
        return word in spoken_surnames() or word in short_surnames()
    grade = name(word)
    return "・" in word or grade >= Sure.LISTED or is_full_name(word) or " " in word or "\u3000" in word or _is_rare(word)
