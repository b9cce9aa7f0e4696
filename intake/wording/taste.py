"""What our wording never says: promises that nobody keeps, comfort without ground, lessons, law and diagnosis."""

import re
import unicodedata

BANNED = (
    "きっと大丈夫",
    "いつでも",
    "必ず",
    "かならず",
    "24時間見て",
    "24じかん みて",
    "秘密にする",
    "ひみつに する",
    "ひみつにする",
    "絶対",
    "ぜったい",
    "すべて削除",
    "ぜんぶ けします",
    "がんばって",
    "頑張って",
    "べきです",
    "しなければなりません",
    "違法",
    "法律上",
    "診断",
    "うつ病",
    "と思われます",
    "匿名",
    "危険はありません",
)
"""Phrases that no sentence to a resident may hold."""

_FIRST_LINE_WORDS = (
    "{topics}",
    "{lines}",
    "死",
    "自殺",
    "暴力",
    "虐待",
    "借金",
    "借りたお金",
    "介護",
    "妊娠",
    "障がい",
    "不登校",
    "ひきこもり",
    "離婚",
    "DV",
    "児童相談所",
    "警察",
    "傷つけ",
    "しにたい",
    "けいさつ",
    "ぎゃくたい",
)
_KANJI = re.compile(r"[一-鿿々]")


def faults(text: str) -> list[str]:
    """Say what is wrong with words for residents; an empty list when nothing is."""
    flat = unicodedata.normalize("NFKC", text)
    found = [f"holds 「{phrase}」, which is never said" for phrase in BANNED if phrase in flat]
    if flat.count("?") > 1:
        found.append("asks twice")
    return found


def first_line_faults(text: str) -> list[str]:
    """Say what the first line of a bubble shows on a lock screen that it should not."""
    first = text.split("\n", 1)[0]
    return [f"its first line holds 「{word}」 and may show on a lock screen" for word in _FIRST_LINE_WORDS if word in first]


def has_kanji(text: str) -> bool:
    """Tell whether a text that should be plain kana holds kanji."""
    return bool(_KANJI.search(text))
