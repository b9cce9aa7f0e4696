"""Personal data in a text: phone numbers, postal codes, addresses, names, mail addresses, cards, my-number, LINE ids."""

import re
from collections.abc import Callable, Iterator

from nlp.reading import PersonalDatum, PersonalKind
from nlp.repair import Repaired

_PREFECTURE = (
    "北海道|東京都|京都府|大阪府|(?:青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|神奈川|新潟|富山|石川|福井|山梨|長野|岐阜|静岡|愛知|三重"
    "|滋賀|兵庫|奈良|和歌山|鳥取|島根|岡山|広島|山口|徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|鹿児島|沖縄)県"
)
_NOT_A_NAME = re.compile(
    "(?:"
    "お母|お父|母|父|おじい|おばあ|お兄|お姉|兄|姉|弟|妹|奥|お子|子|娘|息子|お嬢|皆|みな|相談員|職員|"
    "担当|看護師|保健師|医者|お医者|隣|お隣|旦那|嫁|婿|孫|姑|赤ちゃん|店員|業者|大家|ヘルパー|ケアマネ|"
    "民生委員|患者|利用者|お客|客|叔父|叔母|おじ|おば|おかあ|おとう|おにい|おねえ|爺|婆|主婦|学生|区長|社長|"
    "先輩|猫|犬|友達|友だち|誰|どちら|たく|かあ|とう|ばあ|じい|ねえ|にい|義母|義父|神|仏|警察|消防士|司書|"
    "運転手|郵便屋|新聞屋|床屋|八百屋|役所|市役所|社協|包括|弁護士|先生|アナタ|あなた|女|男|若い|おまわり|"
    "お巡り|母親|父親|ママ|パパ|お孫|お姑|お舅|本人|ご本人|依頼者|芸人|俳優|声優|選手|作者|店|本屋|パン屋|"
    "花屋|魚屋|肉屋|お花屋|ラーメン屋|屋|一人|二人|お二人|ご家族|家族|ご主人|主人|夫|妻|方|住民|住人|隣人"
    ")"
)
"""Kinship, jobs and shops are called さん as well."""


_KANJI_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")


def _digits(text: str) -> str:
    """Only the digits of a writing, kanji and full-width ones in ASCII."""
    return "".join(str(int(character)) for character in text.translate(_KANJI_DIGITS) if character.isdecimal())


def _is_phone(text: str) -> bool:
    digits = _digits(text)
    return digits.startswith("0") and len(digits) in (10, 11) and (len(digits) == 10 or digits[:3] in _MOBILE)  # noqa: PLR2004 - lengths of Japanese numbers


_MOBILE = ("020", "050", "060", "070", "080", "090", "000")


def _is_card(text: str) -> bool:
    """Luhn's check over 14 to 16 digits."""
    digits = [int(digit) for digit in reversed(_digits(text))]
    doubled = sum(sum(divmod(digit * 2, 10)) for digit in digits[1::2])
    return len(digits) in range(14, 17) and len(set(digits)) > 1 and (sum(digits[::2]) + doubled) % 10 == 0


def _is_my_number(text: str) -> bool:
    """Verify the check digit of the twelve-digit individual number."""
    digits = [int(digit) for digit in _digits(text)]
    if len(digits) != 12 or len(set(digits)) == 1:  # noqa: PLR2004 - an individual number has twelve digits
        return False
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    rest = sum(digit * weight for digit, weight in zip(digits, weights, strict=False)) % 11
    return digits[-1] == (0 if rest <= 1 else 11 - rest)


def _is_name(text: str) -> bool:
    return _NOT_A_NAME.fullmatch(text) is None and not text.endswith(("屋", "員", "師", "士", "会社", "市役所", "センター"))


def _always(_: str) -> bool:
    return True


_DASH = r"[-‐‑‒–—―−ーｰ~〜の\s()・.]{0,2}"
_TIE = r"[-‐−ー\s]?"
_DIGIT = "[0-9〇一二三四五六七八九]"
_KANJI_DIGIT = "[〇零一二三四五六七八九]"
_KANJI = "[一-龥々ヶケ]"
_HOUSE = rf"{_DIGIT}{{1,4}}(?:(?:丁目|番地|番|号|[-‐−ーの]){_DIGIT}{{0,4}})*(?:号室|号|番地|番|丁目)?"
_NUMBER = rf"[0-9]{{1,4}}{_DASH}[0-9]{{1,4}}{_DASH}[0-9]{{3,4}}(?![0-9])"
_FULL_NAME = r"[一-龥々]{1,6}(?:[ 　][一-龥々]{1,5})?|[ァ-ヶー]{2,10}(?:[ 　][ァ-ヶー]{2,8})?"

_Finder = tuple[PersonalKind, str, Callable[[str], bool]]
_PATTERNS: tuple[_Finder, ...] = (
    (PersonalKind.EMAIL, r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,24}", _always),
    (PersonalKind.CARD, rf"(?<![0-9])[0-9]{{4}}(?:{_TIE}[0-9]{{4}}){{2}}{_TIE}[0-9]{{2,4}}(?![0-9])", _is_card),
    (PersonalKind.CARD, rf"(?<![0-9])[0-9]{{4}}{_TIE}[0-9]{{6}}{_TIE}[0-9]{{4,5}}(?![0-9])", _is_card),
    (PersonalKind.MY_NUMBER, rf"(?<![0-9])(?<![0-9][-\s])[0-9]{{4}}{_TIE}[0-9]{{4}}{_TIE}[0-9]{{4}}(?!{_TIE}[0-9])", _is_my_number),
    (PersonalKind.PHONE, rf"(?<![0-9])[(]?0{_NUMBER}", _is_phone),
    (PersonalKind.PHONE, rf"(?<![0-9])[+＋]81[-\s]?\(?0?\)?{_NUMBER}", _always),
    (PersonalKind.PHONE, rf"[〇零]{_KANJI_DIGIT}{{1,4}}[-ーの]?{_KANJI_DIGIT}{{2,4}}[-ーの]?{_KANJI_DIGIT}{{4}}", _is_phone),
    (PersonalKind.POSTAL, r"〒\s?[0-9]{3}[-‐−ー]?[0-9]{4}(?![0-9])", _always),
    (PersonalKind.POSTAL, r"(?<![0-9‐−ー-])[0-9]{3}[-‐−ー][0-9]{4}(?![-‐−ー0-9])", _always),
    (
        PersonalKind.ADDRESS,
        rf"(?:{_PREFECTURE})(?:[一-龥々ぁ-んァ-ヶー]{{1,8}}?[市区郡町村]){{1,3}}(?:[一-龥々ぁ-んァ-ヶー]{{0,12}}?{_HOUSE})?",
        _always,
    ),
    (
        PersonalKind.ADDRESS,
        (
            rf"{_KANJI}{{1,6}}[市区町村](?:{_KANJI}{{1,8}}?[区町村])?[一-龥々ヶァ-ヶ]{{0,10}}?"
            rf"{_DIGIT}{{1,4}}(?:丁目|番地|[-‐−ー]{_DIGIT}{{1,4}})(?:{_HOUSE})?"
        ),
        _always,
    ),
    (
        PersonalKind.ADDRESS,
        rf"{_KANJI}{{1,8}}{_DIGIT}{{1,3}}丁目(?:{_HOUSE})?|{_KANJI}{{2,8}}{_DIGIT}{{1,4}}番地(?:の?{_DIGIT}{{1,4}})?",
        _always,
    ),
    (
        PersonalKind.LINE_ID,
        r"(?:LINE|ライン|らいん|line|Line)\s*の?\s*(?:ID|id|Id|アイディー|アイディ)\s*(?:は|[:：=]|が)?\s*(?P<it>[A-Za-z0-9._-]{4,20})",
        _always,
    ),
    (PersonalKind.LINE_ID, r"(?<![A-Za-z0-9])U[0-9a-f]{32}(?![A-Za-z0-9])", _always),
    (PersonalKind.NAME, rf"(?P<it>{_FULL_NAME}|[ぁ-ん]{{3,10}})(?:と申します|ともうします|といいます|と言います)", _is_name),
    (PersonalKind.NAME, rf"(?:名前は|氏名は?|私は|わたしは|名前[:：])[ 　]?(?P<it>{_FULL_NAME})(?=です|。|、|$|\n)", _is_name),
    (
        PersonalKind.NAME,
        r"(?<![一-龥々ァ-ヶー])(?P<it>[一-龥々]{1,5}|[ァ-ヶー]{2,8})(?:さん|サン|様(?![子々])|くん|氏(?=[はがをにのと、。]))",
        _is_name,
    ),
)
_FINDERS = tuple((kind, re.compile(pattern), check, "it" if "?P<it>" in pattern else 0) for kind, pattern, check in _PATTERNS)


def find_personal_data(repaired: Repaired) -> tuple[PersonalDatum, ...]:
    """Find the personal data of a text in order, without overlaps, in offsets of the original text."""
    taken: list[tuple[int, int, PersonalKind]] = []
    for kind, start, end in _candidates(repaired.text):
        if all(end <= begin or start >= finish for begin, finish, _ in taken):
            taken.append((start, end, kind))
    return tuple(
        PersonalDatum(kind=kind, start=span[0], end=span[1])
        for start, end, kind in sorted(taken)
        for span in [repaired.original(start, end)]
    )


_HINT = re.compile(r"[0-9@〇零県市町村区都府]|さん|サン|様|くん|氏|申します|もうします|います|名前|私は|わたしは|id|ID|アイディ")


def _candidates(text: str) -> Iterator[tuple[PersonalKind, int, int]]:
    if not _HINT.search(text):
        return
    for kind, pattern, check, group in _FINDERS:
        for found in pattern.finditer(text):
            if check(found.group(group)):
                yield kind, *found.span(group)
