"""Fits the gate that ends the reading of small talk: one linear model over letters, its limit chosen on held-out writers."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from nlp.learned.features import gate_features
from nlp.learned.gate import LIGHT, SPREAD, TOPICS
from nlp.learned.model import COLUMNS
from nlp.reading import Risk
from nlp.training.examples import Example, groups
from nlp.training.export import LEAST, FittedGate, entries, write_rows
from nlp.training.fit import PLAIN_WEIGHT, PLAIN_WRITERS, Linear, truth

FOLDS = 3
STRENGTH = 16.0
"""The inverse of the penalty, chosen on held-out writers."""
LEAST_SEEN = 3
"""Letters must stand together in at least so many messages."""
LEAST_WEIGHT = 1.0
"""Smaller weights of the first question are dropped: one in eight is left, and the gate closes as often."""
LEAST_LIGHT, LEAST_TOPIC = 10, 24
"""Sixteenths of a logit below which a weight for the kind of small talk, or for a topic, is dropped."""
FARTHEST = 0.98
"""Where only so few of the texts that the second look ends score higher on the first, it is not taken."""
MISSES, MISSED_DANGER = (0.035, 0.05), (0.009, 0.012)
"""The share of consultations, and of urgent ones, that may be taken for small talk on writers that were held out: first look, both."""


def train_gate(examples: Sequence[Example], rows: Sequence[Example], out: Path) -> FittedGate:
    """Write the gate's tables to ``out``; returns its biases and limits.

    ``rows`` are the lexicon's own examples: they teach, and nothing is measured on them.
    """
    scores = np.zeros((len(examples), 2))
    for seen, unseen in GroupKFold(FOLDS).split(examples, groups=groups(examples)):
        known = [*(examples[at] for at in seen), *rows]
        places = _places(known)
        matrix, others = _matrix(known, places), _matrix([examples[at] for at in unseen], places)
        serious = _serious(matrix, known).scores(others)[:, 0]
        scores[unseen] = np.column_stack([serious, serious + _topics(matrix, known).scores(others).max(axis=1)])
    taught = [*examples, *rows]
    places = _places(taught)
    matrix = _matrix(taught, places)
    parts = _serious(matrix, taught), _kinds(matrix, taught), _topics(matrix, taught)
    for name, part, least in zip(("gate", "light", "topics"), parts, (LEAST, LEAST_LIGHT, LEAST_TOPIC), strict=True):
        write_rows(out / f"{name}.tsv", entries(places, part.weights, least))
    return FittedGate(np.concatenate([part.bias for part in parts]), _limits(scores, examples))


def _limits(scores: NDArray[np.float64], examples: Sequence[Example]) -> tuple[float, float, float]:
    """Choose how low a text must score on the first look, and with the second one."""
    told = np.array([bool(example.record.concerns) or example.record.risk is not Risk.NONE for example in examples])
    danger = np.array([example.record.risk.rank >= Risk.URGENT.rank for example in examples])

    def limit(column: NDArray[np.float64], at: int) -> float:
        return float(min(np.quantile(column[told], MISSES[at]), np.quantile(column[danger], MISSED_DANGER[at])))

    small = limit(scores[:, 0], 0)
    both = limit(scores.max(axis=1, where=scores[:, :1] >= small, initial=-np.inf), 1)
    closed = (scores[:, 0] >= small) & (scores[:, 1] < both)
    more = float(np.quantile(scores[closed, 0], FARTHEST)) if closed.any() else small
    return round(small, 4), round(more, 4), round(both, 4)


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
    fitted = _logistic(matrix, np.array([not example.is_light for example in examples]), _loudness(examples))
    fitted.weights[np.abs(fitted.weights) < LEAST_WEIGHT] = 0
    return fitted


def _kinds(matrix: csr_matrix, examples: Sequence[Example]) -> Linear:
    """Fit which kind of small talk it is, if it is."""
    light = np.array([example.is_light for example in examples])
    kinds = np.array([LIGHT.index(example.record.intent) for example in examples if example.is_light])
    kind = LogisticRegression(C=STRENGTH, max_iter=150).fit(matrix[light], kinds)
    return Linear(kind.coef_.T.astype(np.float32), kind.intercept_.astype(np.float32))


def _topics(matrix: csr_matrix, examples: Sequence[Example]) -> Linear:
    """Fit one yes-no question a topic."""
    labels, loud = truth(examples), _loudness(examples)
    answers = [labels[:, [COLUMNS.index(name) for name in topic]].any(axis=1) for topic in TOPICS]
    fitted = Parallel(n_jobs=2)(delayed(_logistic)(matrix, answer, loud) for answer in answers)
    weights = np.hstack([part.weights for part in fitted])
    weights[np.abs(weights) < LEAST_WEIGHT] = 0
    return Linear(weights, np.concatenate([part.bias for part in fitted]))


def _logistic(matrix: csr_matrix, answer: NDArray[np.bool_], loud: NDArray[np.float64]) -> Linear:
    solver = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=0).fit(matrix, answer, sample_weight=loud)
    return Linear(solver.coef_.T.astype(np.float32), solver.intercept_.astype(np.float32))


def _loudness(examples: Sequence[Example]) -> NDArray[np.float64]:
    return np.array([PLAIN_WEIGHT if example.writer in PLAIN_WRITERS else 1.0 for example in examples])
