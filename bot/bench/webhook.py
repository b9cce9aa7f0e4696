"""``tsunagi bench webhook``: durable acknowledgements per second over a bare FastAPI echo on the same server, interleaved."""

import statistics
import time
from dataclasses import dataclass, field
from typing import Any

from bot.app import Parts
from bot.bench.load import Job, LoadProcess, Measured, percentile
from bot.bench.server import ACCOUNT, SECRET, ServerUnderTest, progress, server_under_test
from bot.settings import Settings

CONNECTIONS = 32
ROUNDS, ROUND_SECONDS = 5, 2.0
FULL_ROUNDS, FULL_SECONDS = 9, 5.0
MOST_PER_SECOND = 25_000


@dataclass(slots=True)
class _Seen:
    ratios: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    bad: int = 0


def _round(load: LoadProcess, server: ServerUnderTest, kind: str, number: int, seconds: float) -> tuple[Measured, float]:
    job = Job(
        port=server.port,
        path=f"/line/{ACCOUNT}/webhook" if kind == "webhook" else "/bare/echo",
        count=int(MOST_PER_SECOND * seconds),
        now_ms=time.time_ns() // 1_000_000,
        connections=CONNECTIONS,
        seconds=seconds,
        series=f"{number:016d}",
        secret=SECRET if kind == "webhook" else None,
    )
    return load.run(job, server.cpu_seconds)


def measure(settings: Settings, *, full: bool) -> dict[str, Any]:
    """Measure in rounds, one of each kind after the other, and return the median of the ratios of the rounds."""
    rounds, seconds = (FULL_ROUNDS, FULL_SECONDS) if full else (ROUNDS, ROUND_SECONDS)
    seen = _Seen()
    load = LoadProcess()
    with server_under_test(parts=Parts(worker=False), settings=settings) as server:
        for kind in ("webhook", "echo"):
            _round(load, server, kind, 10**9, 0.5)
        for number in range(rounds):
            bare, bare_busy = _round(load, server, "echo", number, seconds)
            durable, durable_busy = _round(load, server, "webhook", number, seconds)
            seen.ratios.append(durable.rate / bare.rate)
            seen.rates.append(durable.rate)
            seen.latencies.extend(durable.latencies)
            seen.busy.extend((bare_busy, durable_busy))
            seen.bad += durable.bad + bare.bad
            progress(f"{number + 1}/{rounds}: webhook {durable.rate:.0f}/s, echo {bare.rate:.0f}/s, ratio {durable.rate / bare.rate:.2f}")
    load.end()
    seen.latencies.sort()
    return {
        "bench": "webhook",
        "ratio": round(statistics.median(seen.ratios), 3),
        "ratio_min": round(min(seen.ratios), 3),
        "acks_per_s": round(statistics.median(seen.rates)),
        "p50_s": round(percentile(seen.latencies, 0.5), 5),
        "p99_s": round(percentile(seen.latencies, 0.99), 5),
        "server_busy": round(min(seen.busy), 2),
        "refused": seen.bad,
        "connections": CONNECTIONS,
        "database": "postgresql" if settings.database_url else "sqlite",
    }
