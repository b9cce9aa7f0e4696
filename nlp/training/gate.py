"""Fits the gate that ends the reading of small talk: linear models over letters and over words, their limits chosen on held-out writers."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from ahocorasick_rs import AhoCorasick
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from nlp.learned.features import gate_features
from nlp.learned.gate import LETTERS, LIGHT, LONGEST, SPREAD
from nlp.lexicon.compiled import compiled, unspaced
from nlp.lexicon.guard import Watch, guards_of
from nlp.reading import Risk
from nlp.training.choices import LEAST
from nlp.training.examples import Example, groups
from nlp.training.export import FittedGate, entries, text_weights, write_rows
from nlp.training.fit import PLAIN_WEIGHT, PLAIN_WRITERS, Linear
from nlp.training.limits import limits
from nlp.training.matrix import Space, build_space
from nlp.training.vectors import WordVectors

FOLDS = 3
STRENGTH, WORD_STRENGTH = 16.0, 8.0
"""The inverse of the penalty over letters and over words, chosen on held-out writers."""
LEAST_SEEN = 3
"""Letters must stand together in at least so many messages."""
LEAST_WEIGHT = 1.0
"""Smaller weights of the first question are dropped: one in eight is left, and the gate closes as often."""
LEAST_LIGHT = 16
"""Sixteenths of a logit below which a weight for the kind of small talk is dropped."""
DANGER_WEIGHT = 4.0
"""So much louder than others a message of danger teaches the gate, of which the fewest may be lost: more everyday talk can be ended."""


@dataclass(frozen=True, slots=True)
class Found:
    """Which messages of writers that were held out the weights read rightly: at least one concern, and danger."""

    concern: NDArray[np.bool_]
    danger: NDArray[np.bool_]


def train_gate(examples: Sequence[Example], rows: Sequence[Example], out: Path, found: Found, vectors: WordVectors | None) -> FittedGate:
    """Write the gate's tables to ``out``; returns its biases and limits.

    ``rows`` are the lexicon's own examples: they teach, and nothing is measured on them.
    """
    scores = np.zeros((len(examples), 2))
    for seen, unseen in GroupKFold(FOLDS).split(examples, groups=groups(examples)):
        known, others = [*(examples[at] for at in seen), *rows], [examples[at] for at in unseen]
        places = _places(known)
        matrix, looked = _matrix(known, places), _matrix(others, places)
        letters = _serious(matrix, known).scores(looked)[:, 0]
        space, calm = _calm(known, vectors, [])
        words = calm.scores(space.matrix(others))[:, 0]
        scores[unseen] = np.column_stack([letters, words + LETTERS * letters])
    scores[_kept_open(examples)] = np.inf
    taught = [*examples, *rows]
    places = _places(taught)
    matrix = _matrix(taught, places)
    parts = _serious(matrix, taught), _kinds(matrix, taught)
    for name, part, least in zip(("gate", "light"), parts, (LEAST, LEAST_LIGHT), strict=True):
        write_rows(out / f"{name}.tsv", entries(places, part.weights, least))
    space, calm = _calm(taught, vectors, vectors.common_words if vectors is not None else [])
    write_rows(out / "calm.tsv", ((word, value.removeprefix("0:")) for word, value in entries(space.texts, text_weights(space, calm))))
    return FittedGate(
        np.concatenate([part.bias for part in (*parts, calm)]),
        limits(scores.tolist(), found.concern.tolist(), found.danger.tolist()),
    )


def _kept_open(examples: Sequence[Example]) -> NDArray[np.bool_]:
    """Tell which messages the gate never ends: long ones, and those with a guarded word."""
    watch = Watch(guards_of(compiled().rows, lambda _: False).always)
    finder = AhoCorasick(list(watch.parts), store_patterns=True)
    texts = [unspaced(example.folded) for example in examples]
    return np.array([len(text) > LONGEST or watch.wakes(finder.find_matches_as_strings(text, overlapping=True), text) for text in texts])


def _calm(examples: Sequence[Example], vectors: WordVectors | None, extra: Sequence[str]) -> tuple[Space, Linear]:
    """Fit the same question over words, each alone, with what the vectors know of them."""
    space = replace(build_space(examples, _words, vectors, extra), facts={})
    return space, _logistic(space.matrix(examples), _is_more(examples), _alert(examples), WORD_STRENGTH)


def _words(example: Example) -> Sequence[str]:
    return example.norms


def _is_more(examples: Sequence[Example]) -> NDArray[np.bool_]:
    return np.array([not example.is_light for example in examples])


def _keys(example: Example) -> list[str]:
    pairs, triples = gate_features(example.folded)
    return [*pairs, *triples]


def _places(examples: Sequence[Example]) -> dict[str, int]:
    seen = Counter(key for example in examples for key in set(_keys(example)))
    return {key: at for at, key in enumerate(key for key, count in seen.items() if count >= LEAST_SEEN)}


def _matrix(examples: Sequence[Example], places: Mapping[str, int]) -> csr_matrix:
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for at, example in enumerate(examples):
        found = [places[key] for key in _keys(example) if key in places]
        rows += [at] * len(found)
        columns += found
        values += [1 / math.sqrt(len(example.folded) + SPREAD)] * len(found)
    return csr_matrix((np.array(values, dtype=np.float32), (rows, columns)), shape=(len(examples), len(places)))


def _serious(matrix: csr_matrix, examples: Sequence[Example]) -> Linear:
    """Fit whether there is more than small talk."""
    fitted = _logistic(matrix, _is_more(examples), _alert(examples))
    fitted.weights[np.abs(fitted.weights) < LEAST_WEIGHT] = 0
    return fitted


def _kinds(matrix: csr_matrix, examples: Sequence[Example]) -> Linear:
    """Fit which kind of small talk it is, if it is."""
    light = np.array([example.is_light for example in examples])
    kinds = np.array([LIGHT.index(example.record.intent) for example in examples if example.is_light])
    kind = LogisticRegression(C=STRENGTH, max_iter=150).fit(matrix[light], kinds)
    return Linear(kind.coef_.T.astype(np.float32), kind.intercept_.astype(np.float32))


def _logistic(matrix: csr_matrix, answer: NDArray[np.bool_], loud: NDArray[np.float64], strength: float = STRENGTH) -> Linear:
    solver = LogisticRegression(C=strength, solver="liblinear", random_state=0).fit(matrix, answer, sample_weight=loud)
    return Linear(solver.coef_.T.astype(np.float32), solver.intercept_.astype(np.float32))


def _loudness(examples: Sequence[Example]) -> NDArray[np.float64]:
    return np.array([PLAIN_WEIGHT if example.writer in PLAIN_WRITERS else 1.0 for example in examples])


def _alert(examples: Sequence[Example]) -> NDArray[np.float64]:
    danger = np.array([example.record.risk.rank >= Risk.URGENT.rank for example in examples])
    return _loudness(examples) * np.where(danger, DANGER_WEIGHT, 1.0)
