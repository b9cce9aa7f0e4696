"""Fits the gate that ends the reading of small talk: one linear model over letters, its limit chosen on held-out writers."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from nlp.learned.features import gate_features
from nlp.learned.gate import LIGHT, SPREAD
from nlp.reading import Risk
from nlp.training.examples import Example, groups
from nlp.training.export import entries, write_rows
from nlp.training.fit import PLAIN_WEIGHT, PLAIN_WRITERS, Linear, Matrix

FOLDS = 4
STRENGTH = 16.0
"""The inverse of the penalty, chosen on held-out writers."""
LEAST_SEEN = 3
"""Letters must stand together in at least so many messages."""
LEAST_WEIGHT = 1.0
"""Smaller weights of the first question are dropped: one in eight is left, and the gate closes as often."""
LEAST_LIGHT = 24
"""Sixteenths of a logit below which a weight for the kind of small talk is dropped."""
MISSES = 0.03
MISSED_DANGER = 0.01
"""The share of consultations, and of urgent ones, that the gate may take for small talk on writers that it has not seen."""


def train_gate(examples: Sequence[Example], rows: Sequence[Example], out: Path) -> tuple[Linear, float]:
    """Write the gate's table to ``out``; returns its weights and the score below which a text is small talk.

    ``rows`` are the lexicon's own examples: they teach, and nothing is measured on them.
    """
    scores = np.zeros(len(examples))
    for seen, unseen in GroupKFold(FOLDS).split(examples, groups=groups(examples)):
        known = [*(examples[at] for at in seen), *rows]
        places = _places(known)
        linear = _fit(_matrix(known, places), known)
        scores[unseen] = linear.scores(_matrix([examples[at] for at in unseen], places))[:, 0]
    taught = [*examples, *rows]
    places = _places(taught)
    linear = _fit(_matrix(taught, places), taught)
    write_rows(out / "gate.tsv", entries(places, linear.weights[:, :1]))
    write_rows(out / "light.tsv", entries(places, linear.weights[:, 1:], LEAST_LIGHT))
    told = np.array([bool(example.record.concerns) or example.record.risk is not Risk.NONE for example in examples])
    danger = np.array([example.record.risk.rank >= Risk.URGENT.rank for example in examples])
    return linear, float(min(np.quantile(scores[told], MISSES), np.quantile(scores[danger], MISSED_DANGER)))


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


def _fit(matrix: csr_matrix, examples: Sequence[Example]) -> Linear:
    """Fit whether there is more than small talk, and if not, which kind of it."""
    light = np.array([example.is_light for example in examples])
    loud = _loudness(examples)
    serious = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=0).fit(matrix, ~light, sample_weight=loud)
    kinds = np.array([LIGHT.index(examples[at].record.intent) for at in range(len(examples)) if light[at]])
    kind = LogisticRegression(C=STRENGTH, max_iter=150).fit(matrix[light], kinds)
    serious.coef_[np.abs(serious.coef_) < LEAST_WEIGHT] = 0
    weights: Matrix = np.vstack([serious.coef_, kind.coef_]).T.astype(np.float32)
    return Linear(weights, np.concatenate([serious.intercept_, kind.intercept_]).astype(np.float32))


def _loudness(examples: Sequence[Example]) -> NDArray[np.float64]:
    return np.array([PLAIN_WEIGHT if example.writer in PLAIN_WRITERS else 1.0 for example in examples])
