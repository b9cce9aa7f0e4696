"""Which window takes a case first: what is surer, told first, refused, or cut off weighs as a planner would weigh it."""

import pytest

from nlp.reading import Concern
from routing.choose import refer
from routing.leaning import Leanings
from routing.referral import Kind, Member, Need, Profile, Stage
from tests.routing.support import FRIDAY_NOON, ask, cities, kinds


def main_of(*needs: str, refuses: bool = False, city: str = "oshu") -> Kind | None:
    referral = ask(city, *needs, refuses=refuses)
    return referral.main.kind if referral.main else None


def by_rules(*concerns: Concern) -> Kind | None:
    """Return what the rules alone put first."""
    main = refer([Need(concern=concern) for concern in concerns], Profile(), cities()["oshu"], FRIDAY_NOON, leanings=Leanings()).main
    return main.kind if main else None


def sure(needs: dict[Concern, float]) -> Kind | None:
    given = [Need(concern=concern, likely=likely) for concern, likely in needs.items()]
    referral = refer(given, Profile(), cities()["oshu"], FRIDAY_NOON)
    return referral.main.kind if referral.main else None


def test_what_was_read_unsurely_stands_behind_what_was_read_surely() -> None:
    assert sure({Concern.YOUNG_CARER: 1.0, Concern.CARE: 1.0}) is Kind.CHILD
    assert sure({Concern.YOUNG_CARER: 0.2, Concern.CARE: 1.0}) is Kind.ELDERLY


def test_how_sure_a_need_is_makes_no_other_need_of_it() -> None:
    assert Need(concern=Concern.CARE, likely=0.3) == Need(concern=Concern.CARE)


def test_of_needs_that_weigh_alike_the_one_told_first_decides() -> None:
    assert main_of("care@mother", "disability@son") is Kind.ELDERLY
    assert main_of("disability@son", "care@mother") is Kind.DISABILITY


def test_what_weighs_far_more_decides_wherever_it_is_told() -> None:
    assert main_of("money_living", "young_carer@child") is Kind.CHILD
    assert main_of("young_carer@child", "money_living") is Kind.CHILD


@pytest.mark.parametrize("concern", ["hikikomori", "isolation"])
def test_somebody_goes_out_first_to_one_who_has_withdrawn_and_refuses_help(concern: str) -> None:
    assert main_of(f"{concern}@son") is not Kind.OUTREACH
    assert main_of(f"{concern}@son", refuses=True) is Kind.OUTREACH


def test_who_needs_care_and_refuses_it_still_goes_to_the_window_for_older_people() -> None:
    assert main_of("care@father", refuses=True) is Kind.ELDERLY


@pytest.mark.parametrize("beside", ["isolation", "mental"])
def test_somebody_goes_out_first_to_one_who_has_withdrawn_and_is_cut_off_or_ill(beside: str) -> None:
    referral = ask("oshu", "hikikomori@brother", f"{beside}@brother")
    assert referral.main is not None
    assert referral.main.kind is Kind.OUTREACH
    assert Kind.POVERTY in kinds(referral)
    assert referral.coordinator_candidate


def test_who_writes_of_the_own_withdrawal_is_received_by_a_window() -> None:
    assert main_of("hikikomori", "mental") is Kind.POVERTY
    assert main_of("hikikomori", "mental", refuses=True) is Kind.POVERTY


def test_the_rule_of_a_municipality_for_withdrawal_goes_before_the_common_one() -> None:
    assert main_of("hikikomori@son", refuses=True, city="aizuwakamatsu") is Kind.POVERTY


def test_the_home_of_somebody_who_is_cut_off_is_seen_to_by_the_window_for_older_people() -> None:
    assert main_of("living_env@neighbour") is Kind.CITY_DESK
    assert main_of("living_env@neighbour", "isolation@neighbour") is Kind.ELDERLY


def test_to_an_older_person_who_refuses_help_their_own_window_goes_out() -> None:
    assert main_of("living_env@grandfather", "isolation@grandfather", refuses=True) is Kind.ELDERLY


def test_care_leads_where_it_meets_the_raising_of_children() -> None:
    assert main_of("pregnancy", "care@mother") is Kind.ELDERLY
    assert main_of("pregnancy", "disability@brother") is Kind.CHILD


def test_who_writes_of_the_own_development_is_grown_up_where_the_own_work_or_home_is_at_stake() -> None:
    assert main_of("development") is Kind.CHILD
    assert main_of("development", "job_seek") is Kind.DISABILITY
    assert by_rules(Concern.LIVING_ENV, Concern.DEVELOPMENT, Concern.HOUSING) is Kind.DISABILITY


def test_violence_that_was_read_with_doubt_does_not_come_before_all_else() -> None:
    assert sure({Concern.YOUNG_CARER: 1.0, Concern.DV: 1.0}) is Kind.WOMEN
    assert sure({Concern.YOUNG_CARER: 1.0, Concern.DV: 0.3}) is Kind.CHILD


def test_violence_by_a_partner_where_a_child_lives_involves_the_window_for_children() -> None:
    needs = [Need(concern=Concern.DV)]
    child = Member(person="child", age=3, stage=Stage.INFANT)
    alone, together = (refer(needs, Profile(household=home), cities()["oshu"], FRIDAY_NOON) for home in ((), (child,)))
    assert Kind.CHILD not in kinds(alone)
    assert Kind.CHILD in kinds(together)
    assert together.main is not None
    assert together.main.kind is Kind.WOMEN


def test_the_home_of_somebody_who_is_ill_is_seen_to_by_the_window_for_older_people() -> None:
    assert main_of("living_env@neighbour", "health@neighbour") is Kind.ELDERLY


def test_of_needs_that_weigh_much_alike_the_one_that_the_writer_asks_about_decides() -> None:
    needs = [Need(concern=Concern.DISABILITY, person="son", likely=0.9), Need(concern=Concern.CARE, person="mother", likely=0.95)]
    even = Leanings()
    profiles = [Profile(asks=frozenset(asks)) for asks in ((), (Kind.ELDERLY,))]
    mains = [refer(needs, profile, cities()["oshu"], FRIDAY_NOON, leanings=even).main for profile in profiles]
    assert [main.kind for main in mains if main] == [Kind.DISABILITY, Kind.ELDERLY]


def test_staff_see_the_weights_that_decided_and_what_was_asked_for() -> None:
    needs = [Need(concern=Concern.DISABILITY, person="son", likely=0.9), Need(concern=Concern.CARE, person="mother", likely=0.95)]
    told = {
        reason.code: reason.text for reason in refer(needs, Profile(asks=frozenset({Kind.ELDERLY})), cities()["oshu"], FRIDAY_NOON).reasons
    }
    assert "高齢者の相談 1.9、障がいの相談 1.8" in told["weighed"]
    assert "高齢者の相談" in told["asked_for"]
    assert not {"weighed", "asked_for"} & {reason.code for reason in ask("oshu", "care@mother").reasons}
