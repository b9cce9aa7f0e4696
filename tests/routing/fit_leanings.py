"""Learns ``routing/data/leanings.yaml`` from the households that were told: to which kind of window a planner gives such a story.

``python -m tests.routing.fit_leanings`` prints how well stories are referred for each writer whose stories were not seen, ``--write``
writes the figures that all stories but those of ``FRESH`` give together. To be run again after ``fit_beliefs``.
"""

import sys
from collections.abc import Iterable, Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from routing.belief import Beliefs
from routing.choose import weighed
from routing.leaning import FILE, SIGNS, Leanings, signs_of
from routing.needs import told_in
from routing.referral import Kind
from routing.rules import DATA
from routing.story import read_story
from tests.routing import fit_beliefs
from tests.routing.fit_beliefs import WRITERS, read_without_told_words, stories
from tests.routing.households import Household, marks, told
from tests.routing.support import FRIDAY_NOON, cities

PENALTY = 0.6
SHARPNESS = 3.0
"""By how much a logit grows where the weight of the rules grows by one."""
_LEAST = 0.02
"""A figure smaller than this is left out of the table."""
_KINDS = tuple(Kind)
_HEAD = """\
# 住民の話が、全体としてどの種別の窓口に傾くか。主な窓口を選ぶとき、concerns.yaml の重さに足し引きする（話から読み取ったときだけ）。
#   always    どの話でも
#   people    × 話に出てくる人の数の半分（四人まで）
#   concern.  × その困りごとの確からしさ
#   person.   その人が話に出てくるとき
#   stage.    その年ごろの人が話に出てくるとき
#   risk.     その危険が読み取れたとき
# 世帯の話（測るだけのものを除く）から計算した数。手で直してもよいが、読み取りや重さを変えたら計算し直す
# （python -m tests.routing.fit_leanings --write）。
"""


def learned(households: Iterable[Household], beliefs: Beliefs) -> Leanings:
    """Return what fits ``households`` best beside the weights of the rules: a regression with a penalty over all kinds of windows."""
    rows = [_row(household, beliefs) for household in households]
    signs, weights, right = (np.array(column) for column in zip(*rows, strict=True))
    figures = _fitted(signs, SHARPNESS * weights, right) / SHARPNESS
    table = {sign: _figures(row) for sign, row in zip(SIGNS, figures, strict=True)}
    return Leanings(figures={sign: row for sign, row in table.items() if row})


def _row(household: Household, beliefs: Beliefs) -> tuple[list[float], list[float], list[bool]]:
    """Return the signs of a story, what the rules let speak for each kind, and which kinds a planner would choose."""
    needs, profile = told_in(read_story(household.messages, beliefs=beliefs), household.text)
    signs = signs_of(needs, profile)
    weights = weighed(needs, profile, cities()[household.city], FRIDAY_NOON)
    return (
        [signs.get(sign, 0.0) for sign in SIGNS],
        [weights.get(kind, 0.0) for kind in _KINDS],
        [kind in household.mains for kind in _KINDS],
    )


def _fitted(signs: NDArray[np.float64], given: NDArray[np.float64], right: NDArray[np.bool_]) -> NDArray[np.float64]:
    shape = (signs.shape[1], len(_KINDS))

    def cost(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        figures = flat.reshape(shape)
        chance = np.exp(given + signs @ figures)
        chance /= chance.sum(axis=1, keepdims=True)
        hit = (chance * right).sum(axis=1, keepdims=True)
        slope = signs.T @ (chance - chance * right / hit) + PENALTY * figures
        return float(-np.log(hit).sum() + PENALTY / 2 * (figures**2).sum()), slope.ravel()

    found = minimize(cost, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options={"maxiter": 500})
    return np.asarray(found.x, dtype=np.float64).reshape(shape)


def _figures(row: Iterable[float]) -> Mapping[Kind, float]:
    return {kind: round(float(figure), 2) for kind, figure in zip(_KINDS, row, strict=True) if abs(figure) >= _LEAST}


def written(leanings: Leanings) -> str:
    rows = (f"{sign}: {{{', '.join(f'{kind}: {figure}' for kind, figure in row.items())}}}" for sign, row in leanings.figures.items())
    return _HEAD + "\n".join(rows) + "\n"


def _report() -> None:
    for writer, own in WRITERS.items():
        others = [*stories(name for other, names in WRITERS.items() if other != writer for name in names)]
        beliefs = fit_beliefs.learned(others)
        way = partial(told, beliefs=beliefs, leanings=learned(others, beliefs))
        for name in own:
            print(name, "unseen", marks(name, way))  # noqa: T201 - a measuring command prints its figures


if __name__ == "__main__":
    read_without_told_words()
    _report()
    if "--write" in sys.argv:
        known = [*stories(name for names in WRITERS.values() for name in names)]
        (DATA / FILE).write_text(written(learned(known, fit_beliefs.learned(known))), encoding="utf-8")
