"""How people introduce themselves: 〜と申します, 〜といいます, 〜です, 私は〜, and what must stand around the name."""

import re

from nlp.personal.names import may_be_unknown, name_before
from nlp.personal.people import (
    Sure,
    anchor_words,
    given,
    is_common_surname,
    is_full_name,
    is_listed,
    is_place,
    is_word,
    name,
    short_surnames,
    spoken_surnames,
    surname,
    surnames,
)
from nlp.personal.surroundings import on_show

Span = tuple[int, int]

_POSITIONS = frozenset("東西南北表城島坂沢畑浜脇辻泉椿")
"""Surnames of one kanji that say where something lies: 会社の北です."""
_LISTED = Sure.LISTED
_RARE_OPENING = re.compile(r"(?:^|[。\n!！?？、])(?P<it>[一-龥][一-龥々ヶケ]{1,2})$")
_SHORT_OPENING = re.compile(r"(?:^|[。\n!！?？、])(?P<it>[一-龥々ヶケ]{2,4}|[ァ-ヴー]{2,8}|[ぁ-ん]{3,5})$")


def _span(start: int | None, end: int) -> Span | None:
    return None if start is None else (start, end)


def back_over_space(text: str, at: int) -> int:
    """Return the place before one space that ends at ``at``."""
    return at - 1 if at and text[at - 1] in " \u3000" else at


def strong_introduction(text: str, start: int, _: int) -> Span | None:
    """Look left of と申します: where it opens a sentence, nearly anything is a name."""
    start = back_over_space(text, start)
    found = name_before(text, start, Sure.LISTED)
    if found is not None:
        return None if _is_abbreviation(text[found:start]) else (found, start)
    opening = _OPENING.search(text, max(0, start - 30), start)
    if opening is None:
        return None
    found = name_before(text, start, Sure.UNKNOWN)
    if found is not None and found == opening.start("it"):
        return found, start
    return (opening.start("it"), start) if _may_introduce(opening["it"]) else None


_OPENING = re.compile(
    r"(?:^|[。\n!！?？、,の \u3000…♪☆★]|わたしは|わたし|私は|私|わたくし|僕は|俺は|うちは|うち|こちら|もしもし)"
    r"(?P<it>[一-龥々ヶケ]{1,4}|[ァ-ヴー]{2,8}|[ぁ-ん]{2,6}|[A-Za-z][A-Za-z'’-]{1,14}(?: [A-Za-z][A-Za-z'’-]{0,14}){1,2})$"
)


def _may_introduce(word: str) -> bool:
    """Let a word that is hardly known as a name be one where somebody says that they are called so."""
    if word.isascii():
        return True
    if word in "何誰彼俺私" or word[-1] in "県市区町村":
        return False
    if word[0] < "一":
        return word in short_surnames() or is_listed(word)
    if len(word) == 2 and word[0] in surnames() and given(word[1]) >= Sure.LISTED:  # noqa: PLR2004 - 林愛
        return True
    return surname(word) >= Sure.COMMON or may_be_unknown(word) or (len(word) > 1 and is_place(word) and not is_word(word))


def _is_abbreviation(word: str) -> bool:
    return word.isupper() and " " not in word


def introduction(text: str, start: int, end: int) -> Span | None:
    """Look left of といいます and its like, which follow other words as well."""
    start = back_over_space(text, start)
    found = name_before(text, start, Sure.LISTED)
    if (
        found == start - 1
        and not _SENTENCE_START.search(text, max(0, found - 4), found)
        and not text.endswith(("私", "私は", "うちは", "うち", "わたし"), 0, found)
    ):
        return None
    if found is not None:
        return None if _is_abbreviation(text[found:start]) else (found, start)
    opening = _SHORT_OPENING.search(text, max(0, start - 8), start)
    found = name_before(text, start, Sure.UNKNOWN) if opening else None
    if opening and found == opening.start("it"):
        return _span(found, start)
    return strong_introduction(text, start, end) if _CALLED_SELF.match(text, start) else None


_SPEAKER = re.compile("(?:^|[。\\n!！?？…、,♪☆★)）」 \u3000]|私は?|わたしは?|うちは?|僕は?|おら|おれ|俺|わし)$")
"""What must stand before a name of one kanji, which may be a thing as well."""
_CALLED_SELF = re.compile("と(?:い|言)います(?![がけか])|と(?:い|言)う(?:もの|者)|って(?:い|言)います(?![がけか])")


_SENTENCE_START = re.compile(r"(?:^|[。\n!！?？…、,♪☆★)）」]|ます|ました|[ \u3000])$")
_LOOSE_START = re.compile(
    r"(?:[りるたす]|[0-9一-龥町村号室目地会班係]の|号室|号|室|[0-9]|もしもし|はい|いいえ|どうも|こんにち[はわ]|こんばん[はわ]|おはよう|すみません|すいません|こちら|あの|えっと|ええと|うち|うちは"
    r"|わし|わしは|おら|おれ|オラ|オレ|俺"
    r"|わたし|私は|私|僕は|俺は"
    r"|(?:先ほど|さっき|先日|昨日|きのう|以前|いつも|この前|こないだ|夕方|午前|朝)の|いつも)$"
)
_AT_HOME = re.compile(r"(?:[0-9号室]の|(?:[しやお]て|と)(?:おり|り|い)?ます|しています|(?:って|しとる|しとり?ます))$")
"""An address or a task said in full, before the name of the person."""
_PERSON_ROLE = re.compile(
    "(?:委員|員|マネ|マネー?ジャー|ヘルパー|スタッフ|師|士|先生|担当|親|隣|近所|隣人|民生|ワーカー|サポーター|教諭|校長|長|代表)の$"
)
_OFFICE_ROLE = re.compile(
    "(?:[会所課校園院班団社店局係寮室部]|ター|町内|社協|包括|ション|デイ|ホーム|法人|事務|組合|クラブ|学童|不動産)の$|(?:社協|包括|センター|ステーション|相談室|支援室|事務局|委員|支援員|相談員|教諭|ケアマネ|保健師|看護師)$"
)
_LATIN_WORD = re.compile(r"\b(?:LINE|ID|QR|DV|PC|TEL|FAX|SNS|OK|NG|NPO|PTA|Wi|Fi|Google|Apple|Amazon|Windows|Android|iPhone)\b")
_LEAD = 20
_AFTER_COPULA = re.compile(r"[かねよ](?![らど])|か月|が?[好嫌]|って[い言]|かね|し[、。]")
_ALONE = re.compile(
    r"[ァ-ヴーA-Za-z]|[一-龥々ヶケツ]{1,8}(?:$|[\s。、!！?？…,♪☆★)）」のすただりる号室0-9しはらもうつんい])"
    r"|(?:[ぁ-ん]{2,6}|[ぁ-ん]{2,5}[ \u3000][ぁ-ん]{2,5}|[ぁ-ん]{2,4}[ \u3000]?[一-龥]{1,4}|[一-龥][ぁ-ん]{1,2}[一-龥]{1,4})"
    r"(?:$|[\s。、!！?？のた])"
)
"""What may be a name that stands alone in its sentence, before any word is looked up: read from its end to its beginning."""
_REACH = 12


def _may_stand_alone(text: str, at: int) -> bool:
    """Tell cheaply whether a name of its own may end at ``at``."""
    before = text[max(0, at - _REACH) : at].removesuffix("\n")[::-1]
    return _ALONE.match(before if at <= _REACH else f"{before}{_MORE}") is not None


_MORE = "\x00"
"""Stands for what lies before the letters that are looked at."""
_GREETED = re.compile(
    r"(?:ございます|こんにち[はわ]|こんばん[はわ]|もしもし|おはよう|世話になって(?:い|お?り)?ます|世話になります|世話様です|おります|すみません|すいません|失礼(?:いた|致)?します|遅れました"
    r"|[はじ初]めまして|恐れ入ります|ごめんください|お疲れ様です)[。、!！ \u3000\n…♪]{1,2}$"
)
"""A greeting, after which people say who they are."""
_KNOWN_CALLER = re.compile(
    r"(?:電話|連絡|相談|お話し?|メール|面談|予約|お伺い|訪問|お世話に|申し?込み?)[^。、\n]{0,8}(?:した|[んい]だ|なった|いる|ます|おります|いただいた|頂いた|させてもらった|ってた)$"
)
"""What somebody has had to do with the office before, told right before the name."""
_HUMBLE = ("でございます", "と申")


def copula(text: str, start: int, end: int) -> Span | None:
    """Look left of です: a name that stands alone in its sentence."""
    start = back_over_space(text, start)
    if (text[end - 1] not in "どが" and _AFTER_COPULA.match(text, end)) or not _may_stand_alone(text, start):
        return None
    found = name_before(text, start, _LISTED)
    if found is None:
        return _rare_opening(text, start)
    shown = found > 0 and on_show(text, found)
    return (found, start) if not shown and _stands_alone(text, found, start, end) else None


def _rare_opening(text: str, start: int) -> Span | None:
    """Let a surname that no dictionary knows open a sentence, and one of two hiragana the text or what follows a greeting."""
    word = text[max(0, start - 2) : start]
    if word in short_surnames():
        at_start = start == 2 or _GREETED.search(text, max(0, start - _LEAD), start - 2) is not None  # noqa: PLR2004 - two hiragana
        return (start - 2, start) if at_start else None
    if "ぁ" <= word[-1:] <= "ん":
        return None
    opening = _RARE_OPENING.search(text, max(0, start - 5), start)
    if opening is None or name(opening["it"]) is not Sure.UNKNOWN or name_before(text, start, Sure.UNKNOWN) != opening.start("it"):
        return None
    return opening.start("it"), start


def _stands_alone(text: str, found: int, start: int, end: int) -> bool:
    word = text[found:start]
    before = max(0, found - _LEAD)
    if word.isascii() or "・" in word:
        return "・" in word or (" " in word and not _LATIN_WORD.search(word))
    whole = re.search(r"[ \u3000]", word) is not None or is_full_name(word) or is_common_surname(word)
    sure = whole or (name(word) is Sure.NAME and len(word) > 1 and (word[0] >= "一" or is_listed(word)))
    sure = sure or word in spoken_surnames()
    if _is_announced(text, before, found, word):
        return True
    if _AT_HOME.search(text, before, found):
        return sure or name(word) >= Sure.PLACE
    if _SENTENCE_START.search(text, before, found):
        alone = not found or text[found - 1] in "。！!?？\n、"
        return sure or (alone and text[start:end] in _HUMBLE) or (alone and _self_naming(text, end, word))
    if _NOW.search(text, before, found):
        return sure and ("姓" in text or "婚" in text)
    return sure and _LOOSE_START.search(text, before, found) is not None


_NOW = re.compile("(?:現在|今|いま|今の姓|結婚後|離婚後|戻って)は?$")
"""Where somebody tells the name they go by since a marriage or a divorce."""


def _is_announced(text: str, before: int, found: int, word: str) -> bool:
    """Tell whether a greeting, a task or an earlier call stands before the name: then it need not be sure."""
    surname_like = word in surnames() or (len(word) > 1 and is_listed(word)) or name(word) >= Sure.PLACE
    if not surname_like or (word in anchor_words("everyday") and word not in surnames()):
        return False
    if _PERSON_ROLE.search(text, before, found) or _KNOWN_CALLER.search(text, before, found):
        return True
    if _OFFICE_ROLE.search(text, before, found):
        return word not in _POSITIONS
    if _SPEAKER.search(text, before, found) and text[found - 1 : found] not in ("", *"。\n!！?？…、,♪☆★)）」 \u3000"):
        return len(word) > 1 and not is_place(word)
    if word in anchor_words("region"):
        return _BUSINESS.search(text, before, found) is not None
    return _GREETED.search(text, before, found) is not None and word[0] >= "一"


_BUSINESS = re.compile(r"(?:もしもし|世話になって(?:おり|い)ます|世話になります|世話様です|遅れました)[。、!！ \u3000\n]{1,2}$")


def _self_naming(text: str, end: int, word: str) -> bool:
    """Tell whether the sentence ends here and the talk goes on about something else: then even a place or a thing may be a name."""
    if text.find(word, end) >= 0 or (_is_thing(word) and not _AGE.match(text, end)):
        return False
    if text[end - 1] in "どが" and word in surnames() and _BREATH.match(text, end) and word not in anchor_words("region"):
        return True
    return (_GREETS if word in anchor_words("region") else _GOES_ON).match(text, end) is not None


def _is_thing(word: str) -> bool:
    if word not in anchor_words("everyday") or word in surnames():
        return False
    return len(word) < 3 or word in anchor_words("thing")  # noqa: PLR2004 - longer ones are names above all


_AGE = re.compile(r"[。、!！\s]+[0-9]{1,2}(?:歳|才|さい)|[。、!！\s]+[小中高][0-9]")
_BREATH = re.compile(r"[、。 \n]")


_GREETS = re.compile(r"[。!！\s]+(?:よろしく|お世話|先日|昨日|先ほど|いつも|ご無沙汰|ありがとう)")
_GOES_ON = re.compile(r"(?:[。!！\s]|(?<=です)、)+\S|[がけ][、どれ]|けど")

_MYSELF_LINK = re.compile(r"(?:は、?|、|の(?:本名|名前)は|[ \u3000]){0,2}")
_MYSELF = re.compile(
    r"(?P<it>[A-Z][A-Za-z'’-]{1,15}(?:[ ][A-Z][A-Za-z'’-]{0,15}){1,3}"
    r"|[ァ-ヴー]{2,10}(?:[・＝·][ァ-ヴー]{1,10}){1,3}"
    r"|[一-龥々ヶケツ]{2,8}|[一-龥々]{1,4}[ \u3000][一-龥々ぁ-ん]{1,4}|[一-龥]{2,6}[ぁ-ん]{2,3}|[一-龥]{2,4}[ァ-ヴー]{2,3})"
    r"(?=、|です|といい|と申|と言|だよ|だけど|やけど|って|の[0-9]人|。)"
)
_MYSELF_SHORT = re.compile(
    r"(?P<it>[ぁ-ん]{2,6}?|[一-龥]|[ァ-ヴー]{2,8})(?P<as>です[。、!！\n]|です$|ですが|といい|と申|と言い|だよ|って(?:い|言)|。|、[小中高]?(?:[0-9]|[一二三四五六七八九十]{1,3}(?:歳|才|、|です|。))|$)"
)


def myself(text: str, start: int, end: int) -> Span | None:
    """Look right of 私は for a name that ends in です."""
    link = _MYSELF_LINK.match(text, end)
    at = link.end() if link else end
    met = _MYSELF.match(text, at)
    if not met:
        return _first_name(text, start, at) or (_first_name(text, start, end) if at > end and text[end] != "は" else None)
    found = name_before(text, met.end("it"), Sure.LISTED)
    word = met["it"]
    answers = text.startswith("こちら", end - 3) and name(word) >= Sure.PLACE and word not in anchor_words("region")
    known = answers or name(word) is Sure.NAME or is_common_surname(word) or (link is None or at == end) * (given(word) >= Sure.LISTED)
    if text[met.end() : met.end() + 1] == "、":
        whole = is_full_name(word) or (link is not None and not link.group() and is_common_surname(word))
        return met.span("it") if found == met.start("it") and whole else None
    sure = found == met.start("it") and (known or len(word) > 3 or not word.isalpha())  # noqa: PLR2004 - full names
    return met.span("it") if sure else None


def _first_name(text: str, start: int, at: int) -> Span | None:
    """Look at ``at`` for a short name after ぼく or あたし, which children put without any particle."""
    met = _MYSELF_SHORT.match(text, at)
    if not met or (start and text[start - 1] not in "。\n!！?？、 \u3000…"):
        return None
    word = met["it"]
    said = met["as"][:1] in ("と", "っ") or text[start:at].endswith("名前は")
    if word[0] >= "一":
        known = (word in surnames() and word not in _POSITIONS) or (said and given(word) >= Sure.LISTED)
    else:
        known = _is_foreign(word) or (is_listed(word) and (said or word not in anchor_words("everyday")))
    return met.span("it") if known else None


def _is_foreign(word: str) -> bool:
    """Tell whether katakana are a name by the dictionary, or a word that it does not know."""
    if not "ァ" <= word[0] <= "ー" or is_word(word):
        return False
    grade = name(word)
    return grade is Sure.NAME or (grade is Sure.UNKNOWN and len(word) > 2)  # noqa: PLR2004 - ママ and the like
