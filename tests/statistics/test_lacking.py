"""Which needs are counted as 「つなぐ先が見つからない相談」: those for whose kind the directory holds no window, and no others."""

from itertools import combinations

import pytest

from intake.facts.heard import count_referral
from nlp.reading import Concern
from tests.routing.support import ask


def lacking(city: str, *needs: str, district: str | None = None) -> set[str]:
    return set(count_referral(ask(city, *needs, district=district))["lacking"])


@pytest.mark.parametrize(
    ("city", "need", "kinds"),
    [
        ("aizuwakamatsu", "health", {"health"}),
        ("sakata", "disability", {"disability"}),
        ("nonoichi", "dv", {"women"}),
    ],
)
def test_a_need_without_a_window_of_its_kind_is_counted(city: str, need: str, kinds: set[str]) -> None:
    assert lacking(city, need) == kinds


@pytest.mark.parametrize("need", ["debt", "rent_loan"])
def test_a_kind_that_only_stands_beside_a_need_is_not_counted(need: str) -> None:
    referral = ask("aizuwakamatsu", need)
    beside = {place.kind.value for place in referral.also if not place.window.startswith("aizu-")}
    assert beside, "the case shows nothing where all that stands beside has a window"
    assert lacking("aizuwakamatsu", need) == set()


def test_a_desk_that_asks_for_the_district_is_not_counted() -> None:
    assert ask("aizuwakamatsu", "care").ask == "district"
    assert lacking("aizuwakamatsu", "care") == set()
    assert lacking("aizuwakamatsu", "care", "health") == {"health"}


def test_a_district_that_no_table_knows_is_not_counted() -> None:
    assert lacking("aizuwakamatsu", "care", district="どこでもない町") == set()


def test_two_needs_together_lack_no_more_than_each_of_them_alone() -> None:
    alone = {concern: lacking("sakata", concern.value) for concern in Concern}
    more = {
        (one, other): found
        for one, other in combinations(Concern, 2)
        if not (found := lacking("sakata", one.value, other.value)) <= alone[one] | alone[other]
    }
    assert more == {}
