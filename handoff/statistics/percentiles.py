"""Waits by whole minutes. Counts per minute add up over days and windows, so a percentile of many is exact, never a mean of percentiles."""

from collections.abc import Mapping
from dataclasses import dataclass

RANKS = (50, 75, 90, 95)
_HUNDRED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """How long a kind of wait took. ``ranks`` are percentiles by nearest rank, in minutes; None where nobody waited."""

    count: int
    ranks: dict[int, int | None]
    longest: int | None
    within_hour: int


def waits(counts: Mapping[int, int]) -> Waits:
    """Return percentiles of waits that are given as minutes → how often."""
    total = sum(counts.values())
    return Waits(
        count=total,
        ranks={rank: nearest_rank(counts, rank) for rank in RANKS},
        longest=max(counts) if counts else None,
        within_hour=sum(count for minutes, count in counts.items() if minutes < 60),  # noqa: PLR2004 - minutes of an hour
    )


def nearest_rank(counts: Mapping[int, int], rank: int) -> int | None:
    """Return the smallest wait that at least ``rank`` per cent did not pass."""
    total = sum(counts.values())
    need = -(-total * rank // _HUNDRED)
    seen = 0
    for minutes in sorted(counts):
        seen += counts[minutes]
        if seen >= need and seen:
            return minutes
    return None
