"""A year of random behaviour breaks no rule."""

import pytest

from tests.checkins.year import Year, simulate


def check(year: Year) -> None:
    assert year.faults == []
    assert max(year.used.values()) <= year.quota
    for happened in ("sent", "late", "talk", "resting", "changed", "reply", "ended blocked", "ended stopped"):
        assert year.counts[happened] > 0, f"{happened} never happened, so nothing is proved about it"


def test_a_year_of_three_hundred_residents_breaks_no_rule() -> None:
    check(simulate(300, seed=1, quota=250))


def test_a_short_quota_defers_words_and_loses_nobody() -> None:
    year = simulate(200, seed=2, quota=60)
    assert year.faults == []
    assert year.counts["quota"] > 0
    assert max(year.used.values()) <= 60
    never = [person for person in year.people if not person.sent and person.over is None and person.plan.paused_at is None]
    assert len(never) < len(year.people) // 10


@pytest.mark.soak
def test_a_year_of_five_thousand_residents_breaks_no_rule() -> None:
    year = simulate(5_000, seed=3, quota=4_000)
    check(year)
    assert year.counts["quota"] > 0
