"""What all finders share: the value they yield, and the sight of what stands just before a place."""

import re
from collections.abc import Iterator
from functools import cached_property

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


class Late:
    """A long pattern that few messages need: compiled when the first of them comes, so that a process reads sooner."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._pattern)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Find all that it matches, from left to right."""
        return self._compiled.finditer(text)
