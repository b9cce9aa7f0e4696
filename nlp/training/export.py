"""Writes a fitted model as the plain tables that the reader loads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

from nlp.learned.features import row_feature
from nlp.learned.model import COLUMNS, Calibration, Settings, fingerprint, write_json
from nlp.learned.table import UNIT
from nlp.lexicon.model import Row
from nlp.training.choices import LEAST, told, writable
from nlp.training.fit import Linear, Matrix
from nlp.training.matrix import LETTER, Space, family


@dataclass(frozen=True, slots=True)
class FittedGate:
    """What ``model.json`` keeps of the gate: its biases, and the limits ``small``, ``more``, ``both`` and ``words``."""

    bias: Matrix
    limits: tuple[float, float]


def text_weights(space: Space, linear: Linear) -> Matrix:
    """Fold scales and word vectors into one weight per feature and column."""
    count = len(space.texts)
    weights = linear.weights[:count] * space.loudness[:, None]
    if space.vectors is not None:
        weights = weights + space.vectors @ linear.weights[count + len(space.facts) :]
    return np.asarray(weights, dtype=np.float32)


def fact_weights(space: Space, linear: Linear) -> Matrix:
    """One weight per fact and column."""
    count = len(space.texts)
    return linear.weights[count : count + len(space.facts)]


def write_tables(folder: Path, space: Space, classes: Mapping[str, str], linear: Linear) -> dict[str, int]:
    """Write all tables but ``model.json``; returns the number of rows of each."""
    texts = entries(space.texts, text_weights(space, linear))
    families: dict[str, list[tuple[str, str]]] = {"token": [], "pair": [], "kind": [], "letter": []}
    for key, value in texts:
        families[family(key)].append((key.removeprefix(LETTER), value))
    return {
        "words": write_rows(folder / "words.tsv", families["token"]),
        "pairs": write_rows(folder / "pairs.tsv", families["pair"]),
        "kinds": write_rows(folder / "kinds.tsv", families["kind"]),
        "letters": write_rows(folder / "letters.tsv", families["letter"]),
        "rows": write_rows(folder / "rows.tsv", entries(space.facts, fact_weights(space, linear))),
        "classes": write_rows(folder / "classes.tsv", classes.items()),
    }


def entries(keys: Mapping[str, int], weights: Matrix, least: int = LEAST) -> list[tuple[str, str]]:
    """Write the weights of every key, in sixteenths of a logit, that are at least ``least``; keys that have none are left out."""
    heavy = np.abs(weights) > (least - 1) * UNIT
    found = []
    for key, at in keys.items():
        columns = np.flatnonzero(heavy[at])
        value = told(zip(columns.tolist(), weights[at, columns].tolist(), strict=True), least)
        if value and writable(key):
            found.append((key, value))
    return found


def write_rows(path: Path, rows: Iterable[tuple[str, str]]) -> int:
    """Write a table, sorted by key; returns the number of its rows."""
    lines = sorted(f"{key}\t{value}\n" for key, value in rows if writable(key))
    path.write_text("".join(lines), encoding="utf-8", newline="\n")
    return len(lines)


def write_settings(
    folder: Path, linear: Linear, curves: dict[str, Calibration], found: dict[str, float], warmth: dict[str, float],
    gate: FittedGate, rows: Sequence[Row], noisy: Sequence[str], space: Space,
) -> None:  # fmt: skip
    """Write ``model.json``."""
    known = [row for row in rows if row_feature(row.id, speaks=True) in space.facts or row_feature(row.id, speaks=False) in space.facts]
    settings = Settings(
        dictionary=version("sudachidict_core"),
        tokenizer=version("sudachipy"),
        columns=COLUMNS,
        bias=tuple(round(float(value), 4) for value in linear.bias),
        calibration=curves,
        thresholds=found,
        gate_bias=tuple(round(float(value), 4) for value in gate.bias),
        gate_limits=gate.limits,
        temperature=warmth,
        rows={row.id: fingerprint(row) for row in known},
        noisy_rows=tuple(noisy),
    )
    write_json(folder / "model.json", settings)
