"""The rows as two automata: one over normal forms of tokens, one over folded characters. Built once with the production tokenizer."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cache
from itertools import chain

from ahocorasick_rs import AhoCorasick

from nlp.lexicon.files import LexiconError, load
from nlp.lexicon.model import Row
from nlp.repair import fold, repair
from nlp.tokens import Tokens, reading

GAP = 5
"""``…`` in a term bridges at most so many tokens, and never the end of a sentence."""
STOPS = frozenset("。！？!?\n．")
SKIPPED = frozenset(
    ["を", "が", "は", "も", "に", "へ", "とか", "なんか", "なんて", "まで", "さえ", "すら", "、", ",", " ", "\u3000", "・", "…", "御"]
)
"""Particles and marks that people drop, add and change; neither terms nor texts are compared by them."""
EDGE = "\x1f"
"""Stands between tokens, so that a term is found only at whole tokens."""
ALIGNED_KANA = 4
FREE_KANA = 6
"""A reading of at least so many kana counts when it meets token edges, or anywhere."""
_SPACES = str.maketrans("", "", " \u3000")
_ENDINGS: dict[str, tuple[tuple[str, ...], ...]] = {
    "ない": (("ない",), ("無い",), ("ます", "ず"), ("ず",), ("へん",)),
    "無い": (("無い",), ("ない",), ("有る", "ます", "ず"), ("無し",)),
    "た": (("た",), ("ます", "た"), ("て",), ("てる",), ("ちゃう",), ("て", "仕舞う")),
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """One written form of a row. ``rest`` are the parts after a gap; ``free`` needs no token edge; ``block`` cancels.

    ``needed`` are all tokens of the rest: without one of them in the text nobody need look for the parts.
    """

    row: Row
    rest: tuple[tuple[str, ...], ...] = ()
    free: bool = True
    block: bool = False
    needed: frozenset[str] = frozenset()


@dataclass(slots=True)
class Automaton:
    """Finds every pattern of its kind in one pass over a text."""

    patterns: dict[str, list[Pattern]] = field(default_factory=dict)
    _finder: AhoCorasick | None = None
    _found: list[list[Pattern]] = field(default_factory=list)
    _whole: list[list[Pattern]] = field(default_factory=list)
    _asked: list[frozenset[str]] = field(default_factory=list)
    _telling: list[bool] = field(default_factory=list)
    _cue_only: list[bool] = field(default_factory=list)

    def add(self, word: str, pattern: Pattern) -> None:
        """Let ``pattern`` be found wherever ``word`` stands."""
        same = self.patterns.setdefault(word, [])
        if pattern not in same:
            same.append(pattern)

    def close(self) -> None:
        """Build the automaton; no word can be added afterwards."""
        self._finder = AhoCorasick(self.patterns, store_patterns=False)
        self._found = list(self.patterns.values())
        self._asked = [frozenset([max(pattern.needed, key=_told) for pattern in same if pattern.needed]) for same in self._found]
        pairs = zip(self._found, self._asked, strict=True)
        self._whole = [[pattern for pattern in same if not pattern.needed] if asked else same for same, asked in pairs]
        self._telling = [any(not pattern.row.is_cue and not pattern.block for pattern in same) for same in self._found]
        self._cue_only = [all(pattern.row.is_cue for pattern in same) for same in self._found]
        self.patterns = {}

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """Return each word found, by its number, with its half-open span in ``text``; overlapping ones included."""
        return [] if self._finder is None else self._finder.find_matches_as_indexes(text, overlapping=True)

    def tells(self, words: Sequence[tuple[int, int, int]]) -> bool:
        """Whether one of the words found stands for more than a cue or a block."""
        telling = self._telling
        return True in [telling[number] for number, _, _ in words]

    def of_cues(self, words: Sequence[tuple[int, int, int]], *, only: bool) -> list[tuple[int, int, int]]:
        """Keep of the words found those that stand for cues alone, or else all others."""
        return [word for word in words if self._cue_only[word[0]] is only]

    def meant(self, number: int, present: AbstractSet[str] = frozenset()) -> Sequence[Pattern]:
        """Return the patterns that a word stands for in a text with these tokens."""
        if self._asked[number].isdisjoint(present):
            return self._whole[number]
        return [pattern for pattern in self._found[number] if pattern.needed <= present]


def _told(token: str) -> tuple[int, str]:
    """Put first what stands in fewer texts: long words."""
    return len(token), token


@dataclass(frozen=True, slots=True)
class Compiled:
    """Both automata. Treat as frozen once built."""

    tokens: Automaton
    characters: Automaton
    rows: tuple[Row, ...]


def joined(norms: Sequence[str]) -> str:
    """Write normal forms as the text that the token automaton reads."""
    return EDGE + EDGE.join(norms) + EDGE


def sequence(term: str) -> tuple[str, ...]:
    """Write a term as the normal forms that are compared."""
    return tuple(norm for norm in Tokens(repair(term).text).norms if norm not in SKIPPED)


def compile_rows(rows: Sequence[Row]) -> Compiled:
    """Build the automata of the rows. Raises :class:`LexiconError` for a word of which nothing is left to compare."""
    lexicon = Compiled(Automaton(), Automaton(), tuple(rows))
    for row in rows:
        for term in row.terms:
            _add_term(lexicon, row, term)
        for variant in row.variants:
            word = written(row, variant)
            lexicon.characters.add(word, Pattern(row, free=len(word) >= ALIGNED_KANA or not _short_sound(word)))
        for block in row.blocks:
            lexicon.characters.add(written(row, block), Pattern(row, block=True))
    lexicon.tokens.close()
    lexicon.characters.close()
    return lexicon


def _add_term(lexicon: Compiled, row: Row, term: str) -> None:
    if row.match == "surface":
        lexicon.characters.add(written(row, term), Pattern(row))
        return
    for path, rest in token_paths(row, term):
        lexicon.tokens.add(joined(path), Pattern(row, rest, needed=frozenset(chain.from_iterable(rest))))
    kana = kana_of(term)
    if kana and not row.inflection:  # Letters have no form that could be asked for.
        lexicon.characters.add(kana, Pattern(row, free=len(kana) >= FREE_KANA))


def written(row: Row, word: str) -> str:
    """Write a word as the folded characters that are compared. Spaces inside a word are not compared."""
    characters = unspaced(fold(repair(word).text))
    if not characters:
        raise _nothing_left(row, word)
    return characters


def unspaced(text: str) -> str:
    """Drop the spaces that people put between words or syllables."""
    return text.translate(_SPACES)


def _nothing_left(row: Row, word: str) -> LexiconError:
    return LexiconError(f"{row.id}: terms: {word!r} holds nothing to compare")


@cache
def kana_of(term: str) -> str:
    """Return the reading of a term in hiragana where it is long enough to be told from other words, else nothing.

    Remembered, since the automata and the guards ask for each term.
    """
    if "…" in term:
        return ""
    kana = fold(repair(reading(repair(term).text)).text)
    return kana if len(kana) >= ALIGNED_KANA and _all_hiragana(kana) else ""


def _short_sound(word: str) -> bool:
    """Whether a word is only kana or letters, so that another word may hold it by chance (DV in DVD)."""
    return _all_hiragana(word) or word.isascii()


def _all_hiragana(text: str) -> bool:
    return all("ぁ" <= character <= "ゖ" or character == "ー" for character in text)


def token_paths(row: Row, term: str) -> Iterator[tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]]:
    """Yield the token sequences of a term: its first part and the parts after gaps, with the endings that mean the same."""
    parts = [sequence(part) for part in term.split("…")]
    if not all(parts):
        raise _nothing_left(row, term)
    last = parts[-1]
    for ending in _ENDINGS.get(last[-1], ((last[-1],),)):
        whole = [*parts[:-1], (*last[:-1], *ending)]
        yield whole[0], tuple(whole[1:])


@cache
def compiled() -> Compiled:
    """Compile the project's own lexicon, once."""
    return compile_rows(load())
