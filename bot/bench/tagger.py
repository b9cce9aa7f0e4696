"""``tsunagi bench tagger``: the whole reader against raw tokenization in the same process, and what it costs beside time."""

from importlib.metadata import version
from pathlib import Path
from typing import Any

import nlp
from bot.bench.server import progress
from bot.bench.tagger_fresh import cold_start_s, memory_mb
from bot.bench.tagger_mix import everyday_mix, lines_of, nasty_texts, typical
from bot.bench.tagger_peers import HINT, measure_peers
from bot.bench.tagger_timing import Way, latency, raw_tokenizer, share_of_raw, slowest
from bot.memory import keep_for_good

MESSAGES = 2_000
ROUNDS, BUDGET_S = 9, 8.0
FULL_ROUNDS, FULL_BUDGET_S = 45, 60.0
CALLS, BLOCKS, FULL_BLOCKS = 2_000, 9, 15
COLD_STARTS = 5
_TYPICAL = 400


def measure(*, full: bool, messages: int = MESSAGES, file: Path | None = None) -> dict[str, Any]:
    """Measure the reader over the everyday mix, or over the lines of ``file``, and then its peers.

    The reader is settled as in a process that serves. It comes before its peers, so that their objects do not weigh on it.
    """
    texts = everyday_mix(messages) if file is None else lines_of(file, messages)
    raw = raw_tokenizer()
    nlp.warm_up()
    keep_for_good()
    values = {"bench": "tagger", **_speed(raw, texts, full=full), **_latency(raw, texts, full=full), **_worst(), **_fresh(texts)}
    peers = measure_peers(raw, texts)
    missing = {"peers_hint": HINT} if None in peers.values() else {}
    return {
        **values,
        "peers": peers,
        **missing,
        "messages": len(texts),
        "mix": "everyday" if file is None else file.name,
        "sudachipy": version("sudachipy"),
        "sudachidict_core": version("sudachidict-core"),
        "database": None,
    }


def _speed(raw: Way, texts: list[str], *, full: bool) -> dict[str, Any]:
    rounds, budget_s = (FULL_ROUNDS, FULL_BUDGET_S) if full else (ROUNDS, BUDGET_S)
    share = share_of_raw(nlp.read, raw, texts, rounds=rounds, budget_s=budget_s)
    progress(f"{share.rounds} rounds: reader {share.per_s:.0f}/s, raw {share.raw_per_s:.0f}/s, share {share.median:.2f}")
    return {
        "share_of_raw": round(share.median, 3),
        "share_min": round(share.lowest, 3),
        "rounds": share.rounds,
        "messages_per_s": round(share.per_s),
        "raw_messages_per_s": round(share.raw_per_s),
    }


def _latency(raw: Way, texts: list[str], *, full: bool) -> dict[str, Any]:
    found = latency(nlp.read, raw, typical(texts, _TYPICAL), calls=CALLS, blocks=FULL_BLOCKS if full else BLOCKS)
    progress(f"one message: p99 {found.p99 * 1e6:.0f} µs, added {found.added_p99 * 1e6:.0f} µs")
    return {
        "p50_s": round(found.p50, 7),
        "p99_s": round(found.p99, 7),
        "added_p50_s": round(found.added_p50, 7),
        "added_p99_s": round(found.added_p99, 7),
    }


def _worst() -> dict[str, Any]:
    name, seconds = slowest(nlp.read, nasty_texts())
    progress(f"worst: {name} in {seconds:.3f} s")
    return {"worst_s": round(seconds, 6), "worst_text": name}


def _fresh(texts: list[str]) -> dict[str, Any]:
    memory, start = memory_mb(texts), cold_start_s(COLD_STARTS)
    progress(f"a new process: {'?' if memory is None else round(memory)} MB, {start:.2f} s until it reads")
    return {"memory_mb": None if memory is None else round(memory, 1), "cold_start_s": round(start, 3)}
