"""What all finders share: the value they yield, and the sight of what stands just before a place."""

import re

from nlp.reading import PersonalKind

Found = tuple[PersonalKind, int, int]
"""A kind and a half-open span in the repaired text."""

NEAR = 16
"""How many characters before a number may say what it is."""


def said_before(words: re.Pattern[str], text: str, at: int, near: int = NEAR) -> re.Match[str] | None:
    """Tell whether one of ``words`` stands within ``near`` characters before ``at``."""
    return words.search(text, max(0, at - near), at)


_KANJI = "〇○◯零一二三四五六七八九"
_KANJI_DIGITS = str.maketrans(_KANJI, "0000123456789")
DIGITS = f"0-9{_KANJI}"
"""All digits that :func:`flat` knows, for a class of characters."""


def flat(text: str) -> str:
    """Write kanji digits as ASCII ones, character for character, so that one pattern reads both."""
    return text.translate(_KANJI_DIGITS)
