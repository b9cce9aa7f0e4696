"""Nothing unconfirmed leaves in production: no phone, no hours, no address; with the setting not even a name."""

from dataclasses import fields, replace
from datetime import date, datetime, time, timedelta

import pytest

from nlp.reading import Concern
from routing.card import card_for, contact_confirmed
from routing.choose import refer
from routing.city import City, DeskWindow, Opening, Phone
from routing.confirmed import only_confirmed
from routing.load import KEYS, load_city
from routing.offer import DESK, LINE
from routing.referral import Actor, Destination, Kind, Need, Profile, Referral
from tests.routing.support import FRIDAY_NOON, cities

DAY = date(2026, 11, 20)
NUMBER, PLACE = "000-0000-0001", "架空町1番地"
ALL_WEEK = Opening(weekdays=frozenset(range(7)), opens=time(9, 41), closes=time(17, 43), holidays=True)
PEOPLE = ("self", "mother", "child", "other")


def filled(window: DeskWindow, **changes: object) -> DeskWindow:
    """The window with contacts in its tables, which only a confirmation may let out."""
    known = replace(window, phones=(Phone(number=NUMBER),), openings=(ALL_WEEK,), address=PLACE)
    return replace(known, **changes)  # type: ignore[arg-type] # named fields of the window


def with_contacts(key: str, **changes: object) -> City:
    city = cities()[key]
    return replace(city, windows={name: filled(window, **changes) for name, window in city.windows.items()})


def referrals(city: City, now: datetime = FRIDAY_NOON) -> list[Referral]:
    """What everybody of any household and every district is told."""
    districts = {None, *(name for window in city.windows.values() for name in window.districts)}
    return [
        refer([Need(concern=concern, person=person)], Profile(actor=actor, district=district), city, now)
        for concern in Concern
        for person in PEOPLE
        for actor in Actor
        for district in districts
    ]


def destinations(city: City, now: datetime = FRIDAY_NOON) -> set[Destination]:
    return {place for found in referrals(city, now) for place in (found.main, *found.also) if place is not None}


UNCONFIRMED = [
    {"confirmed": False},
    {"confirmed": True, "checked_on": None},
    {"confirmed": True, "checked_on": DAY - timedelta(days=731)},
]


@pytest.mark.parametrize("how", UNCONFIRMED, ids=["not public", "no date", "older than two years"])
@pytest.mark.parametrize("key", KEYS)
def test_no_phone_hours_or_address_of_an_unconfirmed_window_leaves(key: str, how: dict[str, object]) -> None:
    city = with_contacts(key, **how)
    windows = [place for place in destinations(city) if place.window != DESK and not place.window.startswith(LINE)]
    assert windows, "every city may name windows of its plan"
    for place in windows:
        card = card_for(city, place, FRIDAY_NOON)
        assert (card.phones, card.address, card.opening, card.open_now) == ((), "", "", False)
        said = " ".join(str(getattr(card, field.name)) for field in fields(card))
        assert not any(secret in said for secret in (NUMBER, PLACE, "9:41", "17:43"))
        assert card.title == city.windows[place.window].name
        assert card.note.startswith("電話番号は確認中です。")
        assert card.source


@pytest.mark.parametrize("key", KEYS)
def test_the_same_contacts_do_leave_once_they_are_confirmed(key: str) -> None:
    city = with_contacts(key, confirmed=True, checked_on=DAY)
    cards = [card_for(city, place, FRIDAY_NOON) for place in destinations(city) if place.window in city.windows]
    assert cards
    assert all((card.phones[0].number, card.address, card.open_now) == (NUMBER, PLACE, True) for card in cards)


@pytest.mark.parametrize("key", KEYS)
def test_where_only_confirmed_windows_count_no_unconfirmed_one_is_even_named(key: str) -> None:
    city = cities()[key]
    shown = only_confirmed(city, DAY)
    assert shown.windows == {}
    for found in referrals(shown):
        places = [place for place in (found.main, *found.also) if place is not None]
        assert all(place.window == DESK or place.window.startswith(LINE) for place in places)
        assert found.directory_version == f"{city.version}-confirmed"


@pytest.mark.parametrize("key", KEYS)
def test_where_only_confirmed_windows_count_a_confirmed_one_is_offered(key: str) -> None:
    city = cities()[key]
    first = next(place.window for place in sorted(destinations(city), key=lambda place: place.window) if place.window in city.windows)
    windows = city.windows | {first: replace(city.windows[first], confirmed=True, checked_on=DAY)}
    shown = only_confirmed(replace(city, windows=windows), DAY)
    assert set(shown.windows) == {first}
    assert first in {place.window for place in destinations(shown)}


def test_a_confirmation_that_grows_too_old_hides_the_window_again() -> None:
    city = with_contacts("oshu", confirmed=True, checked_on=DAY)
    assert only_confirmed(city, DAY + timedelta(days=730)).windows
    assert not only_confirmed(city, DAY + timedelta(days=731)).windows


@pytest.mark.parametrize("key", KEYS)
def test_the_citys_own_desk_stands_in_for_what_is_hidden(key: str) -> None:
    shown = only_confirmed(cities()[key], DAY)
    found = refer([Need(concern=Concern.CARE)], Profile(), shown, FRIDAY_NOON)
    assert found.main == Destination(window=DESK, name=shown.desk_name, kind=Kind.ELDERLY)


def test_a_city_loaded_for_its_confirmed_windows_names_no_other() -> None:
    day = FRIDAY_NOON.date()
    whole, confirmed = load_city("oshu", today=day), load_city("oshu", today=day, confirmed_on=day)
    assert set(confirmed.windows) == {key for key, window in whole.windows.items() if contact_confirmed(window, day)}
    assert set(confirmed.windows) < set(whole.windows)
    assert confirmed.desk_name == whole.desk_name
