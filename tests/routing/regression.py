"""Regressions with a penalty, on sparse signs: which one of several things holds, and which of them hold at all."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import expit

Floats: TypeAlias = NDArray[np.float64]
_ROUNDS = 100


def one_of(signs: csr_matrix, given: Floats, right: Floats, penalty: float) -> Floats:
    """Return a figure for each sign and class: by them, added to what is ``given``, the likeliest class is one that is right."""

    def cost(flat: Floats) -> tuple[float, Floats]:
        figures = flat.reshape(signs.shape[1], right.shape[1])
        logits = np.asarray(signs @ figures) + given
        chance = np.exp(logits - logits.max(axis=1, keepdims=True))
        chance /= chance.sum(axis=1, keepdims=True)
        hit = (chance * right).sum(axis=1, keepdims=True)
        slope = np.asarray(turned @ (chance - chance * right / hit)) + penalty * figures
        return float(-np.log(hit).sum() + penalty / 2 * (figures**2).sum()), slope.ravel()

    turned = signs.T.tocsr()
    return _lowest(cost, signs.shape[1], right.shape[1])


def each_of(signs: csr_matrix, right: Floats, penalty: float) -> Floats:
    """Return a figure for each sign and class: by them, each class is likely by itself where it is right."""

    def cost(flat: Floats) -> tuple[float, Floats]:
        figures = flat.reshape(signs.shape[1], right.shape[1])
        logits = np.asarray(signs @ figures)
        loss = np.logaddexp(0, logits) - right * logits
        slope = np.asarray(turned @ (expit(logits) - right)) + penalty * figures
        return float(loss.sum() + penalty / 2 * (figures**2).sum()), slope.ravel()

    turned = signs.T.tocsr()
    return _lowest(cost, signs.shape[1], right.shape[1])


def _lowest(cost: Any, rows: int, columns: int) -> Floats:
    found = minimize(cost, np.zeros(rows * columns), jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS})
    return np.asarray(found.x, dtype=np.float64).reshape(rows, columns)
