"""The benchmark gives the figures that other programs ask for."""

import pytest

from bot.bench import statistics, statistics_upkeep
from bot.settings import Settings


def test_the_benchmark_names_all_its_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "SIZE", 400)
    monkeypatch.setattr(statistics, "ROUNDS", 1)
    monkeypatch.setattr(statistics_upkeep, "MESSAGES", 20)
    monkeypatch.setattr(statistics_upkeep, "SWEEP_EVERY", 10)
    figures = statistics.measure(Settings(), full=False)
    assert {"page_p95_s", "growth", "upkeep_share", "report_s", "database"} <= set(figures)
    assert figures["database"] == "sqlite"
    assert 0 < figures["upkeep_share"] < 1
    assert figures["page_p95_s"] > 0
