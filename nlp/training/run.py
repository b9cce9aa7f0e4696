"""``tsunagi nlp train``: from the corpus to the tables, with figures of writers that were held out whole."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold

from nlp.learned.model import COLUMNS, CONCERNS, FOLDER, INTENTS, SPEAKERS, Calibration
from nlp.lexicon.compiled import compiled
from nlp.training.calibrate import calibrate, sure, temperatures, thresholds
from nlp.training.choices import expected_error, noisy_rows
from nlp.training.classes import word_classes
from nlp.training.examples import CORPUS, Example, groups, read_corpus, row_examples
from nlp.training.export import write_settings, write_tables
from nlp.training.fit import Matrix, fit, truth
from nlp.training.gate import Found, train_gate
from nlp.training.matrix import KeysOf, build_space, text_keys
from nlp.training.order import by_use
from nlp.training.vectors import WordVectors

FOLDS = 4
Say = Callable[[str], None]


def train(corpus: Path = CORPUS, out: Path = FOLDER, *, say: Say = print) -> dict[str, Any]:
    """Train on every writer of ``corpus`` and write the tables to ``out``. Returns the figures on held-out writers."""
    examples = read_corpus(corpus)
    vectors = WordVectors.installed()
    extra = vectors.common_words if vectors is not None else []
    classes = word_classes(examples, vectors, extra) if vectors is not None else {}
    say(f"{len(examples)} 件 / 書き手 {len({example.writer for example in examples})} 人 / 単語ベクトル {'あり' if vectors else 'なし'}")
    keys = partial(text_keys, classes=classes)
    labels = truth(examples)
    rows = row_examples(compiled().rows)
    held_out = _held_out(examples, rows, keys, vectors, say)
    curves = calibrate(held_out, labels)
    noisy = noisy_rows([(example.rows, example.record.risk) for example in examples], compiled().rows)
    bars = thresholds(held_out, labels, curves, examples)
    taught = [*examples, *rows]
    space = build_space(taught, keys, vectors, extra)
    linear = fit(space.matrix(taught), truth(taught), taught)
    sizes = write_tables(out, space, classes, linear)
    gate = train_gate(examples, rows, out, _found(held_out, labels, curves, bars), vectors)
    by_use(out, examples, classes)
    write_settings(out, linear, curves, bars, temperatures(held_out, labels), gate, compiled().rows, noisy, space)
    return {
        "sizes": sizes,
        "ece": _ece(held_out, labels, curves),
        "thresholds": bars,
        "noisy": noisy,
        "held_out": _figures(held_out, labels, curves, bars),
    }


def _held_out(examples: Sequence[Example], rows: Sequence[Example], keys: KeysOf, vectors: WordVectors | None, say: Say) -> Matrix:
    """Score every message by a model that has not seen its writer."""
    scores = np.zeros((len(examples), len(COLUMNS)), dtype=np.float32)
    for number, (seen, unseen) in enumerate(GroupKFold(FOLDS).split(examples, groups=groups(examples)), start=1):
        known = [*(examples[at] for at in seen), *rows]
        space = build_space(known, keys, vectors, [])
        linear = fit(space.matrix(known), truth(known), known)
        scores[unseen] = linear.scores(space.matrix([examples[at] for at in unseen]))
        say(f"検証 {number}/{FOLDS}")
    return scores


def _found(scores: Matrix, labels: NDArray[np.bool_], curves: Mapping[str, Calibration], bars: Mapping[str, float]) -> Found:
    """Tell what the weights read rightly on writers that they have not seen."""

    def right(name: str) -> NDArray[np.bool_]:
        at = COLUMNS.index(name)
        return np.asarray((sure(scores[:, at], curves[name]) >= bars[name]) & labels[:, at])

    return Found(concern=np.any([right(name) for name in CONCERNS], axis=0), danger=right("level:urgent"))


def _figures(scores: Matrix, labels: NDArray[np.bool_], curves: Mapping[str, Calibration], bars: Mapping[str, float]) -> dict[str, float]:
    """Say how well the weights alone do on writers that they have not seen."""
    concerns = [COLUMNS.index(name) for name in CONCERNS]
    found = np.column_stack([sure(scores[:, COLUMNS.index(name)], curves[name]) >= bars[name] for name in CONCERNS])
    gold = labels[:, concerns]
    right, all_found, all_gold = (found & gold).sum(axis=0), found.sum(axis=0), gold.sum(axis=0)
    figures = {"macro_f1": float(np.mean(2 * right / np.maximum(1, all_found + all_gold)))}
    figures["micro_f1"] = float(2 * right.sum() / (all_found.sum() + all_gold.sum()))
    for name, family in (("speaker", SPEAKERS), ("intent", INTENTS)):
        at = [COLUMNS.index(column) for column in family]
        figures[f"{name}_accuracy"] = float((scores[:, at].argmax(axis=1) == labels[:, at].argmax(axis=1)).mean())
    alarm = sure(scores[:, COLUMNS.index("level:urgent")], curves["level:urgent"]) >= bars["level:urgent"]
    figures["urgent_recall"] = float(alarm[labels[:, COLUMNS.index("level:urgent")]].mean())
    figures["emergency_as_urgent"] = float(alarm[labels[:, COLUMNS.index("level:emergency")]].mean())
    figures["alarms_on_none"] = float(alarm[~labels[:, COLUMNS.index("level:watch")]].mean())
    return {name: round(value, 4) for name, value in figures.items()}


def _ece(scores: Matrix, labels: NDArray[np.bool_], curves: Mapping[str, Calibration]) -> dict[str, float]:
    errors = {
        name: round(expected_error(sure(scores[:, COLUMNS.index(name)], curve).tolist(), labels[:, COLUMNS.index(name)].tolist()), 4)
        for name, curve in curves.items()
    }
    return {"concerns_mean": round(float(np.mean([errors[name] for name in CONCERNS])), 4)} | errors
