"""Every explicit word of death wish, self-harm, violence and want is read, in every usual writing."""

import pytest

import nlp
from nlp.reading import Risk, RiskKind, Speaker

URGENT = """
死にたい しにたい シニタイ ｼﾆﾀｲ 死にたぁい 死にた〜い 死にたーい し・に・た・い 4にたい ４にたい タヒにたい ﾀﾋにたい 氏にたい ○にたい
〇にたい 死にてえ 死にてぇ しにてー
死にたか 死にとう しにたみ 死にたいです 死にたくて仕方ない 死にたくなる 死にたいかも 死のう 死のうかな しのうかな 死のうと思う タヒのう
死んじゃいたい 死んでしまいたい
しんでしまいたい しんじゃいたい 死んじゃおうかな 死んだ方がまし 死んだほうがいい しんだほうがまし もう死にます 死ぬしかない
死ねたらいいのに 死んだら楽になれるかな 死にたがっています
死にたい笑 死にたくてたまらない 死にたいとしか思えない 誰にも言えないけど死にたい 死にたくなくはない 死にたくないわけではない
殺してほしい 一家心中 逝きたい 死ねない
消えたい きえたい キエタイ ｷｴﾀｲ 消えてしまいたい きえちゃいたい 消えてえ いなくなりたい イナクナリタイ 居なくなりたい 生きていたくない
いきていたくない 生きとうない
自殺したい じさつしたい ジサツしたい 自サツしたい 自○したい 自殺を考えている 首を吊る くびをつる 首つりたい 首つり 首を吊ろうと思う
飛び降りる 飛び降りたい とびおりたい トビオリタイ 練炭 れんたん
リスカ りすか ﾘｽｶ リスカしてる またリスカしちゃった リストカット OD ＯＤ ODした オーバードーズ アムカ 自傷してしまう 手首を切る
てくびをきった
殴られる なぐられる ナグラレル 殴られた 殴られてる 殴られている 殴られています 殴られました なぐられてる 殴らせる 殴られとる
殴られているかもしれない 殴られているんじゃないか 昔から今も殴られる
叩かれる たたかれる タタカレル 叩かれてる 叩がれる 蹴られる けられる 蹴られてる 蹴っ飛ばされた 突き飛ばされた どつかれる しばかれる
ぶたれた 手をあげられる 首を絞められる 首をしめられる 首を締められた 首絞められた
暴力をふるわれる 暴力を振るわれる ぼうりょくをふるわれる ボウリョク 夫の暴力 DV ＤＶ dv ディーブイ DVされています 虐待 ぎゃくたい
ギャクタイ 虐待してしまう 性暴力を受けた
脅される おどされた 脅されています 刃物 殺される ころされる 殺すと言われた 夫が殴る 旦那が蹴る 父が母を殴る
今日食べるものがない 食べるものがありません たべるものがない 今夜泊まるところがない 泊まるところがない今夜 電気が止められた
電気を止められました でんきがとめられた 水道が止められた ガスを止められました
""".split()  # noqa: SIM905 - a table of words is read more easily than a list of strings
EMERGENCY = """
今から死にます いまからしにます これから死にます 今から飛び降ります 今から首を吊ります 大量服薬した 大量服薬しました
たいりょうふくやくした 薬を全部飲みました 薬を50錠飲んだ
意識がない 意識がありません 母の意識がないです いしきがない 息をしていない 息してない 息をしていません 閉じ込められている
とじこめられている 刃物を持っている 夫が刃物を持っています
追いかけられている 追いかけられています 包丁を持って追いかけられている 夫が包丁を振り回している さっきODした
""".split()  # noqa: SIM905 - a table of words is read more easily than a list of strings
WATCH = """
死にたくない 死にたいわけではない 死にたいわけじゃないけど 死にたいわけじゃありません 死にたいとは思わない 死にたいとは思いません
死ぬつもりはない 死ぬ気はない 自殺は考えていません 消えたいわけじゃない
しにたくない シニタクナイ しにたいわけじゃない 死にたいと思ったことはない もうリスカはしてない 昔リスカしてた 昔は死にたかった
以前死にたいと思ったことがある 死にたかったけど今は大丈夫 10年前に自殺未遂をした
前の夫に殴られていた 子どもの頃虐待されていた 暴力はありません DVではありません 殴られていません
""".split()  # noqa: SIM905 - a table of words is read more easily than a list of strings
CALM = """
死ぬほど忙しい 笑い死ぬ 死ぬ気で頑張る 死ぬほど美味しい 可愛すぎて死ぬ 暑くて死にそう 自殺対策講演会はいつですか 死亡届の出し方
母は去年亡くなりました 肩を叩かれる わたしにたいして失礼
DVDを借りたい リボンを買った はいりすかす 助けられた 暴力団の映画 いろいろなグルメ 心中お察しします 鼻水が止まった 嫌いな食べ物がない
ライブにいきたい
""".split()  # noqa: SIM905 - a table of words is read more easily than a list of strings


@pytest.mark.parametrize("text", [*URGENT, "し に た い", "もう し に た い", "死に たい", "死に\u200bたい", "みず とまった"])
def test_an_explicit_word_of_danger_is_at_least_urgent(text: str) -> None:
    assert nlp.read(text).risk.rank >= Risk.URGENT.rank


@pytest.mark.parametrize("text", EMERGENCY)
def test_danger_at_this_moment_is_an_emergency(text: str) -> None:
    assert nlp.read(text).risk is Risk.EMERGENCY


@pytest.mark.parametrize("text", WATCH)
def test_a_denied_or_past_word_of_danger_is_kept_in_view(text: str) -> None:
    assert nlp.read(text).risk is Risk.WATCH


@pytest.mark.parametrize("text", CALM)
def test_a_figure_of_speech_or_another_word_raises_no_alarm(text: str) -> None:
    assert nlp.read(text).risk.rank < Risk.URGENT.rank


def test_a_wish_with_the_means_at_hand_now_is_an_emergency() -> None:
    assert nlp.read("死にたい。今、手元にカッターがある").risk is Risk.EMERGENCY


@pytest.mark.parametrize("text", ["夫が死にたいと言っている", "息子が自殺したいと言います"])
def test_a_relative_who_tells_of_a_death_wish_is_taken_seriously(text: str) -> None:
    reading = nlp.read(text)
    assert (reading.risk, reading.risk_kinds, reading.speaker) == (Risk.URGENT, (RiskKind.SUICIDE,), Speaker.FAMILY)


def test_a_block_cancels_only_the_words_that_it_covers() -> None:
    assert nlp.read("自殺対策の講演を聞いた。でも死にたい").risk is Risk.URGENT


def test_kinds_come_in_their_fixed_order() -> None:
    assert nlp.read("夫に殴られる。もう死にたい").risk_kinds == (RiskKind.SUICIDE, RiskKind.VIOLENCE)


CARRIERS = [
    "もう{}",
    "最近ずっと{}んです",
    "{}。どうしたらいいですか",
    "{}けど誰にも言えない",
    "仕事はないけど{}",
    "毎日{}。眠れない",
    "{}😢\n助けて",
]
EVERYDAY_FORM = [
    "死にたい",
    "しにたい",
    "し・に・た・い",
    "4にたい",
    "消えたい",
    "いなくなりたい",
    "殴られる",
    "叩かれる",
    "首を絞められる",
    "食べるものがない",
]


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("words", EVERYDAY_FORM)
def test_what_stands_around_a_word_of_danger_does_not_silence_it(words: str, carrier: str) -> None:
    assert nlp.read(carrier.format(words)).risk.rank >= Risk.URGENT.rank


@pytest.mark.parametrize(
    "text",
    [
        "死にたいって言えない",
        "殴られない日はない",
        "死にたいと思わない日はない",
        "死にたくないと言えば嘘になる",
        "殴られても誰にも言えない",
        "死にたいけど死ねない",
        "自傷がやめられない",
        "暴力から逃げられない",
        "夫の暴力がなくならない",
        "昔から死にたい",
        "3年前から殴られている",
        "10年前から夫に殴られています",
        "離婚してからも脅されている",
        "今は大丈夫だけどまた殴られると思う",
        "前の夫がまた殴りに来る",
    ],
)
def test_what_only_sounds_like_a_denial_or_the_past_does_not_lower_the_level(text: str) -> None:
    assert nlp.read(text).risk.rank >= Risk.URGENT.rank


def test_a_hit_beside_another_word_is_not_taken_for_it() -> None:
    assert nlp.read("わたしにたいする態度").risk.rank < Risk.URGENT.rank
    assert nlp.read("しにたいくらいつらい").risk is Risk.URGENT
