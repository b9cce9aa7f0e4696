"""Facts that raise the order of work are read in hints, kana and dialect, and stay silent where only the words are alike."""

from pathlib import Path

import pytest

from nlp.lexicon.model import CircumstanceKind
from nlp.lexicon.scan import scan

CHAT = Path(__file__).resolve().parents[2].parent / "shared" / "nlp" / "ordinary-chat.txt"
NEW = frozenset(
    [
        CircumstanceKind.MURDER_SUICIDE,
        CircumstanceKind.THREAT_TO_KILL,
        CircumstanceKind.SEXUAL_VIOLENCE,
        CircumstanceKind.CHILD_WITNESS,
        CircumstanceKind.CHILD_ALONE,
        CircumstanceKind.OVERDOSE,
        CircumstanceKind.FAREWELL,
        CircumstanceKind.LIFELINE_CUT,
        CircumstanceKind.NO_FOOD_TODAY,
        CircumstanceKind.NO_PLACE_TONIGHT,
    ]
)
MOST_FALSE = 5
"""So many of the 10,000 lines of everyday chat may show one of the kinds by mistake."""


def kinds(text: str) -> set[str]:
    return {kind for hit in scan(text).hits if hit.speaks for kind in hit.row.of("circumstance")}


SHOWN = {
    CircumstanceKind.MURDER_SUICIDE: [
        "この子を連れて逝こうと思いました",
        "夫が「一緒に死のう」と言って離してくれません",
        "いっそ連れていこうか、と台所で考える",
        "二人で楽になりたいねって母と話した",
        "婆さん道連れにするしかねぇ",
        "いっしょにしのうって おとうさんが いう",
        "残していくのはかわいそうだから",
    ],
    CircumstanceKind.THREAT_TO_KILL: [
        "別れたら殺すって毎日送ってくる",
        "逃げたら家に火つけるぞって",
        "父の首に手をかけてしまった",
        "ころすぞって おやじが",
        "息子に刺されそうで眠れない",
        "このままでは母を殺してしまいそうです",
    ],
    CircumstanceKind.SEXUAL_VIOLENCE: [
        "店長に体を触られる",
        "義父がお風呂を覗く",
        "嫌だと言っても夜、無理やりされる",
        "へんなところさわられた",
        "断ると説教されるから、夜の相手を断れない",
        "裸の写真をばらまくと言われた",
        "施設の人に触られました",
    ],
    CircumstanceKind.CHILD_WITNESS: [
        "お父さんがお母さんを叩いてる",
        "子どもの前で夫が私を殴ります",
        "パパがママをたたく",
        "夫が怒鳴ると娘が耳をふさぐ",
        "弟と押し入れに隠れてる",
        "親父がおふくろを殴ってる音がする",
    ],
    CircumstanceKind.CHILD_ALONE: [
        "ママが三日帰ってこない",
        "駐車場の車に赤ちゃんだけ残されている",
        "夜は子どもだけで留守番しています",
        "隣の子がベランダに出されている",
        "ままかえってこない",
        "三階のベランダの柵の外に子がいる",
    ],
    CircumstanceKind.OVERDOSE: [
        "睡眠薬をまとめて飲んだ",
        "くすり ぜんぶ のんだ",
        "さっきODしちゃった",
        "妹が薬の空のシートの横で寝ている",
        "ためてた薬を全部飲みました",
        "薬を四十錠飲んだ",
    ],
    CircumstanceKind.FAREWELL: [
        "今までありがとう。さようなら",
        "長い間お世話になりました",
        "猫を頼みます。通帳は引き出しです。これを読むころには私はもういません",
        "遺書を書き終えました",
        "さがさないでね",
        "身辺整理を始めました",
    ],
    CircumstanceKind.LIFELINE_CUT: [
        "電気を止められて三日目",
        "みず とまった",
        "水道の栓しめられた",
        "ガスが止まって鍋が使えない",
        "懐中電灯で宿題をしている",
        "電気止めらいだ",
    ],
    CircumstanceKind.NO_FOOD_TODAY: [
        "きのうから何も食べていません",
        "今日食べるものがない",
        "なんも食ってねぇ",
        "子にだけ食べさせて私は水です",
        "さとうなめて寝る",
        "給食がない日は何も食べられない",
    ],
    CircumstanceKind.NO_PLACE_TONIGHT: [
        "今夜泊まるところがありません",
        "寮を追い出されて駅のベンチで寝ています",
        "こんやとまるとこない",
        "旦那に鍵かえられて家に入れない",
        "寝るとごねぇ",
        "荷物ごと外に出されました。今夜は公園です",
    ],
    CircumstanceKind.WINTER_NO_HEAT: [
        "ストーブつかね、灯油きれた",
        "暖房費がなくて毛布にくるまっている。寒くて眠れない",
        "火の気がない部屋です",
    ],
    CircumstanceKind.MEDICINE_OUT: ["心臓の薬きれて二週間", "インスリンがあと一回分", "粉ミルクが底をついた", "予備のボンベだけです"],
    CircumstanceKind.NOT_SEEN: ["隣のじいさん、何日も姿を見ない", "新聞が十日分たまっている", "呼んでも返事がない"],
    CircumstanceKind.MISSING_PERSON: [
        "祖母が散歩に出て帰ってこない",
        "携帯を置いたまま妻がいなくなった",
        "ばあちゃんおらん、朝から探してる",
    ],
    CircumstanceKind.ALONE_NOW: ["今家に一人です", "一人にしないで", "いまだれもいない。こわい"],
    CircumstanceKind.PREGNANCY_NO_DOCTOR: [
        "妊娠してるけど病院に一度も行ってない",
        "にんしん びょういん いってない",
        "トイレで産むしかない",
    ],
    CircumstanceKind.CHILD_WRITER: ["中2です。家に帰りたくない", "ぼく8さい", "高校一年です"],
}


@pytest.mark.parametrize(("text", "kind"), [(text, kind) for kind, texts in SHOWN.items() for text in texts])
def test_a_fact_is_read_however_it_is_put(text: str, kind: CircumstanceKind) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "心中お察しします",
        "海に一緒に行きたい",
        "漫画を返し忘れた、友達に殺される笑",
        "声を殺して笑った",
        "蚊に刺された",
        "痴漢対策のポスターを貼ってください",
        "猫が布団に入ってきます",
        "子どもの前で歌を歌いました",
        "お父さんがお母さんの肩をもんでいる",
        "子どもだけで遊べる公園はありますか",
        "頭痛薬を一錠飲んで寝ました",
        "遺書の書き方講座はありますか",
        "みんな元気ですか",
        "停電で電気が止まった",
        "鼻水が止まった",
        "苦手な食べ物がない",
        "遊びに行くところがない",
        "リモコンが行方不明です",
        "バス停で凍え死ぬかと思った",
        "コーヒーのミルクがない",
        "部活が楽しい",
    ],
)
def test_what_is_only_alike_shows_no_fact(text: str) -> None:
    assert kinds(text) == set()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("薬を大量に飲んだわけではありません", CircumstanceKind.OVERDOSE),
        ("殺されそうなわけではない", CircumstanceKind.THREAT_TO_KILL),
        ("電気を止められたことはありません", CircumstanceKind.LIFELINE_CUT),
        ("家を追い出されたわけではないです", CircumstanceKind.NO_PLACE_TONIGHT),
    ],
)
def test_a_denied_fact_is_not_told(text: str, kind: CircumstanceKind) -> None:
    assert kind not in kinds(text)


def test_every_kind_has_examples_here_or_in_its_row() -> None:
    assert set(SHOWN) >= NEW


@pytest.mark.skipif(not CHAT.exists(), reason="the everyday chat is not beside this checkout")
def test_everyday_chat_hardly_ever_shows_one_of_the_grave_facts() -> None:
    found = [kinds(line) & NEW for line in CHAT.read_text(encoding="utf-8").splitlines()]
    counts = {kind: sum(kind in shown for shown in found) for kind in NEW}
    assert {kind: count for kind, count in counts.items() if count > MOST_FALSE} == {}
