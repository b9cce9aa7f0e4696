"""Who is in a story, how old they are, and who writes it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.reading import Circumstance, Concern, Evidence, Reading, Speaker
from routing.ages import ages_in, number
from routing.fitting import fits
from routing.household import members_of, mentions_in, sentences_in
from routing.needs import needs_from, told_in
from routing.referral import Actor, Stage
from routing.writer import refuses_help


def people(text: str) -> set[str]:
    """``mother85`` is a mother of 85; ``child:infant`` a child before school."""
    return {
        f"{member.person}{member.age if member.age is not None else ''}{f':{member.stage}' if member.age is None and member.stage else ''}"
        for member in members_of(mentions_in(text))
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("80代の母と中2の娘がいます", {"mother80", "daughter13"}),
        ("80近い男性と、60くらいの姉がいます", {"other80", "sister60"}),
        ("母が85で、兄は52歳です", {"mother85", "brother52"}),
        ("一人暮らしの父（79）のことです", {"father79"}),
        ("父82 認知症です", {"father82"}),
        ("父82、母79です", {"father82", "mother79"}),
        ("息子は31、娘は28です", {"son31", "daughter28"}),
        ("31の息子が来月戻ります", {"son31"}),
        ("母68が、同居の娘46は", {"mother68", "daughter46"}),
        ("2年の女子が倒れました。私に子どもはいません", {"child", "self"}),
        ("児童養護施設を出ました", set()),
        ("七十八歳の叔父と孫娘", {"uncle78", "grandchild"}),
        ("うちの子は生後3か月です", {"child0"}),
        ("5歳の双子を育てています", {"child5"}),
        ("年長の娘と、高校生の息子", {"daughter:infant", "son:child"}),
        ("おばあちゃんと暮らしています", {"grandmother:elder"}),
        ("同居の義母が転びました", {"mother"}),
        ("兄のことで相談です。40代で、仕事がありません", {"brother40"}),
        ("息子さんは34歳、息子は無職です", {"son34"}),
        ("上の息子は17歳、下の息子は15歳です", {"son17", "son15"}),
        ("隣のおばあさんが心配です。おばあさんは一人です", {"neighbour:elder"}),
    ],
)
def test_everybody_is_known_once_with_the_age_that_was_told(text: str, expected: set[str]) -> None:
    assert people(text) == expected


@pytest.mark.parametrize(
    ("text", "age"),
    [("中2です", 13), ("しょう6です", 11), ("高校1年の男子です", 15), ("七十四歳の男です", 74), ("もう15年ひきこもってます。48です", 48)],
)
def test_an_age_alone_is_the_writers(text: str, age: int) -> None:
    assert people(text) == {f"self{age}"}


def test_a_grown_writer_who_says_of_which_generation_they_are_is_not_a_second_person() -> None:
    assert people("53歳の息子です。親の年金で食べてます") == {"self53", "parents"}
    assert people("年長の娘です。ことばが遅いです") == {"daughter:infant"}


@pytest.mark.parametrize(
    "text",
    [
        "親切にしてもらいました",
        "母子手帳をなくした",
        "大丈夫です",
        "児童相談所はどこですか",
        "主人公が好き",
        "夫婦げんか",
        "母は亡くなりました",
        "主人が急に亡くなりました",
        "妻に先立たれて",
    ],
)
def test_a_word_that_only_looks_like_a_person_or_tells_of_the_dead_names_nobody(text: str) -> None:
    assert people(text) == set()


@pytest.mark.parametrize(
    "text", ["200万円の借金", "11月20日に行きます", "三か月分の家賃", "1時間半歩きました", "車で10分です", "月に九万です"]
)
def test_sums_dates_and_spans_are_no_ages(text: str) -> None:
    assert list(ages_in(text)) == []


@pytest.mark.parametrize(("written", "value"), [("八十一", 81), ("二十", 20), ("十五", 15), ("九", 9), ("52", 52)])
def test_kanji_numerals_are_read(written: str, value: int) -> None:
    assert number(written) == value


def test_the_mother_of_a_child_who_writes_is_no_old_woman() -> None:
    told = told_in(Reading(), "中2です。お母さんがうつ病で寝ています")
    assert {member.person: member.stage for member in told.profile.household} == {"self": Stage.CHILD, "mother": Stage.ADULT}
    assert told.profile.child_writer


def test_who_tells_of_children_of_their_own_is_not_taken_for_a_child() -> None:
    shown = Reading(circumstances=(Circumstance(kind="child_writer", start=0, end=2),))
    assert told_in(shown, "学校に行きたくないと息子が言います").profile.child_writer is False
    assert told_in(shown, "学校に行きたくない").profile.child_writer is True


@pytest.mark.parametrize(
    ("text", "role", "actor"),
    [
        ("地区で民生委員してます。気になる家があります", "minsei", Actor.MINSEI),
        ("ケアマネジャーです。担当の方のことで", "care_manager", Actor.AGENCY),
        ("小学校の教員です。クラスの子が心配です", "teacher", Actor.AGENCY),
        ("中学校で養護教諭をしています", "teacher", Actor.AGENCY),
        ("保育園で働いています", "nursery", Actor.AGENCY),
        ("病院の相談員です", "medical", Actor.AGENCY),
        ("大家をしています。家賃がたまっています", "landlord", Actor.RESIDENT),
        ("アパートの管理をしている者です", "landlord", Actor.RESIDENT),
        ("自治会長をしている者です", "community_leader", Actor.RESIDENT),
        ("母はヘルパーをしています。夜は一人です", "", Actor.RESIDENT),
        ("民生委員の方に言われました", "", Actor.RESIDENT),
        ("仕事がありません", "", Actor.RESIDENT),
    ],
)
def test_who_writes_by_work_or_office_says_so_of_themselves(text: str, role: str, actor: Actor) -> None:
    profile = told_in(Reading(), text).profile
    assert (profile.role, profile.actor) == (role, actor)


def test_the_stated_actor_overrules_what_the_text_says() -> None:
    assert told_in(Reading(), "ケアマネジャーです", actor=Actor.RESIDENT).profile.actor is Actor.RESIDENT


@pytest.mark.parametrize(
    "text",
    [
        "「ほっといてくれ」と戸を閉められます",
        "役所の世話にはならんと言うばかりです",
        "訪ねても会ってもらえません",
        "ヘルパーが来ると追い返してしまいます",
        "介護の話をしたら断られました",
        "父は他人を家に入れたくないと言います",
        "病院は嫌だと言って行きません",
        "いらねぁの一点張りで",
    ],
)
def test_help_that_is_turned_away_is_seen(text: str) -> None:
    assert refuses_help(text)


@pytest.mark.parametrize("text", ["介護で困っています", "役所で断られました", "病院に行きたいです", "戸を閉めて寝ます", "もう大丈夫です"])
def test_who_asks_for_help_does_not_refuse_it(text: str) -> None:
    assert not refuses_help(text)


def shown(concern: Concern, text: str, words: str, speaker: Speaker) -> Reading:
    start = text.index(words)
    return Reading(
        concerns=(concern,),
        speaker=speaker,
        evidence=(Evidence(start=start, end=start + len(words), label=concern, rule="test"),),
    )


@pytest.mark.parametrize(
    ("concern", "text", "words", "speaker", "person"),
    [
        (Concern.JOB_SEEK, "父が認知症で、わたしは仕事を辞めました", "仕事を辞め", Speaker.FAMILY, "self"),
        (Concern.DEMENTIA_RIGHTS, "父が認知症で、わたしは仕事を辞めました", "認知症", Speaker.FAMILY, "father"),
        (Concern.SCHOOL, "母が入院し、息子は学校に行っていません", "学校に行って", Speaker.FAMILY, "son"),
        (Concern.SCHOOL, "うちの子のことです。学校に行けません", "学校に行け", Speaker.SELF, "child"),
        (Concern.HIKIKOMORI, "兄は52歳でずっと家にいます", "ずっと家にい", Speaker.FAMILY, "brother"),
        (Concern.HIKIKOMORI, "母の年金で、部屋から出ない弟も暮らしています", "部屋から出ない", Speaker.FAMILY, "brother"),
        (Concern.MONEY_LIVING, "夫が失業して生活費がありません", "生活費", Speaker.SELF, "self"),
        (Concern.DEBT, "夫が隠れて借金をしていました", "借金", Speaker.SELF, "husband"),
        (Concern.ABUSE, "夫が息子をたたきます", "たたき", Speaker.FAMILY, "son"),
        (Concern.ABUSE, "おじいさんの腕にあざがあります", "あざ", Speaker.NEIGHBOUR, "grandfather"),
        (Concern.ABUSE, "小5です。お父さんがたたく", "たたく", Speaker.SELF, "self"),
        (Concern.YOUNG_CARER, "小6です。弟の世話をしています", "世話", Speaker.SELF, "self"),
        (Concern.YOUNG_CARER, "クラスの女の子が弟の世話をしています", "世話", Speaker.SUPPORTER, "child"),
        (Concern.CARE, "八十二です。足が弱って介護がいります。娘は遠くです", "介護", Speaker.SELF, "self"),
        (Concern.DV, "夫に殴られています", "殴られ", Speaker.SELF, "self"),
        (Concern.DISABILITY, "九十の母親と、視覚障害のある六十代の娘さんの二人暮らし", "視覚障害", Speaker.SUPPORTER, "daughter"),
        (Concern.CARE, "妹と、寝たきりの八十代の父がいます", "寝たきり", Speaker.FAMILY, "father"),
        (Concern.FOOD, "隣の人が何も食べていません", "食べて", Speaker.NEIGHBOUR, "neighbour"),
        (Concern.CARE, "父が転びました。同居の弟は働かず、介護は頼めません", "介護", Speaker.FAMILY, "father"),
        (Concern.CARE, "母と暮らしています。妹の介護で休めません", "介護", Speaker.FAMILY, "sister"),
        (Concern.HIKIKOMORI, "十年こもっています。48です。父がぼけてきました", "こもって", Speaker.FAMILY, "self"),
        (Concern.HIKIKOMORI, "孫のことです。二階に閉じこもったままです", "閉じこもった", Speaker.SELF, "grandchild"),
        (Concern.LIVING_ENV, "叔父は一人暮らしです。先日行くと、家じゅうごみでした", "家じゅうごみ", Speaker.SELF, "uncle"),
    ],
)
def test_a_need_belongs_to_the_one_whom_the_sentence_shows(concern: Concern, text: str, words: str, speaker: Speaker, person: str) -> None:
    assert needs_from(shown(concern, text, words, speaker), text)[0].person == person


def test_needs_come_in_the_order_in_which_they_are_told() -> None:
    text = "家賃が払えません。それに母の介護があります"
    told = {Concern.CARE: text.index("介護"), Concern.RENT_LOAN: text.index("家賃")}
    proofs = tuple(Evidence(start=at, end=at + 2, label=concern, rule="test") for concern, at in told.items())
    reading = Reading(concerns=tuple(told), speaker=Speaker.SELF, evidence=proofs)
    assert [need.concern for need in needs_from(reading, text)] == [Concern.RENT_LOAN, Concern.CARE]


def test_a_care_manager_writes_of_the_one_who_needs_care_before_all_else() -> None:
    text = "ケアマネジャーです。娘さんの障害で困っています。利用者さんの介護もあります"
    proofs = (Evidence(start=text.index("障害"), end=text.index("障害") + 2, label=Concern.DISABILITY, rule="test"),)
    reading = Reading(concerns=(Concern.DISABILITY, Concern.CARE), speaker=Speaker.SUPPORTER, evidence=proofs)
    assert [need.concern for need in needs_from(reading, text)] == [Concern.CARE, Concern.DISABILITY]


def test_who_stays_away_from_school_and_does_nothing_for_the_family_is_no_young_carer() -> None:
    mentions = mentions_in("中1の息子が学校に行けません")
    assert not fits(Concern.YOUNG_CARER, mentions, "中1の息子が学校に行けません")
    assert fits(Concern.YOUNG_CARER, mentions, "中1の息子が弟の世話をしています")
    assert not fits(Concern.YOUNG_CARER, mentions_in("次男の世話を妻としています"), "次男の世話を妻としています")


def test_a_need_carries_the_time_of_life_and_the_words_that_show_it() -> None:
    text = "80代の母の介護で困っています"
    (need,) = needs_from(shown(Concern.CARE, text, "介護", Speaker.FAMILY), text)
    assert (need.person, need.stage) == ("mother", Stage.ELDER)
    assert [text[proof.start : proof.end] for proof in need.evidence] == ["介護"]


ANY_STORY = st.text(alphabet="母父兄娘私が は、。の80中2代歳（）\n介護です亡くし隣民生委員", max_size=60) | st.text(max_size=60)


@given(ANY_STORY)
@settings(deadline=None)
def test_whatever_is_written_mentions_stand_in_the_text_and_nothing_breaks(text: str) -> None:
    for mention in mentions_in(text):
        assert 0 <= mention.start < mention.end <= len(text)
    for start, end in sentences_in(text):
        assert text[start:end].strip()
    told = told_in(Reading(concerns=tuple(Concern), speaker=Speaker.FAMILY), text)
    assert {need.concern for need in told.needs} == set(Concern)
    assert all(need.person for need in told.needs)
