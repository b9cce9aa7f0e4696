"""``tsunagi nlp train``: from the corpus to the tables, with figures of writers that were held out whole."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from nlp.learned.features import plain_features
from nlp.learned.model import COLUMNS, CONCERNS, FOLDER
from nlp.lexicon.compiled import compiled
from nlp.training.calibrate import calibrate, expected_error, temperatures, thresholds
from nlp.training.classes import word_classes
from nlp.training.examples import CORPUS, Example, read_corpus, writers
from nlp.training.export import write_gate, write_settings, write_tables
from nlp.training.fit import Matrix, fit, truth
from nlp.training.matrix import Space, build_space
from nlp.training.vectors import WordVectors

FOLDS = 4
GATE_RECALL = 0.997
Say = Callable[[str], None]


def train(corpus: Path = CORPUS, out: Path = FOLDER, *, say: Say = print) -> dict[str, Any]:
    """Train on every writer of ``corpus`` and write the tables to ``out``. Returns the figures on held-out writers."""
    examples = read_corpus(corpus)
    vectors = WordVectors.installed()
    extra = vectors.common_words if vectors is not None else []
    classes = word_classes(examples, vectors, extra) if vectors is not None else {}
    say(f"{len(examples)} 件 / 書き手 {len(set(writers(examples)))} 人 / 単語ベクトル {'あり' if vectors else 'なし'}")
    labels = truth(examples)
    held_out = _held_out(examples, labels, classes, vectors, say)
    curves = calibrate(held_out, labels)
    found = thresholds(held_out, labels, curves, examples)
    space = build_space(examples, classes, vectors, extra)
    linear = fit(space.matrix(examples), labels)
    sizes = write_tables(out, space, linear)
    gate = _gate(examples, out)
    write_settings(out, linear, curves, found, temperatures(held_out, labels), gate, compiled().rows, space)
    return {"sizes": sizes, "ece": _ece(held_out, labels, curves), "gate": gate, "thresholds": found}


def _held_out(
    examples: Sequence[Example], labels: np.ndarray[Any, Any], classes: dict[str, str], vectors: WordVectors | None, say: Say
) -> Matrix:
    """Score every message by a model that has not seen its writer."""
    scores = np.zeros((len(examples), len(COLUMNS)), dtype=np.float32)
    for number, (seen, unseen) in enumerate(GroupKFold(FOLDS).split(examples, groups=writers(examples)), start=1):
        known = [examples[at] for at in seen]
        space: Space = build_space(known, classes, vectors, [])
        linear = fit(space.matrix(known), labels[seen])
        scores[unseen] = linear.scores(space.matrix([examples[at] for at in unseen]))
        say(f"検証 {number}/{FOLDS}")
    return scores


def _ece(scores: Matrix, labels: np.ndarray[Any, Any], curves: dict[str, Any]) -> dict[str, float]:
    errors = {}
    for name, curve in curves.items():
        at = COLUMNS.index(name)
        sure = 1 / (1 + np.exp(-(curve.slope * scores[:, at] + curve.offset)))
        errors[name] = round(expected_error(sure, labels[:, at]), 4)
    return {"concerns_mean": round(float(np.mean([errors[name] for name in CONCERNS])), 4)} | errors


def _gate(examples: Sequence[Example], out: Path) -> tuple[float, float]:
    """Fit the one yes-no question that most everyday messages end with, and choose its threshold on held-out writers."""
    serious = np.array([not example.is_small_talk for example in examples])
    keys = sorted({key for example in examples for key in plain_features(example.norms)})
    places = {key: at for at, key in enumerate(keys)}
    matrix = _gate_matrix(examples, places)
    scores = np.zeros(len(examples))
    for seen, unseen in GroupKFold(FOLDS).split(examples, groups=writers(examples)):
        solver = LogisticRegression(C=8.0, solver="liblinear").fit(matrix[seen], serious[seen])
        scores[unseen] = solver.decision_function(matrix[unseen])
    solver = LogisticRegression(C=8.0, solver="liblinear").fit(matrix, serious)
    write_gate(out, keys, solver.coef_[0])
    return float(solver.intercept_[0]), float(np.quantile(scores[serious], 1 - GATE_RECALL))


def _gate_matrix(examples: Sequence[Example], places: dict[str, int]) -> csr_matrix:
    values, rows, columns = [], [], []
    for at, example in enumerate(examples):
        keys = list(plain_features(example.norms))
        for key in keys:
            rows.append(at)
            columns.append(places[key])
            values.append(1 / np.sqrt(len(keys) / 2 + 2))
    return csr_matrix((values, (rows, columns)), shape=(len(examples), len(places)))
