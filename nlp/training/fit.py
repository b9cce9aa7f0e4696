"""Fits one linear model per question over one matrix, and scores writers that a model has not seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from nlp.learned.model import COLUMNS, CONCERNS, INTENTS, SPEAKERS
from nlp.reading import Risk
from nlp.training.examples import ALL, EVERYDAY, Example

Matrix: TypeAlias = NDArray[np.float32]
STRENGTH = 8.0
"""The inverse of the penalty, chosen on held-out writers."""
PLAIN_WRITERS = frozenset(["x01", "lexicon"])
PLAIN_WEIGHT = 4.0
"""Plain words for a trouble are rare among thousands of hints, and must be read all the same."""
CHAT_WEIGHT = 4.0
"""In questions of danger a line of everyday chat counts for so many: in life there is far more of it than in the corpus."""


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


def fit(matrix: csr_matrix, labels: NDArray[np.bool_], examples: Sequence[Example]) -> Linear:
    """Fit one yes-no question a column; speaker and intent are chosen among theirs when a text is read."""
    loudness = {family: _loudness(examples, family) for family in ALL}
    solved = Parallel(n_jobs=2)(
        delayed(_column)(matrix, labels[:, at], loudness[family_of(name)], balanced=name in CONCERNS) for at, name in enumerate(COLUMNS)
    )
    weights = np.column_stack([weight for weight, _ in solved])
    return Linear(weights, np.array([bias for _, bias in solved], dtype=np.float32))


def family_of(column: str) -> str:
    """Tell which question a column belongs to."""
    if column in CONCERNS:
        return "concern"
    return "speaker" if column in SPEAKERS else "intent" if column in INTENTS else "level"


def _loudness(examples: Sequence[Example], family: str) -> NDArray[np.float64]:
    """Weigh every message for one question: none where it does not know the answer."""

    def weight(example: Example) -> float:
        if family not in example.teaches:
            return 0.0
        if example.writer in PLAIN_WRITERS:
            return PLAIN_WEIGHT
        return CHAT_WEIGHT if family == "level" and example.writer.startswith(EVERYDAY) else 1.0

    return np.array([weight(example) for example in examples])


def _column(matrix: csr_matrix, answer: NDArray[np.bool_], loudness: NDArray[np.float64], *, balanced: bool) -> tuple[Matrix, float]:
    weight = "balanced" if balanced else None
    solver = LogisticRegression(C=STRENGTH, solver="liblinear", class_weight=weight, random_state=0)
    heard = loudness > 0
    solver.fit(matrix[heard], answer[heard], sample_weight=loudness[heard])
    return solver.coef_[0].astype(np.float32), float(solver.intercept_[0])
