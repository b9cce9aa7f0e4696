"""Puts the lines of the tables into the order of use: what is asked most lies together in memory, and is found sooner."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from nlp.learned.features import gate_features, token_features
from nlp.learned.table import read_lines
from nlp.training.examples import Example

OF_LETTERS = ("gate", "light", "letters")
OF_WORDS = ("pairs", "kinds", "calm")


def by_use(folder: Path, examples: Sequence[Example], classes: Mapping[str, str]) -> None:
    """Rewrite the tables of letters and words, those first that stand most often in the examples. No line is changed."""
    letters = Counter(key for example in examples for keys in gate_features(example.folded) for key in keys)
    words = Counter(key for example in examples for keys in token_features(example.norms, classes) for key in keys)
    for name in OF_LETTERS:
        _sort(folder / f"{name}.tsv", letters)
    for name in OF_WORDS:
        _sort(folder / f"{name}.tsv", words)


def _sort(table: Path, seen: Counter[str]) -> None:
    rows = sorted(read_lines(table), key=lambda row: (-seen[row[0]], row[0]))
    table.write_text("".join(f"{key}\t{value}\n" for key, value in rows), encoding="utf-8", newline="\n")
