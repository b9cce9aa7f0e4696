"""How far a difficulty that was read in a story is believed, from how the reader shows it. The figures stand in ``data/beliefs.yaml``."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import exp, log
from pathlib import Path
from typing import Any

import yaml

from nlp.reading import Concern
from routing.findings import DirectoryError, Finding, Level

DATA = Path(__file__).resolve().parent / "data"
FILE = "beliefs.yaml"
PARTS = ("whole", "decided", "sentences", "plainly", "beside")
LEAST, MOST = 0.01, 0.99
"""No reading is taken for surer than this, either way."""
UNSEEN = 0.03
"""What counts for a concern of which the reader says nothing."""
MOST_SENTENCES = 3
"""More sentences of the same make nothing surer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """How the reader shows one concern in a story."""

    whole: float
    """The probability when the story is read as one."""
    decided: bool
    """Whether the story as a whole, or one of its messages, was decided to show it."""
    sentences: float
    """The probabilities of the sentences, each read alone, added up."""
    plainly: int
    """How many sentences were decided to show it."""
    beside: int
    """How many concerns the story was decided to show: of many, each is less sure."""

    def values(self) -> tuple[float, float, float, float, float]:
        """Return what each of ``PARTS`` is multiplied with."""
        sure = min(max(self.whole or UNSEEN, LEAST), MOST)
        told = min(self.sentences, MOST_SENTENCES)
        return log(sure / (1 - sure)), float(self.decided), told, float(min(self.plainly, MOST_SENTENCES)), self.beside / 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Beliefs:
    """One figure for each part of the signs, and one for each concern."""

    bar: float
    """What is believed less than this is left out of the story."""
    parts: tuple[float, ...]
    concerns: Mapping[Concern, float]

    def believed(self, concern: Concern, signs: Signs) -> float:
        """Return how likely it is that a careful worker would note ``concern``, from 0 to 1."""
        total = self.concerns[concern] + sum(part * value for part, value in zip(self.parts, signs.values(), strict=True))
        return 1 / (1 + exp(-total))


@cache
def load_beliefs(data: Path = DATA) -> Beliefs:
    """Read and check ``beliefs.yaml``; raises DirectoryError naming the file and what is wrong."""
    try:
        return _beliefs(yaml.safe_load((data / FILE).read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        finding = Finding(level=Level.ERROR, file=FILE, row=0, column="", text=f"読めません: {error}")
        raise DirectoryError(FILE, [finding]) from error


def _beliefs(raw: dict[str, Any]) -> Beliefs:
    parts, concerns = raw["parts"], raw["concerns"]
    if set(parts) != set(PARTS) or set(concerns) != set(Concern):
        raise ValueError("parts と concerns には、決まった名前を一つずつ、もれなく書きます")
    if not 0 < float(raw["bar"]) < 1:
        raise ValueError("bar は0から1のあいだの数です")
    return Beliefs(
        bar=float(raw["bar"]),
        parts=tuple(float(parts[name]) for name in PARTS),
        concerns={Concern(key): float(value) for key, value in concerns.items()},
    )
