"""What the trainer chooses by counting: bars, the error of probabilities, noisy rows, and how a weight is written. No libraries."""

from collections.abc import Iterable, Sequence

from nlp.learned.features import row_feature
from nlp.learned.table import HEAVIEST, UNIT
from nlp.lexicon.model import Row
from nlp.reading import Risk

LEAST = 3
"""Weights below so many sixteenths of a logit are left out: they move nothing."""
ALARMS = 0.03
CHAT_ALARMS = 0.012
"""The share of calm consultations and of everyday chat that may be called urgent, on writers that were held out."""
MOST_NOISE = 0.3
FEW = 8
"""A row of danger that fired at least so often may be wrong in so large a share before it needs weights beside it."""
ALWAYS_BINDING = frozenset(["risk.suicide.vanish", "risk.suicide.word"])
"""Rows that call a person in any case: 消えたい and 練炭 may be harmless, and nobody should have to guess."""


def told(weights: Iterable[tuple[int, float]], least: int = LEAST) -> str:
    """Write weights by column as ``column:sixteenths``, those of at least ``least`` alone, none heavier than the tables hold."""
    units = ((column, max(-HEAVIEST, min(HEAVIEST, round(weight / UNIT)))) for column, weight in weights)
    return " ".join(f"{column}:{unit}" for column, unit in units if abs(unit) >= least)


def writable(key: str) -> bool:
    """Tell whether a key can stand in a table of lines."""
    return not any(sign in key for sign in "\t\n\r")


def lowest_bar(calm: Sequence[float], chat: Sequence[float]) -> float:
    """Return the lowest bar at which the weights alone call few calm messages and even less everyday chat urgent; 1 where none does."""
    steps = (round(0.05 + 0.005 * number, 3) for number in range(180))
    return next((bar for bar in steps if _above(calm, bar) <= ALARMS and _above(chat, bar) <= CHAT_ALARMS), 1.0)


def _above(likely: Sequence[float], bar: float) -> float:
    return sum(one >= bar for one in likely) / max(1, len(likely))


def expected_error(probabilities: Sequence[float], answers: Sequence[bool], bins: int = 10) -> float:
    """ECE: the mean gap between what was said and what was so, over bins of equal width, weighted by their size."""
    said, so = [0.0] * bins, [0] * bins
    for probability, answer in zip(probabilities, answers, strict=True):
        at = min(int(probability * bins), bins - 1)
        said[at] += probability
        so[at] += answer
    return sum(abs(one - other) for one, other in zip(said, so, strict=True)) / len(probabilities)


def noisy_rows(fired: Sequence[tuple[Sequence[str], Risk]], rows: Sequence[Row]) -> list[str]:
    """Find the rows of danger that fire too often where the labels say that all is calm: they need weights beside them.

    ``fired`` holds for each message the features of the rows that fired, and its label.
    """
    noisy = []
    for row in rows:
        if row.level.rank >= Risk.URGENT.rank and row.id not in ALWAYS_BINDING:
            found = [risk for features, risk in fired if row_feature(row.id, speaks=True) in features]
            if found.count(Risk.NONE) > MOST_NOISE * len(found) and len(found) >= FEW:
                noisy.append(row.id)
    return noisy
