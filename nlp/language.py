"""In which language a message is written, told cheaply: almost every message holds kana and is Japanese at the first look."""

import re
import unicodedata
from functools import cache
from itertools import groupby
from typing import Any

_HEAD = 500
_KANA = re.compile("[ぁ-ゖゝゞァ-ヺヽヾｦ-ﾝ]")
_NOISE = re.compile(r"https?://\S+|www\.\S+|(?<!\S)\S*@\S+|[\u1100-\u11ff\u3131-\u318e\ud800-\udfff]")
"""Addresses, and the loose Hangul strokes that stand for tears and laughter."""
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
_HAN = re.compile("[々〇㐀-䶿一-鿿\uf900-\ufaff\U00020000-\U0003ffff]")
_LETTERS = re.compile(r"[^\W\d_]")
_OTHER_SCRIPT = re.compile("[^\\W\\d_\u0000-\u024f\u1e00-\u1eff々〇㐀-䶿一-鿿\uf900-\ufaff\U00020000-\U0003ffff]")
"""A letter of a script that is neither Latin nor Han: Hangul, Thai, Devanagari, Cyrillic, …"""
_HANGUL = re.compile("[가-힣]{2}")
_HINDI = re.compile("है|मैं|मुझे|नहीं|मेर[ाी]|क्या")
_LEAST_RUN = 4
_LEAST_WORDS = 3

_JAPANESE_SETS = ("cp932", "euc_jis_2004")
_CHINESE = re.compile(
    "[你您她們嗎呢吧這沒很给帮么爸]|没有|不知道|什麼|怎麼|不想|可以[說说]|謝謝|救救|想死|老公|老婆|中文"
    r"|(?<!怪)我(?![慢流執欲田孫儘])|^\W*救命\W*$"
)
"""What is said in Chinese also where each sign is known in Japan."""

LOCAL = frozenset(
    {"bn", "en", "es", "hi", "id", "km", "ko", "lo", "mn", "my", "ne", "pt", "ru", "si", "ta", "th", "tl", "uk", "ur", "vi", "zh"}
)
"""The languages that are told apart: those of the people who live in such towns, not all of the world."""
UNKNOWN = "und"
"""A language that is not Japanese and none of ``LOCAL``, or too little of it to say which."""
_SAME = {"ms": "id", "fil": "tl", "zh-Hant": "zh", "mr": "ne", "bh": "ne"}
"""What the library takes short messages of a language of ours for."""
_ALONE = {
    "help": "en",
    "hello": "en",
    "please": "en",
    "socorro": "pt",
    "ajuda": "pt",
    "ayuda": "es",
    "tulong": "tl",
    "tolong": "id",
}
"""Words that people write alone, in need. Any other single word of plain letters says too little."""

_COURTESY = re.compile(r"(?:ok|okay|yes|no|thanks?|thank you|very much|so much|good (?:morning|night)|bye|sorry|\s)+", re.IGNORECASE)
"""English that is said in Japanese too: nothing changes hands for it."""
_BARE_VIETNAMESE = re.compile(r"\b(?:toi|khong|duoc|muon|giup|cuu|tien|chong|nguoi|phai|voi|bi)\b", re.IGNORECASE)
"""Vietnamese as typed without its marks: two of these words."""

_MORA = (
    "(?:(?:[kgsztdnhbpmyrwjf]|ky|gy|sh|sy|zy|jy|ch|ty|ny|hy|by|py|my|ry|ts|v)?[aiueoāīūēō]"
    "|n(?![aiueoy])|m(?=[bpm])|([kgsztdbpj])(?=\\1)|t(?=ch))"
)
_ROMAJI = re.compile(f"(?:{_MORA})+h?", re.IGNORECASE)
_SAID = re.compile(
    r"\b(?:\w*(?:masu|masen|mash(?:ita|ou?)|desu|deshita|kudasai|tasukete)(?:ka|ga|kedo|yo|ne)?"
    r"|\w*(?:shi?tai|itai|nai|naku|nakute|katta|shite|shita|rete|reta|reru)(?:ka|ga|kedo|yo|ne)?"
    r"|\w*(?:sh|ts|[kgnhbpmr]y|chi)\w*"
    r"|watashi|boku|onegai|kodomo|okane|konnichiwa|konbanwa|gomen|nihongo|doko|naze|dare|muri|mou)\b",
    re.IGNORECASE,
)
"""Words and sounds that Japanese in Latin letters has, and its look-alikes of the islands and of Portugal do not."""
_MOSTLY = 0.75


def language_of(text: str) -> str:
    """Return the language of a message: ``ja``, a code of ``LOCAL``, or ``und`` for another one. Never raises.

    ``ja`` is the answer wherever Japanese may be meant: with any kana, for kanji that are not Chinese, for Japanese in
    Latin letters, and for what holds too little to say (emoji, numbers, one short word). Only the first 500 characters count.
    """
    return "ja" if _KANA.search(text, 0, _HEAD) else _without_kana(text[:_HEAD])


def _without_kana(head: str) -> str:
    plain = _NOISE.sub(" ", head)
    words = _WORD.findall(unicodedata.normalize("NFKC", plain))
    joined = " ".join(words)
    letters = len(_LETTERS.findall(joined))
    han = len(_HAN.findall(joined))
    if han and han * 2 >= letters:
        return "zh" if _is_chinese(joined) else "ja"
    if len(_OTHER_SCRIPT.findall(joined)) * 2 > letters:
        return _by_script(plain)
    return _latin([word for word in words if not _HAN.search(word)])


def _is_chinese(text: str) -> bool:
    """Tell Chinese by signs that no Japanese character set has, or by its own words."""
    return bool(_CHINESE.search(text)) or any(not _is_known_in_japan(sign) for sign in text if "一" <= sign <= "鿿")


def _is_known_in_japan(sign: str) -> bool:
    for name in _JAPANESE_SETS:
        try:
            sign.encode(name)
        except UnicodeEncodeError:
            continue
        return True
    return False


def _by_script(text: str) -> str:
    """Ask for the language of a script of its own; a few signs are pieces of a face: (´Д`), (ФωФ)."""
    runs = (len(list(run)) for is_word, run in groupby(text, lambda sign: unicodedata.category(sign)[0] in "LM") if is_word)
    if max(runs, default=0) < _LEAST_RUN and not _HANGUL.search(text):
        return "ja"
    found = _ask(text) or UNKNOWN
    return "ne" if found == "hi" and not _HINDI.search(text) else found


def _latin(words: list[str]) -> str:
    text = " ".join(words)
    if _COURTESY.fullmatch(text):
        return "ja"
    if len(set(words)) <= 1 and text.isascii():
        return _ALONE.get(text.lower(), "ja")
    found = "vi" if len(_BARE_VIETNAMESE.findall(text)) > 1 else _ask(text)
    japanese = sum(len(word) for word in words if _ROMAJI.fullmatch(word)) >= _MOSTLY * sum(map(len, words))
    if japanese and (found is None or _SAID.search(text)):
        return "ja"
    return found or (UNKNOWN if len(words) >= _LEAST_WORDS else "ja")


def _ask(text: str) -> str | None:
    """Return the likeliest of our languages, None when the library hears none of them.

    It is asked about letters alone, since it refuses a text with a control sign or a noncharacter in it.
    """
    letters = "".join(sign if unicodedata.category(sign)[0] in "LM" else " " for sign in text)
    found = _detector()(letters, bestEffort=True)[2]
    codes = (_SAME.get(code, code) for _, code, share, _ in found if share)
    return next((code for code in codes if code in LOCAL), None)


@cache
def _detector() -> Any:
    """Load the library when the first message without kana comes, not before."""
    import pycld2  # noqa: PLC0415 - Japanese text, which is nearly all, never needs it

    return pycld2.detect
