"""Timing one way of reading against another: interleaved rounds, single calls, the slowest text."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sudachipy import SplitMode

from bot.bench.load import percentile
from nlp.tokens import dictionary

Way = Callable[[str], object]
FEWEST_ROUNDS = 3
_REPEAT_BELOW_S = 0.5
_REPEATS = 3


def raw_tokenizer() -> Way:
    """Return the yardstick: SudachiPy's mode C over the core dictionary, all fields, nothing done with the result.

    Both ways read from one dictionary, as a process maps one: what the first has fetched of it, the second finds.
    """
    tokenize: Way = dictionary().tokenizer(mode=SplitMode.C).tokenize
    return tokenize


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The speed of a way as a share of the yardstick's: the median of the rounds, the lowest round, and messages per second."""

    median: float
    lowest: float
    rounds: int
    per_s: float
    raw_per_s: float


def share_of_raw(way: Way, raw: Way, texts: Sequence[str], *, rounds: int, budget_s: float) -> Share:
    """Let both read all texts in turn, round by round, and compare within each round.

    Each is first in every other round. Ends early, after no less than three rounds, when ``budget_s`` is used up.
    """
    for text in texts[:200]:
        raw(text)
        way(text)
    took: list[tuple[float, float]] = []
    end = time.perf_counter() + budget_s
    while len(took) < rounds and (len(took) < FEWEST_ROUNDS or time.perf_counter() < end):
        if len(took) % 2:
            way_s = _seconds(way, texts)
            raw_s = _seconds(raw, texts)
        else:
            raw_s = _seconds(raw, texts)
            way_s = _seconds(way, texts)
        took.append((raw_s, way_s))
    ratios = [raw_s / way_s for raw_s, way_s in took]
    return Share(
        median=statistics.median(ratios),
        lowest=min(ratios),
        rounds=len(took),
        per_s=len(texts) / statistics.median(way_s for _, way_s in took),
        raw_per_s=len(texts) / statistics.median(raw_s for raw_s, _ in took),
    )


def _seconds(way: Way, texts: Sequence[str]) -> float:
    start = time.perf_counter()
    for text in texts:
        way(text)
    return time.perf_counter() - start


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Percentiles of single calls in seconds; ``added`` is a call less the yardstick's call on the same message."""

    p50: float
    p99: float
    added_p50: float
    added_p99: float


def latency(way: Way, raw: Way, texts: Sequence[str], *, calls: int, blocks: int) -> Latency:
    """Time single calls with the garbage collector as it is; each figure is the median of its values over the blocks."""
    found = [_block(way, raw, texts, calls) for _ in range(blocks)]
    return Latency(
        p50=statistics.median(percentile(alone, 0.5) for alone, _ in found),
        p99=statistics.median(percentile(alone, 0.99) for alone, _ in found),
        added_p50=statistics.median(percentile(added, 0.5) for _, added in found),
        added_p99=statistics.median(percentile(added, 0.99) for _, added in found),
    )


def _block(way: Way, raw: Way, texts: Sequence[str], calls: int) -> tuple[list[float], list[float]]:
    """Return the sorted times of the calls and of what they added. Who meets a message first, and so with cold caches, takes turns."""
    alone, added = [], []
    for number in range(calls):
        lap, place = divmod(number, len(texts))
        text = texts[place : place + 1]
        if (lap + place) % 2:
            way_s = _seconds(way, text)
            raw_s = _seconds(raw, text)
        else:
            raw_s = _seconds(raw, text)
            way_s = _seconds(way, text)
        alone.append(way_s)
        added.append(way_s - raw_s)
    return sorted(alone), sorted(added)


def slowest(way: Way, texts: dict[str, str]) -> tuple[str, float]:
    """Return the name and the seconds of the text that takes longest; a quick one is read three times and its median counts."""
    took = {name: _settled(way, text) for name, text in texts.items()}
    name = max(took, key=took.__getitem__)
    return name, took[name]


def _settled(way: Way, text: str) -> float:
    took = [_seconds(way, [text])]
    if took[0] < _REPEAT_BELOW_S:
        took += [_seconds(way, [text]) for _ in range(_REPEATS - 1)]
    return statistics.median(took)
