"""To which kind of window a story leans as a whole: figures that staff can read, added to the weights of the rules."""

from dataclasses import replace
from pathlib import Path

import pytest

from nlp.reading import Concern, RiskKind
from routing.choose import refer
from routing.findings import DirectoryError
from routing.leaning import FILE, SIGNS, Leanings, load_leanings, signs_of
from routing.referral import Kind, Member, Need, Profile, Referral, Stage
from routing.rules import DATA
from tests.routing.households import households
from tests.routing.support import FRIDAY_NOON, cities

_READ = (Need(concern=Concern.DEBT, person="son", likely=0.9), Need(concern=Concern.MENTAL, person="son", likely=0.9))
_NOTED = tuple(replace(need, likely=1.0) for need in _READ)


def _towards(kind: Kind, figure: float) -> Leanings:
    return Leanings(figures={"always": {kind: figure}})


def _referred(needs: tuple[Need, ...], leanings: Leanings) -> Referral:
    return refer(needs, Profile(), cities()["oshu"], FRIDAY_NOON, leanings=leanings)


def _main(needs: tuple[Need, ...], leanings: Leanings) -> Kind | None:
    main = _referred(needs, leanings).main
    return main.kind if main else None


def test_a_story_that_was_read_goes_to_the_window_to_which_it_leans() -> None:
    assert _main(_READ, Leanings(figures={})) is Kind.POVERTY
    assert _main(_READ, _towards(Kind.HEALTH, 1.0)) is Kind.HEALTH


def test_needs_that_somebody_noted_are_left_in_the_order_of_the_rules() -> None:
    assert _main(_NOTED, _towards(Kind.HEALTH, 9.0)) is Kind.POVERTY


def test_no_story_leans_to_a_window_that_none_of_its_difficulties_needs() -> None:
    assert _main(_READ, _towards(Kind.WOMEN, 9.0)) is Kind.POVERTY


def test_violence_that_was_read_clearly_stands_before_all_that_a_story_leans_to() -> None:
    needs = (Need(concern=Concern.DV, likely=0.9), *_READ)
    assert _main(needs, _towards(Kind.POVERTY, 9.0)) is Kind.WOMEN


def test_staff_see_to_what_the_story_leaned() -> None:
    reasons = {reason.code: reason.text for reason in _referred(_READ, _towards(Kind.HEALTH, 0.6)).reasons}
    assert "保健・こころ +0.6" in reasons["leaning"]
    assert "leaning" not in {reason.code for reason in _referred(_NOTED, _towards(Kind.HEALTH, 0.6)).reasons}


def test_a_story_shows_its_difficulties_people_and_dangers() -> None:
    home = (Member(person="mother", age=82, stage=Stage.ELDER), Member(person="son"))
    signs = signs_of(_READ, Profile(household=home, risk_kinds=(RiskKind.SUICIDE,)))
    assert signs["concern.debt"] == 0.9
    assert signs["people"] == 1
    assert {"always", "person.mother", "stage.elder", "person.son", "risk.suicide"} <= set(signs) <= set(SIGNS)


@pytest.mark.parametrize(("old", "new"), [("always:", "ever:"), ("poverty: ", "poor: "), ("always: {", "always: [")])
def test_a_wrong_table_of_leanings_stops_the_start_with_the_name_of_the_file(tmp_path: Path, old: str, new: str) -> None:
    text = (DATA / FILE).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / FILE).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DirectoryError, match=FILE):
        load_leanings(tmp_path)


def test_the_table_of_leanings_that_is_learned_can_be_read_again(tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="`make train` installs what learning needs")
    from routing.belief import load_beliefs  # noqa: PLC0415 - beside what needs the trainer's libraries
    from tests.routing.fit_leanings import learned, written  # noqa: PLC0415 - needs the trainer's libraries

    found = learned(households("tuned")[:12], load_beliefs())
    (tmp_path / FILE).write_text(written(found), encoding="utf-8")
    assert load_leanings(tmp_path) == found
