"""How a text holds a thing that it names: denied, over, told by another, only supposed. Looked at only where something was found.

The right side of a hit is a chain of normal forms joined by ``|``, up to the end of the sentence; the surface is used where
the normal form has lost what matters (たら, なら).
"""

import re

from nlp.reading import Polarity

WINDOW = 12
_SOFT = r"(?:(?:は|も|とか|なんて|なんか|と|って|まで|が|を|に|の|事|こと|だ|で)\|){0,4}"
_NO = r"(?:無い|ない|無し|ず|まい|へん|有る\|ます\|ず|有る\|へん)\|"

_STILL_TRUE = re.compile(
    r"(?:"
    rf"{_SOFT}(?:無い|ない)\|(?:は|も|訳|と\|は\|(?:言う|限る|思う)|こと|事){_SOFT}.*?{_NO}"
    rf"|.{{0,12}}?(?:無い|ない|ず)\|日\|(?:は|が)\|{_NO}"  # 思わない日はない
    r"|(?:無い|ない)\|と\|言う\|(?:ば\||た\||と\|){0,2}(?:嘘|うそ)"  # ないと言えば嘘になる
    r"|(?:しか)\|無い"  # しかない
    r"|(?:か|の\|か)\|も\|?(?:知れる|しれる|分かる)"  # かもしれない
    r"|(?:か|の\|か)\|(?:も\|)?分かる"
    r"|(?:の\|)?(?:で|だ)\|(?:は\|)?(?:無い|ない|有る\|ます\|ず)\|(?:か|だ\|う|です\|か|です\|う)"  # のではないか、じゃないでしょうか
    r"|て\|(?:しょう|仕様)\|が\|無い|て\|(?:堪る|たまる|仕方)"  # てしょうがない、てたまらない
    r")"
)
_NEGATED = re.compile(
    r"(?:"
    rf"{_SOFT}{_NO}"
    rf"|{_SOFT}(?:必要|好き|嫌い|嫌|大変)\|{_SOFT}(?:訳\|)?{_SOFT}{_NO}"
    rf"|(?:為る\|)?{_SOFT}(?:訳|積もり|つもり|気|気持ち|事|程|ほど|レベル|問題|必要|心配|予定|様子|関係)\|{_SOFT}{_NO}"
    rf"|{_SOFT}(?:思う|考える|感じる|為る|受ける|使う|居る|ある|有る|成る)\|(?:(?:て|居る|てる|ます|た|事|こと|は|が|も|れる|られる)\|){{0,5}}{_NO}"
    rf"|(?:(?:れる|られる|せる|て|居る|てる|た|事|こと|は|が|も|ます)\|){{1,6}}{_NO}"
    r")"
)
_NEGATED_WRITTEN = re.compile(
    r"く?(?:は|も|なんか)?(?:な(?:い|か(?!な)|くて)|ねえ|ねぇ|あり(?:ませ|まへ))"
    r"|(?:って|と|という)?(?:わけ|訳)(?:じゃ|では|でも)(?:ない|ありませ|ねえ)|とは?(?:思|おも)(?:わ|って(?:い)?な|いませ|ったことはな)"
)
"""The same for words that were found as written, where the tokens are none (しにたくない)."""
_HEARSAY = re.compile(
    r"(?:(?:だ|です|か|な|よ|わ|て|居る|てる|た|れる|られる)\|){0,4}(?:」|』|\|)*"
    r"(?:(?:と|って|とか|など|みたい)\|(?:ばかり\|)?(?:言う|書く|話す|漏らす|口走る|泣く|打ち明ける|零す|こぼす|呟く|仰る|おっしゃる|送る|叫ぶ|口)"
    r"|らしい|そう\|(?:だ|です)|って\|(?:。|$))"
)
_QUESTION = re.compile(r"(?:(?:の|です|ます|だ|でしょう)\|){0,2}か\|")
_PAST_FORM = re.compile(r"(?:[^|]+\|){0,7}?た\|")
_CONDITION = re.compile(r"(?:って|んで|て|い|し|れ|き|け)?(?:たら|だら|なら|れば|ければ|えば|ねば)")
_LONG_AGO = re.compile(
    r"昔|目の(?:とき|時)|以前|むかし|前の(?:夫|妻|旦那|彼|職場|会社|家)|元(?:夫|妻|かれ|彼|旦那|かの|嫁)|[歳代中高校学生若い子供ども小さいあの]の?(?:頃|ころ)|(?:頃|ころ)[はに、]"
    r"|年(?:くらい|ぐらい|ほど|も)?前|過去|かつて|時代|小さい(?:とき|時)|一時期?は|一時期|時期も?が?あ|当時|学生のとき|離婚(?:して|した|後|する前)|別れて"
)
_NOW_AGAIN = re.compile(
    r"今も|いまも|今でも|今日|今朝|今夜|さっき|昨日|きのう|ゆうべ|昨夜|昨晩|毎日|毎晩|いつも|また|最近|まだ|ずっと|思い出|ふらっしゅ|怖くて|今は(?!だいぶ|すっかり|全然|大丈夫|平気|元気|ない|無い|落ち|思わ|別|安心|幸せ|もう)"
)
_OVER = re.compile(
    r"(?:今は|いまは|今回は|もう)(?:だいぶ|すっかり|全然|そんな|とくに|特に)?(?:大丈夫|平気|元気|落ち着|思わ|思って(?:い)?な|別れ|離れ|離婚|安心|幸せ|逃げ|終わっ|治っ|なくな|ありません|ないです)"
)


def judge(right: list[str], before: str, after: str) -> Polarity:
    """Tell how a hit is held, from the normal forms to its right and the folded text of its sentence before and after it."""
    chain = "|".join(right[:WINDOW]) + "|"
    signs = (
        (_STILL_TRUE.match(chain), Polarity.ASSERTED),
        (_NEGATED.match(chain) or _NEGATED_WRITTEN.match(after), Polarity.NEGATED),
        (is_over(chain, before, after), Polarity.PAST),
        (_HEARSAY.match(chain), Polarity.HEARSAY),
        (_CONDITION.match(after), Polarity.CONDITION),
        (chain.startswith("て|欲しい"), Polarity.WISH),
        (_QUESTION.match(chain), Polarity.QUESTION),
    )
    return next((polarity for sign, polarity in signs if sign), Polarity.ASSERTED)


def is_over(chain: str, before: str, after: str) -> bool:
    """Whether the thing is told as past and nothing says that it goes on."""
    if _OVER.search(after) and not _NOW_AGAIN.search(before + after):
        return True
    past = _LONG_AGO.search(before) or _LONG_AGO.search(after[:20])
    return bool(past and _PAST_FORM.match(chain) and not _NOW_AGAIN.search(before + after))
