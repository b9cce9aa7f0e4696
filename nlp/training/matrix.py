"""Turns examples into one sparse matrix whose columns can be written out again as weights of single features."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, hstack

from nlp.learned.features import KIND, PAIR, letter_features, shape_features, shape_of, token_features
from nlp.training.examples import Example
from nlp.training.vectors import Floats, WordVectors

KeysOf = Callable[[Example], Iterable[str]]
LETTER = "\x1e"
SCALES = {"token": 1.0, "pair": 0.5, "kind": 0.5, "letter": 0.3}
"""How loud each family of features speaks before its weights are learned; found by trying on held-out writers."""
LEAST = {"token": 1, "pair": 3, "kind": 3, "letter": 3}
"""A feature must stand in at least so many messages."""
_DIVISOR = 6.0
"""Brings the scaled features to about the size of one, where the strength of the penalty was chosen."""


@dataclass(slots=True)
class Space:
    """The features that a model knows: ``texts`` are weighed down by the length of the message, ``facts`` are not."""

    keys: KeysOf
    texts: dict[str, int]
    loudness: Floats
    facts: dict[str, int]
    vectors: Floats | None

    def matrix(self, examples: Sequence[Example]) -> csr_matrix:
        """One row an example: texts, facts, then the dimensions of the word vectors."""
        texts = _count(examples, self.texts, self.keys)
        lengths = np.array([1 / math.sqrt(len(example.norms) + 2) for example in examples], dtype=np.float32)
        texts = texts.multiply(lengths[:, None]).tocsr()
        parts = [texts.multiply(self.loudness[None, :]).tocsr(), _count(examples, self.facts, fact_keys)]
        if self.vectors is not None:
            parts.append(csr_matrix(texts @ self.vectors))
        return hstack(parts).tocsr()


def text_keys(example: Example, classes: Mapping[str, str]) -> Iterable[str]:
    """Name the features that are found in the text; letters are marked, since they live in a table of their own."""
    for keys in token_features(example.norms, classes):
        yield from keys
    for keys in letter_features(example.folded):
        for key in keys:
            yield LETTER + key


def fact_keys(example: Example) -> Iterable[str]:
    """Name what is true of the message as a whole."""
    yield from shape_features(shape_of(example.folded))
    yield from example.rows


def family(key: str) -> str:
    """Tell which family a key is of."""
    if key.startswith(LETTER):
        return "letter"
    if KIND in key:
        return "kind"
    return "pair" if PAIR in key else "token"


def build_space(examples: Sequence[Example], keys: KeysOf, vectors: WordVectors | None, extra: Sequence[str]) -> Space:
    """Choose the features by what the examples hold. ``extra`` are words beyond them that only the vectors know."""
    frequency = Counter(key for example in examples for key in set(keys(example)))
    words = list(dict.fromkeys([*(key for key in frequency if family(key) == "token"), *extra]))
    kept = [key for key, count in frequency.items() if family(key) != "token" and count >= LEAST[family(key)]]
    texts = {key: at for at, key in enumerate([*words, *kept])}
    rarity = np.array([math.log(len(examples) / max(0.5, frequency[key])) / _DIVISOR for key in texts], dtype=np.float32)
    loudness = rarity * np.array([SCALES[family(key)] for key in texts], dtype=np.float32)
    facts = {key: at for at, key in enumerate(dict.fromkeys(key for example in examples for key in fact_keys(example)))}
    table = None
    if vectors is not None:
        table = np.zeros((len(texts), vectors.width), dtype=np.float32)
        table[: len(words)] = vectors.rows(words) * rarity[: len(words), None]
        table /= _mean_length(examples, texts, table)
    return Space(keys, texts, loudness, facts, table)


def _mean_length(examples: Sequence[Example], texts: Mapping[str, int], table: Floats) -> float:
    """How long the sum of a message's vectors is on the average: vectors then speak about as loud as all words together."""
    counts = _count(examples, texts, lambda example: example.norms)
    lengths = np.array([1 / math.sqrt(len(example.norms) + 2) for example in examples], dtype=np.float32)
    return float(np.linalg.norm((counts @ table) * lengths[:, None], axis=1).mean())


def _count(examples: Sequence[Example], places: Mapping[str, int], keys: KeysOf) -> csr_matrix:
    rows: list[int] = []
    columns: list[int] = []
    for at, example in enumerate(examples):
        found = [places[key] for key in keys(example) if key in places]
        rows += [at] * len(found)
        columns += found
    ones = np.ones(len(rows), dtype=np.float32)
    return csr_matrix((ones, (rows, columns)), shape=(len(examples), len(places)))
