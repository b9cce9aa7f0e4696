import pytest

from nlp.reading import Concern, Evidence, Reading, Speaker
from routing.needs import needs_from
from routing.referral import Need


def reading(text: str, word: str, speaker: Speaker) -> Reading:
    start = text.index(word)
    evidence = Evidence(start=start, end=start + len(word), label=Concern.CARE, rule="test")
    return Reading(concerns=(Concern.CARE,), speaker=speaker, evidence=(evidence,))


def test_care_is_needed_by_the_one_who_is_cared_for_also_where_the_carer_tells_of_the_burden() -> None:
    text = "母の介護で疲れました"
    assert needs_from(reading(text, "介護", Speaker.SELF), text) == (Need(concern=Concern.CARE, person="mother"),)


def test_the_writers_own_difficulty_is_the_writers() -> None:
    text = "介護が必要になりました。小6の娘がいます"
    assert needs_from(reading(text, "介護", Speaker.SELF), text)[0].person == "self"


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("母の介護のことです", "mother"),
        ("お父さんの介護", "father"),
        ("息子は元気ですが、祖母の介護が", "grandmother"),
        ("親切な人に介護のことを聞きました", "other"),
        ("介護のことです、父が", "father"),
    ],
)
def test_a_household_word_tells_whose_need_it_is(text: str, person: str) -> None:
    assert needs_from(reading(text, "介護", Speaker.FAMILY), text) == (Need(concern=Concern.CARE, person=person),)


def test_without_evidence_or_words_the_need_is_somebody_elses() -> None:
    assert needs_from(Reading(concerns=(Concern.FOOD,), speaker=Speaker.NEIGHBOUR)) == (Need(concern=Concern.FOOD, person="other"),)


def test_no_concern_is_no_need() -> None:
    assert needs_from(Reading(), "こんにちは") == ()
