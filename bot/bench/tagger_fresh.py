"""What a new process pays for the reader: its own memory, and the time until it can read."""

import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from itertools import cycle, islice

READS = 2_000
_PATIENCE_S = 120
_COLD_START = "import time; start = time.perf_counter(); import nlp; nlp.warm_up(); print(time.perf_counter() - start)"


def _answer(*arguments: str, given: str = "") -> str:
    command = [sys.executable, "-P", *arguments]
    done = subprocess.run(command, input=given, capture_output=True, encoding="utf-8", timeout=_PATIENCE_S, check=True)  # noqa: S603 - our own interpreter and code
    return done.stdout


def memory_mb(texts: Sequence[str]) -> float | None:
    """Return by how much warm-up and 2,000 reads grow the memory that no file backs, from before ``import nlp``.

    None where the system does not tell.
    """
    given = json.dumps(list(islice(cycle(texts), READS)))
    grown_kb = json.loads(_answer("-m", "bot.bench.tagger_child", given=given))
    return None if grown_kb is None else grown_kb / 1024


def cold_start_s(runs: int) -> float:
    """Return the median seconds from before ``import nlp`` to the end of its warm-up, each in a new process.

    The interpreter's own start does not count.
    """
    return statistics.median(float(_answer("-c", _COLD_START)) for _ in range(runs))
