from datetime import date

import pytest

from handoff.statistics.percentiles import nearest_rank, waits
from handoff.statistics.periods import PeriodError, parse_period, year_of

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("span", "value", "until", "first", "last"),
    [
        ("year", "", "", date(2026, 4, 1), date(2027, 3, 31)),
        ("year", "2024", "", date(2024, 4, 1), date(2025, 3, 31)),
        ("month", "2026-02", "", date(2026, 2, 1), date(2026, 2, 28)),
        ("week", "2026-11-18", "", date(2026, 11, 16), date(2026, 11, 22)),
        ("days", "2026-11-01", "2026-11-03", date(2026, 11, 1), date(2026, 11, 3)),
    ],
)
def test_a_period_is_read_as_municipalities_count(span: str, value: str, until: str, first: date, last: date) -> None:
    period = parse_period(span, value, until, TODAY)
    assert (period.first, period.last) == (first, last)


@pytest.mark.parametrize(
    ("span", "value", "until", "words"),
    [
        ("decade", "", "", "年度・月・週・日付のどれか"),
        ("year", "令和8", "", "西暦の4けた"),
        ("month", "2026-13", "", "2026-04-01 のように"),
        ("days", "2026-02-30", "2026-03-01", "ない日付"),
        ("days", "2026-10-02", "2026-10-01", "始まりより前"),
        ("year", "2027", "", "まだ来ていない"),
        ("days", "2015-04-01", "2026-01-01", "5年以内"),
    ],
)
def test_an_impossible_period_is_refused_in_clear_words(span: str, value: str, until: str, words: str) -> None:
    with pytest.raises(PeriodError, match=words):
        parse_period(span, value, until, TODAY)


def test_buckets_cover_every_day_of_a_period_once() -> None:
    period = parse_period("days", "2025-02-10", "2026-05-20", TODAY)
    years, months, days = period.buckets()
    assert years == [date(2025, 4, 1)]
    assert months == [date(2025, 3, 1), date(2026, 4, 1)]
    assert len(days) == 19 + 20


def test_the_period_before_a_fiscal_year_is_the_one_before() -> None:
    assert year_of(TODAY).before() == year_of(date(2025, 5, 1)) == year_of(TODAY).year_before()


def test_percentiles_are_by_nearest_rank() -> None:
    assert nearest_rank({5: 1, 10: 1, 20: 1, 40: 1}, 50) == 10
    assert nearest_rank({5: 1, 10: 1, 20: 1, 40: 1}, 75) == 20
    assert nearest_rank({7: 1}, 95) == 7
    assert nearest_rank({}, 50) is None


def test_percentiles_of_two_windows_together_are_those_of_all_waits() -> None:
    first, second = {1: 90, 100: 10}, {50: 5, 60: 5}
    together = {minutes: first.get(minutes, 0) + second.get(minutes, 0) for minutes in {*first, *second}}
    assert waits(together).ranks == {50: 1, 75: 1, 90: 60, 95: 100}
