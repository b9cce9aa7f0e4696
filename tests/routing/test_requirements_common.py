"""What all five municipalities ask of routing: C01 to C17 of the requirements.

C08 (consent), C09 (hops), C13 (follow-up of participation), C14 (counts) and C15 (who may open a case) are kept by handoff:
test_requirements_elsewhere names their tests. The searching half of C16 belongs to the console.
"""

from dataclasses import replace

import pytest

from nlp.reading import Concern, Evidence, Risk
from routing.card import card_for
from routing.choose import refer
from routing.city import City, DeskWindow, State
from routing.load import KEYS
from routing.referral import Actor, Destination, Kind, Member, Need, Outcome, Profile, Referral, Stage
from tests.routing.support import FRIDAY_NOON, ask, cities, codes, japan, kinds, named, need, offered

every_city = pytest.mark.parametrize("key", KEYS)
FOUR_FIELDS = {"高齢": "care", "障がい": "disability", "子ども": "pregnancy", "困窮": "money_living"}
PERSONS = ("self", "mother", "grandmother", "child", "son", "neighbour", "other", "")


def ends_well(referral: Referral) -> bool:
    """Whether there is a window, a person, or somebody who listens, and a reason."""
    answered = referral.main is not None or referral.outcome in {Outcome.STAFF, Outcome.LISTEN}
    return answered and bool(referral.reasons)


@every_city
def test_c01_every_concern_of_everybody_ends_in_a_window_or_a_person_and_never_in_a_refusal(key: str) -> None:
    for concern in Concern:
        for person in PERSONS:
            for actor in Actor:
                assert ends_well(ask(key, f"{concern}@{person}", actor=actor)), (concern, person, actor)


@every_city
def test_c01_a_talk_without_any_readable_need_is_heard_and_with_danger_a_person_comes(key: str) -> None:
    assert ask(key).outcome is Outcome.LISTEN
    assert ends_well(ask(key))
    assert ask(key, risk=Risk.URGENT).outcome is Outcome.STAFF


def test_c02_every_concern_of_a_case_leaves_its_mark_on_the_form_the_fields_and_the_reasons() -> None:
    referral = ask("semboku", "care@mother", "debt@son", "hikikomori@son", "pregnancy@daughter", "consumer")
    assert {referral.form_main, *referral.form_others} == {"介護のこと", "債務について", "ひきこもり・不登校", "子育てのこと", "その他"}
    assert referral.fields == ("高齢", "子ども", "困窮", "他")
    told = {reason.rule for reason in referral.reasons}
    assert {f"concerns.yaml:{concern}" for concern in ("care", "debt", "hikikomori", "pregnancy", "consumer")} <= told


def test_c03_the_same_concern_goes_elsewhere_for_another_member_of_the_household() -> None:
    assert Kind.CHILD in kinds(ask("aizuwakamatsu", "abuse@child"))
    assert Kind.ELDERLY in kinds(ask("aizuwakamatsu", "abuse@grandmother"))
    assert Kind.ELDERLY not in kinds(ask("aizuwakamatsu", "abuse@child"))


def test_c03_the_time_of_life_that_was_told_goes_before_the_word_for_the_person() -> None:
    old_son = Need(concern=Concern.HEALTH, person="son", stage=Stage.ELDER)
    assert Kind.ELDERLY in kinds(refer([old_son], Profile(), cities()["oshu"], FRIDAY_NOON))
    told = Profile(household=(Member(person="brother", age=70, stage=Stage.ELDER),))
    assert Kind.ELDERLY in kinds(refer([need("health@brother")], told, cities()["oshu"], FRIDAY_NOON))
    assert Kind.ELDERLY not in kinds(ask("oshu", "health@brother"))


@pytest.mark.parametrize("needs", [("school@child", "health@mother"), ("young_carer", "health@mother")])
def test_c03_the_mother_of_a_pupil_is_not_taken_for_an_old_woman(needs: tuple[str, ...]) -> None:
    assert Kind.ELDERLY not in kinds(ask("oshu", *needs))


@pytest.mark.parametrize(
    ("needs", "household", "pattern"),
    [
        (("hikikomori@son", "care@mother"), (), "8050"),
        (("hikikomori@son",), (Member(person="mother", age=80, stage=Stage.ELDER),), "8050"),
        (("hikikomori", "money_living"), (Member(person="grandmother"),), "8050"),
        (("care@mother", "parenting@child"), (), "ダブルケア"),
        (("dementia_rights@mother",), (Member(person="daughter", stage=Stage.INFANT),), "ダブルケア"),
        (("young_carer", "care@grandmother"), (), "ヤングケアラー"),
        (("care@mother", "debt"), (), "複合"),
    ],
)
def test_c03_patterns_are_told_from_needs_and_from_members_without_a_need(
    needs: tuple[str, ...], household: tuple[Member, ...], pattern: str
) -> None:
    referral = refer([need(text) for text in needs], Profile(household=household), cities()["oshu"], FRIDAY_NOON)
    assert pattern in referral.patterns
    assert any(reason.rule == f"patterns.yaml:{pattern}" for reason in referral.reasons)


def test_c03_a_child_who_writes_of_caring_is_a_young_carer_and_school_and_childrens_centre_are_involved() -> None:
    referral = ask("nonoichi", "care@mother", child=True)
    assert "ヤングケアラー" in referral.patterns
    assert {Kind.CHILD, Kind.EDUCATION, Kind.ELDERLY} <= kinds(referral)


@pytest.mark.parametrize(("needs", "pattern"), [(("hikikomori@son", "debt@son"), "8050"), (("care@mother",), "ダブルケア")])
def test_c03_a_pattern_is_not_seen_where_one_half_is_missing(needs: tuple[str, ...], pattern: str) -> None:
    assert pattern not in ask("oshu", *needs).patterns


@every_city
def test_c04_only_windows_of_the_directory_the_desk_and_national_lines_are_named(key: str) -> None:
    city = cities()[key]
    allowed = {*city.windows, "desk", *(f"line:{line}" for line in city.lines)}
    assert all(named(ask(key, concern)) <= allowed for concern in Concern)


@every_city
def test_c04_what_the_plan_does_not_say_stays_unsaid_on_the_card(key: str) -> None:
    city = cities()[key]
    for window in city.windows.values():
        card = card_for(city, Destination(window=window.id, name=window.name, kind=window.kind), FRIDAY_NOON)
        assert (card.phones, card.opening, card.address) == ((), "", "")
        assert "確認中" in card.note


@every_city
@pytest.mark.parametrize("field", FOUR_FIELDS)
def test_c05_each_of_the_four_fields_has_a_window_or_says_that_the_desk_receives_it(key: str, field: str) -> None:
    referral = ask(key, FOUR_FIELDS[field])
    assert referral.fields == (field,)
    assert referral.main is not None
    assert referral.main.window != "desk" or codes(referral) & {"ask_district", "no_window_listed"}


@pytest.mark.parametrize(("concern", "field"), [("consumer", "他"), ("dv", "他"), ("admin_other", "他")])
def test_c05_what_lies_outside_the_four_fields_is_the_field_of_others(concern: str, field: str) -> None:
    assert ask("sakata", concern).fields == (field,)


@every_city
def test_c06_a_compound_case_is_flagged_for_staff_while_the_resident_gets_ordinary_windows(key: str) -> None:
    referral = ask(key, "care@mother", "debt@son", "hikikomori@son")
    assert referral.coordinator_candidate
    assert "coordinator_candidate" in codes(referral)
    assert offered(referral)
    assert Kind.COORDINATOR not in kinds(referral)


@pytest.mark.parametrize("needs", [("single_parent",), ("debt", "money_living", "tax_utility"), ("young_carer@child",)])
def test_c06_several_tags_of_one_person_that_one_window_answers_are_no_compound_case(needs: tuple[str, ...]) -> None:
    assert not ask("oshu", *needs).coordinator_candidate


def test_c06_different_difficulties_of_several_persons_are_a_compound_case() -> None:
    assert ask("oshu", "money_living@self", "job_seek@son").coordinator_candidate
    assert not ask("oshu", "care@mother", "care@father").coordinator_candidate


def test_c06_who_refuses_help_is_flagged_and_somebody_goes_out_to_them() -> None:
    referral = ask("oshu", "health@father", refuses=True)
    assert referral.coordinator_candidate
    assert Kind.OUTREACH in kinds(referral)


def test_c07_the_coordinators_title_comes_from_the_directory() -> None:
    city = replace(cities()["oshu"], coordinator="つなぎ役")
    referral = refer([need("care@mother"), need("debt")], Profile(), city, FRIDAY_NOON)
    assert any("つなぎ役" in reason.text for reason in referral.reasons)
    assert not any("多機関協働推進員" in reason.text for reason in referral.reasons)


@pytest.mark.parametrize("day", ["2023-10-01 12:00", "2026-11-20 12:00"])
def test_c10_sakata_offers_no_outreach_and_no_participation_on_either_day_and_says_why(day: str) -> None:
    referral = ask("sakata", "hikikomori", now=japan(day))
    assert not named(referral) & {"sakata-w09", "sakata-w11"}
    passed = {considered.window: considered for considered in referral.considered}
    assert {"sakata-w09", "sakata-w11"} <= set(passed)
    assert all("未実施" in passed[window].text for window in ("sakata-w09", "sakata-w11"))


def with_window(city: City, window: DeskWindow) -> City:
    return replace(city, windows={**city.windows, window.id: window})


@pytest.mark.parametrize(("state", "offers"), [(state, state is State.RUNNING) for state in State])
def test_c10_only_what_is_carried_out_is_offered_whatever_else_its_state(state: State, offers: bool) -> None:
    semboku = cities()["semboku"]
    city = with_window(semboku, replace(semboku.windows["semboku-w01"], state=state))
    referral = refer([need("care@mother")], Profile(), city, FRIDAY_NOON)
    assert ("semboku-w01" in named(referral)) is offers
    assert ("not_running" in codes(referral)) is not offers
    assert not any("ありません" in reason.text for reason in referral.reasons)


@pytest.mark.parametrize(("day", "offers"), [("2026-03-31 23:59", False), ("2026-04-01 00:00", True), ("2027-04-01 00:00", False)])
def test_c10_a_window_is_offered_from_its_first_day_to_its_last_in_japan(day: str, offers: bool) -> None:
    semboku, first, last = cities()["semboku"], japan("2026-04-01").date(), japan("2027-03-31").date()
    city = with_window(semboku, replace(semboku.windows["semboku-w01"], valid_from=first, valid_to=last))
    referral = refer([need("care@mother")], Profile(), city, japan(day))
    assert ("semboku-w01" in named(referral)) is offers
    assert offers or {considered.code for considered in referral.considered if considered.window == "semboku-w01"} == {"outside_dates"}


def test_c11_who_runs_a_window_stands_on_its_card_and_is_left_out_where_unknown() -> None:
    city = cities()["nonoichi"]
    run = card_for(city, Destination(window="nonoichi-w01", name="", kind=Kind.ELDERLY), FRIDAY_NOON)
    assert (run.operator, city.windows["nonoichi-w01"].operator) == ("所管 介護長寿課／委託先 扇翔会", "扇翔会")
    unknown = card_for(cities()["oshu"], Destination(window="oshu-w08", name="", kind=Kind.POVERTY), FRIDAY_NOON)
    assert "委託先" not in unknown.operator


@every_city
@pytest.mark.parametrize("person", ["mother", "neighbour", "other"])
def test_c12_a_report_about_somebody_else_gets_windows_and_staff_read_that_the_person_is_not_contacted(key: str, person: str) -> None:
    referral = ask(key, f"care@{person}", f"living_env@{person}")
    assert referral.main is not None
    assert any("連絡しません" in reason.text for reason in referral.reasons if reason.code == "for_somebody_else")


def test_c12_what_the_writer_tells_of_the_own_life_is_no_report_about_somebody_else() -> None:
    assert "for_somebody_else" not in codes(ask("oshu", "debt"))
    landlord = refer([need("debt")], Profile(role="landlord"), cities()["oshu"], FRIDAY_NOON)
    assert "for_somebody_else" in codes(landlord)


def test_c16_names_are_shown_as_each_city_writes_them() -> None:
    names = {key: {place.name for place in ask(key, "young_carer").shown} for key in ("semboku", "oshu")}
    assert "子ども家庭センター" in names["semboku"]
    assert "こども家庭センター" in names["oshu"]


@every_city
@pytest.mark.parametrize("concern", ["disability", "hikikomori", "debt"])
def test_c17_the_person_the_family_and_a_supporter_are_all_sent_to_the_same_window(key: str, concern: str) -> None:
    own, family = ask(key, concern), ask(key, f"{concern}@son")
    supporter = ask(key, f"{concern}@other", actor=Actor.MINSEI)
    assert own.main == family.main == supporter.main


def test_every_reason_of_a_need_carries_its_rule_and_the_words_that_show_it() -> None:
    shown = Evidence(start=0, end=2, label="care", rule="care-1")
    told = Need(concern=Concern.CARE, person="mother", evidence=(shown,))
    reasons = refer([told], Profile(), cities()["semboku"], FRIDAY_NOON).reasons
    of_the_need = [reason for reason in reasons if reason.rule == "concerns.yaml:care"]
    assert [reason.evidence for reason in of_the_need] == [(shown,)] * len(of_the_need)
    assert "need_matched" in {reason.code for reason in of_the_need}
