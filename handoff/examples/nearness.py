"""Whether a sentence that somebody wrote anew is still the resident's own. Pure."""

import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

_CONTAINED = 8
"""A whole sentence of so many letters that stands in the other is the other's; shorter ones are everybody's words."""
_RUN = 15
"""So many letters in a row are a quotation."""
_ALIKE = 0.7


def plain(text: str) -> str:
    """Return the letters of a text, without what a person changes who only wants it to look different."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())


def is_near(text: str, originals: Iterable[str]) -> bool:
    """Tell whether a text is one of the originals, holds one or a part of one, or differs from one in little."""
    mine = plain(text)
    runs = {mine[start : start + _RUN] for start in range(len(mine) - _RUN + 1)}
    return any(_are_near(mine, runs, plain(original)) for original in originals)


def _are_near(mine: str, runs: set[str], theirs: str) -> bool:
    if not mine or not theirs:
        return False
    shorter, longer = sorted((mine, theirs), key=len)
    if mine == theirs or (len(shorter) >= _CONTAINED and shorter in longer):
        return True
    if any(run in theirs for run in runs):
        return True
    alike = SequenceMatcher(None, mine, theirs, autojunk=False)
    # Each bound is dearer than the one before, and seldom needed.
    return alike.real_quick_ratio() >= _ALIKE and alike.quick_ratio() >= _ALIKE and alike.ratio() >= _ALIKE
