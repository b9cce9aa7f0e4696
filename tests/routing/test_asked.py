"""What a writer asks for, who hurts whom, and what a writer only has to do with: told by the words, not by one word alone."""

import pytest

from nlp.reading import Concern, Reading, Risk
from routing.needs import told_in
from routing.referral import Actor, Kind
from routing.writer import asked_in


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("介護保険というのはどこに言えばいいんでしょうか", Kind.ELDERLY),
        ("弟に障害年金の手続きをさせたい", Kind.DISABILITY),
        ("どうやって受診させたらいいのか教えてください", Kind.HEALTH),
        ("短い時間から働けるところはありますか", Kind.EMPLOYMENT),
        ("男でも行けるような集まりはありませんか", Kind.COMMUNITY),
        ("届いた布団はまだ取り消せますか", Kind.CONSUMER),
        ("相続のことでもめています", Kind.LEGAL),
    ],
)
def test_a_question_or_a_wish_tells_which_kind_of_window_is_meant(text: str, kind: Kind) -> None:
    assert kind in asked_in(text)


@pytest.mark.parametrize(
    "text", ["介護保険を使っています。", "働けるところが見つかりました。", "サロンには通っています。\nほかに困りごとがあります"]
)
def test_what_is_only_told_is_not_asked_for(text: str) -> None:
    assert not asked_in(text)


def _read(*concerns: Concern) -> Reading:
    return Reading(concerns=concerns, risk=Risk.URGENT)


def _concerns(text: str, *concerns: Concern) -> set[Concern]:
    return {need.concern for need in told_in(_read(*concerns), text).needs}


def test_blows_of_a_son_or_brother_are_no_violence_of_a_partner() -> None:
    assert _concerns("兄が年金を全部使い、言うと殴られると母が話しました", Concern.DV) == {Concern.ABUSE}
    assert _concerns("息子がいます。夫に殴られます", Concern.DV) == {Concern.DV}
    assert _concerns("毎日殴られます", Concern.DV) == {Concern.DV}
    assert _concerns("主人は七十です。息子が私を蹴ります", Concern.DV) == {Concern.ABUSE}
    assert _concerns("娘とふたり暮らしです。つねったり突き飛ばしたりします", Concern.DV) == {Concern.ABUSE}
    assert _concerns("娘とふたりです。別れた夫に突き飛ばされました", Concern.DV) == {Concern.DV}


def test_a_birth_is_the_writers_own_beside_an_old_mother_who_is_ill() -> None:
    text = "来月出産予定です。\n実家の母が要介護3で、お産の間どうしたらいいですか"
    needs = {need.concern: need.person for need in told_in(_read(Concern.PREGNANCY), text).needs}
    assert needs[Concern.PREGNANCY] == "self"


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("子ども2人と車で寝ています。小1と保育園です", ""),
        ("保育園の年長です", ""),
        ("保育園の職員です", "nursery"),
        ("保育園で働いています", "nursery"),
    ],
)
def test_a_child_at_a_nursery_makes_nobody_of_its_staff(text: str, role: str) -> None:
    profile = told_in(_read(Concern.PARENTING), text).profile
    assert profile.role == role
    assert profile.actor is (Actor.AGENCY if role else Actor.RESIDENT)


def test_a_friend_whom_nobody_has_is_not_in_the_story() -> None:
    told = told_in(_read(Concern.ISOLATION), "1歳の子がいます。知り合いがひとりもいなくて息がつまりそう")
    assert "friend" not in {member.person for member in told.profile.household}
