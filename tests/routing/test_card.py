from dataclasses import replace
from datetime import date

import pytest

from routing.card import card_for
from routing.referral import Destination, Kind
from tests.routing.support import FRIDAY_NOON, cities, japan, sample_city


def to(window: str, kind: Kind = Kind.ELDERLY) -> Destination:
    return Destination(window=window, name="", kind=kind)


def test_an_unconfirmed_window_is_named_without_phone_hours_or_address() -> None:
    card = card_for(cities()["aizuwakamatsu"], to("aizu-w03"), FRIDAY_NOON)
    assert card.title == "若松第 3 地域包括支援センター"
    assert (card.phones, card.opening, card.address, card.open_now) == ((), "", "", False)
    assert card.note == "電話番号は確認中です。会津若松市地域福祉課で受け付けます。"
    assert "実施計画" in card.source


def test_a_division_is_named_as_part_of_the_city() -> None:
    card = card_for(cities()["nonoichi"], to("nonoichi-w02"), FRIDAY_NOON)
    assert card.note == "電話番号は確認中です。野々市市の介護長寿課で受け付けます。"
    assert card.operator == "所管 介護長寿課／委託先 洋和会"


def test_a_number_printed_in_a_plan_is_not_shown_before_it_is_confirmed() -> None:
    city = cities()["semboku"]
    assert city.windows["semboku-w12"].phones
    assert card_for(city, to("semboku-w12"), FRIDAY_NOON).phones == ()


def test_a_sample_card_is_whole_and_says_that_it_is_a_sample() -> None:
    card = card_for(sample_city(), to("aizu-w15", Kind.POVERTY), FRIDAY_NOON)
    assert card.sample
    assert card.open_now
    assert card.opening == "受付中です（17:15まで）"
    assert "見本" in card.note
    assert card.phones[0].number.startswith("000-0000-")
    assert card.address == "東栄町 3 番 46 号"


def test_a_closed_window_says_when_it_opens() -> None:
    card = card_for(sample_city(), to("aizu-w15", Kind.POVERTY), japan("2026-11-20 22:00"))
    assert (card.open_now, card.opening) == (False, "次は11月24日（火）8:30からです")


def test_a_confirmation_older_than_two_years_hides_the_contact_again() -> None:
    city = sample_city()
    window = replace(city.windows["aizu-w15"], checked_on=date(2024, 1, 1))
    old = replace(city, windows={**city.windows, "aizu-w15": window})
    card = card_for(old, to("aizu-w15", Kind.POVERTY), FRIDAY_NOON)
    assert (card.phones, card.opening) == ((), "")


def test_a_number_outside_its_dates_is_not_shown() -> None:
    city = sample_city()
    window = city.windows["aizu-w15"]
    ended = replace(window, phones=tuple(replace(phone, valid_to=date(2026, 10, 31)) for phone in window.phones))
    assert not card_for(replace(city, windows={"aizu-w15": ended}), to("aizu-w15"), FRIDAY_NOON).phones


def test_the_citys_desk_has_a_card() -> None:
    card = card_for(cities()["oshu"], to("desk"), FRIDAY_NOON)
    assert (card.title, card.open_now, card.phones) == ("奥州市地域共生社会課", True, ())
    assert "LINE" in card.note


def test_a_national_line_has_a_card_with_its_cost() -> None:
    card = card_for(cities()["oshu"], to("line:consumer", Kind.CONSUMER), FRIDAY_NOON)
    assert card.phones[0].number == "188"
    assert "通話料" in card.note
    assert not card.open_now


def test_an_unknown_window_has_no_card() -> None:
    with pytest.raises(KeyError):
        card_for(cities()["oshu"], to("nowhere"), FRIDAY_NOON)
