"""The features of a text. Training and reading use the same functions, so that a weight means what it was learned for."""

import re
from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise, product
from operator import add

from nlp.lexicon.scan import Hit

PAIR = "␟"
"""Joins two neighbouring tokens, as written."""
KIND = "␞"
"""Joins two neighbouring tokens by their word classes."""
START, END = "^", "$"
SPACES = frozenset([" ", "\u3000"])
_KANJI = re.compile("[一-龥]")
_LENGTHS = (6, 13, 26, 51, 101)
Shape = tuple[int, bool, bool]
SHAPES: tuple[Shape, ...] = tuple(product(range(len(_LENGTHS) + 1), (False, True), (False, True)))
"""Every shape that :func:`shape_of` can find."""
_ASKING = ("か", "か。", "か?", "か？", "？", "?")


def spoken(norms: Sequence[str]) -> Sequence[str]:
    """Drop the spaces between words: who puts them writes no other thing."""
    return norms if SPACES.isdisjoint(norms) else [norm for norm in norms if norm not in SPACES]


def token_features(norms: Sequence[str], classes: Mapping[str, str]) -> tuple[Sequence[str], list[str], list[str]]:
    """Name the tokens, their pairs with start and end, and the same pairs by word class.

    In each of the lists the entry at ``i`` belongs to token ``i``; what lies beyond the last token belongs to the end.
    """
    framed = [START, *norms, END]
    kinds = [classes.get(word, word) for word in framed]
    return norms, list(map(PAIR.join, pairwise(framed))), list(map(KIND.join, pairwise(kinds)))


def gate_features(folded: str) -> tuple[list[str], list[str]]:
    """Name every two and every three letters in a row, with start and end: what the gate looks at."""
    framed = f"{START}{folded}{END}"
    pairs = list(map(add, framed, framed[1:]))
    return pairs, list(map(add, pairs, framed[2:]))


def letter_features(folded: str) -> tuple[list[str], list[str]]:
    """Name every two and every three letters in a row of a text without kanji: what is left when words are written in kana."""
    if _KANJI.search(folded):
        return [], []
    pairs = list(map(add, folded, folded[1:]))
    return pairs, list(map(add, pairs, folded[2:]))


def shape_of(folded: str) -> Shape:
    """Describe the outer shape: how long (the step), whether it asks, whether it has no kanji."""
    return bisect(_LENGTHS, len(folded)), folded.rstrip().endswith(_ASKING), not _KANJI.search(folded)


def shape_features(shape: Shape) -> list[str]:
    """Name the features of a shape."""
    step, asks, kana = shape
    return [f"shape:length{step}", *(["shape:asks"] if asks else []), *(["shape:kana"] if kana else [])]


def row_feature(row_id: str, *, speaks: bool) -> str:
    """Name the feature of a row that fired; a denied or finished thing is another feature than one that is there."""
    return f"row:{row_id}" if speaks else f"row:{row_id}!"


def row_features(hits: Iterable[Hit]) -> list[str]:
    """Name each row that fired, once. Cues are none: the words themselves have weights."""
    return list(dict.fromkeys(row_feature(hit.row.id, speaks=hit.speaks) for hit in hits if not hit.row.is_cue)) if hits else []
