"""Learns ``routing/data/beliefs.yaml`` from the households that were told: what of a reading a careful worker would have noted.

``python -m tests.routing.fit_beliefs`` prints how well it does for each writer whose stories it has not seen, ``--write`` writes
the figures that all stories but those of ``FRESH`` give together. To be run again when the reader has changed.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from unittest.mock import patch

import numpy as np
from sklearn.linear_model import LogisticRegression

from nlp import read, read_burst
from nlp.lexicon.files import load
from nlp.reader import warm_up
from nlp.reading import Concern
from routing.belief import FILE, PARTS, Beliefs, Signs
from routing.household import sentences_in
from routing.leaning import Leanings
from routing.rules import DATA
from routing.story import signs_in
from tests.routing.households import FRESH, HALVES, STORIES, WHOLE, Household, households, marks, told

BAR = 0.25
"""Below it more kinds beyond those that a planner names are added than missing ones; above it the main one is missed more often."""
STRENGTH = 0.5
"""The inverse of the penalty."""
_EVEN = Leanings()
"""What a story leans to is learned afterwards, in ``fit_leanings``."""
WRITERS = {
    "first": tuple(HALVES),
    **{name: (name,) for name in WHOLE if name not in FRESH},
    **{f"written{part}": STORIES[part::4] for part in range(4)},
}
"""Whose stories are left out together when it is measured how unseen ones fare."""
_HEAD = """\
# 住民の話から読み取った困りごとを、どれだけ信じるか。主な窓口は、これを重みにして選ぶ。
# 困りごとごとに次の六つを足し、1/(1+e^-合計) を確からしさとする。
#   concerns   その困りごとの数
#   whole      × 話の全体を読んだ確からしさの対数オッズ
#   decided    話の全体か、どれか一通で読み取れたとき
#   sentences  × 一文ずつ読んだ確からしさの合計（3まで）
#   plainly    × 一文だけで読み取れた文の数（3まで）
#   beside     × 話の全体で読み取れた困りごとの数の三分の一（多く読むほど、一つずつは確かでない）
# bar より低いものは、その話の困りごとに入れない。虐待とDVは、読み取れたら低くても残す。一文だけの話と、長すぎる話には使わない。
# concerns の数が低いほど、読み取りが言いすぎることの多い困りごと。
# 世帯の話（測るだけの blind4 を除く）から計算した数。手で直してもよいが、読み取りのモデルを変えたら計算し直す
# （python -m tests.routing.fit_beliefs --write）。
"""


@cache
def signs_of(household: Household) -> Mapping[Concern, Signs]:
    text = household.text
    return signs_in(read_burst(household.messages), [read(text[start:end]) for start, end in sentences_in(text)])


def learned(stories: Iterable[Household]) -> Beliefs:
    """Return what fits ``stories`` best: a regression with a penalty, one figure for each part and each concern."""
    rows, noted = [], []
    for household in stories:
        needed = {need.concern for need in household.needs}
        for concern, signs in signs_of(household).items():
            rows.append([*signs.values(), *(float(concern is other) for other in Concern)])
            noted.append(concern in needed)
    fitted = LogisticRegression(C=STRENGTH, max_iter=1000).fit(np.array(rows), np.array(noted))
    figures = [float(figure) for figure in fitted.coef_[0]]
    base = float(fitted.intercept_[0])
    parts, concerns = figures[: len(PARTS)], figures[len(PARTS) :]
    return Beliefs(
        bar=BAR,
        parts=tuple(round(part, 2) for part in parts),
        concerns={concern: round(base + figure, 2) for concern, figure in zip(Concern, concerns, strict=True)},
    )


def written(beliefs: Beliefs) -> str:
    parts = "\n".join(f"  {name}: {figure}" for name, figure in zip(PARTS, beliefs.parts, strict=True))
    concerns = "\n".join(f"  {concern}: {figure}" for concern, figure in beliefs.concerns.items())
    return f"{_HEAD}bar: {beliefs.bar}\nparts:\n{parts}\nconcerns:\n{concerns}\n"


def stories(names: Iterable[str]) -> Iterator[Household]:
    for name in names:
        yield from households(name)


def read_without_told_words() -> None:
    """Let the reader of this process start without the rows that were written from what it missed in these very stories.

    With them it reads these stories better than any that it meets later, and would be believed more than it deserves.
    """
    rows = tuple(row for row in load() if not row.id.startswith("told."))
    with patch("nlp.lexicon.compiled.load", lambda: rows):
        warm_up()


def _report() -> None:
    for writer, own in WRITERS.items():
        others = [name for other, names in WRITERS.items() if other != writer for name in names]
        unseen = learned(stories(others))
        for name in own:
            print(name, "unseen", marks(name, partial(told, beliefs=unseen, leanings=_EVEN)))  # noqa: T201 - a measuring command prints its figures


if __name__ == "__main__":
    read_without_told_words()
    _report()
    if "--write" in sys.argv:
        (DATA / FILE).write_text(written(learned(stories(name for names in WRITERS.values() for name in names))), encoding="utf-8")
