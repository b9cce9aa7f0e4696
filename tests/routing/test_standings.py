"""What changes where a difficulty goes: what stands alone, who is disabled, frail or a pupil, and what the story names in plain words."""

from dataclasses import replace

import pytest

from nlp.reading import Concern, Evidence, Reading, Risk, RiskKind, Speaker
from routing.choose import refer
from routing.fitting import fits
from routing.household import mentions_in
from routing.leaning import Leanings
from routing.needs import needs_from, told_in
from routing.referral import Kind, Need, Profile, Stage
from routing.writer import asked_in, refuses_help
from tests.routing.support import FRIDAY_NOON, ask, cities, kinds


def main_of(*needs: str, city: str = "oshu", risks: tuple[RiskKind, ...] = ()) -> Kind | None:
    referral = ask(city, *needs, kinds=risks)
    return referral.main.kind if referral.main else None


def reading(text: str, *words: tuple[Concern, str], speaker: Speaker = Speaker.SELF) -> Reading:
    shown = (Evidence(start=text.index(word), end=text.index(word) + len(word), label=label, rule="test") for label, word in words)
    return Reading(concerns=tuple(label for label, _ in words), speaker=speaker, evidence=tuple(shown))


@pytest.mark.parametrize(("concern", "kind"), [("housing", Kind.HOUSING), ("job_seek", Kind.EMPLOYMENT)])
def test_a_home_or_work_that_alone_is_wanting_is_a_matter_of_its_own(concern: str, kind: Kind) -> None:
    assert main_of(concern) is kind
    assert Kind.POVERTY in kinds(ask("oshu", concern))


@pytest.mark.parametrize("beside", ["job_seek", "rent_loan", "food", "hikikomori"])
def test_a_home_that_is_wanting_with_the_means_to_live_is_planned_as_one(beside: str) -> None:
    assert main_of("housing", beside) is Kind.POVERTY


def test_who_has_no_roof_tonight_is_not_sent_to_look_for_a_flat() -> None:
    tonight = Profile(risk=Risk.URGENT, risk_kinds=(RiskKind.DEPRIVATION,))
    threatened = Profile(risk=Risk.WATCH, risk_kinds=(RiskKind.DEPRIVATION,))
    mains = [refer([Need(concern=Concern.HOUSING)], profile, cities()["oshu"], FRIDAY_NOON).main for profile in (tonight, threatened)]
    assert [main.kind for main in mains if main] == [Kind.POVERTY, Kind.HOUSING]


def test_the_home_of_an_adult_who_is_cut_off_is_no_matter_of_the_old() -> None:
    told = (Need(concern=Concern.LIVING_ENV, person="neighbour"), Need(concern=Concern.ISOLATION, person="neighbour"))
    mains = []
    for stage in (Stage.ADULT, None, Stage.ELDER):
        referral = refer([replace(need, stage=stage) for need in told], Profile(), cities()["oshu"], FRIDAY_NOON)
        mains.append(referral.main.kind if referral.main else None)
    assert mains == [Kind.OUTREACH, Kind.ELDERLY, Kind.ELDERLY]


def test_an_urgent_danger_speaks_for_the_window_that_answers_it() -> None:
    needs = [Need(concern=Concern.DEBT, likely=0.5), Need(concern=Concern.MENTAL, likely=0.6)]
    calm, danger = Profile(), Profile(risk=Risk.URGENT, risk_kinds=(RiskKind.SUICIDE,))
    mains = [refer(needs, profile, cities()["sakata"], FRIDAY_NOON, leanings=Leanings()).main for profile in (calm, danger)]
    assert [main.kind for main in mains if main] == [Kind.POVERTY, Kind.HEALTH]


def test_a_need_that_was_read_with_doubt_does_not_stand_beside_the_home() -> None:
    needs = [Need(concern=Concern.HOUSING), Need(concern=Concern.DEBT, likely=0.2)]
    referral = refer(needs, Profile(), cities()["oshu"], FRIDAY_NOON)
    assert referral.main is not None
    assert referral.main.kind is Kind.HOUSING


@pytest.mark.parametrize("concern", ["dementia_rights", "care"])
def test_who_sees_to_somebody_with_a_disability_is_the_window_for_it(concern: str) -> None:
    assert main_of(f"{concern}@son") is Kind.ELDERLY
    assert main_of(f"{concern}@son", "disability@son") is Kind.DISABILITY
    assert main_of(f"{concern}@grandmother", "disability@grandmother") is Kind.ELDERLY


def test_a_disabled_child_told_of_first_goes_before_the_care_of_a_parent_although_a_child_is_raised() -> None:
    told = ((Concern.DISABILITY, "child"), (Concern.CARE, "father"), (Concern.PARENTING, "self"))
    needs = [Need(concern=concern, person=person) for concern, person in told]
    main = refer(needs, Profile(), cities()["oshu"], FRIDAY_NOON, leanings=Leanings()).main
    assert main is not None
    assert main.kind is Kind.DISABILITY


def test_a_child_who_cares_is_no_parent_who_cares_twice() -> None:
    assert "ダブルケア" not in ask("oshu", "young_carer", "care@grandmother", "parenting@infant").patterns


def test_an_older_person_without_company_goes_to_the_window_for_older_people_only_where_frail() -> None:
    assert main_of("isolation@grandmother") is Kind.COMMUNITY
    assert main_of("isolation@grandmother", "health@grandmother") is Kind.ELDERLY


def test_the_development_of_a_pupil_is_for_the_childrens_window_and_of_a_grown_up_for_that_of_disability() -> None:
    assert main_of("development@son", "school@son") is Kind.CHILD
    assert Kind.CHILD not in kinds(ask("oshu", "development@son", "hikikomori@son"))
    assert Kind.DISABILITY in kinds(ask("oshu", "development@son", "hikikomori@son"))


def test_what_a_report_names_first_counts_more_than_what_a_resident_tells_first() -> None:
    needs = [Need(concern=Concern.MENTAL), Need(concern=Concern.DEBT), Need(concern=Concern.RENT_LOAN)]
    noted = refer(needs, Profile(), cities()["oshu"], FRIDAY_NOON).main
    told = [Need(concern=need.concern, likely=0.99) for need in needs]
    read = refer(told, Profile(), cities()["oshu"], FRIDAY_NOON, leanings=Leanings()).main
    assert noted is not None
    assert read is not None
    assert (noted.kind, read.kind) == (Kind.HEALTH, Kind.POVERTY)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("妻と離婚の話になっています。財産をどう分けるのでしょう", Kind.LEGAL),
        ("兄弟で相続のことでもめています", Kind.LEGAL),
        ("夫の母とうまくいきません。離婚したいわけではありません", Kind.CITY_DESK),
    ],
)
def test_trouble_in_the_family_goes_to_the_law_only_where_the_story_names_its_matters(text: str, kind: Kind) -> None:
    assert (Kind.LEGAL in asked_in(text)) == (kind is Kind.LEGAL)
    referral = refer([Need(concern=Concern.FAMILY)], Profile(asks=asked_in(text)), cities()["oshu"], FRIDAY_NOON)
    assert referral.main is not None
    assert referral.main.kind is kind


def test_a_matter_of_the_law_is_involved_beside_whatever_else_is_told() -> None:
    text = "母の介護をしています。父の相続がまだ終わりません"
    profile = told_in(reading(text, (Concern.CARE, "介護")), text).profile
    referral = refer([Need(concern=Concern.CARE, person="mother")], profile, cities()["oshu"], FRIDAY_NOON)
    assert Kind.LEGAL in kinds(referral)
    assert any(reason.code == "also_involved" and "話の中のことばから" in reason.text for reason in referral.reasons)


def test_a_student_whose_parents_part_is_no_single_parent() -> None:
    text = "親が離婚でもめて、わたしへの仕送りが止まりました"
    assert not fits(Concern.SINGLE_PARENT, mentions_in(text), text)
    own = "離婚して、娘とわたしの二人です"
    assert fits(Concern.SINGLE_PARENT, mentions_in(own), own)


@pytest.mark.parametrize(("text", "owes"), [("家賃は年金から払えます", False), ("家賃は払えていますが、ローンを滞納しています", True)])
def test_who_can_pay_the_rent_does_not_owe_it(text: str, owes: bool) -> None:
    assert fits(Concern.RENT_LOAN, mentions_in(text), text) is owes


@pytest.mark.parametrize(
    "text",
    [
        "病院に連れて行こうとすると暴れます",
        "医者に連れて行こうとしたら戸を開けてくれなくなりました",
        "亡くしてから誰も入れなくなりました",
        "『構うな』と怒鳴られます",
    ],
)
def test_who_lets_nobody_near_refuses_help(text: str) -> None:
    assert refuses_help(text)


def test_a_grown_son_who_rages_is_no_violent_partner_unless_it_is_told_who_is_hurt() -> None:
    for text, kind in (("息子が部屋の壁をなぐります", Kind.POVERTY), ("息子が嫁をなぐります", Kind.WOMEN)):
        read = replace(reading(text, (Concern.DV, "なぐり"), speaker=Speaker.FAMILY), risk=Risk.URGENT)
        needs, profile = told_in(read, text)
        likely = [replace(need, likely=0.6) for need in needs]
        referral = refer([Need(concern=Concern.HIKIKOMORI, person="son"), *likely], profile, cities()["oshu"], FRIDAY_NOON)
        assert referral.main is not None
        assert referral.main.kind is kind


def test_somebody_of_whom_only_the_age_is_told_is_a_person_of_that_age() -> None:
    (mention,) = mentions_in("一人暮らしの79歳の方がいます")
    assert (mention.person, mention.stage) == ("other", Stage.ELDER)
    assert mentions_in("帰り方が分からず、片方の手が動きません。夕方の方がよいです") == ()


def test_a_care_manager_tells_of_the_clients_care_whoever_else_is_named_beside_it() -> None:
    text = "ケアマネです。利用者さんと同居の娘さんに障害があり、介護ができません"
    read = reading(text, (Concern.CARE, "介護"), speaker=Speaker.SUPPORTER)
    assert [need.person for need in told_in(read, text).needs] == ["client"]


@pytest.mark.parametrize(
    ("text", "possible"),
    [
        ("31の息子は小さいころから勉強についていけませんでした", False),
        ("31の息子と、小5の孫のことです", True),
        ("クラスの男子のことです", True),
        ("学校のことで相談です", True),
    ],
)
def test_school_and_upbringing_are_nobodys_where_every_child_of_the_story_is_grown(text: str, *, possible: bool) -> None:
    for concern in (Concern.SCHOOL, Concern.PARENTING):
        assert fits(concern, mentions_in(text), text) is possible


def test_an_empty_house_is_the_matter_of_the_writer_beside_it() -> None:
    text = "隣の空き家の屋根が飛んできます"
    home = Reading(concerns=(Concern.LIVING_ENV,), speaker=Speaker.NEIGHBOUR)
    assert [need.person for need in needs_from(home, text)] == ["self"]
    assert [need.person for need in needs_from(home, "隣のおばあさんの家がごみでいっぱいです")] == ["neighbour"]


def test_who_raises_a_child_and_is_alone_goes_to_the_window_for_children() -> None:
    kinds_of = [ask("oshu", *needs).main for needs in (("isolation",), ("isolation", "parenting"))]
    assert [main.kind for main in kinds_of if main] == [Kind.COMMUNITY, Kind.CHILD]


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("借家を出ます。年金はありますが、保証人がいません", False),
        ("収入は足りています", False),
        ("収入はあるはずなのに毎月足りません", True),
        ("給料も出ていません", True),
    ],
)
def test_who_says_to_have_enough_is_not_short_of_money(text: str, *, short: bool) -> None:
    assert fits(Concern.MONEY_LIVING, mentions_in(text), text) is short


def test_nobody_needs_care_any_more_who_has_died() -> None:
    text = "母の介護で仕事をやめて八年、その母が先週亡くなりました"
    after = reading(text, (Concern.CARE, "介護"), (Concern.JOB_SEEK, "仕事"))
    assert [need.concern for need in needs_from(after, text)] == [Concern.JOB_SEEK]
    assert [need.concern for need in needs_from(reading(text, (Concern.CARE, "介護")), text)] == [Concern.CARE]
    two = "義母が亡くなり、実母の介護をしています"
    found = needs_from(reading(two, (Concern.CARE, "介護"), (Concern.JOB_SEEK, "して")), two)
    assert {need.concern for need in found} == {Concern.CARE, Concern.JOB_SEEK}
