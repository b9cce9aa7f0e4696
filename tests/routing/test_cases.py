"""What a referral does with districts, refusals, dates, forms and national lines."""

import pytest

from nlp.reading import Risk, RiskKind
from routing.referral import Actor, Outcome
from tests.routing.support import ask, codes, offered


def test_an_empty_house_next_door_goes_to_staff_and_no_window_is_invented() -> None:
    referral = ask("semboku", "living_env")
    assert (referral.outcome, offered(referral)) == (Outcome.STAFF, {"desk"})


def test_residents_of_sakata_are_never_sent_to_the_csw_and_agencies_read_of_it_in_the_reasons() -> None:
    assert "sakata-w04" not in offered(ask("sakata", "care@mother", "hikikomori"))
    agency = ask("sakata", "care@mother", "hikikomori", actor=Actor.AGENCY)
    assert "sakata-w04" not in offered(agency)
    assert any("CSW" in reason.text for reason in agency.reasons if reason.code == "agency")


def test_a_case_brought_by_a_minsei_is_marked_for_staff_to_confirm() -> None:
    assert "minsei" in codes(ask("sakata", "living_env", actor=Actor.MINSEI))


@pytest.mark.parametrize("concern", ["disability", "isolation"])
def test_what_sakata_had_not_begun_goes_to_staff_and_is_not_called_absent(concern: str) -> None:
    referral = ask("sakata", concern)
    assert referral.outcome is Outcome.STAFF
    assert not any("ありません" in reason.text for reason in referral.reasons)


def test_a_window_that_is_only_planned_is_explained_to_staff() -> None:
    texts = [reason.text for reason in ask("sakata", "disability").reasons if reason.code == "not_running"]
    assert any("基幹相談支援センター" in text and "予定" in text for text in texts)


def test_the_paused_nursery_is_never_offered_although_nurseries_are_many() -> None:
    referral = ask("aizuwakamatsu", "parenting")
    assert "aizu-w22" not in offered(referral)
    assert any("門田報徳保育園" in reason.text for reason in referral.reasons if reason.code == "not_running")


def test_a_place_that_an_address_shares_decides_no_district_in_aizuwakamatsu() -> None:
    referral = ask("aizuwakamatsu", "care@father", district="門田")
    assert referral.main is not None
    assert (referral.main.window, referral.ask) == ("desk", None)
    assert "district_unknown" in codes(referral)


def test_seven_centres_without_districts_lead_to_one_question_and_the_desk_meanwhile() -> None:
    referral = ask("aizuwakamatsu", "care@father")
    assert (referral.ask, offered(referral)) == ("district", {"desk"})


def test_three_centres_are_offered_all_together_or_not_at_all() -> None:
    crowded = ask("nonoichi", "care@mother", "hikikomori@son")
    assert not offered(crowded) & {"nonoichi-w01", "nonoichi-w02", "nonoichi-w03"}
    assert crowded.ask == "district"


def test_hikikomori_is_marked_as_the_priority_of_aizuwakamatsu_alone() -> None:
    assert "city_priority" in codes(ask("aizuwakamatsu", "hikikomori@son"))
    assert "city_priority" not in codes(ask("oshu", "hikikomori@son"))


def test_two_fields_of_one_concern_are_no_coordinator_case() -> None:
    assert not ask("oshu", "single_parent").coordinator_candidate


def test_a_person_who_refuses_help_is_a_coordinator_case() -> None:
    referral = ask("nonoichi", "care@mother", district="富奥", refuses=True)
    assert referral.coordinator_candidate
    assert "拒否" in referral.patterns


@pytest.mark.parametrize(
    ("needs", "pattern"),
    [(("hikikomori@son", "care@mother"), "8050"), (("care@mother", "parenting"), "ダブルケア"), (("young_carer",), "ヤングケアラー")],
)
def test_patterns_are_told_from_needs(needs: tuple[str, ...], pattern: str) -> None:
    assert pattern in ask("oshu", *needs).patterns


def test_the_form_has_one_main_item_and_the_others_in_printed_order() -> None:
    referral = ask("semboku", "debt", "money_living", "care@mother")
    assert (referral.form_main, referral.form_others) == ("債務について", ("収入・生活費のこと", "介護のこと"))


@pytest.mark.parametrize(("concern", "line"), [("consumer", "line:consumer"), ("dv", "line:dv_plus")])
def test_a_kind_that_the_directory_lacks_is_answered_by_its_national_line(concern: str, line: str) -> None:
    referral = ask("semboku", concern)
    assert referral.outcome is Outcome.WINDOW
    assert referral.shown[0].window == line


def test_debt_names_the_legal_line_beside_the_window() -> None:
    assert "line:houterasu" in offered(ask("semboku", "debt"))


def test_violence_against_the_writer_comes_before_money() -> None:
    referral = ask("semboku", "money_living", "debt", "dv")
    assert referral.main is not None
    assert referral.main.window == "line:dv_plus"


def test_a_declined_window_is_not_offered_again_and_the_desk_takes_its_place() -> None:
    referral = ask("semboku", "care@mother", declined=frozenset({"semboku-w01"}))
    assert offered(referral) == {"desk"}
    assert "declined" in codes(referral)


def test_when_even_the_desk_is_declined_a_person_answers() -> None:
    referral = ask("semboku", "care@mother", declined=frozenset({"semboku-w01", "desk"}))
    assert (referral.outcome, referral.main) == (Outcome.STAFF, None)


def test_without_any_need_the_person_is_heard_and_with_danger_a_person_answers() -> None:
    assert ask("oshu").outcome is Outcome.LISTEN
    danger = ask("oshu", risk=Risk.URGENT, kinds=(RiskKind.SUICIDE,))
    assert danger.outcome is Outcome.STAFF
    assert danger.lines[0] == "yorisoi_tohoku3"


@pytest.mark.parametrize("actor", [Actor.AGENCY, Actor.MINSEI])
def test_people_of_an_office_reach_a_person_even_without_a_readable_need(actor: Actor) -> None:
    assert ask("sakata", actor=actor).outcome is Outcome.STAFF


def test_every_referral_carries_the_version_of_its_directory() -> None:
    assert len(ask("oshu", "care").directory_version) == 16


def test_a_hit_child_leads_to_the_childrens_centre_as_a_report_of_abuse() -> None:
    referral = ask("aizuwakamatsu", "abuse@child")
    assert referral.main is not None
    assert (referral.main.window, referral.main.kind) == ("aizu-w14", "abuse_report")
