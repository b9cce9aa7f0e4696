"""Fits one linear model per question over one matrix, and scores writers that a model has not seen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from nlp.learned.model import COLUMNS, CONCERNS, INTENTS, KINDS, LEVELS, SPEAKERS
from nlp.reading import Risk
from nlp.training.examples import Example

Matrix = NDArray[np.float32]
STRENGTH = 8.0
"""The inverse of the penalty, chosen on held-out writers."""


@dataclass(frozen=True, slots=True)
class Linear:
    """Weights: one row a feature, one column of :data:`COLUMNS` each; with one bias a column."""

    weights: Matrix
    bias: Matrix

    def scores(self, matrix: csr_matrix) -> Matrix:
        """One row a message, one column a label."""
        return np.asarray(matrix @ self.weights + self.bias, dtype=np.float32)


def truth(examples: Sequence[Example]) -> NDArray[np.bool_]:
    """Write the labels as a table with the columns of the model."""
    table = np.zeros((len(examples), len(COLUMNS)), dtype=bool)
    for at, example in enumerate(examples):
        record = example.record
        levels = [f"level:{level}" for level in (Risk.WATCH, Risk.URGENT, Risk.EMERGENCY) if level.rank <= record.risk.rank]
        kinds = [f"risk:{kind}" for kind in record.risk_kinds]
        for label in (*record.concerns, f"speaker:{record.speaker}", f"intent:{record.intent}", *levels, *kinds):
            table[at, COLUMNS.index(label)] = True
    return table


def fit(matrix: csr_matrix, labels: NDArray[np.bool_]) -> Linear:
    """Fit every column: one question each for concerns, levels and kinds, one of many answers for speaker and intent."""
    single = [*CONCERNS, *LEVELS, *KINDS]
    jobs = [delayed(_binary)(matrix, labels[:, COLUMNS.index(name)], balanced=name in CONCERNS) for name in single]
    jobs += [delayed(_choice)(matrix, _which(labels, family)) for family in (SPEAKERS, INTENTS)]
    solved = Parallel(n_jobs=2)(jobs)
    weights = np.zeros((matrix.shape[1], len(COLUMNS)), dtype=np.float32)
    bias = np.zeros(len(COLUMNS), dtype=np.float32)
    for names, (weight, offset) in zip([*((name,) for name in single), SPEAKERS, INTENTS], solved, strict=True):
        for at, name in enumerate(names):
            weights[:, COLUMNS.index(name)] = weight[at]
            bias[COLUMNS.index(name)] = offset[at]
    return Linear(weights, bias)


def _binary(matrix: csr_matrix, answer: NDArray[np.bool_], *, balanced: bool) -> tuple[Matrix, Matrix]:
    weight = "balanced" if balanced else None
    solver = LogisticRegression(C=STRENGTH, solver="liblinear", class_weight=weight, random_state=0)
    solver.fit(matrix, answer)
    return solver.coef_.astype(np.float32), solver.intercept_.astype(np.float32)


def _choice(matrix: csr_matrix, answer: NDArray[np.int_]) -> tuple[Matrix, Matrix]:
    solver = LogisticRegression(C=STRENGTH, max_iter=150)
    solver.fit(matrix, answer)
    return solver.coef_.astype(np.float32), solver.intercept_.astype(np.float32)


def _which(labels: NDArray[np.bool_], family: Sequence[str]) -> NDArray[np.int_]:
    return np.asarray(labels[:, [COLUMNS.index(name) for name in family]].argmax(axis=1))
