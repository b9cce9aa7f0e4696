"""The benchmark of check-ins measures what it says, on a town small enough for the suite."""

import pytest

from bot.bench import checkins
from bot.settings import Settings


def test_the_benchmark_says_every_word_that_is_due_and_gives_its_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("ENROLLED", 600), ("FEW", 200), ("DUE", 40)):
        monkeypatch.setattr(checkins, name, value)
    figures = checkins.measure(Settings(), full=False)
    assert figures["bench"] == "checkins"
    assert figures["database"] == "sqlite"
    assert (figures["enrolled"], figures["due"], figures["rounds"]) == (600, 40, 3)
    assert figures["sweep_s"] > 0
    assert figures["longest_commit_s"] > 0
    assert figures["growth"] > 0
