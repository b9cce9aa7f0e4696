"""The tokenizer: SudachiPy mode A over the core dictionary, one tokenizer per thread, one dictionary for all."""

import threading
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cache

from sudachipy import Dictionary, Morpheme, MorphemeList, SplitMode
from sudachipy.errors import SudachiError
from sudachipy.sudachipy import Tokenizer

BYTE_LIMIT = 49_149
"""Sudachi refuses a longer input."""
_WIDEST = 4
"""A character has at most so many bytes."""

_local = threading.local()


@cache
def dictionary() -> Dictionary:
    """Map the system dictionary into memory, once per process."""
    return Dictionary(dict="core")


def _tokenizer() -> Tokenizer:
    found: Tokenizer | None = getattr(_local, "tokenizer", None)
    if found is None:
        found = _local.tokenizer = dictionary().tokenizer(mode=SplitMode.A, fields={"normalized_form", "pos"})
    return found


def fresh_tokenizer() -> None:
    """Let this thread read on with a new tokenizer. That of a load has its lists of words strewn among all that was loaded."""
    _local.tokenizer = None


class Tokens:
    """The normal forms of a text. Offsets are looked up only when somebody asks."""

    __slots__ = ("_begins", "_morphemes", "norms", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._morphemes: Sequence[Morpheme] = tuple(_tokenize(text) or ())
        self.norms: list[str] = list(map(Morpheme.normalized_form, self._morphemes))
        self._begins: list[int] | None = None

    @property
    def begins(self) -> list[int]:
        """The offset of each token, and after them the length of the text."""
        if self._begins is None:
            self._begins = [*map(Morpheme.begin, self._morphemes), len(self.text)]
        return self._begins

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return the offsets of tokens ``first`` up to, not including, ``last``."""
        return self.begins[first], self.begins[last]

    def words(self, left_out: AbstractSet[str]) -> Sequence[int]:
        """Return the numbers of all tokens but those whose normal form is left out."""
        if left_out.isdisjoint(self.norms):
            return range(len(self.norms))
        return [at for at, norm in enumerate(self.norms) if norm not in left_out]

    def part_of_speech(self, at: int) -> tuple[str, ...]:
        """Return word class, its kinds, and type and form of inflection of token ``at``; empty past the end."""
        return tuple(self._morphemes[at].part_of_speech()) if at < len(self._morphemes) else ()


def _tokenize(text: str) -> MorphemeList | None:
    """None when the tokenizer refuses the text (compatibility signs may grow past its limit): then only the surface is read."""
    if len(text) * _WIDEST > BYTE_LIMIT and len(text.encode("utf-8")) > BYTE_LIMIT:
        return None
    try:
        return _tokenizer().tokenize(text)
    except SudachiError:
        return None


@cache
def _reader() -> Tokenizer:
    return dictionary().tokenizer(mode=SplitMode.A)


def reading(text: str) -> str:
    """Return the reading of a lexicon term in katakana; for compiling on one thread, not for messages."""
    return "".join(morpheme.reading_form() for morpheme in _reader().tokenize(text))
