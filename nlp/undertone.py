"""What a text has of everything at once, also of what no label was decided for: its words, and how much it hints at each label."""

from typing import NamedTuple

from nlp.learned.features import row_features
from nlp.learned.model import COLUMNS, model
from nlp.lexicon.scan import scan

HINTS = COLUMNS
"""The labels that are hinted at: concerns, ``speaker:``, ``intent:``, ``level:`` (at least so urgent) and ``risk:``."""
_MOST = 4.0


class Undertone(NamedTuple):
    """The different words of a text by their normal form, in the order of first use, and one figure for each of ``HINTS``."""

    words: tuple[str, ...]
    hints: tuple[float, ...]
    """In logits before calibration, from -4 to 4, with two decimals."""


def undertone_of(text: str) -> Undertone:
    """Weigh ``text`` whole. Never raises for any string; says nothing of what a reading decides."""
    found = scan(text)
    scores = model().weigh(found.tokens.norms, found.folded, row_features(found.hits)).scores
    return Undertone(tuple(dict.fromkeys(found.tokens.norms)), tuple(round(min(max(score, -_MOST), _MOST), 2) for score in scores))
