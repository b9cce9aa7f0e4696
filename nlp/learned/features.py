"""The features of a text. Training and reading use the same functions, so that a weight means what it was learned for."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from operator import add

PAIR = "␟"
"""Joins two neighbouring tokens, as written."""
KIND = "␞"
"""Joins two tokens by their word classes; doubled with one token between them."""
START, END = "^", "$"
SPACES = frozenset([" ", "\u3000"])
_KANJI = re.compile("[一-龥]")
_LENGTHS = (6, 13, 26, 51, 101)
SHAPES = (*(f"shape:length{number}" for number in range(len(_LENGTHS) + 1)), "shape:asks", "shape:kana")
"""Every feature that :func:`shape_features` can name."""
_ASKING = ("か", "か。", "か?", "か？", "？", "?")


def spoken(norms: Sequence[str]) -> Sequence[str]:
    """Drop the spaces between words: who puts them writes no other thing."""
    return norms if SPACES.isdisjoint(norms) else [norm for norm in norms if norm not in SPACES]


def token_features(norms: Sequence[str], classes: Mapping[str, str]) -> tuple[Sequence[str], ...]:
    """Name the tokens, their pairs with start and end, and pairs of word classes at distance one and two.

    In each of the four lists the entry at ``i`` belongs to token ``i``; what lies beyond the last token belongs to the end.
    """
    framed = [START, *norms, END]
    kinds = [classes.get(word, word) for word in framed]
    pairs = list(map(PAIR.join, pairwise(framed)))
    return norms, pairs, *(list(map((KIND * far).join, zip(kinds, kinds[far:], strict=False))) for far in (1, 2))


def plain_features(norms: Sequence[str]) -> list[str]:
    """Name tokens and their pairs only: what the gate looks at."""
    framed = [START, *norms, END]
    return [*norms, *map(PAIR.join, pairwise(framed))]


def letter_features(folded: str) -> tuple[list[str], list[str]]:
    """Name every two and every three letters in a row of a text without kanji: what is left when words are written in kana."""
    if _KANJI.search(folded):
        return [], []
    pairs = list(map(add, folded, folded[1:]))
    return pairs, list(map(add, pairs, folded[2:]))


def shape_features(folded: str) -> list[str]:
    """Describe the outer shape: how long, whether it asks, whether it is kana alone."""
    length = len(folded)
    shape = [f"shape:length{sum(length >= step for step in _LENGTHS)}"]
    if folded.rstrip().endswith(_ASKING):
        shape.append("shape:asks")
    if not _KANJI.search(folded):
        shape.append("shape:kana")
    return shape


def row_feature(row_id: str, *, speaks: bool) -> str:
    """Name the feature of a row that fired; a denied or finished thing is another feature than one that is there."""
    return f"row:{row_id}" if speaks else f"row:{row_id}!"
