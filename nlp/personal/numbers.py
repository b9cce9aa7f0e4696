"""Numbers that reach or name a person: phones in all writings, postal codes, cards and the individual number (マイナンバー)."""

import re
from collections.abc import Iterator

from nlp.personal.spans import NEAR, Found, said_before
from nlp.reading import PersonalKind

_HYPHEN = r"\-‐‑‒–—―−ーｰ－~〜～"
_GAP = rf"(?:[ \u3000]{{0,2}}[{_HYPHEN}.・()（）の/、，][ \u3000]?[{_HYPHEN}]?|[ \u3000]{{1,2}})"
_TIE = rf"(?:[ \u3000]{{0,2}}[{_HYPHEN}.・/の][ \u3000]{{0,2}}|[ \u3000\n]{{1,3}})?"
_ALONE = rf"(?<![0-9A-Za-z])(?<![0-9A-Za-z][{_HYPHEN}])"
_BEFORE_PHONE = rf"(?:{_ALONE}|(?<=TEL)|(?<=Tel)|(?<=tel)|(?<=FAX)|(?<=Fax)|(?<=fax))"
_DIGITS_ALONE = rf"(?<![0-9])(?<![0-9][{_HYPHEN}])"
_EXTENSION = r"(?:[ \u3000]{0,2}[(（]?[ \u3000]?(?:内線|ないせん|ext\.?)(?:番号)?[ \u3000:：]{0,2}[0-9]{1,5}[)）]?)?"

_SPLIT_PHONE = re.compile(
    rf"{_BEFORE_PHONE}(?:[(（][ ]?0[0-9]{{1,4}}[ ]?[)）]|0[0-9]{{1,4}}){_GAP}[0-9]{{1,4}}{_GAP}[0-9]{{4}}(?![0-9]){_EXTENSION}"
    rf"|{_BEFORE_PHONE}[(（]0[0-9]{{1,4}}[)）][0-9]{{1,4}}(?:{_GAP})?[0-9]{{4}}(?![0-9]){_EXTENSION}"
    rf"|{_BEFORE_PHONE}0[0-9]{{1,4}}{_GAP}[0-9]{{5,8}}(?![0-9]){_EXTENSION}"
    rf"|{_BEFORE_PHONE}0[0-9]{{5,6}}{_GAP}[0-9]{{4}}(?![0-9]){_EXTENSION}"
)
_WHOLE_PHONE = re.compile(rf"{_BEFORE_PHONE}0[0-9]{{9,10}}(?![0-9]){_EXTENSION}")
_WORLD_PHONE = re.compile(
    rf"(?<![0-9A-Za-z])(?:[+＋][ ]?[1-9][0-9]{{0,2}}|(?:010|00)[{_HYPHEN} ]?81)(?:{_GAP})?(?:[(（]0[)）])?[0-9]{{1,4}}"
    rf"(?:(?:{_GAP})?[0-9]{{2,4}}){{1,4}}(?![0-9]){_EXTENSION}"
)
_LOCAL_PHONE = re.compile(
    r"(?:電話|でんわ|デンワ|TEL|Tel|tel|ＴＥＬ|携帯|FAX|Fax|fax|ファックス|☎|📞)(?:番号)?[はが:：.は、 \u3000]{0,3}"
    rf"(?P<it>[2-9][0-9]{{1,2}}(?:[{_HYPHEN}]|の)?[0-9]{{4}}(?![0-9]){_EXTENSION})"
)
_OFFICE_LINE = re.compile(
    "(?:市役所|役場|区役所|警察署|警察|消防署|消防|保健所|児童相談所|児相|税務署|年金事務所|ハローワーク|社協|包括|コールセンター|ホットライン|相談センター|センター|代表|相談窓口|窓口)"
    r"(?:の|に)?(?:代表)?(?:電話番号|番号|電話|TEL)?(?:は|が|って|、|に)?[ \u3000:：(（「]{0,2}$"
)
"""A public office said right before its line; nobody is reached by it at home."""
_PUBLIC = ("0120", "0570", "0180", "0990")
_MOBILE = ("020", "050", "060", "070", "080", "090", "000")
_OTHER_CARD = re.compile("会員|ポイント|診察|保険|図書|定期券|伝票|注文|追跡|スタンプ|利用者カード|口座")
_OTHER_NUMBER = re.compile(
    "伝票|追跡|注文|問い?合わ?せ番号|受付番号|受付No|口座|型番|会員|お客様番号|お客さま番号|整理番号|予約番号|製造番号|契約番号|管理番号|接種券|"
    "保険証|被保険者|診察券|受給者|証券番号|シリアル|メーター|品番|商品|JAN|バーコード|ポイント|荷物|宝くじ|水栓番号|案件"
)


def _digits(text: str) -> str:
    return "".join(character for character in text if character in "0123456789")


def _is_phone(text: str) -> bool:
    """Tell whether digits that begin with 0 are the line of a person, a household or a place of work."""
    digits = _digits(text)
    if digits.startswith(_PUBLIC) or re.match("[(（]?0800(?![0-9])", text):
        return False
    return len(digits) == 11 and digits.startswith(_MOBILE) or len(digits) == 10  # noqa: PLR2004, RUF021 - Japanese numbers have ten or eleven digits


def _is_office(text: str, at: int, number: str) -> bool:
    return not _digits(number).startswith(_MOBILE[1:6]) and said_before(_OFFICE_LINE, text, at, 24) is not None


def phones(text: str) -> Iterator[Found]:
    """Find phone numbers with their extension. Free, navigation and emergency lines are public and left alone."""
    for found in _WORLD_PHONE.finditer(text):
        if len(_digits(found.group())) in range(9, 21):
            yield PersonalKind.PHONE, *found.span()
    for pattern in (_SPLIT_PHONE, _WHOLE_PHONE):
        for found in pattern.finditer(text):
            number = re.split("内線|ないせん|ext", found.group())[0]
            if _is_phone(number) and not said_before(_OTHER_NUMBER, text, found.start()) and not _is_office(text, found.start(), number):
                yield PersonalKind.PHONE, *found.span()
    for found in _LOCAL_PHONE.finditer(text):
        yield PersonalKind.PHONE, *found.span("it")


_SPOKEN = (
    "ゼロ ぜろ れい レイ まる マル いち イチ いー イー にい にー に ニイ ニー ニ さん サン よん ヨン しち シチ し "
    "ごう ごー ご ゴウ ゴー ゴ ろく ロク "
    "なな ナナ はち ハチ きゅう きゅー きゅ キュウ キュー く ク"
)
_ONE = "(?:" + "|".join(sorted(_SPOKEN.split(), key=len, reverse=True)) + "|[0-9])"
_SPOKEN_PHONE = re.compile(rf"(?>(?:ゼロ|ぜろ|れい|レイ|まる|マル)(?>[の、,・ \u3000{_HYPHEN}]{{0,3}}{_ONE}){{9,10}})(?!{_ONE})")


def spoken_phones(text: str) -> Iterator[Found]:
    """Find a phone number written as it is spoken: ゼロきゅうゼロの…."""
    for found in _SPOKEN_PHONE.finditer(text):
        yield PersonalKind.PHONE, *found.span()


_CARD = re.compile(
    rf"{_DIGITS_ALONE}(?:[2-6][0-9]{{3}}(?:{_TIE}[0-9]{{4}}){{3}}|3[0-9]{{3}}{_TIE}[0-9]{{6}}{_TIE}[0-9]{{4,5}})(?!{_TIE}[0-9])"
    rf"|{_DIGITS_ALONE}(?:[2-6][0-9]{{3}}(?:{_TIE}[0-9]{{4}}){{3}}|3[0-9]{{3}}{_TIE}[0-9]{{6}}{_TIE}[0-9]{{4,5}})(?![0-9])"
)
_CARD_SAID = re.compile(
    r"クレジット|クレカ|カード番号|カードの番号|VISA|Visa|ビザカード|マスターカード|カードは|カード[:：]|カードの[ \u3000]?$"
    "|JCB|アメックス|ダイナース|デビット"
)
_CARD_FOLLOWS = re.compile("[」』)）]?(?:という|って|の|を)?(?:クレジット|クレカ|カード|デビット)")
_MY_NUMBER = re.compile(
    rf"{_DIGITS_ALONE}(?<![0-9]{{4}}[ \u3000])[0-9]{{4}}{_TIE}[0-9]{{4}}{_TIE}[0-9]{{4}}(?![0-9])(?!{_TIE}[0-9]{{4}}(?![0-9]))"
)
_MY_NUMBER_SAID = re.compile("マイナンバー|マイナンバ|通知カード|個人番号|まいなんばー|マイナ番号")


def _is_card(text: str) -> bool:
    """Luhn's check."""
    digits = [int(digit) for digit in reversed(_digits(text))]
    doubled = sum(sum(divmod(digit * 2, 10)) for digit in digits[1::2])
    return len(set(digits)) > 1 and (sum(digits[::2]) + doubled) % 10 == 0


def _is_my_number(text: str) -> bool:
    """Verify the check digit of the twelve-digit individual number."""
    digits = [int(digit) for digit in _digits(text)]
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    rest = sum(digit * weight for digit, weight in zip(digits, weights, strict=False)) % 11
    return len(set(digits)) > 1 and digits[-1] == (0 if rest <= 1 else 11 - rest)


def cards(text: str) -> Iterator[Found]:
    """Find payment cards by shape and check digit, or by shape alone where a card is named beside it."""
    for found in _CARD.finditer(text):
        said = said_before(_CARD_SAID, text, found.start(), 24) or _CARD_FOLLOWS.match(text, found.end())
        if _is_card(found.group()) or (said and not said_before(_OTHER_CARD, text, found.start())):
            yield PersonalKind.CARD, *found.span()


def my_numbers(text: str) -> Iterator[Found]:
    """Find individual numbers by check digit, or by shape alone where one was named before it."""
    told = False
    for found in _MY_NUMBER.finditer(text):
        at = found.start()
        if (
            (told and not said_before(_OTHER_NUMBER, text, at))
            or said_before(_MY_NUMBER_SAID, text, at, 24)
            or (said_before(_MY_NUMBER_SAID, text, at, 48) and not said_before(_OTHER_NUMBER, text, at))
            or _MY_NUMBER_SAID.search(text, found.end(), found.end() + NEAR)
            or (_is_my_number(found.group()) and not said_before(_OTHER_NUMBER, text, at))
        ):
            told = told or _MY_NUMBER_SAID.search(text, 0, at) is not None
            yield PersonalKind.MY_NUMBER, *found.span()


_UNIT = "円年月日人万個枚度回名歳才分秒件本台%％mkgcL"
_POSTAL = re.compile(
    rf"〒[ \u3000]?[0-9]{{3}}(?:[ \u3000]?[{_HYPHEN}の][ \u3000]?|[ \u3000])?[0-9]{{4}}(?![0-9])"
    rf"|{_ALONE}[0-9]{{3}}[{_HYPHEN}][0-9]{{4}}(?![0-9{_HYPHEN}円万個枚%％]|年|人[がはでもの]|月[にの])"
)
_LOOSE_POSTAL = re.compile(rf"{_ALONE}[0-9]{{3}}[ \u3000の]?[0-9]{{4}}(?![0-9{_HYPHEN}{_UNIT}])(?![ \u3000][0-9])")
_POSTAL_SAID = re.compile(r"(?:郵便番号|ゆうびん番号|ゆうびんばんごう|郵便|〒)[ぁ-ん:：、 \u3000「(（→=\n]{0,8}$")
_PLACE_FOLLOWS = re.compile(r"[ \u3000\n、]{0,2}[一-龥ぁ-んヶケ々]{1,8}?[都道府県市区郡町村]")
_ENDS = re.compile(r"[ \u3000\n、。]|で|の|って|$")
_TELL = re.compile("電話|でんわ|TEL|Tel|tel|FAX|局番")


def postal_codes(text: str) -> Iterator[Found]:
    """Find postal codes; seven digits without a sign count where a place or the start of the text stands beside them."""
    for found in _POSTAL.finditer(text):
        if found.group()[0] == "〒" or not (said_before(_OTHER_NUMBER, text, found.start()) or said_before(_TELL, text, found.start(), 4)):
            yield PersonalKind.POSTAL, *found.span()
    for found in _LOOSE_POSTAL.finditer(text):
        begin, end = found.span()
        said = _POSTAL_SAID.search(text, max(0, begin - 14), begin)
        if said or _PLACE_FOLLOWS.match(text, end) or (not begin and _ENDS.match(text, end)):
            yield PersonalKind.POSTAL, begin, end
