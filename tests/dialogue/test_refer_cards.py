"""Which places of a referral become cards: few, each once, and of divided districts all or none."""

from dataclasses import replace

import pytest

from intake.dialogue.offers import cards_for
from intake.dialogue.scene import Scene
from intake.dialogue.turn import EventKind, TalkEvent, TalkState
from nlp.reading import Reading
from routing.choose import refer
from routing.city import City
from tests.routing.support import FRIDAY_NOON, cities, need

CENTRES = {"nonoichi-w01", "nonoichi-w02", "nonoichi-w03"}


def cards(city: City, *needs: str, declined: tuple[str, ...] = ()) -> list[str]:
    state = TalkState(needs=tuple(need(text) for text in needs), declined=declined)
    event = TalkEvent(kind=EventKind.TEXT, occurred_at=FRIDAY_NOON)
    scene = Scene(before=state, state=state, event=event, reading=Reading(), city=city, now=FRIDAY_NOON)
    referral = refer(scene.state.needs, scene.profile(), city, FRIDAY_NOON)
    return [str(card.params["window"]) for card in cards_for(scene, referral)]


@pytest.mark.parametrize("phone", ["", "000-0000-0000"])
@pytest.mark.parametrize(
    ("needs", "declined"),
    [
        (("care",), ()),
        (("care", "money_living"), ()),
        (("care", "mental"), ()),
        (("care",), ("nonoichi-w02",)),
        (("care", "debt", "dv"), ()),
    ],
)
def test_of_divided_districts_all_that_are_left_become_cards_or_none(phone: str, needs: tuple[str, ...], declined: tuple[str, ...]) -> None:
    city = replace(cities()["nonoichi"], desk_phone=phone)
    shown = cards(city, *needs, declined=declined)
    assert len(shown) == len(set(shown)) <= 3
    assert set(shown) & CENTRES in (set(), CENTRES - set(declined))


@pytest.mark.parametrize("phone", ["", "000-0000-0000"])
def test_the_three_centres_are_worth_more_than_the_desk_that_would_crowd_them_out(phone: str) -> None:
    assert set(cards(replace(cities()["nonoichi"], desk_phone=phone), "care")) == CENTRES


def test_a_household_with_many_needs_gets_two_cards_however_much_staff_know_to_be_involved() -> None:
    needs = ("debt", "money_living", "disability@son", "pregnancy@daughter", "consumer")
    assert cards(cities()["aizuwakamatsu"], *needs) == ["aizu-w15", "aizu-w14"]
