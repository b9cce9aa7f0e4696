"""Ages as residents write them: 52歳, 80代, 八十一歳, 中2, 年長, 生後3か月, 母（82）. A number alone is none without a person."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from routing.people import PERSONS, STAGE_WORDS
from routing.referral import Stage

_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_KANJI = {sign: value for value, sign in enumerate("〇一二三四五六七八九")}
_NUMBER = r"(?:\d{1,3}|[二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_TENS = r"(?:\d{2}|[二三四五六七八九]?十[一二三四五六七八九]|[二三四五六七八九]十)"
_ENDS = r"(?=です|で[、。\s]|で(?:一人|ひとり|独り|暮ら)|にな|にもな|すぎ|過ぎ|[、。）)\s]|の男|の女|$)"
_SOMEBODY = r"(?:男|女|母|父|祖|親|方|人|お[じばと]|じ[いさ]|ば[あさ]|夫|妻|主人|家内|息子|娘|兄|弟|姉|妹)"
_PEOPLE = "|".join(
    re.escape(word) for word in sorted({word for words in PERSONS.values() for word in words.split()}, key=len, reverse=True)
)
_KIN = r"(?:母|父|祖|親|お[じば]|夫|妻|主人|家内|旦那|息子|せがれ|娘|長男|次男|三男|長女|次女|兄|弟|姉|妹|孫|甥|姪)"
_AGE = re.compile(
    rf"(?P<decade>[1-9]0|[二三四五六七八九]?十)(?:代(?!わ)|(?:すぎ|過ぎ|前後|くらい|ぐらい)(?=の)|近い(?=.{{0,2}}{_SOMEBODY}))|(?P<years>{_NUMBER})\s?(?:歳|才|さい)"
    rf"|[（(](?P<bracket>{_TENS})[）)]"
    rf"|(?:(?<=^)|(?<=[。\n ]))(?P<lone>{_TENS}){_ENDS}"
    rf"|(?<![0-9.,月年約])(?P<kin>[1-9][0-9])(?=(?:の|になる|にもなる){_KIN})"
    r"|(?P<school>小学校?|中学校?|高校|小|中|高|しょう|ちゅう|こう)(?P<grade>[1-6一二三四五六])(?:年生?|ねん(?:せい)?|(?![0-9人つ月日]))"
    r"|(?P<months>生後|[0-9一二三四五六七八九十]+\s?[かカヶケ箇]月(?=の(?:子|赤|息子|娘|孫|双子|長|乳))|(?<=子が)[0-9]+[かカヶケ]月)"
)
_BESIDE = re.compile(rf"(?:{_PEOPLE})(?:さん)?(?:(?:が|は|も|、)?\s?(?P<age>{_TENS}){_ENDS}|(?P<near>[2-9][0-9])(?=[がはも]))")
_WORDS = {word: stage for stage, words in STAGE_WORDS.items() for word in words.split()}
_STAGED = re.compile("|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True)))
_FIRST_GRADE = {"小": 6, "し": 6, "中": 12, "ち": 12, "高": 15, "こ": 15}
_SCHOOL_AGE, _GROWN, _OLD = 6, 18, 65


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """One telling of an age: where it stands, the years where they are told, and the time of life."""

    start: int
    end: int
    years: int | None
    stage: Stage


def ages_in(text: str) -> Iterator[Age]:
    """Yield the ages told in ``text`` in their order, numbers before words."""
    plain = text.translate(_DIGITS)
    for match in _AGE.finditer(plain):
        yield _age(match)
    for match in _BESIDE.finditer(plain):
        told = "age" if match["age"] else "near"
        years = number(match[told])
        yield Age(start=match.start(told), end=match.end(told), years=years, stage=stage_of(years))
    for match in _STAGED.finditer(plain):
        yield Age(start=match.start(), end=match.end(), years=None, stage=_WORDS[match[0]])


def stage_of(years: int) -> Stage:
    """Return the time of life at an age."""
    if years < _SCHOOL_AGE:
        return Stage.INFANT
    return Stage.CHILD if years < _GROWN else Stage.ADULT if years < _OLD else Stage.ELDER


def number(written: str) -> int:
    """Return the value of digits or of kanji numerals up to 99."""
    if written.isdecimal():
        return int(written)
    tens, mark, ones = written.partition("十")
    if not mark:
        return _KANJI[tens]
    return (_KANJI[tens] if tens else 1) * 10 + (_KANJI[ones] if ones else 0)


def _age(match: re.Match[str]) -> Age:
    start, end = match.span()
    if match["months"]:
        return Age(start=start, end=end, years=0, stage=Stage.INFANT)
    if match["school"]:
        years = _FIRST_GRADE[match["school"][0]] + number(match["grade"]) - 1
        return Age(start=start, end=end, years=years, stage=Stage.CHILD)
    years = number(match["decade"] or match["years"] or match["bracket"] or match["lone"] or match["kin"])
    return Age(start=start, end=end, years=years, stage=stage_of(years))
