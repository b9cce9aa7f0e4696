"""Turns scores of held-out writers into probabilities and thresholds."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression

from nlp.learned.model import COLUMNS, CONCERNS, INTENTS, KINDS, LEVELS, SPEAKERS, Calibration
from nlp.reading import Risk
from nlp.training.choices import lowest_bar
from nlp.training.examples import EVERYDAY, Example
from nlp.training.fit import Matrix

ENOUGH = 50
"""A label with fewer positive examples shares the calibration of all others."""
ROW_SHARE = 0.16
"""Where a noisy row of danger fired, so much of the weights' bar is enough."""


def calibrate(scores: Matrix, labels: NDArray[np.bool_]) -> dict[str, Calibration]:
    """Fit one logistic curve per yes-no column."""
    single = [COLUMNS.index(name) for name in (*CONCERNS, *LEVELS, *KINDS)]
    shared = _curve(scores[:, single].ravel(), labels[:, single].ravel())
    return {COLUMNS[at]: _curve(scores[:, at], labels[:, at]) if labels[:, at].sum() >= ENOUGH else shared for at in single}


def _curve(scores: Matrix, answers: NDArray[np.bool_]) -> Calibration:
    solver = LogisticRegression(C=1e6).fit(scores.reshape(-1, 1), answers)
    return Calibration(slope=round(float(solver.coef_[0, 0]), 4), offset=round(float(solver.intercept_[0]), 4))


def temperatures(scores: Matrix, labels: NDArray[np.bool_]) -> dict[str, float]:
    """Find how much the choices of speaker and intent must be cooled down to mean what they say."""
    found = {}
    for name, family in (("speaker", SPEAKERS), ("intent", INTENTS)):
        at = [COLUMNS.index(column) for column in family]
        found[name] = _temperature(scores[:, at], labels[:, at])
    return found


def _temperature(scores: Matrix, labels: NDArray[np.bool_]) -> float:
    def loss(temperature: float) -> float:
        cooled = scores / temperature
        cooled = cooled - cooled.max(axis=1, keepdims=True)
        logs = cooled - np.log(np.exp(cooled).sum(axis=1, keepdims=True))
        return float(-logs[labels].mean())

    return round(float(minimize_scalar(loss, bounds=(0.3, 5), method="bounded").x), 3)


def thresholds(scores: Matrix, labels: NDArray[np.bool_], curves: dict[str, Calibration], examples: Sequence[Example]) -> dict[str, float]:
    """Choose where a label is decided: concerns where F1 is best, danger where the calm are still left in peace."""
    found = {}
    likely = {name: sure(scores[:, COLUMNS.index(name)], curves[name]) for name in curves}
    steps = np.arange(0.04, 0.7, 0.02)
    common = max(steps, key=lambda step: np.mean([_f1(likely[name] >= step, labels[:, COLUMNS.index(name)]) for name in CONCERNS]))
    for name in CONCERNS:
        gold = labels[:, COLUMNS.index(name)]
        own = max(steps, key=lambda step: _f1(likely[name] >= step, gold))
        found[name] = (own + common) / 2
    found |= _urgent(likely["level:urgent"], examples)
    watch, emergency = (labels[:, COLUMNS.index(name)] for name in (LEVELS[0], LEVELS[2]))
    found["level:watch"] = max(steps, key=lambda step: _f1(likely["level:watch"] >= step, watch))
    found["level:emergency"] = max(steps, key=lambda step: _f1(likely["level:emergency"] >= step, emergency))
    found |= dict.fromkeys(KINDS, 0.5)
    return {name: round(float(value), 4) for name, value in found.items()}


def _urgent(likely: Matrix, examples: Sequence[Example]) -> dict[str, float]:
    """Find the lowest bar at which the weights alone alarm few calm messages; the rows add a little of their own."""
    chat = np.array([example.writer.startswith(EVERYDAY) for example in examples])
    calm = np.array([example.record.risk is Risk.NONE for example in examples]) & ~chat
    bar = lowest_bar(likely[calm].tolist(), likely[chat].tolist())
    return {"level:urgent": bar, "row:urgent": bar * ROW_SHARE}


def sure(scores: Matrix, curve: Calibration) -> Matrix:
    """Turn scores into probabilities."""
    return np.asarray(1 / (1 + np.exp(-(curve.slope * scores + curve.offset))), dtype=np.float32)


def _f1(found: NDArray[np.bool_], gold: NDArray[np.bool_]) -> float:
    right = (found & gold).sum()
    return float(2 * right / max(1, found.sum() + gold.sum()))
