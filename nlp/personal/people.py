"""Which words are names: short lists of our own for what a dictionary mistakes, and the dictionary's 人名 for the breadth."""

from enum import IntEnum
from functools import cache, lru_cache
from importlib.resources import files

from sudachipy.errors import SudachiError

from nlp.repair import fold
from nlp.tokens import dictionary

_NAME_LENGTH = 10
_GIVEN_LENGTH = 4
_NUMERALS = frozenset("〇零一二三四五六七八九十百千万年日月階目代軒つ人")
WORDS = 4096
"""How many words each look-up remembers: everyday talk has the same ones beside its anchors again and again."""
_PERSON = "人名"
_SURNAME, _GIVEN = "姓", "名"


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


@lru_cache(WORDS)
def _kinds(word: str) -> frozenset[tuple[str, str]]:
    """Look a word up: pairs of the second-to-last parts of speech of its entries."""
    try:
        return frozenset((speech[2], speech[3]) if speech[1] == "固有名詞" else ("", "") for speech in _speeches(word))
    except SudachiError:
        return frozenset()


def _speeches(word: str) -> list[tuple[str, ...]]:
    return [tuple(morpheme.part_of_speech()) for morpheme in dictionary().lookup(word)]


def is_place(word: str) -> bool:
    """Tell whether the dictionary knows a place of this name."""
    return any(kind[0] == "地名" for kind in _kinds(word))


def is_word(word: str) -> bool:
    """Tell whether the dictionary knows an ordinary word of this writing."""
    return ("", "") in _kinds(word)


def _grade(kinds: frozenset[tuple[str, str]], role: str) -> Sure:
    if not kinds:
        return Sure.UNKNOWN
    if (_PERSON, role) not in kinds and (_PERSON, "一般") not in kinds:
        return Sure.NO
    if ("", "") in kinds:
        return Sure.COMMON
    return Sure.PLACE if any(kind[0] == "地名" for kind in kinds) else Sure.NAME


def _is_surname(word: str) -> bool:
    return word in surnames() or word in quiet_surnames() or fold(word) in spoken_surnames()


def _is_given(word: str) -> bool:
    return word in given_names() or fold(word) in given_names()


@cache
def telling_names() -> frozenset[str]:
    """Give listed names of two or more kanji; each is worth a look where it stands."""
    return frozenset(
        word for word in surnames() | given_names() if len(word) > 1 and word[0] >= "一" and word not in anchor_words("region")
    )


@lru_cache(WORDS)
def is_listed(word: str) -> bool:
    """Tell whether our own lists have ``word``, in kanji or kana."""
    return _is_surname(word) or _is_given(word)


def is_common_surname(word: str) -> bool:
    """Tell whether ``word`` is one of the common surnames and hardly an answer to the question where somebody lives."""
    return len(word) > 1 and word in surnames() and word not in anchor_words("region")


@lru_cache(WORDS)
def name(word: str) -> Sure:
    """Tell how surely ``word`` is a surname or a given name."""
    if (word[:1] in _NUMERALS and _NUMERALS.issuperset(word)) or word in anchor_words("fiction"):
        return Sure.NO
    kinds = _kinds(word)
    found = max(_grade(kinds, _SURNAME), _grade(kinds, _GIVEN))
    return max(found, Sure.LISTED) if is_listed(word) else found


@lru_cache(WORDS)
def given(word: str) -> Sure:
    """Tell how surely ``word`` is a given name."""
    found = _grade(_kinds(word), _GIVEN)
    return max(found, Sure.LISTED) if _is_given(word) else found


@lru_cache(WORDS)
def surname(word: str) -> Sure:
    """Tell how surely ``word`` is a surname."""
    found = _grade(_kinds(word), _SURNAME)
    return max(found, Sure.LISTED) if _is_surname(word) else found


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
        least = Sure.LISTED if len(first) == 1 or len(last) == 1 or last[0] < "一" else Sure.COMMON
        if surname(first) >= least and given(last) >= least:
            return True
    return False
