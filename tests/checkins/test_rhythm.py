import itertools
from datetime import date

import pytest

from intake.checkins.rhythm import OWN_DAYS, CheckinSettings, Offset, Rhythm, offsets


def days(rhythm: Rhythm, every: int | None = None, *, heavy: bool = False) -> list[int]:
    return [(offset.after(date(2026, 4, 1)) - date(2026, 4, 1)).days for offset in offsets(rhythm, every, heavy=heavy)]


def test_the_gentle_rhythm_begins_after_a_week_and_thins_out_over_a_year() -> None:
    assert days(Rhythm.GENTLE) == [7, 30, 61, 91, 122, 183, 244, 306, 365]


def test_after_a_heavy_talk_every_rhythm_begins_with_the_next_day_and_the_first_week() -> None:
    for rhythm, every in [(Rhythm.GENTLE, None), (Rhythm.MONTHLY, None), (Rhythm.FORTNIGHTLY, None), (Rhythm.OWN, 7), (Rhythm.OWN, 84)]:
        assert days(rhythm, every, heavy=True)[:2] == [1, 7]
        assert days(rhythm, every, heavy=True).count(7) == 1


@pytest.mark.parametrize(
    ("rhythm", "every"), [*((rhythm, None) for rhythm in Rhythm if rhythm is not Rhythm.OWN), *((Rhythm.OWN, days) for days in OWN_DAYS)]
)
def test_every_rhythm_thins_out_and_ends_within_a_year(rhythm: Rhythm, every: int | None) -> None:
    found = days(rhythm, every)
    gaps = [after - before for before, after in itertools.pairwise(found)]
    assert 8 <= found[-1] <= 366
    assert min(gaps) >= 7
    assert gaps[-1] > gaps[0]


def test_a_month_after_the_last_day_of_a_long_month_is_the_last_day_of_a_short_one() -> None:
    assert Offset(months=1).after(date(2027, 1, 31)) == date(2027, 2, 28)
    assert Offset(months=12).after(date(2028, 2, 29)) == date(2029, 2, 28)


@pytest.mark.parametrize(("rhythm", "every"), [(Rhythm.OWN, None), (Rhythm.GENTLE, 7), (Rhythm.OWN, 6), (Rhythm.OWN, 183)])
def test_a_rhythm_that_would_press_or_means_nothing_cannot_be_chosen(rhythm: Rhythm, every: int | None) -> None:
    with pytest.raises(ValueError, match="own rhythm"):
        CheckinSettings(rhythm=rhythm, every_days=every)
