"""To which kind of window a story leans as a whole: figures that staff can read, added to the weights of the rules."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from shutil import copyfile

import pytest

from nlp import undertone_of
from nlp.reading import Concern, RiskKind
from routing import load
from routing.choose import refer
from routing.findings import DirectoryError
from routing.leaning import BESIDE, NOTED, SIGNS, TOLD, WORDS, Leanings, load_leanings, told_signs
from routing.referral import Kind, Member, Need, Profile, Referral, Stage
from routing.rules import DATA
from tests.routing.households import households
from tests.routing.support import FRIDAY_NOON, cities, kinds

_READ = (Need(concern=Concern.DEBT, person="son", likely=0.9), Need(concern=Concern.MENTAL, person="son", likely=0.9))
_NOTED = tuple(replace(need, likely=1.0) for need in _READ)


def _towards(kind: Kind, figure: float) -> Leanings:
    return Leanings(told={"always": {kind: figure}})


def _referred(needs: tuple[Need, ...], leanings: Leanings) -> Referral:
    return refer(needs, Profile(), cities()["oshu"], FRIDAY_NOON, leanings=leanings)


def _main(needs: tuple[Need, ...], leanings: Leanings) -> Kind | None:
    main = _referred(needs, leanings).main
    return main.kind if main else None


def test_a_story_that_was_read_goes_to_the_window_to_which_it_leans() -> None:
    assert _main(_READ, Leanings()) is Kind.POVERTY
    assert _main(_READ, _towards(Kind.HEALTH, 1.0)) is Kind.HEALTH


def test_one_need_that_somebody_noted_is_left_to_its_rule() -> None:
    leanings = Leanings(noted={"always": {Kind.HEALTH: 9.0}}, beside={"always": {Kind.HOUSING: 9.0}})
    assert _main(_NOTED[:1], leanings) is Kind.POVERTY
    assert Kind.HOUSING not in kinds(_referred(_NOTED[:1], leanings))


def test_several_noted_needs_lean_by_the_first_of_them_and_by_whose_they_are() -> None:
    noted = {"first.debt": {Kind.POVERTY: 0.5}, "need.mental@son": {Kind.HEALTH: 0.4}, "first.mental": {Kind.HEALTH: 0.5}}
    assert _main(_NOTED, Leanings(noted=noted)) is Kind.POVERTY
    assert _main(_NOTED[::-1], Leanings(noted=noted)) is Kind.HEALTH


def test_what_a_story_leans_to_says_nothing_of_noted_needs() -> None:
    assert _main(_NOTED, _towards(Kind.HEALTH, 9.0)) is Kind.POVERTY


def test_kinds_that_such_households_often_involve_stand_beside_with_the_table_as_the_reason() -> None:
    referral = _referred(_NOTED, Leanings(beside={"concern.debt": {Kind.HOUSING: 1.0, Kind.WOMEN: -5.0}}))
    assert Kind.HOUSING in kinds(referral)
    assert Kind.WOMEN not in kinds(referral)
    assert [reason.rule for reason in referral.reasons if reason.code == "also_involved" and "住まい" in reason.text] == [BESIDE]


def test_no_short_message_leans_to_a_window_that_none_of_its_difficulties_needs() -> None:
    assert _main(_READ, _towards(Kind.WOMEN, 9.0)) is Kind.POVERTY


def test_a_story_may_lead_to_a_window_that_no_difficulty_read_in_it_needs_and_staff_see_that() -> None:
    long = Profile(undertones=(undertone_of("息子の借金を母が年金から払い、家じゅうの話し相手は犬だけで、誰にも会わない冬が続いています"),))
    referral = refer(_READ, long, cities()["oshu"], FRIDAY_NOON, leanings=_towards(Kind.ELDERLY, 9.0))
    assert referral.main is not None
    assert referral.main.kind is Kind.ELDERLY
    assert {Kind.POVERTY, Kind.HEALTH} <= kinds(referral)
    assert "読み取れていません" in next(reason.text for reason in referral.reasons if reason.code == "leads")


def test_the_words_that_made_a_story_lean_are_shown() -> None:
    told = Profile(undertones=(undertone_of("通帳と印鑑"),))
    leanings = Leanings(words={"通帳": {Kind.HEALTH: 9.0}, "印鑑": {Kind.HEALTH: -1.0}})
    referral = refer(_READ, told, cities()["oshu"], FRIDAY_NOON, leanings=leanings)
    assert referral.main is not None
    assert referral.main.kind is Kind.HEALTH
    assert next(reason.text for reason in referral.reasons if reason.code == "leaning_words").endswith("通帳。")


def test_violence_that_was_read_clearly_stands_before_all_that_a_story_leans_to() -> None:
    needs = (Need(concern=Concern.DV, likely=0.9), *_READ)
    assert _main(needs, _towards(Kind.POVERTY, 9.0)) is Kind.WOMEN


def test_staff_see_to_what_the_story_leaned() -> None:
    reasons = {reason.code: reason.text for reason in _referred(_READ, _towards(Kind.HEALTH, 0.6)).reasons}
    assert "保健・こころ +0.6" in reasons["leaning"]
    assert "leaning" not in {reason.code for reason in _referred(_NOTED, _towards(Kind.HEALTH, 0.6)).reasons}


def test_a_story_shows_its_difficulties_people_and_dangers() -> None:
    home = (Member(person="mother", age=82, stage=Stage.ELDER), Member(person="son"))
    signs = told_signs(_READ, Profile(household=home, risk_kinds=(RiskKind.SUICIDE,)))
    assert signs["concern.debt"] == 0.9
    assert signs["people"] == 1
    assert {"always", "person.mother", "stage.elder", "person.son", "risk.suicide"} <= set(signs) <= set(SIGNS)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (TOLD, "always\t", "ever\t"),
        (TOLD, "poverty:", "poor:"),
        (NOTED, "concern.care\t", "concern.cares\t"),
        (NOTED, "need.care@", "need.cares@"),
        (BESIDE, "always\t", "ever\t"),
        (WORDS, "poverty:", "poverty="),
        (WORDS, "\t", " "),
    ],
)
def test_a_wrong_table_of_leanings_stops_the_start_with_the_name_of_the_file(tmp_path: Path, file: str, old: str, new: str) -> None:
    for name in (TOLD, NOTED, BESIDE, WORDS):
        copyfile(DATA / name, tmp_path / name)
    text = (DATA / file).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DirectoryError, match=file):
        load_leanings(tmp_path)


def test_the_tables_of_leanings_that_are_learned_can_be_read_again(tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="`make train` installs what learning needs")
    from routing.belief import load_beliefs  # noqa: PLC0415 - beside what needs the trainer's libraries
    from tests.routing.fit_leanings import learned, written  # noqa: PLC0415 - needs the trainer's libraries

    found = learned(households("tuned")[:12], load_beliefs())
    for file, text in written(found).items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    again = load_leanings(tmp_path)
    assert (again.told, again.noted, again.beside) == (found.told, found.noted, found.beside)
    assert dict(again.words) == found.words


def test_the_tables_of_leanings_are_read_before_the_first_referral(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(load, "load_leanings", partial(load_leanings, tmp_path))
    with pytest.raises(DirectoryError, match=TOLD):
        load.load_city("oshu")
