"""The words beside which a name stands, and what each of them asks of the name."""

import re
from collections.abc import Callable

from nlp.personal.introductions import Span, back_over_space, copula, introduction, myself, strong_introduction
from nlp.personal.names import STOP, TITLE, ends_in_office, may_be_unknown, name_after, name_before
from nlp.personal.people import (
    Sure,
    anchor_words,
    given,
    is_full_name,
    is_listed,
    is_place,
    is_word,
    name,
    quiet_surnames,
    short_surnames,
    spoken_surnames,
    surname,
    surnames,
    telling_names,
)
from nlp.personal.signatures import enclosed, signed
from nlp.personal.surroundings import near_pet, on_show
from nlp.repair import fold

Look = Callable[[str, int, int], Span | None]


def honorific(text: str, start: int, end: int) -> Span | None:
    """Look left of さん and its like."""
    word = text[start:end]
    if (
        text[max(0, start - 2) : start] in ("お孫", "御孫")
        or text.startswith(("々", "子", "式"), end)
        or (word == "サン" and "ァ" <= text[end : end + 1] <= "ー")
    ):
        return None
    if word in _SHORT and text.startswith(("名", "たち", "ら"), end):
        return None
    least = _LEAST.get(word, _LISTED)
    found = name_before(text, start, least)
    if found is None or not _carries(text[found:start], text, end) or (least is _UNKNOWN and not _fits_unknown(text[found:start])):
        return None
    return None if (word in _FAMILIAR and near_pet(text, start)) or on_show(text, found) else (found, start)


_FAMILIAR = ("ちゃん", "くん", "君")
_SHORT = ("君", "氏", "殿")
_UNKNOWN, _LISTED, _NAME = Sure.UNKNOWN, Sure.LISTED, Sure.NAME
_LEAST = {
    **dict.fromkeys(("さん", "様", "さま"), Sure.UNKNOWN),
    **dict.fromkeys(("じいちゃん", "ばあちゃん", "じいさん", "ばあさん", "おばちゃん", "おじちゃん"), Sure.COMMON),
}
"""What the honorifics ask of a name that differ from the others."""


def _carries(word: str, text: str, end: int) -> bool:
    """Tell names before さん from machines (AI) and from verbs whose tail looks like it."""
    if word.isupper() and " " not in word:
        return False
    if len(word) > 1:
        return True
    known = word in surnames() or given(word) is Sure.NAME or (word >= "一" and given(word) is Sure.LISTED)
    return known and (
        not text.startswith(_VERB_TAIL, end) or (text[end - 1] == "ん" and text.startswith(("さんでし", "さんです"), end - 2))
    )


_VERB_TAIL = ("で", "ん", "だ", "ね", "ば", "と")
"""After one kanji, くん and さん may be the tail of a verb: 咲くんだ, 探さんと."""


def _fits_unknown(word: str) -> bool:
    """Of words that are no sure names, only two or three kanji pass before さん."""
    if name(word) >= Sure.LISTED or is_full_name(word) or " " in word or "\u3000" in word or "・" in word or word.isascii():
        return True
    return (
        (name(word) is Sure.UNKNOWN or surname(word) is Sure.COMMON)
        and re.fullmatch("[一-龥々]{2,3}", word) is not None
        and word[-1] != "屋"
    )


_CALLS_SURNAME = ("先生", "弁護士", "医師", "課長", "係長", "部長", "主任", "店長", "社長", "教頭", "ケアマネ", "ヘルパー")


def _common_surname(text: str, at: int) -> int | None:
    """Look left of an office for a surname in kanji that is an ordinary word as well."""
    found = name_before(text, at, Sure.COMMON)
    if found is None or len(text[found:at]) == 1 or text[found] < "一":
        return None
    return found if surname(text[found:at]) is Sure.COMMON else None


def title(text: str, start: int, end: int) -> Span | None:
    """Look left of an office, an address (宛) or という名前."""
    at = back_over_space(text, start) if text[start] == "宛" else start
    found = name_before(text, at, _NAME if text[start] == "宅" else _LISTED)
    if found is None and (text[start:end] in _CALLS_SURNAME or text.startswith("人", end - 1)):
        found = _common_surname(text, at)
    return None if found is None or on_show(text, found) else (found, at)


_LABEL_LINK = re.compile(
    r"(?:[」』】\])）]|(?:は(?<!はは)|が|の|:|：|→|、|=|[ \u3000]|\n|欄に|に)){1,3}(?:[?？]?[ぁ-ん聞書]{0,8}[→:：])?"
    r"(?:[「『【(（])?[ \u3000]?|[「『]"
)


_CLOSES = re.compile(r"です|[、。,\s(（【」』]|$")


def label(text: str, _: int, end: int) -> Span | None:
    """Look right of 名前は and its like."""
    link = _LABEL_LINK.match(text, end)
    if not link and text[end - 1] not in "は姓名":
        return None
    at = link.end() if link else end
    loose = link.group()[0] in "のが" if link else text[end - 1] != "は"
    found = name_after(text, at, Sure.LISTED if loose else Sure.UNKNOWN)
    if found == at + 1 and (loose or not is_listed(text[at]) or not _CLOSES.match(text, found)):
        return None
    if found is None:
        given_now = _BECOMES.match(text, at)
        found = given_now.end() if given_now else None
    return None if found is None else (at, found)


_BECOMES = re.compile("[一-龥々]{2,3}(?=に(?:なり|決ま|決め|しま|した))")
_KIN_LINK = re.compile(r"(?:の(?<!のの)|は(?<!のは)(?<!はは)|、|・|:|：|=|[(（「]|[ \u3000]){0,2}")
_KIN_LINKS = frozenset("のは、・:：=[(（「 \u3000")
"""How a link to the right of kinship begins."""
_AGE_FOLLOWS = re.compile(
    r"[(（、 ・]{0,2}[0-9]{1,2}(?:歳|才|さい|か月|ヶ月|カ月)"
    r"|[(（、 ]{1,2}(?:[小中高大][0-9]|年[長中少]|[0-9]{1,2}[)）]|保育園|幼稚園)"
)
_AGED = re.compile(rf"(?P<it>[一-龥々]{{2,3}})(?:{_AGE_FOLLOWS.pattern})")
_EVERYDAY = frozenset(anchor_words("everyday"))


_PARTICLES = frozenset("がはをにとも、。(（")


def kin(text: str, start: int, end: int) -> Span | None:
    """Look right of 娘の and its like for a name that is told on the way."""
    if end == start + 1 and start and "一" <= text[start - 1] <= "龥":
        return None
    follows = text[end : end + 1]
    if "ぁ" <= follows <= "ん" and follows not in _KIN_LINKS and not "ぁ" <= text[end + 1 : end + 2] <= "ん":
        return _owner(text, start, end)  # Most often: one particle, which no name follows.
    return _told(text, start, end)


def _told(text: str, start: int, end: int) -> Span | None:
    """Look right of kinship for a name, or left of it for the one whose kin it is."""
    link = _KIN_LINK.match(text, end) if text[end : end + 1] in _KIN_LINKS else None
    at = link.end() if link else end
    if at == end and text.startswith(("さん", "ちゃん", "さま"), end):
        return None
    owned = at > end and text[end] == "の"
    found = None if text.startswith("ゆうこと", at) else name_after(text, at, _UNKNOWN if owned else _LISTED)
    if found is None:
        aged = _AGED.match(text, at) if text[at : at + 1] >= "々" else None
        return aged.span("it") if aged and (given(aged["it"]) is Sure.COMMON or may_be_unknown(aged["it"])) else _owner(text, start, end)
    word = text[at:found]
    grade = name(word)
    if is_full_name(word) or " " in word or "\u3000" in word or "・" in word or _AGE_FOLLOWS.match(text, found):
        return at, found
    if grade is Sure.UNKNOWN:
        return (at, found) if len(word) < 4 and text[found : found + 1] in _PARTICLES else None  # noqa: PLR2004 - a new given name
    doubtful = text.startswith("は", end) and not is_listed(word) and grade is not Sure.NAME
    if word in quiet_surnames() and text[start:end] in _BY_SURNAME:
        return at, found
    return (at, found) if not doubtful and _is_told(word, own_house=text[start:end] == "うちの") else None


_BY_SURNAME = frozenset(anchor_words("by_surname"))


_IS_KIN = re.compile("です|で、|と申|といい|と言|だけど|やけど|ですが|じゃ|、")


def _owner(text: str, start: int, end: int) -> Span | None:
    """Look left of the kinship in ゆうとの母です."""
    if not start or text[start - 1] != "の" or not _IS_KIN.match(text, end):
        return None
    found = name_before(text, start - 1, Sure.LISTED)
    if found is None or not _is_told(text[found : start - 1], own_house=False):
        return None
    return found, start - 1


def _is_told(word: str, *, own_house: bool) -> bool:
    """Tell whether a word right of kinship is a given name rather than a thing they have."""
    if word in _EVERYDAY:
        return False
    if len(word) == 1:
        return given(word) >= Sure.LISTED and word >= "一"
    grade = name(word)
    if "ぁ" <= word[0] <= "ん":
        return given(word) >= Sure.LISTED
    if "ァ" <= word[0] <= "ー":
        return is_listed(word) or grade is Sure.NAME
    return grade is Sure.NAME or (grade >= Sure.LISTED and (given(word) >= Sure.LISTED or not (own_house or word in quiet_surnames())))


_NUMBER_ENDS = frozenset("0123456789\n")
_AGE_BEFORE = re.compile(r"(?P<open>[(（、 ・]{0,2})(?:小|中|高)?[0-9]{1,2}$")


def age(text: str, start: int, end: int) -> Span | None:
    """Look left of (5歳) for the child's name."""
    number = _AGE_BEFORE.search(text, max(0, start - 6), start) if text[start - 1 : start] in _NUMBER_ENDS else None
    if not number or (not number["open"] and not "ぁ" <= text[number.start() - 1 : number.start()] <= "龥"):
        return kin(text, start, end) if text.startswith("の", end) else None
    at = number.start()
    found = name_before(text, at, Sure.LISTED)
    if not number["open"] and "ぁ" <= text[at - 1] <= "ー" and (found is None or not _is_child(text[found:at])):
        return None
    if found is None:
        bare = re.search(r"(?:^|[、。\s・と])([ぁ-ん]{2,4})$", text[max(0, at - 6) : at]) if number["open"][:1] in ("(", "（") else None
        return None if bare is None else (at - len(bare.group(1)), at)
    return None if found is None else (found, at)


def _is_child(word: str) -> bool:
    return given(word) >= Sure.LISTED and word not in _EVERYDAY


_PARTED_RIGHT = re.compile(r"[一-龥々]{1,4}|[ぁ-ん]{2,3}(?![ぁ-ん])|[ァ-ヴー]{2,4}")


def parted(text: str, start: int, end: int) -> Span | None:
    """Look on both sides of a space for a surname and a given name."""
    if not "一" <= text[start - 1] <= "龥":
        return _spoken_pair(text, start, end)
    right = _PARTED_RIGHT.match(text, end)
    if not right:
        return None
    office = TITLE.search(text, end + 1, right.end())
    close = office.start() if office else right.end()
    if not office and not STOP.match(text, close):
        return None
    found = name_before(text, close, Sure.NAME)
    return (found, close) if found is not None and found < start else None


_KANA_LEFT = re.compile(
    r"(?:^|[。!！?？:：」)）\n]|(?:なまえ|わたし|名前|私)は[ \u3000]?|(?:わたし|なまえ)[、 \u3000])(?P<it>[ぁ-ん]{2,5}|[ァ-ヴー]{2,6})$"
)
_AFTER_PAIR = re.compile(r"[\s。、,!！?？(（0-9]|です|デス|と[申言い]|って|さん|様|サン|$")
_KANA_RIGHT = re.compile("[ァ-ヴー]{2,6}|[ぁ-ん]{2,5}")


def _spoken_pair(text: str, start: int, end: int) -> Span | None:
    """Read a surname and a given name in kana on both sides of a space."""
    right = _KANA_RIGHT.match(text, end)
    left = _KANA_LEFT.search(text, max(0, start - 7), start) if right else None
    if not left or not right or not (is_listed(left["it"]) or fold(left["it"]) in short_surnames()):
        return None
    if len(left["it"]) < 3 and left.start():  # noqa: PLR2004 - shorter readings are everyday words
        return None
    for close in range(right.end(), end + 1, -1):
        if given(text[end:close]) >= Sure.LISTED and _AFTER_PAIR.match(text, close):
            return (left.start("it"), close) if fold(left["it"]) in spoken_surnames() | short_surnames() else None
    return None


_IN_BRACKETS = re.compile(
    r"[0-9]{1,2}(?:歳|才|さい)?[)）]|(?:[夫妻父母兄弟姉妹娘孫]|祖父|祖母|[長次三][男女]|息子|本人|世帯主|義父|義母)[)）]"
    r"|[ぁ-ん]{2,5}[ \u3000]?[ぁ-ん]{0,5}[)）]|[ァ-ヴー]{2,6}[ \u3000]?[ァ-ヴー]{0,6}[)）]"
)


def bracket(text: str, start: int, end: int) -> Span | None:
    """Look left of (82) or a reading in brackets."""
    if not _IN_BRACKETS.match(text, end) or not start or not "ぁ" <= text[start - 1] <= "龥":
        return None
    found = name_before(text, start, Sure.LISTED)
    if found is None or on_show(text, start) or ("ぁ" <= text[found] <= "ん" and not text[end].isdigit()):
        return None
    return found, start


_QUOTED = re.compile("(?P<it>[一-龥々ヶケァ-ヴーぁ-ん \u3000]{2,9})[」』](?:という|って|と名|さん|と申|と言|と書)")


def quote(text: str, _: int, end: int) -> Span | None:
    """Look into 「…」 that is said to be a name."""
    met = _QUOTED.match(text, end) if text.find("」", end + 2, end + 10) > 0 or text.find("』", end + 2, end + 10) > 0 else None
    if not met or name_before(text, met.end("it"), Sure.NAME) != met.start("it"):
        return None
    return met.span("it")


_FOLLOWS = re.compile("[がはもをにと](?!いう.(?!人|方|者|名)|って)|って")
_OWNS = re.compile(
    "の(?:母|父|妻|夫|娘|息子|家|奥さ|おば|おじ|ばあ|じい|ご主人|旦那|お宅|ところ|とこ|件|部屋|携帯|電話|番号|連絡先|薬|ことで|様子|兄|弟|姉|妹|祖|孫|ばっ|じっ|ばば|じじ|爺|婆|おっちゃん|おっさん)"
    "|[家邸宅](?=[のにがはで、])|方(?=[にのへを、])|夫妻|夫婦|一家|親子"
)
_LEFT_FREE = re.compile("[ぁ-ん\\s、。!！?？「(（・:：/0-9]")


def listed(text: str, start: int, end: int) -> Span | None:
    """Look around a name of our lists: alone with a particle, or as the beginning of a full name."""
    if start and not _LEFT_FREE.match(text, start - 1) and not ends_in_office(text, start):
        return None
    if on_show(text, start):
        return None
    whole = _NAME_RUN.match(text, start)
    if whole and whole.end() > end and is_full_name(whole.group()):
        return whole.span() if _OWNS.match(text, whole.end()) or STOP.match(text, whole.end()) else None
    if _OWNS.match(text, end):
        return start, end
    least = Sure.PLACE if _NEIGHBOUR.search(text, max(0, start - 4), start) else Sure.NAME
    if not _FOLLOWS.match(text, end):
        return None
    word = text[start:end]
    ours = (not start or text[start - 1] in "。\n!！?？") and not is_word(word) and not is_place(word)
    return (start, end) if ours or name(word) >= least else None


_NEIGHBOUR = re.compile("(?:隣|向かい|近所|階|上司|同僚|担当|担任|大家)の$")


_NAME_RUN = re.compile("[一-龥々ヶケ]{2,7}")


_ENGLISH = re.compile(r" (?P<it>[A-Z][A-Za-z'’-]{1,15}(?: [A-Z][A-Za-z'’-]{0,15}){1,3})")


def english(text: str, _: int, end: int) -> Span | None:
    """Look right of I am for a name of two words or more."""
    met = _ENGLISH.match(text, end)
    return met.span("it") if met else None


def place_sign(text: str, start: int, end: int) -> Span | None:
    """Look left of the @ in 佐藤@角館, which is no mail address."""
    if not "ぁ" <= text[end : end + 1] <= "龥":
        return None
    found = name_before(text, start, Sure.LISTED)
    return (found, start) if found == 0 or (found is not None and text[found - 1] in "。\n!！?？ \u3000") else None


_LOOKS: tuple[Look, ...] = (strong_introduction, label, honorific, title, introduction, copula, kin, myself, age)
_SIGNS: tuple[tuple[Look, str], ...] = (
    (parted, " "),
    (parted, "\u3000"),
    (bracket, "("),
    (bracket, "（"),
    (enclosed, "("),
    (enclosed, "（"),
    (signed, "より。"),
    (signed, "より\n"),
    (quote, "「"),
    (quote, "『"),
    (label, "My name is"),
    (label, "my name is"),
    (label, "Name"),
    (label, "NAME"),
    (english, "I am"),
    (english, "I'm"),
    (english, "This is"),
    (place_sign, "@"),
    (place_sign, "＠"),
)


def _looks() -> dict[str, tuple[Look, ...]]:
    looks: dict[str, tuple[Look, ...]] = {}
    pairs = [(look, word) for look in _LOOKS for word in anchor_words(look.__name__)]
    for look, word in [*pairs, *_SIGNS, *((listed, word) for word in telling_names())]:
        looks[word] = (*looks.get(word, ()), look)
    return looks


LOOKS = _looks()
"""Each anchor and the looks that it asks for, in their order."""
