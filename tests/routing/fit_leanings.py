"""Learns the tables of ``routing.leaning`` from households that were told: to which kinds of windows a planner gives such a one.

``python -m tests.routing.fit_leanings`` prints how well stories are referred for writers whose stories were not seen, ``--write``
writes the tables that all stories but those of ``FRESH`` give together. To be run again after ``fit_beliefs``.
"""

import math
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, hstack

from nlp.learned.model import FOLDER
from nlp.learned.table import read_lines
from nlp.reading import Concern
from nlp.training.vectors import WordVectors
from routing.belief import Beliefs
from routing.choose import weighed
from routing.leaning import BESIDE, NOTED, SIGNS, TOLD, WORDS, Leanings, Table, noted_signs, told_signs, word_strength, words_in
from routing.needs import told_in
from routing.referral import Kind, Profile
from routing.rules import DATA
from routing.story import read_story
from tests.routing import fit_beliefs
from tests.routing.fit_beliefs import WRITERS, read_without_told_words, stories
from tests.routing.households import Household, given, marks, told
from tests.routing.regression import Floats, each_of, one_of
from tests.routing.support import FRIDAY_NOON, cities

PENALTY, PENALTY_NOTED, PENALTY_BESIDE = 3.3, 3.3, 2.0
SHARPNESS_TOLD, SHARPNESS_NOTED = 0.5, 4.0
"""By how much a logit grows where the weight of the rules grows by one: of what was read, and of noted needs."""
_WORD, _MEANING, _HINT = 4.0, 3.0, 1.5
"""How freely a word gets a figure of its own, and by what it means; how freely a hint gets one."""
_RARE = 2
"""A word gets a figure of its own when it stands in as many stories."""
_LEAST, _LEAST_WORD, _LEAST_OF_WORD = 0.03, 0.6, 2.2
"""A figure smaller than this is left out of the tables; and a word that moves no kind by more."""
_EITHER = {Concern.ISOLATION: frozenset({Kind.COMMUNITY, Kind.PARTICIPATION})}
_EITHER_TOLD = {**_EITHER, Concern.SCHOOL: frozenset({Kind.CHILD, Kind.EDUCATION})}
"""Kinds of windows about which planners differ where such a difficulty stands first."""
_KINDS = tuple(kind for kind in Kind if kind not in {Kind.COORDINATOR, Kind.EMERGENCY})
_LEARNED = """\
世帯の話（測るだけのものを除く）から計算した数。手で直してもよいが、読み取りや重さを変えたら計算し直す
# （python -m tests.routing.fit_leanings --write）。
"""
_HEADS = {
    TOLD: """\
# 住民の話が、全体としてどの種別の窓口に傾くか。主な窓口を選ぶとき、concerns.yaml の重さに足し引きする（話から読み取ったときだけ）。
# 話の言葉の数は leaning_words.tsv。数はどの表も百分の一。
#   always    どの話でも
#   people    × 話に出てくる人の数の半分（四人まで）
#   concern.  × その困りごとの確からしさ
#   person.   その人が話に出てくるとき
#   stage.    その年ごろの人が話に出てくるとき
#   risk.     その危険が読み取れたとき
# """,
    WORDS: """\
# 話の言葉（正規形）が、どの種別の窓口に傾けるか。百分の一の数。一語の数 ÷ √(話の言葉の種類の数＋6) を、重さに足し引きする。
# """,
    NOTED: """\
# 職員などが書き留めた困りごと（二つ以上）が、全体としてどの種別の窓口に傾くか。concerns.yaml の重さに足し引きする。
#   always    いつでも
#   needs     × 困りごとの数の三分の一
#   concern. / person. / need.                 その困りごと、その人、その人のその困りごとがあるとき
#   first. / first_person. / first_need.       同じものが最初に書かれているとき
# """,
    BESIDE: """\
# 書き留めた困りごと（二つ以上）の世帯に、その種別の窓口が関わりやすいか。
# 足した数（対数オッズ）が四分の一の確からしさを超えたら、合わせて示す。
# しるしは leanings_noted.tsv と同じ。
# """,
}


class Story(NamedTuple):
    """A household as routing sees it: by its story, and by the needs that were noted."""

    signs: Mapping[str, float]
    words: Sequence[str]
    weights: Mapping[Kind, float]
    noted: Mapping[str, float]
    noted_weights: Mapping[Kind, float]
    told_mains: frozenset[Kind]
    mains: frozenset[Kind]
    others: frozenset[Kind]


def learned(households: Iterable[Household], beliefs: Beliefs) -> Leanings:
    """Return what fits ``households`` best beside the weights of the rules."""
    rows = [_row(household, beliefs) for household in households]
    right = _of_kinds(dict.fromkeys(row.mains, 1.0) for row in rows)
    told_figures, words = _of_stories(rows, _of_kinds(dict.fromkeys(row.told_mains, 1.0) for row in rows))
    names = sorted({name for row in rows for name in row.noted})
    noted = _matrix((row.noted for row in rows), names)
    weights = SHARPNESS_NOTED * _of_kinds(row.noted_weights for row in rows)
    involved = _of_kinds(dict.fromkeys(row.mains | row.others, 1.0) for row in rows)
    return Leanings(
        told=_table(SIGNS, told_figures),
        words=words,
        noted=_table(names, one_of(noted, weights, right, PENALTY_NOTED) / SHARPNESS_NOTED),
        beside=_table(names, each_of(noted, involved, PENALTY_BESIDE)),
    )


def _row(household: Household, beliefs: Beliefs) -> Story:
    needs, profile = told_in(read_story(household.messages, beliefs=beliefs), household.text)
    city = cities()[household.city]
    return Story(
        signs=told_signs(needs, profile),
        words=words_in(profile),
        weights=weighed(needs, profile, city, FRIDAY_NOON),
        noted=noted_signs(household.needs),
        noted_weights=weighed(household.needs, Profile(), city, FRIDAY_NOON),
        told_mains=_mains(household, _EITHER_TOLD),
        mains=_mains(household, _EITHER),
        others=frozenset(household.others),
    )


def _mains(household: Household, whose: Mapping[Concern, frozenset[Kind]]) -> frozenset[Kind]:
    """Return the right kinds, for some difficulties those of all planners: one writer's habit is no rule."""
    either = whose.get(household.needs[0].concern, frozenset())
    mains = frozenset(household.mains)
    return mains | either if mains & either else mains


def _of_stories(rows: Sequence[Story], right: Floats) -> tuple[Floats, Table]:
    """Learn the figures of the signs and those of the words. What a word means lends it to words that no story holds."""
    number = Counter(word for row in rows for word in row.words)
    own = [word for word, stories_with_it in number.items() if stories_with_it >= _RARE]
    weights = [dict.fromkeys(row.words, word_strength(row.words)) for row in rows]
    meaning = _Meaning(number, len(rows))
    scale = _MEANING / meaning.size(row.words for row in rows)
    free = np.array([_HINT if sign.startswith(("hint.", "most.")) else 1.0 for sign in SIGNS])
    known = _matrix((row.signs for row in rows), SIGNS).multiply(free)
    columns = csr_matrix(hstack([known, _WORD * _matrix(weights, own), csr_matrix(scale * meaning.of(weights))]))
    ruled = SHARPNESS_TOLD * _of_kinds(row.weights for row in rows)
    figures = one_of(columns, ruled, right, PENALTY) / SHARPNESS_TOLD
    told_figures, of_words, of_meaning = np.split(figures, [len(SIGNS), len(SIGNS) + len(own)])
    table = dict(zip(own, _WORD * of_words, strict=True))
    names = list(dict.fromkeys([*own, *number, *meaning.known()]))
    lent = scale * meaning.vectors(names) @ of_meaning
    both = {name: figure + table.get(name, 0) for name, figure in zip(names, lent, strict=True)}
    telling = (name for name, figure in both.items() if abs(figure).max() >= _LEAST_OF_WORD and not set(name) & {"\t", "\n"})
    words = {name: dict(_kept(both[name], _LEAST_WORD)) for name in telling}
    return np.asarray(told_figures * free[:, None], dtype=np.float64), words


class _Meaning:
    """What words mean, as vectors: the rarer a word in stories, the longer. Without the trainer's vectors nothing is known."""

    def __init__(self, number: Mapping[str, int], stories_in_all: int) -> None:
        self._number, self._all = number, stories_in_all
        self._source = WordVectors.installed()

    def known(self) -> Sequence[str]:
        """Return the words that the reader knows."""
        return [word for word, _ in read_lines(FOLDER / "words.tsv")] if self._source else []

    def vectors(self, words: Sequence[str]) -> Floats:
        """One vector a word."""
        if self._source is None:
            return np.zeros((len(words), 1))
        rarity = np.array([math.log(self._all / self._number.get(word, 1)) for word in words])
        lengths: Floats = np.asarray(self._source.rows(words), dtype=np.float64) * rarity[:, None]
        return lengths

    def of(self, weights: Sequence[Mapping[str, float]]) -> Floats:
        """One vector a story: those of its words, weighted."""
        words = list(self._number)
        return np.asarray(_matrix(weights, words) @ self.vectors(words), dtype=np.float64)

    def size(self, told_words: Iterable[Sequence[str]]) -> float:
        """Return how long the vector of a story is, on average."""
        lengths = np.linalg.norm(self.of([dict.fromkeys(words, word_strength(words)) for words in told_words]), axis=1)
        return float(lengths.mean()) or 1.0


def _matrix(rows: Iterable[Mapping[str, float]], names: Sequence[str]) -> csr_matrix:
    known, places = list(rows), {name: at for at, name in enumerate(names)}
    cells = [(at, places[name], strength) for at, row in enumerate(known) for name, strength in row.items() if name in places]
    across, down, strengths = zip(*cells, strict=True) if cells else ((), (), ())
    return csr_matrix((strengths, (across, down)), shape=(len(known), len(names)))


def _of_kinds(rows: Iterable[Mapping[Kind, float]]) -> Floats:
    return np.array([[row.get(kind, 0.0) for kind in _KINDS] for row in rows])


def _table(names: Sequence[str], figures: Floats) -> Table:
    table = {name: dict(_kept(row, _LEAST)) for name, row in zip(names, figures, strict=True)}
    return {name: row for name, row in table.items() if row}


def _kept(row: Floats, least: float) -> Iterator[tuple[Kind, float]]:
    return ((kind, round(float(figure), 2)) for kind, figure in zip(_KINDS, row, strict=True) if abs(figure) >= least)


def written(leanings: Leanings) -> Mapping[str, str]:
    """Return the text of each file."""
    tables = {TOLD: leanings.told, NOTED: leanings.noted, BESIDE: leanings.beside, WORDS: dict(sorted(leanings.words.items()))}
    return {name: _HEADS[name] + _LEARNED + "".join(map(_line, table.items())) for name, table in tables.items()}


def _line(row: tuple[str, Mapping[Kind, float]]) -> str:
    return f"{row[0]}\t{' '.join(f'{kind}:{round(100 * figure)}' for kind, figure in row[1].items())}\n"


@cache
def _all_of(names: tuple[str, ...]) -> tuple[Household, ...]:
    return tuple(stories(names))


def _report() -> None:
    for writer, own in WRITERS.items():
        others = _all_of(tuple(name for other, names in WRITERS.items() if other != writer for name in names))
        beliefs = fit_beliefs.learned(others)
        leanings = learned(others, beliefs)
        for name in own:
            for way in (partial(told, beliefs=beliefs, leanings=leanings), partial(given, leanings=leanings)):
                print(name, "unseen", way.func.__name__, marks(name, way), flush=True)  # noqa: T201 - a measuring command prints its figures


if __name__ == "__main__":
    read_without_told_words()
    if "--write" in sys.argv:
        known = _all_of(tuple(name for names in WRITERS.values() for name in names))
        for file, text in written(learned(known, fit_beliefs.learned(known))).items():
            (DATA / file).write_text(text, encoding="utf-8")
    else:
        _report()
