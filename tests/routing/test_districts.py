from dataclasses import replace
from datetime import date

import pytest

from routing.districts import find_district, match_district
from tests.routing.support import cities, sample_city

NONOICHI = [window for window in cities()["nonoichi"].windows.values() if window.districts]


@pytest.mark.parametrize(
    ("word", "window"),
    [
        ("富奥です", "nonoichi-w02"),
        ("富奥地区に住んでいます", "nonoichi-w02"),
        ("野々市市本町です", "nonoichi-w01"),
        ("本町三丁目", "nonoichi-w01"),
        ("郷", "nonoichi-w03"),
        ("郷地区です", "nonoichi-w03"),
        ("押野", "nonoichi-w03"),
    ],
)
def test_the_residents_own_word_finds_the_window(word: str, window: str) -> None:
    assert [found.id for found in match_district(word, NONOICHI)] == [window]


@pytest.mark.parametrize("word", ["", "駅のそば", "郷里は遠いです", "七日本町", "金沢市", "わかりません"])
def test_what_is_not_a_district_is_never_guessed(word: str) -> None:
    assert match_district(word, NONOICHI) == ()


def test_two_districts_in_one_sentence_decide_nothing() -> None:
    assert find_district("富奥か押野です", NONOICHI) is None


def test_the_longer_name_wins() -> None:
    windows = [window for window in sample_city().windows.values() if window.districts]
    assert [found.id for found in match_district("北会津です", windows)] == ["aizu-w06"]


def test_a_district_is_found_inside_a_whole_message() -> None:
    assert find_district("富奥に住む母の介護のことです", NONOICHI) == "富奥"


def test_a_district_changes_hands_on_its_day() -> None:
    first, second = NONOICHI[0], NONOICHI[1]
    until = replace(first, districts=("富奥地区",), district_validity=((None, date(2027, 3, 31)),))
    after = replace(second, districts=("富奥地区",), district_validity=((date(2027, 4, 1), None),))
    assert match_district("富奥", [until, after], date(2027, 3, 31)) == (until,)
    assert match_district("富奥", [until, after], date(2027, 4, 1)) == (after,)
