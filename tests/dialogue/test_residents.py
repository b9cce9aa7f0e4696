"""A window, or a person with a stated time, within three messages: over a thousand residents that a seed makes (scripts: test_scripts)."""

from functools import cache

from tests.dialogue.residents import Met, meet, residents

RESIDENTS, SEED = 1000, 20261121
MOST_LEFT_TO_PEOPLE, MOST_LEFT_IN_CALM = 0.25, 0.10
"""Of those who were offered something: only staff or the city's desk, although the directory holds the kind that they told.
Who is in danger is handed to a person at once, with the lines that help; the others should see their window."""


@cache
def all_met() -> tuple[Met, ...]:
    return tuple(meet(resident) for resident in residents(RESIDENTS, SEED))


def test_every_resident_is_offered_a_window_or_a_person_within_three_messages() -> None:
    left = [one.resident.messages for one in all_met() if not one.offered and not one.ended_by_themselves]
    assert left == []


def test_few_residents_end_the_talk_before_anything_is_offered() -> None:
    assert sum(not one.offered for one in all_met()) <= 0.01 * RESIDENTS


def test_few_residents_are_left_to_a_person_although_the_directory_holds_what_they_need() -> None:
    offered = [one for one in all_met() if one.offered]
    left = [one for one in offered if one.only_a_person and one.held_kinds]
    assert len(left) / len(offered) <= MOST_LEFT_TO_PEOPLE
    assert sum(not one.shown_lines for one in left) / len(offered) <= MOST_LEFT_IN_CALM


def test_all_cities_and_all_hours_are_among_the_residents() -> None:
    assert len({one.resident.city for one in all_met()}) == 5
    assert len({one.resident.begins.hour for one in all_met()}) == 24
