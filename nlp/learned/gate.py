"""The gate: whether a text holds more than small talk, asked of its letters alone, before any tokenizer is woken.

One automaton finds every two and three letters that have a weight, and the words that the rows guard.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import add, mul
from pathlib import Path

from ahocorasick_rs import AhoCorasick

from nlp.learned.features import END, START
from nlp.learned.table import UNIT, Table, read_rows
from nlp.lexicon.compiled import unspaced
from nlp.lexicon.guard import Guards, Parts
from nlp.reading import Intent

LIGHT = (Intent.OTHER, Intent.GREETING, Intent.THANKS, Intent.ACCEPT, Intent.DECLINE)
"""The intents of a message that asks nobody to do anything."""
TOPICS: tuple[tuple[str, ...], ...] = (
    ("money_living", "rent_loan", "tax_utility", "debt", "food"),
    ("housing", "living_env"),
    ("job_seek", "job_trouble"),
    ("health", "risk:medical"),
    ("mental",),
    ("disability", "development"),
    ("care", "dementia_rights"),
    ("pregnancy", "parenting"),
    ("school", "young_carer"),
    ("family", "single_parent"),
    ("dv", "abuse", "risk:violence", "risk:abuse"),
    ("hikikomori", "isolation"),
    ("consumer", "admin_other"),
    ("level:watch",),
    ("level:urgent",),
    ("intent:ask_window", "intent:talk_to_human", "intent:report"),
    ("intent:stop", "intent:erase", "intent:wrong_window", "intent:complaint"),
    ("intent:disclose",),
)
"""What a text that is no small talk may be about, as far as letters tell it apart: each by its labels, of which one is enough."""
LONGEST = 80
"""A longer text is read on in any case, and its sums would not fit their bits."""
SPREAD = 4
"""Added to the length of a text before its root divides the sums, so that one loud pair does not decide a short text."""
BARE = 8
"""So short a text is guarded as one word: it may be a yes, a no or a stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Below ``small`` a text is small talk; from ``more`` on it is not. Between them its likeliest topic is added.

    With that it must stay below ``both``. Scores in logits, as the gate sums them up.
    """

    small: float
    more: float
    both: float


class Gate:
    """Weights of two and three letters in a row, and guarded words. Immutable once loaded."""

    __slots__ = (
        "_about",
        "_always",
        "_bare",
        "_bare_from",
        "_bias",
        "_far",
        "_finder",
        "_first",
        "_guarded_from",
        "_kinds",
        "_lead",
        "_light",
        "_limits",
        "_serious",
        "_small",
        "_topic_bias",
        "_topics",
    )

    def __init__(self, folder: Path, bias: Sequence[float], limits: Limits, guards: Guards) -> None:
        """``bias`` holds that of the first question, then one for each kind of small talk, then one for each topic."""
        serious, light, topics = (dict(read_rows(folder / f"{name}.tsv")) for name in ("gate", "light", "topics"))
        always, bare = _by_longest(guards.always), _by_longest(guards.bare)
        letters = [key for key in serious | light | topics if key not in always and key not in bare]
        words = [*letters, *(word for word in bare if word not in always), *always]
        self._finder = AhoCorasick(words, store_patterns=False)
        self._bare_from, self._guarded_from = len(letters), len(words) - len(always)
        self._serious = [serious.get(word, 0) for word in words]
        self._light = [light.get(word, 0) for word in words]
        self._always = [always.get(word, ()) for word in words]
        self._bare = [bare.get(word, ()) for word in words]
        self._kinds = Table(len(LIGHT), {})
        self._topics = [topics.get(word, 0) for word in words]
        self._about = Table(len(TOPICS), {})
        self._first, *rest = bias
        self._bias = tuple(rest[: len(LIGHT)])
        self._lead = [_lead(self._kinds.unpack(packed)) for packed in self._light]
        self._far = _lead(self._bias) / UNIT
        self._topic_bias = tuple(rest[len(LIGHT) :])
        self._limits = limits
        self._small = (limits.small - self._first) / UNIT

    def light_intent(self, folded: str) -> Intent | None:
        """Return the intent of plain small talk; None when the text may hold more, or a guarded word, and whenever in doubt."""
        if " " in folded or "\u3000" in folded:
            folded = unspaced(folded)
        length = len(folded)
        if length > LONGEST:
            return None
        numbers = [found[0] for found in self._finder.find_matches_as_indexes(f"{START}{folded}{END}", overlapping=True)]
        spread = math.sqrt(length + SPREAD)
        total = sum(map(self._serious.__getitem__, numbers))
        if total >= self._small * spread and not self._is_about_nothing(numbers, self._first + total * UNIT / spread, spread):
            return None
        bare = length <= BARE
        if max(numbers, default=0) >= (self._bare_from if bare else self._guarded_from) and self._is_guarded(numbers, folded):
            return None
        # No row guards it, so a bare text is no known yes or thanks. Of the others few can be more than talk, even at best.
        if bare or sum(map(self._lead.__getitem__, numbers)) + self._far * spread < 0:
            return Intent.OTHER
        return self._kind(numbers, spread)

    def _is_about_nothing(self, numbers: Sequence[int], score: float, spread: float) -> bool:
        """Look at a text once more that may be small talk: whether it is about none of the topics."""
        if score >= self._limits.more:
            return False
        sums = self._about.unpack(sum(map(self._topics.__getitem__, numbers)))
        likeliest: float = max(map(add, self._topic_bias, map(mul, sums, repeat(UNIT / spread))))
        return score + likeliest < self._limits.both

    def _kind(self, numbers: Sequence[int], spread: float) -> Intent:
        weights = self._kinds.unpack(sum(map(self._light.__getitem__, numbers)))
        kinds = [start + weight * UNIT / spread for start, weight in zip(self._bias, weights, strict=True)]
        return LIGHT[kinds.index(max(kinds))]

    def _is_guarded(self, numbers: Sequence[int], folded: str) -> bool:
        """Whether all parts of a guarded word stand in the text."""
        rests = [rest for number in numbers for rest in self._always[number]]
        if len(folded) <= BARE:
            rests += [rest for number in numbers for rest in self._bare[number]]
        return any(all(part in folded for part in rest) for rest in rests)


def _lead(weights: Sequence[float]) -> float:
    """Tell by how much the best kind of small talk leads over plain talk, the first of :data:`LIGHT`."""
    return max(weights[1:]) - weights[0]


def _by_longest(words: Iterable[Parts]) -> dict[str, list[Parts]]:
    """Sort words by their longest part; the others are looked for where it stands."""
    found: dict[str, list[Parts]] = {}
    for word in words:
        longest = max(word, key=len)
        found.setdefault(longest, []).append(tuple(part for part in word if part is not longest))
    return found
