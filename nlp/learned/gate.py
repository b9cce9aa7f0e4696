"""The gate: whether a text holds more than small talk, asked of its letters before any tokenizer is woken, then of its words.

One automaton finds every two and three letters that have a weight, and the words that the rows guard. Where letters leave a
doubt, the words of the text are asked too, one number each, before rows and labels are looked for.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from nlp.learned.features import END, START, spoken
from nlp.learned.table import UNIT, Table, read_lines, read_rows
from nlp.lexicon.compiled import unspaced
from nlp.lexicon.guard import Guards, Watch
from nlp.personal.people import telling_names
from nlp.reading import Intent
from nlp.repair import fold

LIGHT = (Intent.OTHER, Intent.GREETING, Intent.THANKS, Intent.ACCEPT, Intent.DECLINE)
"""The intents of a message that asks nobody to do anything."""
LONGEST = 80
"""A longer text is read on in any case, and its sums would not fit their bits."""
SPREAD = 4
"""Added to the length of a text before its root divides the sums, so that one loud pair does not decide a short text."""
BARE = 8
"""So short a text is guarded as one word: it may be a yes, a no or a stop."""
LETTERS = 0.6
"""So much of what the letters say counts beside the words."""
WORDS = 2
"""Added to the number of words before its root divides their sum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Below ``small`` a text is small talk by its letters, below ``words`` by words and letters together.

    In logits, as the gate sums them up.
    """

    small: float
    words: float


class Look(NamedTuple):
    """What the letters say: the intent of plain small talk, or what is left to ask the words; nothing where they may not end it."""

    intent: Intent | None = None
    found: Sequence[str] = ()
    spread: float = 0.0
    score: float = math.inf
    named: bool = True
    """Whether a listed name may stand in the text."""


_AWAKE = Look()
_ENDED = {named: {intent: Look(intent, named=named) for intent in LIGHT} for named in (False, True)}
_PLAIN = _ENDED[False][Intent.OTHER]
_LEAD, _BARE, _ALWAYS, _NAME = 20, 40, 50, 56
"""Where the parts of a sum begin: how serious; how far from plain talk at best; how many words are guarded, in a bare text and always.

Last, how many are listed names.
"""
_HALF = 1 << _LEAD - 1
_SIGNS = _HALF | _HALF << _LEAD
_PART = (1 << _LEAD) - 1
_GUARDED = 1 << _BARE


class _Sums(dict[str, int]):
    """What letters and words add to the sum. Rare words that are only guarded, or names, are left out, so that it stays small."""

    def __missing__(self, word: str) -> int:
        return (1 << _ALWAYS) + ((word in _listed_names()) << _NAME)


@cache
def _listed_names() -> frozenset[str]:
    """Give the listed names that are worth a look wherever they stand, as the gate sees them."""
    return frozenset(map(fold, telling_names()))


class Gate:
    """Weights of two and three letters in a row, of words, and guarded words. Immutable once loaded."""

    __slots__ = (
        "_always",
        "_bare",
        "_bars",
        "_bias",
        "_calm",
        "_calm_bias",
        "_far",
        "_find",
        "_first",
        "_kinds",
        "_limits",
        "_sums",
    )

    def __init__(self, folder: Path, bias: Sequence[float], limits: Limits, guards: Guards) -> None:
        """``bias`` holds that of the first question, one for each kind of small talk, and that of the words."""
        serious, light = (dict(read_rows(folder / f"{name}.tsv")) for name in ("gate", "light"))
        self._always, self._bare = Watch(guards.always), Watch(guards.bare)
        self._kinds = Table(len(LIGHT), light)
        weighed = dict.fromkeys([*serious, *light, *self._bare.parts])
        words = list(dict.fromkeys([*weighed, *self._always.parts, *sorted(_listed_names())]))
        self._find = AhoCorasick(words, store_patterns=True).find_matches_as_strings
        leads = {word: int(_lead(self._kinds.unpack(packed))) for word, packed in light.items()}
        shared: dict[int, int] = {}  # Equal sums are one number, so that those of a text are near at hand.
        sums = (
            serious.get(word, 0)
            + (leads.get(word, 0) << _LEAD)
            + ((word in self._bare.parts) << _BARE)
            + ((word in self._always.parts) << _ALWAYS)
            + ((word in _listed_names()) << _NAME)
            for word in weighed
        )
        self._sums = _Sums((word, shared.setdefault(total, total)) for word, total in zip(weighed, sums, strict=True))
        self._first, *kinds, self._calm_bias = bias
        self._bias = tuple(kinds)
        self._far = _lead(self._bias) / UNIT
        self._calm = {word: int(weight) for word, weight in read_lines(folder / "calm.tsv")}
        self._limits = limits
        self._bars = [self._bars_of(length) for length in range(LONGEST + 1)]

    def _bars_of(self, length: int) -> tuple[int, int]:
        """Tell below which sums of its letters a text of so many is plain talk at first sight: how serious, how far from plain."""
        spread = math.sqrt(length + SPREAD)
        serious = math.ceil((self._limits.small - self._first) / UNIT * spread)
        far = math.ceil(-self._far * spread) if length > BARE else _HALF
        return serious + _HALF, far + _HALF

    def look(self, folded: str) -> Look:
        """Return the intent of plain small talk; none when the text may hold more, or a guarded word, and whenever in doubt."""
        if " " in folded or "\u3000" in folded:
            folded = unspaced(folded)
        length = len(folded)
        if length > LONGEST:
            return _AWAKE
        found = self._find(f"{START}{folded}{END}", overlapping=True)
        total = sum(map(self._sums.__getitem__, found), _SIGNS)
        serious, far = self._bars[length]
        if total < _GUARDED and total & _PART < serious and total >> _LEAD < far:
            return _PLAIN
        return self._look_on(folded, found, total)

    def _look_on(self, folded: str, found: Sequence[str], total: int) -> Look:
        """Look closer at a text that is not plain at the first sight of its letters."""
        named = total >> _NAME > 0
        if (guarded := total >> _BARE) and self._is_guarded(guarded, found, folded):
            return _AWAKE
        spread = math.sqrt(len(folded) + SPREAD)
        score = self._first + ((total & _PART) - _HALF) * UNIT / spread
        if score >= self._limits.small:
            return Look(None, found, spread, score, named)
        # No row guards it, so a bare text is no known yes or thanks.
        if len(folded) <= BARE or (total >> _LEAD & _PART) - _HALF + self._far * spread < 0:
            return _ENDED[named][Intent.OTHER]
        return _ENDED[named][self._kind(found, spread)]

    def settle(self, look: Look, norms: Sequence[str]) -> Intent | None:
        """Ask the words of a text that its letters left open. Returns the intent of plain small talk, else None."""
        if not look.spread:
            return None
        norms = spoken(norms)
        calm = self._calm_bias + sum(map(self._calm.get, norms, repeat(0))) * UNIT / math.sqrt(len(norms) + WORDS)
        return self._kind(look.found, look.spread) if calm + LETTERS * look.score < self._limits.words else None

    def _kind(self, found: Sequence[str], spread: float) -> Intent:
        weights = self._kinds.unpack(self._kinds.total(found))
        kinds = [start + weight * UNIT / spread for start, weight in zip(self._bias, weights, strict=True)]
        return LIGHT[kinds.index(max(kinds))]

    def _is_guarded(self, guarded: int, found: Sequence[str], folded: str) -> bool:
        """Whether a guarded word stands in the text; ``guarded`` counts the parts of some, those of bare texts in the low bits."""
        if len(folded) <= BARE and self._bare.wakes(found, folded):
            return True
        return guarded >> _ALWAYS - _BARE > 0 and self._always.wakes(found, folded)


def _lead(weights: Sequence[float]) -> float:
    """Tell by how much the best kind of small talk leads over plain talk, the first of :data:`LIGHT`."""
    return max(weights[1:]) - weights[0]
