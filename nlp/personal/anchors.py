"""The words beside which a name stands, and what each of them asks of the name."""

import re
from collections.abc import Callable, Iterator

from nlp.personal.names import STOP, ends_in_office, name_after, name_before
from nlp.personal.people import Sure, anchor_words, is_common_surname, is_full_name, is_listed, name, telling_names

Span = tuple[int, int]
Look = Callable[[str, int, int], Span | None]

_ON_SHOW = re.compile(
    "推し|ライブ|ファン|ドラマ|アニメ|映画|俳優|女優|声優|アイドル|芸人|選手|テレビ|番組|漫画|マンガ|小説|主演|歌手|監督|作家|作者|YouTube|ユーチューバー|キャラ|曲|バンド|ゲーム|優勝|出演|好きな人物|武将|大河"
    "|お笑い|コンビ|ジブリ|紅白|試合|作品|歌|演技|朝ドラ|お祭り|城"
)
_PET = re.compile("犬|猫|ネコ|イヌ|ペット|ワンコ|わんこ|ハムスター|うさぎ|インコ")
_FICTION = frozenset(anchor_words("fiction"))


_NEAR = 60


def _near(words: re.Pattern[str], text: str, at: int) -> bool:
    """Tell whether one of ``words`` stands around ``at``; not further, so that a long text costs no more by the hit."""
    return words.search(text, max(0, at - _NEAR), at + _NEAR) is not None


def _judged(text: str, start: int | None, end: int) -> Span | None:
    return None if start is None or text[start:end] in _FICTION else (start, end)


def _back_over_space(text: str, at: int) -> int:
    return at - 1 if at and text[at - 1] in " \u3000" else at


def honorific(text: str, start: int, end: int) -> Span | None:
    """Look left of さん and its like."""
    word = text[start:end]
    if text.startswith(("々", "子", "式"), end) or (word == "サン" and "ァ" <= text[end : end + 1] <= "ー") or _near(_ON_SHOW, text, start):
        return None
    if word in ("ちゃん", "くん", "君") and _near(_PET, text, start):
        return None
    if word in ("君", "氏", "殿") and text.startswith(("名", "たち", "ら"), end):
        return None
    least = Sure.UNKNOWN if word in ("さん", "様", "さま") else Sure.LISTED
    found = name_before(text, start, least)
    if found is not None and least is Sure.UNKNOWN and not _fits_unknown(text[found:start]):
        return None
    return _judged(text, found, start)


def _fits_unknown(word: str) -> bool:
    """Of words that are no sure names, only two or three kanji pass before さん."""
    if name(word) >= Sure.LISTED or is_full_name(word) or " " in word or "\u3000" in word or "・" in word or word.isascii():
        return True
    return name(word) is Sure.UNKNOWN and re.fullmatch("[一-龥々]{2,3}", word) is not None


def title(text: str, start: int, end: int) -> Span | None:
    """Look left of an office, an address (宛) or という名前."""
    if _near(_ON_SHOW, text, start):
        return None
    at = _back_over_space(text, start) if text[start] == "宛" else start
    found = name_before(text, at, Sure.NAME if text[start:end] == "宅" else Sure.LISTED)
    return _judged(text, found, at)


def strong_introduction(text: str, start: int, _: int) -> Span | None:
    """Look left of と申します: nearly anything is a name there."""
    return _judged(text, name_before(text, start, Sure.UNKNOWN), start)


def introduction(text: str, start: int, _: int) -> Span | None:
    """Look left of といいます and its like, which follow other words as well."""
    return None if _near(_ON_SHOW, text, start) else _judged(text, name_before(text, start, Sure.LISTED), start)


_SENTENCE_START = re.compile(r"(?:^|[。\n!！?？…、,♪☆★)）」]|ます|ました|[ \u3000])$")
_LOOSE_START = re.compile(r"(?:[りるたす]|[0-9一-龥町村号室目地会班係の]の|号室|号|室|[0-9]|もしもし|どうも|こんにち[はわ]|こんばん[はわ]|おはよう|すみません|すいません|こちら|あの|えっと|ええと|うち|うちは|わし|わしは|わたし|私は|私|僕は|俺は"
    r"|(?:先ほど|さっき|先日|昨日|きのう|以前|いつも|この前|こないだ|夕方|午前|朝)の|いつも)$")
_AT_HOME = re.compile(r"(?:[0-9号室]の|(?:[しやお]て|と)(?:おり|り|い)?ます|しています)$")
"""An address or an office said in full, before the name of the person."""
_LATIN_WORD = re.compile(r"\b(?:LINE|ID|QR|DV|PC|TEL|FAX|SNS|OK|NG|NPO|PTA|Wi|Fi|Google|Apple|Amazon|Windows|Android|iPhone)\b")
_LEAD = 14
_AFTER_COPULA = re.compile(r"[かねよ](?![らど])|か月|が?[好嫌]|って[い言]|かね|し[、。]")


_ALONE = re.compile(
    r"(?:(?:^|[\s。、!！?？…,♪☆★)）」のすたりる号室0-9しはらもうつ])[一-龥々ヶケツ]{1,8}|[ァ-ヴーA-Za-z]"
    r"|(?:^|[\s、。!！?？])(?:[ぁ-ん]{3,6}|[ぁ-ん]{2,5}[ \u3000][ぁ-ん]{2,5}|[一-龥]{1,4}[ \u3000]?[ぁ-ん]{2,4}|[一-龥]{1,4}[ぁ-ん]{1,2}[一-龥]))$"
)
"""What may be a name that stands alone in its sentence, before any word is looked up."""


def copula(text: str, start: int, end: int) -> Span | None:
    """Look left of です: a name that stands alone in its sentence."""
    if not _ALONE.search(text, max(0, start - 12), start) or _AFTER_COPULA.match(text, end) or _near(_ON_SHOW, text, start):
        return None
    found = name_before(text, start, Sure.LISTED)
    if found is None:
        return None
    word = text[found:start]
    before = max(0, found - _LEAD)
    if word.isascii() or "・" in word:
        return _judged(text, found, start) if "・" in word or (" " in word and not _LATIN_WORD.search(word)) else None
    whole = re.search(r"[ \u3000]", word) is not None or is_full_name(word) or is_common_surname(word)
    sure = whole or (name(word) is Sure.NAME and len(word) > 1 and (word[0] >= "一" or is_listed(word)))
    if _AT_HOME.search(text, before, found):
        return _judged(text, found, start) if sure or name(word) >= Sure.PLACE else None
    if _SENTENCE_START.search(text, before, found):
        alone = not found or text[found - 1] in "。！!?？\n、"
        return _judged(text, found, start) if sure or (alone and _self_naming(text, end)) else None
    return _judged(text, found, start) if sure and _LOOSE_START.search(text, before, found) else None


def _self_naming(text: str, end: int) -> bool:
    """Tell whether the sentence ends here and the talk goes on: then even a place or a thing may be a name."""
    return re.match(r"[。!！\s]\S", text[end : end + 3]) is not None


_LABEL_LINK = re.compile(r"(?:[」』】\])）]|(?:は|が|の|:|：|→|、|=|[ \u3000]|\n|欄に|に)){1,3}(?:[「『【(（])?[ \u3000]?|[「『]")


def label(text: str, _: int, end: int) -> Span | None:
    """Look right of 名前は and its like."""
    link = _LABEL_LINK.match(text, end)
    if not link and text[end - 1] != "は":
        return None
    at = link.end() if link else end
    found = name_after(text, at, Sure.LISTED)
    return None if found is None else _judged(text, at, found)


_KIN_LINK = re.compile(r"(?:の|は|、|・|:|：|=|[(（「]|[ \u3000]){0,2}")
_AGE_FOLLOWS = re.compile(r"[(（、 ・]{0,2}[0-9]{1,2}(?:歳|才|さい|か月|ヶ月|カ月)")
_EVERYDAY = frozenset(anchor_words("everyday"))


def kin(text: str, start: int, end: int) -> Span | None:
    """Look right of 娘の and its like for a name that is told on the way."""
    link = _KIN_LINK.match(text, end)
    at = link.end() if link else end
    if (at == end and text.startswith(("さん", "ちゃん", "さま"), end)) or (end == start + 1 and start and "一" <= text[start - 1] <= "龥"):
        return None
    found = name_after(text, at, Sure.LISTED)
    if _near(_ON_SHOW, text, start):
        return None
    if found is None:
        return _owner(text, start, end)
    word = text[at:found]
    aged = _AGE_FOLLOWS.match(text, found) is not None
    if is_full_name(word) or " " in word or "\u3000" in word or "・" in word:
        return at, found
    return (at, found) if aged or _is_told(word, own_house=text[start:end] == "うちの") else None


_IS_KIN = re.compile("です|で、|と申|といい|と言|だけど|やけど|ですが|じゃ|、")


def _owner(text: str, start: int, end: int) -> Span | None:
    """Look left of the kinship in ゆうとの母です."""
    if not start or text[start - 1] != "の" or not _IS_KIN.match(text, end):
        return None
    found = name_before(text, start - 1, Sure.LISTED)
    if found is None or not _is_told(text[found : start - 1], own_house=False):
        return None
    return found, start - 1


_MYSELF = re.compile(
    r"(?:は|、|の名前は|[ \u3000]){0,2}(?P<it>[A-Z][A-Za-z'’-]{1,15}(?:[ ][A-Z][A-Za-z'’-]{0,15}){1,3}|[ァ-ヴー]{2,10}(?:[・＝·][ァ-ヴー]{1,10}){1,3}"
    r"|[一-龥々ヶケツ]{2,8}|[一-龥々]{1,4}[ \u3000][一-龥々ぁ-ん]{1,4}|[一-龥]{2,6}[ぁ-ん]{2,3})(?=です|といい|と申|と言|だよ|だけど|やけど|って|の[0-9]人)"
)


def myself(text: str, _: int, end: int) -> Span | None:
    """Look right of 私は for a name that ends in です."""
    met = _MYSELF.match(text, end)
    if not met:
        return None
    found = name_before(text, met.end("it"), Sure.LISTED)
    word = met["it"]
    sure = found == met.start("it") and (len(word) > 3 or name(word) is Sure.NAME or is_common_surname(word) or not word.isalpha())  # noqa: PLR2004 - full names
    return met.span("it") if sure else None


def _is_told(word: str, *, own_house: bool) -> bool:
    """Tell whether a word right of kinship is a given name rather than a thing they have."""
    if len(word) < 2 or word in _EVERYDAY:  # noqa: PLR2004 - one sign alone is a word
        return False
    grade = name(word)
    if "ぁ" <= word[0] <= "ん":
        return grade >= Sure.LISTED and len(word) > 2  # noqa: PLR2004 - two letters are everyday words
    return grade is Sure.NAME or (grade >= Sure.LISTED and not own_house)


_AGE_BEFORE = re.compile(r"(?P<open>[(（、 ・]{0,2})(?:小|中|高)?[0-9]{1,2}$")


def age(text: str, start: int, end: int) -> Span | None:
    """Look left of (5歳) for the child's name."""
    number = _AGE_BEFORE.search(text, max(0, start - 6), start)
    if not number or not number["open"]:
        return kin(text, start, end) if text.startswith("の", end) else None
    at = number.start()
    found = name_before(text, at, Sure.LISTED)
    if found is None:
        bare = re.search(r"(?:^|[、。\s・と])([ぁ-ん]{2,4})$", text[max(0, at - 6) : at]) if number["open"][0] in "(（" else None
        return None if bare is None else (at - len(bare.group(1)), at)
    return _judged(text, found, at)


_PARTED_RIGHT = re.compile(r"[一-龥々]{1,4}|[ぁ-ん]{2,3}(?![ぁ-ん])|[ァ-ヴー]{2,4}")


def parted(text: str, start: int, end: int) -> Span | None:
    """Look on both sides of a space for a surname and a given name."""
    if not "一" <= text[start - 1] <= "龥":
        return None
    right = _PARTED_RIGHT.match(text, end)
    if not right or not STOP.match(text, right.end()):
        return None
    found = name_before(text, right.end(), Sure.NAME)
    return (found, right.end()) if found is not None and found < start else None


_IN_BRACKETS = re.compile(r"[0-9]{1,2}(?:歳|才|さい)?[)）]|[ぁ-ん]{2,5}[ \u3000]?[ぁ-ん]{0,5}[)）]|[ァ-ヴー]{2,6}[ \u3000]?[ァ-ヴー]{0,6}[)）]")


def bracket(text: str, start: int, end: int) -> Span | None:
    """Look left of (82) or a reading in brackets."""
    if not _IN_BRACKETS.match(text, end) or not start or not "ぁ" <= text[start - 1] <= "龥":
        return None
    found = name_before(text, start, Sure.LISTED)
    if found is None or _near(_ON_SHOW, text, start) or ("ぁ" <= text[found] <= "ん" and not text[end].isdigit()):
        return None
    return found, start


_QUOTED = re.compile("(?P<it>[一-龥々ヶケァ-ヴーぁ-ん \u3000]{2,9})[」』](?:という|って|と名|さん|と申|と言|と書)")


def quote(text: str, _: int, end: int) -> Span | None:
    """Look into 「…」 that is said to be a name."""
    met = _QUOTED.match(text, end)
    if not met or name_before(text, met.end("it"), Sure.NAME) != met.start("it"):
        return None
    return met.span("it")


_FOLLOWS = re.compile("[がはもをにと](?!いう.(?!人|方|者|名)|って)|って")
_OWNS = re.compile(
    "の(?:母|父|妻|夫|娘|息子|家|奥さ|おば|おじ|ばあ|じい|ご主人|旦那|お宅|ところ|とこ|件|部屋|携帯|電話|番号|連絡先|薬|ことで|様子|兄|弟|姉|妹|祖|孫)"
    "|[家方邸宅](?!族|庭|事|計|賃|法|々|具)|夫妻|夫婦|一家|親子"
)
_LEFT_FREE = re.compile("[ぁ-ん\\s、。!！?？「(（・:：/0-9]")


def listed(text: str, start: int, end: int) -> Span | None:
    """Look around a name of our lists: alone with a particle, or as the beginning of a full name."""
    if start and not _LEFT_FREE.match(text, start - 1) and not ends_in_office(text, start):
        return None
    if _near(_ON_SHOW, text, start):
        return None
    whole = _NAME_RUN.match(text, start)
    if whole and whole.end() > end and is_full_name(whole.group()):
        return whole.span() if _OWNS.match(text, whole.end()) or STOP.match(text, whole.end()) else None
    if _OWNS.match(text, end):
        return start, end
    return (start, end) if _FOLLOWS.match(text, end) and name(text[start:end]) is Sure.NAME else None


_NAME_RUN = re.compile("[一-龥々ヶケ]{2,7}")


_LOOKS: tuple[Look, ...] = (strong_introduction, label, honorific, title, introduction, copula, kin, myself, age)
_SIGNS: tuple[tuple[Look, str], ...] = ((parted, " "), (parted, "\u3000"), (bracket, "("), (bracket, "（"), (quote, "「"), (quote, "『"))


def _looks() -> dict[str, tuple[Look, ...]]:
    looks: dict[str, tuple[Look, ...]] = {}
    pairs = [(look, word) for look in _LOOKS for word in anchor_words(look.__name__)]
    for look, word in [*pairs, *_SIGNS, *((listed, word) for word in telling_names())]:
        looks[word] = (*looks.get(word, ()), look)
    return looks


LOOKS = _looks()
"""Each anchor and the looks that it asks for, in their order."""

_LAST_WORD = re.compile(r"(?:^|[\s。、!！?？…(（「【)）・:：笑w]|の)(?P<it>[一-龥々ヶケツノ]{1,4}(?:[ \u3000][一-龥々ぁ-ん]{1,4})?|[一-龥々]{1,3}[ぁ-んァ-ヴー]{1,3})$")
_NAME_LINE = re.compile(r"^[ \u3000]?(?P<it>[一-龥々ヶケツノ]{2,6}|[一-龥々]{1,4}[ \u3000][一-龥々ぁ-んァ-ヴー]{1,5})[ \u3000]?$", re.MULTILINE)
_TAIL = "。．.!！)）】」』〉>☆♪ \u3000\n\t🙏🙇💦😢😭😊🙇‍♀️♂️…"
_OPENING = re.compile(r"(?:^|[。\n!！?？])(?P<it>[一-龥々ヶケ]{2,6}(?:[ぁ-ん]{1,2}[一-龥々])?)$")


def may_sign(text: str) -> bool:
    """Tell cheaply whether :func:`signatures` has anything to look at."""
    tail = text.rstrip(_TAIL)
    if "一" <= tail[-1:] <= "龥" or tail.endswith("より") or "\n" in tail:
        return True
    comma = text.find("、", 3)
    while comma > 0:
        if "一" <= text[comma - 1] <= "龥":
            return True
        comma = text.find("、", comma + 1)
    return False


def signatures(text: str) -> Iterator[Span]:
    """Find a name that ends a message, and a full name that opens a sentence."""
    end = len(text.rstrip(_TAIL))
    end -= 2 * text.endswith("より", 0, end)
    if "一" <= text[end - 1 : end] <= "龥" and end > 5:  # noqa: PLR2004 - a name alone is an answer, and may be a place as well
        found = _LAST_WORD.search(text, max(0, end - 12), end)
        if found:
            start = name_before(text, end, Sure.LISTED)
            if start is not None and start >= found.start("it") and _signs(text, start, end):
                yield start, end
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


def _signs(text: str, start: int, end: int) -> bool:
    word, before = text[start:end], text[start - 1]
    if before == "の":
        return name(word) is Sure.NAME and len(word) > 1 and "一" <= text[start - 2] <= "龥" and not _near(_ON_SHOW, text, start)
    return name(word) is Sure.NAME or is_full_name(word) or is_common_surname(word) or before in " \u3000\n(（【「"


_LEFT_OF_NUMBER = re.compile(r"(?:^|[\s、。/／,:：)）])(?P<it>[一-龥々ヶケツノァ-ヴー]{1,6}(?:[ \u3000][一-龥々ぁ-んァ-ヴー]{1,5})?)[ \u3000:：、,(（\n]{1,2}$")
_RIGHT_OF_NUMBER = re.compile(r"[ \u3000\n、,]{1,2}(?P<it>(?:[一-龥々ヶケツノ]{1,6}|[ァ-ヴー]{2,6})(?:[ \u3000][一-龥々ぁ-んァ-ヴー]{1,5})?)(?=[\s、。,/]|$|です|まで)")


def beside(text: str, start: int, end: int) -> Iterator[Span]:
    """Find a name that stands left or right of a number or an address."""
    left = _LEFT_OF_NUMBER.search(text, max(0, start - 14), start)
    if left:
        found = name_before(text, left.end("it"), Sure.LISTED)
        if found is not None and found >= left.start("it"):
            yield found, left.end("it")
    right = _RIGHT_OF_NUMBER.match(text, end)
    if right:
        found = name_after(text, right.start("it"), Sure.LISTED)
        if found is not None:
            yield right.start("it"), found
