"""Writes a fitted model as the plain tables that the reader loads."""

from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np

from nlp.learned.features import row_feature
from nlp.learned.model import COLUMNS, Calibration, Settings, fingerprint, write_json
from nlp.learned.table import HEAVIEST, UNIT
from nlp.lexicon.model import Row
from nlp.training.fit import Linear, Matrix
from nlp.training.matrix import LETTER, Space

LEAST = 2
"""Weights below so many sixteenths of a logit are left out: they move nothing."""


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
    texts = _entries(space.texts, text_weights(space, linear))
    tokens = [(key, value) for key, value in texts if not key.startswith(LETTER)]
    letters = [(key.removeprefix(LETTER), value) for key, value in texts if key.startswith(LETTER)]
    return {
        "tokens": _write(folder / "tokens.tsv", tokens),
        "letters": _write(folder / "letters.tsv", letters),
        "rows": _write(folder / "rows.tsv", _entries(space.facts, fact_weights(space, linear))),
        "classes": _write(folder / "classes.tsv", classes.items()),
    }


def write_gate(folder: Path, space: Space, linear: Linear) -> int:
    """Write the gate's table."""
    return _write(folder / "gate.tsv", _entries(space.texts, text_weights(space, linear)))


def _entries(keys: dict[str, int], weights: Matrix) -> list[tuple[str, str]]:
    units = np.clip(np.rint(weights / UNIT), -HEAVIEST, HEAVIEST).astype(int)
    entries = []
    for key, at in keys.items():
        row = units[at]
        told = [f"{column}:{row[column]}" for column in np.flatnonzero(np.abs(row) >= LEAST)]
        if told and _writable(key):
            entries.append((key, " ".join(told)))
    return entries


def _writable(key: str) -> bool:
    return not any(sign in key for sign in "\t\n\r")


def _write(path: Path, entries: Iterable[tuple[str, str]]) -> int:
    lines = sorted(f"{key}\t{value}\n" for key, value in entries if _writable(key))
    path.write_text("".join(lines), encoding="utf-8", newline="\n")
    return len(lines)


def write_settings(
    folder: Path, linear: Linear, curves: dict[str, Calibration], found: dict[str, float], warmth: dict[str, float],
    gate: tuple[Linear, float], rows: Sequence[Row], noisy: Sequence[str], space: Space,
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
        gate_bias=tuple(round(float(value), 4) for value in gate[0].bias),
        gate_threshold=round(gate[1], 4),
        temperature=warmth,
        rows={row.id: fingerprint(row) for row in known},
        noisy_rows=tuple(noisy),
    )
    write_json(folder / "model.json", settings)
