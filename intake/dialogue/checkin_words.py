"""What a resident says in words about how check-ins are to come: how often, when, in what writing. Pure."""

import re
import unicodedata
from typing import Any

from intake.checkins.rhythm import Hours, Rhythm, Sender, Style

_SHORTEST, _LONGEST = 7, 182
_NUMBER = re.compile(r"(?:(\d{1,3})|([一二三四五六七八九十]))(日|にち|週間?|しゅう(?:かん)?|か月|ヶ月|ヵ月|カ月|かげつ)(?:に|ごと|おき)")
_KANJI = {number: value for value, number in enumerate("一二三四五六七八九十", start=1)}
_UNITS = {"日": 1, "に": 1, "週": 7, "し": 7, "か": 28, "ヶ": 28, "ヵ": 28, "カ": 28}
_TAPPED: dict[int, dict[str, Any]] = {
    14: {"rhythm": Rhythm.FORTNIGHTLY, "every_days": None},
    28: {"rhythm": Rhythm.MONTHLY, "every_days": None},
}
_PLAIN_WORDS: tuple[tuple[re.Pattern[str], dict[str, Any]], ...] = (
    (re.compile(r"毎週|まいしゅう|週に?(?:一回|1回|一度|1度)"), {"rhythm": Rhythm.OWN, "every_days": 7}),
    (re.compile(r"隔週|一週おき|1週おき"), {"rhythm": Rhythm.FORTNIGHTLY, "every_days": None}),
    (
        re.compile(r"毎月|まいつき|(?<![ヶかカヵ])月に?(?:一回|1回|一度|1度)|つきに ?(?:1|いっ)かい"),
        {"rhythm": Rhythm.MONTHLY, "every_days": None},
    ),
    (re.compile(r"だんだん(?:間|あいだ)"), {"rhythm": Rhythm.GENTLE, "every_days": None}),
    (re.compile(r"午前|ごぜん|朝の?うち"), {"hours": Hours.MORNING}),
    (re.compile(r"午後|ごご"), {"hours": Hours.AFTERNOON}),
    (re.compile(r"(?:昼|日中)の?(?:どこか|いつでも)"), {"hours": Hours.DAYTIME}),
    (re.compile(r"ひらがな|やさしい(?:日本語|書き方|かきかた|ことば|言葉)"), {"style": Style.PLAIN}),
    (re.compile(r"ふつうの(?:書き方|かきかた)|漢字で"), {"style": Style.ORDINARY}),
    (re.compile(r"「?つなぎ」?(?:とだけ|の名前)|窓口の名前(?:は出さ|を出さ|なし|を書かな)"), {"sender": Sender.NEUTRAL}),
)


def chosen_in(text: str) -> dict[str, Any]:
    """Return the settings that a text names; empty where it names none. An interval that would press is not taken."""
    flat = unicodedata.normalize("NFKC", text)
    found: dict[str, Any] = {}
    for pattern, fields in _PLAIN_WORDS:
        if pattern.search(flat):
            found |= fields
    number = _NUMBER.search(flat)
    if number is not None:
        days = (int(number[1]) if number[1] else _KANJI[number[2]]) * _UNITS[number[3][0]]
        if _SHORTEST <= days <= _LONGEST:
            found |= _TAPPED.get(days, {"rhythm": Rhythm.OWN, "every_days": days})
    return found
