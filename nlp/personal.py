"""Personal data in a text: phone numbers, postal codes, addresses, names, mail addresses, cards, my-number, LINE ids."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from nlp.reading import PersonalDatum, PersonalKind
from nlp.repair import Repaired

_DASH = r"[-‐‑‒–—―−ー－ｰ~〜の\s()（）・.]"
_DIGIT = "[0-9０-９〇一二三四五六七八九]"
_PREFECTURE = "北海道|東京都|京都府|大阪府|(?:青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|神奈川|新潟|富山|石川|福井|山梨|長野|岐阜|静岡|愛知|三重|滋賀|兵庫|奈良|和歌山|鳥取|島根|岡山|広島|山口|徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|鹿児島|沖縄)県"
_PLACE = "[一-龥々ぁ-んァ-ヶー]"
_HOUSE = rf"{_DIGIT}{{1,4}}(?:(?:丁目|番地|番|号|[-‐−ー－の]){_DIGIT}{{0,4}})*(?:号室|号|番地|番|丁目)?"

_NOT_NAMES = frozenset(
    "お母 お父 母 父 おじい おばあ お兄 お姉 兄 姉 弟 妹 奥 お子 子 娘 息子 お嬢 皆 みな 相談員 職員 担当 看護師 保健師 医者 お医者 隣 お隣 旦那 嫁 婿 孫 姑 赤ちゃん 店員 業者 大家 "
    "ヘルパー ケアマネ 民生委員 患者 利用者 お客 客 叔父 叔母 おじ おば おかあ おとう おにい おねえ 爺 婆 主婦 学生 区長 社長 先輩 猫 犬 友達 友だち 誰 どちら たく かあ とう ばあ じい ねえ にい 義母 義父 神 仏 警察 消防士 司書 運転手 郵便屋 新聞屋 床屋 八百屋 "
    "役所 市役所 社協 包括 弁護士 先生 アナタ あなた 女 男 若い おまわり お巡り 母親 父親 ママ パパ お孫 お姑 お舅 本人 ご本人 依頼者 芸人 俳優 声優 選手 作者 店 本屋 パン屋 花屋 魚屋 肉屋 お花屋 ラーメン屋 屋 一人 二人 お二人 ご家族 家族 ご主人 主人 夫 妻 方 住民 住人 隣人".split()
)


def _digits(text: str) -> str:
    return "".join(
        str("〇一二三四五六七八九".find(character)) if character in "〇一二三四五六七八九" else character
        for character in text
        if character.isdecimal() or character in "〇一二三四五六七八九"
    )


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
    """The check digit of the twelve-digit individual number."""
    digits = [int(digit) for digit in _digits(text)]
    if len(digits) != 12 or len(set(digits)) == 1:  # noqa: PLR2004 - an individual number has twelve digits
        return False
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    rest = sum(digit * weight for digit, weight in zip(digits, weights, strict=False)) % 11
    return digits[-1] == (0 if rest <= 1 else 11 - rest)


def _is_name(text: str) -> bool:
    return text not in _NOT_NAMES and not text.endswith(("屋", "員", "師", "士", "会社", "市役所", "センター"))


def _always(_: str) -> bool:
    return True


_N = "[0-9０-９]"
_FINDERS: tuple[tuple[PersonalKind, re.Pattern[str], Callable[[str], bool]], ...] = (
    (PersonalKind.EMAIL, re.compile(r"(?P<it>[A-Za-z0-9._%+-]{1,64}[@＠](?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,24})", re.ASCII), _always),
    (
        PersonalKind.CARD,
        re.compile(
            rf"(?<!{_N})(?P<it>{_N}{{4}}(?:[-‐−－ー\s]?{_N}{{4}}){{2}}[-‐−－ー\s]?{_N}{{2,4}}|{_N}{{4}}[-‐−－ー\s]?{_N}{{6}}[-‐−－ー\s]?{_N}{{4,5}})(?!{_N})"
        ),
        _is_card,
    ),
    (PersonalKind.MY_NUMBER, re.compile(rf"(?<!{_N})(?P<it>{_N}{{4}}[-‐−－ー\s]?{_N}{{4}}[-‐−－ー\s]?{_N}{{4}})(?!{_N})"), _is_my_number),
    (
        PersonalKind.PHONE,
        re.compile(rf"(?<!{_N})(?P<it>[(（]?[0０]{_N}{{1,4}}{_DASH}{{0,2}}{_N}{{1,4}}{_DASH}{{0,2}}{_N}{{3,4}})(?!{_N})"),
        _is_phone,
    ),
    (
        PersonalKind.PHONE,
        re.compile(rf"(?<!{_N})(?P<it>[+＋]81[-\s]?\(?0?\)?{_N}{{1,4}}{_DASH}{{0,2}}{_N}{{1,4}}{_DASH}{{0,2}}{_N}{{3,4}})(?!{_N})"),
        _always,
    ),
    (
        PersonalKind.PHONE,
        re.compile(
            r"(?P<it>[〇零ゼ](?:ロ)?[〇一二三四五六七八九]{1,4}[-ーの－]?[〇一二三四五六七八九]{2,4}[-ーの－]?[〇一二三四五六七八九]{4})"
        ),
        _is_phone,
    ),
    (
        PersonalKind.POSTAL,
        re.compile(
            rf"(?P<it>〒\s?{_N}{{3}}[-‐−－ー]?{_N}{{4}}(?!{_N})|(?<![{'0-9０-９'}-‐−－ー]){_N}{{3}}[-‐−－ー]{_N}{{4}}(?![-‐−－ー0-9０-９]))"
        ),
        _always,
    ),
    (
        PersonalKind.ADDRESS,
        re.compile(rf"(?P<it>(?:{_PREFECTURE})(?:{_PLACE}{{1,8}}?[市区郡町村]){{1,3}}(?:{_PLACE}{{0,12}}?{_HOUSE})?)"),
        _always,
    ),
    (
        PersonalKind.ADDRESS,
        re.compile(
            rf"(?P<it>[一-龥々ヶケが]{{1,6}}[市区町村](?:[一-龥々ヶケ]{{1,8}}?[区町村])?[一-龥々ヶァ-ヶ]{{0,10}}?{_DIGIT}{{1,4}}(?:丁目|番地|[-‐−ー－]{_DIGIT}{{1,4}})(?:{_HOUSE})?)"
        ),
        _always,
    ),
    (
        PersonalKind.ADDRESS,
        re.compile(
            rf"(?P<it>[一-龥々ヶ]{{1,8}}{_DIGIT}{{1,3}}丁目(?:{_HOUSE})?|[一-龥々ヶ]{{2,8}}{_DIGIT}{{1,4}}番地(?:の?{_DIGIT}{{1,4}})?)"
        ),
        _always,
    ),
    (
        PersonalKind.LINE_ID,
        re.compile(
            r"(?:LINE|ライン|らいん|line|Line)\s*(?:の)?\s*(?:ID|id|Id|アイディー|アイディ)\s*(?:は|[:：=]|が)?\s*(?P<it>[A-Za-z0-9._-]{4,20})"
        ),
        _always,
    ),
    (PersonalKind.LINE_ID, re.compile(r"(?<![A-Za-z0-9])(?P<it>U[0-9a-f]{32})(?![A-Za-z0-9])"), _always),
    (
        PersonalKind.NAME,
        re.compile(
            r"(?P<it>[一-龥々ァ-ヶー]{1,7}(?:[ 　][一-龥々ァ-ヶー]{1,5})?|[ぁ-んァ-ヶー一-龥々]{2,10})(?:と申します|ともうします|といいます|と言います)"
        ),
        _is_name,
    ),
    (
        PersonalKind.NAME,
        re.compile(
            r"(?:名前は|氏名は?|私は|わたしは|名前[:：])[ 　]?(?P<it>[一-龥々]{2,6}(?:[ 　][一-龥々]{1,5})?|[ァ-ヶー]{3,10}(?:[ 　][ァ-ヶー]{2,8})?)(?=です|。|、|$|\n)"
        ),
        _is_name,
    ),
    (
        PersonalKind.NAME,
        re.compile(
            r"(?<![一-龥々ァ-ヶー])(?P<it>[一-龥々]{1,5}|[ァ-ヶー]{2,8})(?:さん|サン|様(?!子|々)|くん(?![ぁ-ん]{2}じ)|氏(?=[はがをにのと、。]))"
        ),
        _is_name,
    ),
)


def find_personal_data(repaired: Repaired) -> tuple[PersonalDatum, ...]:
    """The personal data of a text in order, without overlaps, in offsets of the original text."""
    taken: list[tuple[int, int, PersonalKind]] = []
    for kind, start, end in _candidates(repaired.text):
        if all(end <= begin or start >= finish for begin, finish, _ in taken):
            taken.append((start, end, kind))
    return tuple(
        PersonalDatum(kind=kind, start=span[0], end=span[1])
        for start, end, kind in sorted(taken)
        for span in [repaired.original(start, end)]
    )


_HINT = re.compile(r"[0-9０-９@＠〇県市町村区都府]|さん|サン|様|くん|氏|申します|もうします|います|名前|私は|わたしは|id|ID")


def _candidates(text: str) -> Iterator[tuple[PersonalKind, int, int]]:
    if not _HINT.search(text):
        return
    for kind, pattern, check in _FINDERS:
        for found in pattern.finditer(text):
            if check(found.group("it")):
                yield kind, *found.span("it")
