"""Finds the rows that a text shows: one pass over its tokens and one over its characters, then polarity and blocks at the hits."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from nlp.lexicon.compiled import EDGE, GAP, SKIPPED, STOPS, Automaton, Compiled, compiled, joined, unspaced
from nlp.lexicon.forms import has_form
from nlp.lexicon.model import Policy, Row, Subject
from nlp.polarity import WINDOW, judge
from nlp.reading import Polarity
from nlp.repair import Repaired, fold, repair
from nlp.tokens import Tokens

SIGHT = 100
"""So many characters on each side of a hit are looked at for time and denial."""
NEAR = 25
"""A person is looked for within so many characters before a hit."""
_TOPIC = ("が", "は", "も", "って", "、")
_ASSERTED, _BLOCKED = Polarity.ASSERTED, Polarity.BLOCKED
_LOWERED = (Polarity.NEGATED, Polarity.PAST)
_LOWER, _KEEP, _ANYBODY = Policy.LOWER, Policy.KEEP, Subject.ANY
SPEAKING = frozenset(Polarity) - {*_LOWERED, _BLOCKED}
"""How a thing can be held and still be there."""


_STOP = re.compile(f"[{''.join(STOPS)}]")


class Hit(NamedTuple):
    """A row found at a span of the repaired text."""

    row: Row
    start: int
    end: int
    polarity: Polarity = _ASSERTED

    @property
    def speaks(self) -> bool:
        """Whether the text says that the thing is there."""
        return self.polarity in SPEAKING

    def held(self, polarity: Polarity) -> "Hit":
        """Return the same hit under another polarity."""
        return Hit(self.row, self.start, self.end, polarity)


@dataclass(frozen=True, slots=True)
class Scan:
    """A repaired text with all that was found in it, in order of appearance."""

    repaired: Repaired
    folded: str
    tokens: Tokens
    hits: tuple[Hit, ...]


def scan(text: str, lexicon: Compiled | None = None) -> Scan:
    """All hits of ``text``. Never raises for any string."""
    repaired = repair(text)
    tokens = Tokens(repaired.text)
    folded = fold(repaired.text)
    return Scan(repaired, folded, tokens, find_hits(tokens, folded, lexicon or compiled()))


class Glance(NamedTuple):
    """The words of the lexicon that a text holds, by number, before anything is asked about them."""

    kept: list[str]
    joined: str
    token_words: list[tuple[int, int, int]]
    letter_words: list[tuple[int, int, int]]
    compact: str


def glance(norms: Sequence[str], folded: str, lexicon: Compiled) -> Glance:
    """Look once over the tokens and once over the letters."""
    kept = [norm for norm in norms if norm not in SKIPPED]
    compact = folded if " " not in folded and "\u3000" not in folded else unspaced(folded)
    line = joined(kept)
    return Glance(kept, line, lexicon.tokens.find(line), lexicon.characters.find(compact), compact)


def find_hits(tokens: Tokens, folded: str, lexicon: Compiled, seen: Glance | None = None) -> tuple[Hit, ...]:
    """All hits of a tokenised text, each with its polarity."""
    return _held(_found(tokens, folded, lexicon, seen or glance(tokens.norms, folded, lexicon)), tokens, folded)


def telling_hits(tokens: Tokens, folded: str, lexicon: Compiled) -> tuple[Hit, ...]:
    """All hits of a tokenised text that can decide anything: cues, which decide nothing alone, only where another row asks for them."""
    seen = glance(tokens.norms, folded, lexicon)
    words, letters = lexicon.tokens, lexicon.characters
    if not words.tells(seen.token_words) and not letters.tells(seen.letter_words):
        return ()
    telling = seen._replace(
        token_words=words.of_cues(seen.token_words, only=False), letter_words=letters.of_cues(seen.letter_words, only=False)
    )
    first = _found(tokens, folded, lexicon, telling)
    found = [hit for hit in first if not hit.row.is_cue]
    if True in [hit.row.asks for hit in found]:
        cues = seen._replace(
            token_words=words.of_cues(seen.token_words, only=True), letter_words=letters.of_cues(seen.letter_words, only=True)
        )
        found = [*first, *_found(tokens, folded, lexicon, cues)]
    return _held(found, tokens, folded)


def _found(tokens: Tokens, folded: str, lexicon: Compiled, seen: Glance) -> list[Hit]:
    return [*_token_hits(tokens, seen, lexicon.tokens), *_written_hits(tokens, folded, seen, lexicon.characters)]


def _held(found: list[Hit], tokens: Tokens, folded: str) -> tuple[Hit, ...]:
    """Keep of what was found the longest, and tell how each is held."""
    if not found:
        return ()
    stops = [stop.start() for stop in _STOP.finditer(folded)]
    places: dict[tuple[int, int], Polarity] = {}  # Several rows may stand in one place, and are held alike.
    hits = tuple([_judged(hit, tokens, folded, stops, places) for hit in _longest(found)])
    about_somebody = [hit for hit in hits if hit.row.subject is not _ANYBODY]
    return tuple([_placed(hit, hits, folded) for hit in hits]) if about_somebody else hits


def _token_hits(tokens: Tokens, seen: Glance, automaton: Automaton) -> Iterator[Hit]:
    if not seen.token_words:
        return
    text = seen.joined
    present = frozenset(seen.kept)
    places = tokens.words(SKIPPED)
    for number, begin, finish in seen.token_words:
        first = text.count(EDGE, 0, begin)
        after = first + text.count(EDGE, begin + 1, finish)
        for pattern in automaton.meant(number, present):
            last = _after_gaps(seen.kept, after, pattern.rest)
            if last is not None and (not pattern.row.inflection or has_form(tokens, places[last - 1], pattern.row.inflection)):
                start, end = tokens.span(places[first], places[last - 1] + 1)
                if start < end:  # A sign that stands for several words (㍿) has tokens without a place of their own.
                    yield Hit(pattern.row, start, end)


def _after_gaps(kept: list[str], at: int, parts: tuple[tuple[str, ...], ...]) -> int | None:
    """Return the token after all ``parts``, each found within the gap; None when one is missing."""
    for part in parts:
        for begin in range(at, min(at + GAP + 1, len(kept))):
            if kept[begin] in STOPS:
                return None
            if tuple(kept[begin : begin + len(part)]) == part:
                at = begin + len(part)
                break
        else:
            return None
    return at


def _written_hits(tokens: Tokens, folded: str, seen: Glance, automaton: Automaton) -> Iterator[Hit]:
    places = None if seen.compact is folded else [at for at, letter in enumerate(folded) if letter not in " \u3000"]
    for number, begin, finish in seen.letter_words:
        start, end = (begin, finish) if places is None else (places[begin], places[finish - 1] + 1)
        for pattern in automaton.meant(number):
            if pattern.block:
                yield Hit(pattern.row, start, end, _BLOCKED)
            elif pattern.free or _on_edges(tokens, start, end):
                yield Hit(pattern.row, start, end)


def _on_edges(tokens: Tokens, start: int, end: int) -> bool:
    begins = tokens.begins
    return begins[bisect_left(begins, start)] == start and begins[bisect_left(begins, end)] == end


def _longest(hits: list[Hit]) -> list[Hit]:
    """Keep of one row's overlapping hits the first and longest; those that touch a block of their row are marked, the blocks go."""
    blocks: dict[str, list[Hit]] = {}
    for hit in hits:
        if hit.polarity is _BLOCKED:
            blocks.setdefault(hit.row.id, []).append(hit)
    if len(hits) > 1:
        hits.sort(key=_place)
    reached: dict[str, int] = {}
    kept: list[Hit] = []
    for hit in hits:
        row = hit.row.id
        if hit.polarity is _BLOCKED or hit.start < reached.get(row, 0):
            continue
        reached[row] = hit.end
        blocked = row in blocks and any(_overlap(block, hit) for block in blocks[row])
        kept.append(hit.held(_BLOCKED) if blocked else hit)
    return kept


def _place(hit: Hit) -> tuple[int, int]:
    return hit.start, -hit.end


def _overlap(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end


def _judged(hit: Hit, tokens: Tokens, folded: str, stops: Sequence[int], places: dict[tuple[int, int], Polarity]) -> Hit:
    """Give the hit its polarity. ``places`` are the spans that were looked at before."""
    if hit.polarity is _BLOCKED:
        return hit
    place = hit.start, hit.end
    polarity = places.get(place)
    if polarity is None:
        polarity = places[place] = _held_at(hit, tokens, folded, stops)
    if polarity is _ASSERTED:
        return hit
    if polarity in _LOWERED and hit.row.polarity is not _LOWER:
        return hit if hit.row.polarity is _KEEP else hit.held(_BLOCKED)
    return hit.held(polarity)


def _held_at(hit: Hit, tokens: Tokens, folded: str, stops: Sequence[int]) -> Polarity:
    """Tell how the text holds what stands at a hit. ``stops`` are the places where a sentence of the text ends."""
    first = bisect_left(tokens.begins, hit.end)
    right = tokens.norms[first : first + WINDOW]
    if not STOPS.isdisjoint(right):
        right = right[: next(at for at, norm in enumerate(right) if norm in STOPS)]
    start, end = _sentence(folded, hit.start, hit.end, stops)
    return judge(right, folded[start : hit.start], folded[hit.end : end])


def _placed(hit: Hit, hits: Sequence[Hit], folded: str) -> Hit:
    """Silence a hit that is about somebody else than its row: the nearest person named before it decides."""
    if hit.row.subject is _ANYBODY or hit.polarity is _BLOCKED:
        return hit
    people = [person for person in hits if person.speaks and hit.start - NEAR <= person.end <= hit.start and person.row.person is not None]
    named = [person for person in people if _is_subject(folded[person.end : hit.start], folded[person.end - 1])]
    nearest = max(named, key=lambda person: person.end, default=None)
    return hit if nearest is None or nearest.row.person is hit.row.subject else hit.held(_BLOCKED)


def _is_subject(between: str, last: str) -> bool:
    """Whether a person is what the words after it are about: 「父が」「母は」, in the same sentence, or right before them."""
    return not STOPS.intersection(between) and (not between or between.startswith(_TOPIC) or last in _TOPIC)


def _sentence(text: str, start: int, end: int, stops: Sequence[int]) -> tuple[int, int]:
    """Bound the sentence around a span, with those after it up to another sign of end: 「殴られてた。もう別れて半年」 is one thought."""
    first = max(0, start - SIGHT)
    last = min(len(text), end + SIGHT)
    if not stops:
        return first, last
    before, after = bisect_left(stops, start), bisect_left(stops, end)
    if before:
        first = max(first, stops[before - 1] + 1)
    other = next((at for at in stops[after + 1 :] if text[at] != text[stops[after]]), last)
    return first, min(other, last)
