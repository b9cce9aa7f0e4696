"""Guarded words: those of danger as they are written, and of rows that the weights have never seen. No gate closes before them.

Compared are letters, since the tokenizer sleeps until a text has passed the gate; so a word counts by the part of it that no
inflection changes. A guard may wake the reader for nothing. It decides no label.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from nlp.lexicon.compiled import ALIGNED_KANA, kana_of, written
from nlp.lexicon.model import Row
from nlp.reading import Risk
from nlp.repair import fold, repair
from nlp.tokens import Tokens

_CHANGING = "いうくぐすつぬぶむるたてだでな"
"""What a word may end in that inflects."""
_INFLECTED = frozenset(["動詞", "形容詞", "助動詞", "形状詞"])
"""The word classes that inflect: 蹴る, but not 徘徊 and 学童, which end in the same letters when written in kana."""
_MEANT = {
    "dv": re.compile("dv(?!d)"),
    "けられ": re.compile("(?<![かつうさすずづよ受続助避掛開明届設授分預負向背架付])けられ"),
    "しんで": re.compile("(?<![楽親])(?<!たの)しんで"),
    "だまされ": re.compile("だまされ(?!たと(?:思|おも)って)"),
    "消えた": re.compile("消えた[いくかさすみぃ]"),
}
"""How a guarded word stands where it is meant: in everyday talk its letters stand in other words too (受けられる, 火が消えた)."""
_COMMON = frozenset(
    (
        *("お母さん", "お父さん", "お風呂", "しない", "しまう", "できる", "まま", "今から", "使える", "子ども", "急に", "明日は"),
        *("ありがと", "母が", "父が", "見られ", "親に", "赤ちゃん", "食べる", "ほーむ", "すとー", "しーと", "おかわり"),
    )
)
"""Parts that stand in many texts: the other part of the word is looked for, however short it is."""
Parts = tuple[str, ...]
"""The written parts of a word, all of which must stand in a text."""


@dataclass(frozen=True, slots=True)
class Guards:
    """Words that are guarded always, and those only where they are the whole message, as 「はい」 or 「やめます」."""

    always: tuple[Parts, ...]
    bare: tuple[Parts, ...]


class Watch:
    """Looks for guarded words, each by its most telling part (``parts``); the others are asked for where it stands."""

    __slots__ = ("_rests", "parts")

    def __init__(self, words: Iterable[Parts]) -> None:
        self._rests: dict[str, list[Parts]] = {}
        for word in words:
            telling = max(word, key=_telling)
            self._rests.setdefault(telling, []).append(tuple(part for part in word if part is not telling))
        self.parts = self._rests.keys()

    def wakes(self, found: Iterable[str], folded: str) -> bool:
        """Whether a word stands in a text with all its parts; ``found`` are the parts that were found in it."""
        guarded = [(part, rest) for part in found for rest in self._rests.get(part, ())]
        return any(_is_meant(part, folded) and all(other in folded for other in rest) for part, rest in guarded)


def _telling(part: str) -> tuple[bool, int]:
    return part not in _COMMON, len(part)


def _is_meant(part: str, folded: str) -> bool:
    """Whether a part stands in a text not only as letters of a harmless word."""
    pattern = _MEANT.get(part)
    return pattern is None or pattern.search(folded) is not None


def guards_of(rows: Sequence[Row], is_new: Callable[[Row], bool]) -> Guards:
    """Guard the words of danger, those of concerns in kana, and each word of a new row by its most telling part."""
    danger = [word for row in rows if row.level.rank >= Risk.URGENT.rank for word in (*_words(row), *_examples(row))]
    plain = [word for row in rows if row.concerns and row.strength == "decided" for word in _sounds(row)]
    new = [word for row in rows if is_new(row) for word in (*_words(row), *_stems(row))]
    return Guards(tuple(_needed([*danger, *plain, *new])), tuple(word for row in rows if row.of("intent") for word in _words(row)))


def _needed(words: Iterable[Parts]) -> Iterator[Parts]:
    """Leave out each word that holds a shorter one, which wakes the reader first."""
    different = list(dict.fromkeys(words))
    shorter = AhoCorasick([word[0] for word in different if len(word) == 1 and word[0] not in _MEANT], store_patterns=False)
    for word in different:
        found = (span for part in word for span in shorter.find_matches_as_indexes(part, overlapping=True))
        if not any(len(word) > 1 or end - start < len(word[0]) for _, start, end in found):
            yield word


def _words(row: Row) -> Iterator[Parts]:
    """Write every term and variant as the letters that stay."""
    for term in row.terms:
        yield tuple(_lasting(written(row, part)) for part in term.split("…"))
        yield from _sound(row, term)
    for variant in row.variants:
        yield (_lasting(written(row, variant)),)


def _sounds(row: Row) -> Iterator[Parts]:
    """Write the terms in kana: who has no kanji writes few words, and each of them counts."""
    for term in row.terms:
        yield from _sound(row, term)


def _sound(row: Row, term: str) -> Iterator[Parts]:
    if row.match == "token" and (kana := kana_of(term)):
        yield (_lasting(kana) if _inflects(term) else kana,)


def _inflects(term: str) -> bool:
    tokens = Tokens(repair(term).text)
    return not _INFLECTED.isdisjoint(tokens.part_of_speech(len(tokens.norms) - 1)[:1])


def _examples(row: Row) -> Iterator[Parts]:
    """Write what must be found as it stands: inflected, and in letters that no term has."""
    for example in row.positive:
        yield (_lasting(written(row, example)),)


def _lasting(word: str) -> str:
    return word[:-1] if len(word) >= ALIGNED_KANA and word[-1] in _CHANGING else word


def _stems(row: Row) -> Iterator[Parts]:
    """Write every term by its longest token without the letters that inflection changes."""
    for term in row.terms if row.match == "token" else ():
        tokens = Tokens(repair(term).text)
        stems = [_common(fold(tokens.text[slice(*tokens.span(at, at + 1))]), fold(norm)) for at, norm in enumerate(tokens.norms)]
        longest = max(stems, key=len, default="")
        if longest:
            yield (longest,)


def _common(one: str, other: str) -> str:
    """Return the letters that both words begin with."""
    same = next((at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), min(len(one), len(other)))
    return one[:same]
