"""Which words are names: short lists of our own for what a dictionary mistakes, and the dictionary's 人名 for the breadth."""

from enum import IntEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from sudachipy.errors import SudachiError

from nlp.repair import fold
from nlp.tokens import dictionary

_NAME_LENGTH = 10
_GIVEN_LENGTH = 4
_NUMERALS = frozenset("〇零一二三四五六七八九十百千万年日月階目代軒つ人")
WORDS = 4096
"""How many words each look-up remembers: everyday talk has the same ones beside its anchors again and again."""


class Sure(IntEnum):
    """How surely a word alone is a name, before its surroundings are looked at."""

    NO = 0
    UNKNOWN = 1
    """No dictionary knows the word."""
    COMMON = 2
    """A name by the dictionary, and an ordinary word as well."""
    LISTED = 3
    """A name by our own lists, and perhaps an ordinary word as well."""
    PLACE = 4
    """A name, and a place as well."""
    NAME = 5


_COMMON, _LISTED = Sure.COMMON, Sure.LISTED


@cache
def _rows(name: str) -> tuple[str, ...]:
    lines = files("nlp.personal").joinpath(name).read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


@cache
def anchor_words(sort: str) -> dict[str, None]:
    """Give the words of one sort in anchors.txt, in their order."""
    rows = (row.split() for row in _rows("anchors.txt"))
    return {word: None for row in rows if row[0] == f"{sort}:" for word in row[1:]}


@cache
def surnames() -> frozenset[str]:
    """Give common surnames in kanji."""
    return frozenset(word for row in _rows("surnames.txt") for word in row.split() if word[0] >= "一")


@cache
def quiet_surnames() -> frozenset[str]:
    """Give surnames that are ordinary words or places as well: names only where somebody is introduced or addressed."""
    return frozenset(word for row in _rows("surnames_quiet.txt") for word in row.split())


@cache
def _readings() -> frozenset[str]:
    return frozenset(word for row in _rows("surnames.txt") for word in row.split() if "ぁ" <= word[0] <= "ん")


@cache
def spoken_surnames() -> frozenset[str]:
    """Give common surnames in hiragana, three letters or more, since shorter ones are everyday words."""
    return frozenset(word for word in _readings() if len(word) > 2)  # noqa: PLR2004 - see above


@cache
def short_surnames() -> frozenset[str]:
    """Give surnames in two hiragana: names only where somebody introduces themselves."""
    return _readings() - spoken_surnames()


@cache
def given_names() -> frozenset[str]:
    """Give given names that no kanji betrays, and those that are ordinary words as well."""
    return frozenset(name for row in _rows("given_names.txt") for name in row.split())


_ORDINARY, _OTHER, _PLACE, _FAMILY, _OWN = 1, 2, 4, 8, 16


@cache
def _kind(part_of_speech: int) -> int:
    """Tell what a part of speech of the dictionary makes of a word."""
    speech = dictionary().pos_of(part_of_speech)
    if speech[1] != "固有名詞":
        return _ORDINARY
    if speech[2] == "地名":
        return _PLACE
    return {"姓": _FAMILY, "名": _OWN, "一般": _FAMILY | _OWN}.get(speech[3], _OTHER) if speech[2] == "人名" else _OTHER


@cache
def _grade(kinds: int, role: int) -> Sure:
    if not kinds:
        return Sure.UNKNOWN
    if not kinds & role:
        return Sure.NO
    if kinds & _ORDINARY:
        return Sure.COMMON
    return Sure.PLACE if kinds & _PLACE else Sure.NAME


class _Known(NamedTuple):
    """All that is known about a word alone."""

    kinds: int
    listed: bool
    surname: Sure
    given: Sure
    name: Sure


@lru_cache(4 * WORDS)
def _known(word: str) -> _Known:
    """Look a word up, once for all questions, in the dictionary and in our own lists."""
    kinds = 0
    try:
        for morpheme in dictionary().lookup(word):
            kinds |= _kind(morpheme.part_of_speech_id())
    except SudachiError:
        kinds = 0
    plain = fold(word)
    is_family = word in surnames() or word in quiet_surnames() or plain in spoken_surnames()
    is_own = word in given_names() or plain in given_names()
    family, own = _grade(kinds, _FAMILY), _grade(kinds, _OWN)
    family = _LISTED if is_family and family < _LISTED else family
    own = _LISTED if is_own and own < _LISTED else own
    none = (word[:1] in _NUMERALS and _NUMERALS.issuperset(word)) or word in anchor_words("fiction")
    return _Known(kinds, is_family or is_own, family, own, Sure.NO if none else max(family, own))


def is_place(word: str) -> bool:
    """Tell whether the dictionary knows a place of this name."""
    return _known(word).kinds & _PLACE > 0


def is_word(word: str) -> bool:
    """Tell whether the dictionary knows an ordinary word of this writing."""
    return _known(word).kinds & _ORDINARY > 0


@cache
def telling_names() -> frozenset[str]:
    """Give listed names of two or more kanji; each is worth a look where it stands."""
    return frozenset(
        word for word in surnames() | given_names() if len(word) > 1 and word[0] >= "一" and word not in anchor_words("region")
    )


def is_listed(word: str) -> bool:
    """Tell whether our own lists have ``word``, in kanji or kana."""
    return _known(word).listed


def is_common_surname(word: str) -> bool:
    """Tell whether ``word`` is one of the common surnames and hardly an answer to the question where somebody lives."""
    return len(word) > 1 and word in surnames() and word not in anchor_words("region")


def name(word: str) -> Sure:
    """Tell how surely ``word`` is a surname or a given name."""
    return _known(word).name


def given(word: str) -> Sure:
    """Tell how surely ``word`` is a given name."""
    return _known(word).given


def surname(word: str) -> Sure:
    """Tell how surely ``word`` is a surname."""
    return _known(word).surname


@lru_cache(WORDS)
def is_full_name(word: str) -> bool:
    """Tell whether ``word`` is a surname and a given name without a space between them."""
    if not 2 < len(word) <= _NAME_LENGTH or word[0] < "一":  # noqa: PLR2004 - 林修 is too short to be sure of
        return False
    if word in anchor_words("fiction"):
        return False
    for cut in range(1, min(len(word), 5)):
        first, last = word[:cut], word[cut:]
        if len(last) > _GIVEN_LENGTH:
            continue
        least = _LISTED if len(first) == 1 or len(last) == 1 or last[0] < "一" else _COMMON
        if surname(first) >= least and given(last) >= least:
            return True
    return False
