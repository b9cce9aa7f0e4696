"""How a text holds a thing that it names: denied, over, told by another, only supposed. Looked at only where something was found.

The right side of a hit is a chain of normal forms joined by ``|``, up to the end of the sentence; the surface is used where
the normal form has lost what matters (たら, なら).
"""

import re
from collections.abc import Set as AbstractSet

from nlp.reading import Polarity

WINDOW = 12
_SOFT = (
    r"(?:(?:は|も|とか|と\|か|など|なんて|なんか|と|って|まで|が|を|に|の|事|こと|だ|で|一切|全く|全然|特に|別に|未だ|まだ|今|一度)\|){0,5}"
)
_ZU = r"ず\|(?!に\|(?:は\|)?居る|を\|得る)"
_NO = rf"(?:(?:無い|ない|無し|まい|へん)\||有る\|ます\|{_ZU}|有る\|へん\||{_ZU})"
_TAIL = (
    r"(?:(?:は|が|も|を|に|の|と|だ|です|で|て|た|てる|居る|有る|必要|為る|成る|ます|れる|られる|せる|させる|ちゃう|仕舞う|こと|事|よ|な|御"
    r"|思う|感じる|考える|受ける|抱える|増える|始まる)\|){0,8}?"
)
"""What may stand between a thing and the word that tells how it is held: 借金〈がある〉らしい, 殴〈られてい〉るそうだ."""

_FIGURE = re.compile(
    r"(?:(?:れる|られる|て|た)\|){0,3}(?:"
    r"(?:ほど|程|くらい|ぐらい|位|レベル)\|(?:に\||の\|)?(?:楽しい|嬉しい|可愛い|面白い|美味しい|旨い|好き|大好き|最高|尊い|幸せ|わくわく|ワクワク)"
    r"|(?:よう|様|みたい)\|(?:だ|な)\|(?:衝撃|ショック|感覚|感動))"
)
_WISH = re.compile(
    rf"{_TAIL}(?:(?:て|で)\|(?:欲しい\|(?!無い)|貰う\|(?:たい|ます\|ず\|か|ない\|か)|貰える\|(?:ます|ない|か)|下さる\||(?:呉れる|くれる)\|(?:ない|ます\|ず)\|か)"
    r"|御\|願う\|(?:為る|致す|できる|出来る)|頼む\|たい)"
)
_DENYING = re.compile(r"無い|ない|ず\||無し|まい|へん|なし|ゼロ|零|皆無|か\||しょう|堪る|たまる|仕方|敵う|かなう")
"""Without one of these no chain is a denial or looks like one."""
_STILL_TRUE = re.compile(
    r"(?:"
    rf"{_SOFT}(?:必要\|)?(?:無い|ない)\|(?:は|も|訳|と\|は\|(?:言う|限る|思う)|こと|事){_SOFT}.*?{_NO}"
    rf"|.{{0,12}}?(?:無い|ない|ず)\|日\|(?:は|が)\|{_NO}"  # 思わない日はない
    r"|(?:無い|ない)\|と\|言う\|(?:ば\||た\||と\|){0,2}(?:嘘|うそ)"  # ないと言えば嘘になる
    r"|(?:為る\|)?(?:しか|以外|ほか|他)\|(?:に\||は\|)?(?:無い|有る\|ます\|ず)"  # しかない
    rf"|{_TAIL}(?:だけ|ばかり|のみ)\|(?:で|だ)\|(?:は\|)?(?:無い|有る\|ます\|ず)"  # だけではない
    rf"|{_TAIL}か\|も(?:\||$)"  # かもしれない
    rf"|{_TAIL}か\|(?:も\|)?分かる"
    rf"|{_TAIL}(?:の\|)?(?:で|だ)\|(?:は\|)?(?:無い|ない|有る\|ます\|ず)\|(?:か|だ\|う|です\|か|です\|う)"  # のではないか
    rf"|{_TAIL}(?:ない|無い|ず)\|か\|(?:と\|)?(?:とても\|)?(?:心配|不安|怖い|恐い|びくびく|ビクビク|気)"  # 殴られないか不安
    rf"|{_TAIL}(?:ない|無い|ず)\|(?:ば\|(?:成る|行く|いける|駄目)|と\|(?:行く|行ける|いける|成る|駄目)|きゃ)"  # しなければならない
    r"|(?:(?:れる|られる)\|)?ない\|で\|(?:下さる|欲しい|呉れる|くれる)"  # 殴らないでください
    rf"|{_TAIL}(?:と\|)?(?:思う\|)?(?:ず\|に\|(?:は\|)?居る|ず\|を\|得る|ざる\|を\|得る)"  # 思わずにいられない
    rf"|{_TAIL}(?:に\|)?(?:違い|相違|間違い)\|(?:は\||が\|)?(?:無い|有る\|ます\|ず)"
    r"|て\|(?:しょう|仕様)\|が\|無い|て\|(?:堪る|たまる|仕方|敵う|かなう)"  # てしょうがない、てたまらない
    r"|(?:の\|)?(?:を\||が\|)?(?:止める|やめる|辞める)\|られる\|(?:ない|ます\|ず)"  # やめられない
    r")"
)
_STILL_TRUE_WRITTEN = re.compile(
    r"(?:(?:だ|だと)?(?:と|って|とは|のこと[はを]|[をはが])?(?:だれ|誰|親|人|家族|夫|妻|先生)?(?:に|にも|には)?(?:言え|いえ|話せ|はなせ|打ち明けられ|相談でき)(?:な|ま|ず|ん))"
    r"|(?:ら?れ)?ないように(?:隠れ|息|静か|じっと|逃げ|黙|だま|びくびく|ビクビク|顔色|機嫌|気を(?:使|つか))|を?し(?:なきゃ|なくちゃ)|せ?ねば"
    r"|く?(?:なく|ない(?:わけ|訳)(?:じゃ|では|でも))(?:は|も)?(?:な|あり)"
)
"""The same as written: 誰にも言えない, 殴られないように, しなきゃ, しにたくなくはない."""
_NEGATED = re.compile(
    r"(?:"
    rf"{_SOFT}{_NO}"
    r"|(?:は|も)\|(?:なし|ゼロ|零|皆無)\|(?!に|を|で|から)"
    rf"|{_SOFT}(?:必要|好き|嫌い|嫌|大変)\|{_SOFT}(?:訳\|)?{_SOFT}{_NO}"
    rf"|(?:は\||も\|)?(?:未だ\|)?(?:要る|入る|いる)\|(?:ない|ます\|ず)"
    rf"|と\|か\|(?:だ|で)\|(?:は\|)?{_NO}"
    rf"|{_TAIL}たり\|(?:は\|)?為る\|(?:て\|居る\||てる\|)?(?:た\|こと\|は\|)?(?:ない|ます\|ず|無い)"
    rf"|(?:と|って|なんて|と\|か)\|(?:は\||も\|)?言う\|(?:て\|居る|てる)\|(?:ます\|)?{_NO}"
    rf"|(?:と|って)\|言う\|(?:ほど|程)\|の\|(?:こと|物|もの)\|.{{0,13}}?{_NO}"
    rf"|{_TAIL}(?:(?:と|って)\|言う\|)?(?:よう\|だ\|)?{_SOFT}(?:訳|積もり|つもり|気|気持ち|こと|事|程|ほど|レベル|問題|必要|心配|予定|様子|関係)\|{_SOFT}{_NO}"
    rf"|{_SOFT}(?:思う|考える|感じる|為る|受ける|使う|居る|ある|有る|成る)\|(?:(?:て|居る|てる|ます|た|事|こと|は|が|も|れる|られる)\|){{0,5}}{_NO}"
    rf"|(?:(?:れる|られる|せる|て|居る|てる|た|事|こと|は|が|も|ます)\|){{1,6}}{_NO}"
    r")"
)
_NEGATED_WRITTEN = re.compile(
    r"く?(?:は|も|なんか)?(?:な(?:い|か(?!な)|くて)|ねえ|ねぇ|あり(?:ませ|まへ))"
    r"|(?:って|と|という)?(?:わけ|訳)(?:じゃ|では|でも)(?:ない|ありませ|ねえ)|とは?(?:思|おも)(?:わ|って(?:い)?な|いませ|ったことはな)"
    r"|(?:は|も|なんか|なんて)?(?:いら(?:な|ん|ね)|いりませ)"
)
"""The same for words that were found as written, where the tokens are none (しにたくない)."""
_HEARSAY = re.compile(
    rf"{_TAIL}(?:か\||よ\||わ\|){{0,2}}(?:」|』|\|)*"
    r"(?:(?:と|って|とか|など|みたい)\|(?:ばかり\|)?(?:言う|聞く|書く|話す|漏らす|口走る|泣く|打ち明ける|零す|こぼす|呟く|仰る|おっしゃる|送る|叫ぶ|口|の\|こと|相談)"
    r"|らしい|(?:そう|みたい|よう)\|(?:(?:だ|です|で)\|(?!成る)|$)|みたい\||って\|(?:。|$))"
)
_QUESTION = re.compile(rf"{_TAIL}か\|")
_QUESTION_WRITTEN = re.compile(r"[るたいだ]?(?:て|で)?(?:い)?(?:る|た|ない|ある|なかった)?(?:は|が)?(?:ある|する|してる|している)?の[?？]")
_PAST_FORM = re.compile(r"(?:[^|]+\|){0,7}?た\|")
_CONDITION = re.compile(
    r"ば(?![かりっんしょな]|いけ|だめ)|[いしれきけくてでにがはもをのだあるっなりすまとこ必要らたんつひようそえ増始続起思]{0,11}?"
    r"(?:たら|だら(?!け)|なら(?!な|ん)|れば|ければ|えば|ねば|場合|とき(?:は|に|の|、)|時(?:は|に|の|、))"
)
_ENDED = re.compile(
    r"(?:のこと)?(?:のは|のを|のが|[はがを])?(?:もう|全部|ぜんぶ|すべて|全て|去年|先月|先週|やっと|ようやく|無事に?|なんとか|去年で|先月で|きれいに|すっかり|完全に|[\d〇一二三四五六七八九十]+年前に?)*"
    r"(?:完済|返し(?:終わ|おわ|切|きっ)|返済し終|返済[がは]終わ|返した(?![らいくがりのば分後])|返しました(?![らが])|(?<=[はがをうてとでに部年月])(?:終わっ|終わり(?!に)|おわっ|おわり(?!に)|終え)|解決し|治[っり]|なおっ|(?<=の[はを])やめ(?:た(?![いらく])|ました))"
    r"(?!.{0,4}(?:な[いく]|ませ|そう|たい|たら|れば))"
)
"""A thing that is told as ended: 借金は返し終わりました."""
_LONG_AGO = re.compile(
    r"昔|目の(?:とき|時)|以前(?!より)|むかし|前の(?:夫|妻|旦那|彼|職場|会社|家)|元(?:夫|妻|かれ|彼|旦那|かの|嫁)|若い(?:とき|時)|[歳代中高校学生若い子供ども小さいあの]の?(?:頃|ころ)|(?:頃|ころ)[はに、]"
    r"|年(?:くらい|ぐらい|ほど|も)?前|過去|かつて|時代|小さい(?:とき|時)|一時期?は|一時期|時期も?が?あ|当時|学生のとき|離婚(?:して|した|後|する前)|別れて"
)
_NOW_AGAIN = re.compile(
    r"今も|いまも|今でも|今日|今朝|今夜|さっき|昨日|きのう|ゆうべ|昨夜|昨晩|毎日|毎晩|いつも|また|最近|まだ|ずっと|思い出|ふらっしゅ|怖くて|今は(?!だいぶ|すっかり|全然|大丈夫|平気|元気|ない|無い|落ち|思わ|別|安心|幸せ|もう|治|なお|終わ|離れ|逃げ)"
)
_OVER = re.compile(
    r"(?:今は|いまは|今回は|もう)(?:だいぶ|すっかり|全然|そんな|とくに|特に)?(?:大丈夫|平気|元気|落ち着|思わ|思って(?:い)?な|別れ|離れ|離婚|安心|幸せ|逃げ|終わっ|治っ|なくな|ありません|ないです)"
    r"|完済(?:し(?:た(?!い|ら)|まし|て)|済み|でき)"
)
_FIGURE_WORDS = frozenset(["ほど", "程", "くらい", "ぐらい", "位", "レベル", "よう", "様", "みたい"])
_WISH_WORDS = frozenset(["欲しい", "貰う", "貰える", "下さる", "呉れる", "くれる", "願う", "頼む"])
_HEARSAY_WORDS = frozenset(["と", "って", "とか", "など", "みたい", "らしい", "そう", "よう"])
_SIGN_WORDS = _FIGURE_WORDS | _WISH_WORDS | _HEARSAY_WORDS | {"か"}
"""Without one of its words an expression over the chain cannot match, and is not tried: most chains hold none of them."""
_OVER_SIGNS = ("今", "いま", "もう", "完済")
_AGO_SIGNS = ("前", "昔", "時", "頃", "ころ", "とき", "元", "過去", "かつて", "離婚", "別れ", "以前", "むかし")
_ASKED_SIGNS = ("の?", "の？")
_CONDITION_SIGNS = ("ば", "ら", "場合", "とき", "時")


def judge(right: list[str], before: str, after: str) -> Polarity:
    """Tell how a hit is held, from the normal forms to its right and the folded text of its sentence before and after it.

    The first sign that shows decides: what only looks like a denial comes before the denials.
    """
    right = right[:WINDOW]
    chain = "|".join(right) + "|"
    signs = _SIGN_WORDS.intersection(right)
    denying = _DENYING.search(chain)
    if signs and not _FIGURE_WORDS.isdisjoint(signs) and _FIGURE.match(chain):
        return Polarity.BLOCKED
    if (denying and _STILL_TRUE.match(chain)) or _STILL_TRUE_WRITTEN.match(after):
        return Polarity.ASSERTED
    if signs and not _WISH_WORDS.isdisjoint(signs) and _WISH.match(chain):
        return Polarity.WISH
    if (denying and _NEGATED.match(chain)) or _NEGATED_WRITTEN.match(after):
        return Polarity.NEGATED
    if is_over(chain, before, after):
        return Polarity.PAST
    return _held(chain, signs, after)


def _held(chain: str, signs: AbstractSet[str], after: str) -> Polarity:
    """Tell whether a thing that is neither denied nor over is told by another, supposed or asked."""
    if signs and not _HEARSAY_WORDS.isdisjoint(signs) and _HEARSAY.match(chain):
        return Polarity.HEARSAY
    if _holds(after, _CONDITION_SIGNS) and _CONDITION.match(after):
        return Polarity.CONDITION
    asked = ("か" in signs and _QUESTION.match(chain)) or (_holds(after, _ASKED_SIGNS) and _QUESTION_WRITTEN.match(after))
    return Polarity.QUESTION if asked else Polarity.ASSERTED


def is_over(chain: str, before: str, after: str) -> bool:
    """Whether the thing is told as past and nothing says that it goes on."""
    if ((_holds(after, _OVER_SIGNS) and _OVER.search(after)) or _ENDED.match(after)) and not _NOW_AGAIN.search(before + after):
        return True
    if "た|" not in chain or not _PAST_FORM.match(chain):
        return False
    near = after[:20]
    past = (_holds(before, _AGO_SIGNS) and _LONG_AGO.search(before)) or (_holds(near, _AGO_SIGNS) and _LONG_AGO.search(near))
    return bool(past and not _NOW_AGAIN.search(before + after))


def _holds(text: str, signs: tuple[str, ...]) -> bool:
    """Whether one of the signs stands in a text: far cheaper than the expression that needs one of them."""
    for sign in signs:  # noqa: SIM110 - any() over a generator takes three times as long
        if sign in text:
            return True
    return False
