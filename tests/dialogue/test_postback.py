import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.dialogue.postback import Tap, Verb, concern_choice, district_choice, find_tap
from intake.wording.keys import POSTBACK_VERSION, Choice
from nlp.reading import Concern


@pytest.mark.parametrize("choice", Choice)
def test_every_choice_that_is_offered_is_understood_when_tapped(choice: Choice) -> None:
    tap = find_tap(POSTBACK_VERSION + choice)
    assert tap is not None
    assert f"{tap.verb}:{tap.arg}".rstrip(":") == choice


@pytest.mark.parametrize("concern", Concern)
def test_every_concern_can_be_tapped(concern: Concern) -> None:
    assert find_tap(POSTBACK_VERSION + concern_choice(concern)) == Tap(Verb.CONCERN, concern.value)


@pytest.mark.parametrize("district", ["富奥", "郷・押野地区", "門田町 大字 黒岩"])
def test_a_district_comes_back_without_spaces(district: str) -> None:
    assert find_tap(POSTBACK_VERSION + district_choice(district)) == Tap(Verb.DISTRICT, district.replace(" ", ""))


@pytest.mark.parametrize(
    "data",
    ["", "v0:staff", "v1:", "v1:fly", "v1:unfit", "v1:unfit:ugly", "v1:staff:now", "v1:concern:love", "v1:district", "v1:erase:maybe"],
)
def test_data_that_means_nothing_is_no_tap(data: str) -> None:
    assert find_tap(data) is None


@given(st.text(max_size=60))
def test_any_data_is_parsed_without_an_error(data: str) -> None:
    assert find_tap(data) is None or data.startswith(POSTBACK_VERSION)
