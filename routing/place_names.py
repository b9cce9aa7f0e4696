"""Place names brought to one way of writing, so that only what was said differently is different."""

import re
import unicodedata

KANJI = "一-龥々〆ヶ"
_ALTERNATES = str.maketrans("澤濱﨑髙邊邉廣櫻龍嶋舘", "沢浜崎高辺辺広桜竜島館")
_SMALL_KE = re.compile(rf"(?<=[{KANJI}])[ヶケヵカがガ](?=[{KANJI}])")
_NO = re.compile(rf"(?<=[{KANJI}])[之ノ](?=[{KANJI}])")
_BLOCK = re.compile(r"([一二三四五六七八九十]{1,3})(?=丁目)")
_DASHES = re.compile(r"(?<=\d)[‐-―−ーｰ](?=\d)")
_SUFFIX = re.compile(r"(地区|圏域|地域|小学校区|中学校区|学区|エリア)$")
_KANA_AREA = re.compile(r"(?:ちく|けんいき|ちいき|がっく)$")
_KANA_AROUND = re.compile(r"(?:(?:に|で)?(?:すん[でだ]|すみ|くらし|ざいじゅう).*|です|だよ|だ|よ|ね|かな)?[。！!、\s]*$")
_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", start=1)}
_POSTAL = re.compile(r"(?<![-\d])(\d{3})-?(\d{4})(?![-\d])")


def plain(text: str) -> str:
    """Return ``text`` in one width, with common letters, 丁目 in digits, and without 大字."""
    said = _SMALL_KE.sub("ケ", unicodedata.normalize("NFKC", text).translate(_ALTERNATES))
    said = _NO.sub("の", _DASHES.sub("-", said)).replace("大字", "")
    return _BLOCK.sub(lambda block: str(_number(block[1])), said)


def name_parts(cell: str) -> tuple[str, ...]:
    """Return the names of a district cell as people say them: 「郷・押野地区」 is 郷 and 押野."""
    parts = re.split(r"[・、,;/ ]", unicodedata.normalize("NFKC", cell))
    return tuple(filter(None, (_SUFFIX.sub("", part) for part in parts)))


def hiragana(text: str) -> str:
    """Return ``text`` with katakana as hiragana, in one width."""
    return "".join(chr(ord(sign) - 0x60) if "ァ" <= sign <= "ヶ" else sign for sign in unicodedata.normalize("NFKC", text))


def without_area(reading: str) -> str:
    """Return a reading without the word for district at its end: とみおくちく is とみおく."""
    return _KANA_AREA.sub("", reading)


def bare_reading(text: str) -> frozenset[str]:
    """Return what may be a reading where the whole ``text`` is one: alone, with です, or with 「にすんでいます」."""
    said = "".join(hiragana(text).split())
    alone = _KANA_AROUND.sub("", said, count=1)
    return frozenset(without_area(word) for word in (said, alone) if word)


def postal_codes(text: str) -> frozenset[str]:
    """Return the postal codes in ``text`` as seven digits."""
    said = _DASHES.sub("-", unicodedata.normalize("NFKC", text))
    return frozenset("".join(found.groups()) for found in _POSTAL.finditer(said))


def _number(kanji: str) -> int:
    tens, ten, ones = kanji.rpartition("十")
    if not ten:
        return _DIGITS.get(kanji, 0)
    return (_DIGITS.get(tens, 1) if tens else 1) * 10 + _DIGITS.get(ones, 0)
