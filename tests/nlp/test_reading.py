import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import nlp
from nlp.reading import Concern, Intent, PersonalKind, Polarity, Risk, RiskKind, Speaker

SHARED = Path(__file__).resolve().parents[3] / "shared" / "nlp"


@pytest.mark.parametrize(
    ("text", "concern"),
    [
        ("生活費が足りません", Concern.MONEY_LIVING),
        ("家賃が払えない", Concern.RENT_LOAN),
        ("国保を滞納しています", Concern.TAX_UTILITY),
        ("借金が返せない", Concern.DEBT),
        ("しゃっきんがある", Concern.DEBT),
        ("今日食べるものがない", Concern.FOOD),
        ("アパートが借りられない", Concern.HOUSING),
        ("仕事が見つかりません", Concern.JOB_SEEK),
        ("パワハラを受けています", Concern.JOB_TROUBLE),
        ("病院に行くお金がない", Concern.HEALTH),
        ("夜眠れません", Concern.MENTAL),
        ("障がい年金のこと", Concern.DISABILITY),
        ("子どもの言葉が遅い", Concern.DEVELOPMENT),
        ("母の介護に疲れた", Concern.CARE),
        ("父の物忘れがひどい", Concern.DEMENTIA_RIGHTS),
        ("妊娠したかもしれない", Concern.PREGNANCY),
        ("夜泣きで参っている", Concern.PARENTING),
        ("息子が不登校です", Concern.SCHOOL),
        ("シングルマザーです", Concern.SINGLE_PARENT),
        ("弟の世話で部活に出られない", Concern.YOUNG_CARER),
        ("離婚したい", Concern.FAMILY),
        ("夫に殴られる", Concern.DV),
        ("父に叩かれます", Concern.ABUSE),
        ("夫が子どもを叩く", Concern.ABUSE),
        ("ヒキコモリの兄がいる", Concern.HIKIKOMORI),
        ("話し相手がいない", Concern.ISOLATION),
        ("ごみ屋敷で困っている", Concern.LIVING_ENV),
        ("身に覚えのない請求が来た", Concern.CONSUMER),
        ("住民票はどこで取れますか", Concern.ADMIN_OTHER),
    ],
)
def test_an_explicit_word_gives_its_concern(text: str, concern: Concern) -> None:
    assert concern in nlp.read(text).concerns


@pytest.mark.parametrize(
    "text",
    [
        "借金はないけど",
        "借金はありません",
        "介護が必要なわけではない",
        "離婚は考えていません",
        "だまされたと思って食べてみて",
        "昔いじめられていた",
        "産後うつだったけど今は元気です",
    ],
)
def test_what_is_denied_or_over_gives_no_concern(text: str) -> None:
    assert nlp.read(text).concerns == ()


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("借金はないけど", Polarity.NEGATED),
        ("借金しかない", Polarity.ASSERTED),
        ("借金があるかもしれない", Polarity.ASSERTED),
        ("借金がないわけではない", Polarity.ASSERTED),
        ("昔は借金があった", Polarity.PAST),
        ("だまされたと思って一度飲んだ薬がきいた", Polarity.BLOCKED),
    ],
)
def test_evidence_says_how_a_thing_is_held(text: str, polarity: Polarity) -> None:
    assert {found.polarity for found in nlp.read(text).evidence if found.rule.startswith("concern.")} == {polarity}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("もう眠れません", Intent.DISCLOSE),
        ("介護保険の窓口はどこですか", Intent.ASK_WINDOW),
        ("人と話したいです", Intent.TALK_TO_HUMAN),
        ("はい、お願いします", Intent.ACCEPT),
        ("けっこうです", Intent.DECLINE),
        ("大丈夫です", Intent.DECLINE),
        ("大丈夫じゃない。眠れない", Intent.DISCLOSE),
        ("もう送らないでください", Intent.STOP),
        ("昨日書いたことを消してください", Intent.ERASE),
        ("どこへ行ってもたらい回しです", Intent.WRONG_WINDOW),
        ("近所で子どもの泣き叫ぶ声がします", Intent.REPORT),
        ("こんにちは", Intent.GREETING),
        ("ありがとうございました", Intent.THANKS),
        ("返事が遅い", Intent.COMPLAINT),
        ("ああｓ", Intent.OTHER),
    ],
)
def test_plain_words_show_the_intent(text: str, intent: Intent) -> None:
    assert nlp.read(text).intent is intent


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("家賃が払えません", Speaker.SELF),
        ("母の介護で限界です", Speaker.SELF),
        ("息子が部屋から出てこない", Speaker.FAMILY),
        ("隣の家の子が毎晩泣いている", Speaker.NEIGHBOUR),
        ("民生委員です。気になる方がいます", Speaker.SUPPORTER),
        ("こんにちは", Speaker.UNKNOWN),
    ],
)
def test_plain_cues_show_the_speaker(text: str, speaker: Speaker) -> None:
    assert nlp.read(text).speaker is speaker


def test_the_talk_so_far_fills_in_a_speaker_that_the_text_does_not_show() -> None:
    context = nlp.Context(speaker=Speaker.FAMILY)
    assert nlp.read("はい", context).speaker is Speaker.FAMILY
    assert nlp.read("民生委員です。困っています", context).speaker is Speaker.SUPPORTER


def test_exhaustion_is_watched_and_offered_as_a_candidate() -> None:
    reading = nlp.read("もう限界です")
    assert (reading.risk, reading.candidates) == (Risk.WATCH, (Concern.MENTAL,))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("小5です。家がこわい", "child_writer"),
        ("生後2か月の赤ちゃんがいます", "infant"),
        ("寝たきりの父がいます", "frail_person"),
        ("妊娠8か月だけど病院に行っていない", "pregnancy_no_doctor"),
        ("灯油が買えない", "winter_no_heat"),
        ("明日までに払えと言われた", "deadline"),
        ("インスリンがなくなりそう", "medicine_out"),
        ("隣のおばあさんの姿を見ない", "not_seen"),
        ("認知症の母がいなくなった", "missing_person"),
        ("いま一人でいると怖い", "alone_now"),
        ("夫が包丁を持っている", "weapon"),
    ],
)
def test_a_circumstance_is_told_with_its_span(text: str, kind: str) -> None:
    found = [item for item in nlp.read(text).circumstances if item.kind == kind]
    assert found
    assert all(text[item.start : item.end].strip() for item in found)


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("電話は090-0000-1234です", PersonalKind.PHONE, "090-0000-1234"),
        ("０９０－００００－１２３４", PersonalKind.PHONE, "０９０－００００－１２３４"),
        ("(0000)00-1234まで", PersonalKind.PHONE, "(0000)00-1234"),
        ("09000001234", PersonalKind.PHONE, "09000001234"),
        ("090 0000 1234", PersonalKind.PHONE, "090 0000 1234"),
        ("〇九〇の〇〇〇〇の一二三四", PersonalKind.PHONE, "〇九〇の〇〇〇〇の一二三四"),
        ("+81 90-0000-1234", PersonalKind.PHONE, "+81 90-0000-1234"),
        ("〒000-0000です", PersonalKind.POSTAL, "〒000-0000"),
        ("見本市中央町3-46に住んでいます", PersonalKind.ADDRESS, "見本市中央町3-46"),
        ("福島県見本市中央町３番４６号", PersonalKind.ADDRESS, "福島県見本市中央町３番４６号"),
        ("見本太郎と申します", PersonalKind.NAME, "見本太郎"),
        ("隣の見本さんのこと", PersonalKind.NAME, "見本"),
        ("taro@example.com へ", PersonalKind.EMAIL, "taro@example.com"),
        ("4111 1111 1111 1111", PersonalKind.CARD, "4111 1111 1111 1111"),
        ("番号は1234 5678 9018", PersonalKind.MY_NUMBER, "1234 5678 9018"),
        ("LINE ID: taro_123", PersonalKind.LINE_ID, "taro_123"),
    ],
)
def test_personal_data_is_found_where_it_stands(text: str, kind: PersonalKind, words: str) -> None:
    assert [(item.kind, text[item.start : item.end]) for item in nlp.read(text).personal_data] == [(kind, words)]


@pytest.mark.parametrize(
    "text",
    [
        "お母さんが怒る",
        "看護師さんに聞いた",
        "4111 1111 1111 1112",
        "1234 5678 9012",
        "2026-04-01",
        "生活費は120000円",
        "隣の奥さん",
        "市役所さん",
    ],
)
def test_what_only_looks_like_personal_data_is_left_alone(text: str) -> None:
    assert nlp.read(text).personal_data == ()


def ordinary() -> Iterator[str]:
    yield from (SHARED / "ordinary-chat.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the everyday chat is not beside this checkout")
def test_everyday_chat_raises_hardly_any_alarm() -> None:
    lines = list(ordinary())
    alarms = sum(nlp.read(line).risk.rank >= Risk.URGENT.rank for line in lines)
    assert alarms <= 0.005 * len(lines)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the labelled messages are not beside this checkout")
def test_labelled_death_wishes_that_are_denied_never_read_as_nothing() -> None:
    records = [json.loads(line) for line in (SHARED / "dev.jsonl").read_text(encoding="utf-8").splitlines()]
    denied = [record["text"] for record in records if record["risk"] == "watch" and "死にたい" in record["text"]]
    assert denied
    assert all(RiskKind.SUICIDE in nlp.read(text).risk_kinds for text in denied)
