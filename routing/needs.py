"""From what was read to what is needed, and by whom."""

import re
from collections.abc import Iterable

from nlp.reading import Reading, Speaker
from routing.referral import Need

_HOUSEHOLD = (
    ("grandmother", re.compile(r"祖母|おばあちゃん|ばあちゃん")),
    ("grandfather", re.compile(r"祖父(?!母)|おじいちゃん|じいちゃん")),
    ("mother", re.compile(r"(?<!祖)母(?!子|国|校|乳)|お母さん|かあさん")),
    ("father", re.compile(r"(?<!祖)父(?!母|子)|お父さん|とうさん")),
    ("parents", re.compile(r"両親|父母|(?<![片母父])親(?!切|しい|友|戚|族|子)")),
    ("husband", re.compile(r"夫(?!婦|妻)|旦那|主人(?!公)")),
    ("wife", re.compile(r"(?<!夫)妻|嫁")),
    ("son", re.compile(r"息子")),
    ("daughter", re.compile(r"娘")),
    ("child", re.compile(r"子ども|子供|こども|赤ちゃん|うちの子|小学生|中学生|園児")),
)


def needs_from(reading: Reading, text: str = "") -> tuple[Need, ...]:
    """Return one need per decided concern.

    The person is ``self`` when the writer speaks of the own difficulty, otherwise the household member whose word stands
    nearest before the evidence in ``text``, or ``other``.
    """
    if reading.speaker is Speaker.SELF:
        return tuple(Need(concern=concern) for concern in reading.concerns)
    members = sorted((match.start(), name) for name, pattern in _HOUSEHOLD for match in pattern.finditer(text))
    found = []
    for concern in reading.concerns:
        spots = [evidence.start for evidence in reading.evidence if evidence.label == concern]
        found.append(Need(concern=concern, person=_nearest(members, min(spots, default=len(text)))))
    return tuple(found)


def _nearest(members: Iterable[tuple[int, str]], spot: int) -> str:
    """Return the member named last before ``spot``, else the first one named after it."""
    kept = list(members)
    before = [name for start, name in kept if start <= spot]
    if before:
        return before[-1]
    return kept[0][1] if kept else "other"
