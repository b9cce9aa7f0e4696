"""Which difficulties the people of a story can have: what nobody could bear is left out."""

import re
from collections.abc import Sequence

from nlp.reading import Concern
from routing.household import Mention
from routing.referral import Stage

_PARTED = re.compile(r"離婚|別れ|別居|調停|死別|出て(?:行|い)|いなくな|未婚|母子|父子|シングル")
_CARES = re.compile(
    r"世話|面倒|介護|介助|看病|看護|見守|付き?添|つきそ|家事|家のこと|ご飯|ごはん|夕飯|夕食|食事|料理|作っ|つくっ|洗濯|掃除|お?迎え|むかえ|送り|買い物|かいもの"
    r"|お?風呂|おふろ|おむつ|オムツ|トイレ|通訳|訳し|代わり|かわり|みて|見て|みで|見で|任せ|まかせ|頼ん|頼り|手伝|てつだ|ヤングケアラー"
)
"""What a child does for the family. Who stays away from school and does none of it is no young carer."""
_SCHOOL = re.compile(r"学校|学年|[小中高]学|高校|部活|授業|宿題|受験|進学|担任|先生|登校|クラス|保健室|友だち|友達|未成年|十代|10代")
_RAISES = re.compile(r"子|母子|父子|シングル|ひとり親|一人親|片親|養育費|保育")
_PAID = re.compile(r"(?:家賃|ローン)[はもを][^。、]{0,10}(?:払え(?:ます|る|てい)|払っています|足ります|困っていません)")
_UNPAID = re.compile(r"滞納|払え(?:な|ま(?:せ|へ)|ず|ね)|遅れ|たまっ|溜ま|ためて|催促|督促")
_ENOUGH = re.compile(
    r"(?:収入|年金|[貯蓄]え|失業手当|給料|生活費|お金|生活|暮らし)(?:は|には|に|と[^。、]{0,8}で)[^。、]{0,14}"
    r"(?:あります|ある(?!はず|だけ|ん)|出ています|足り(?:ます|てい)|払え(?:ます|て)|困って(?:は)?い?(?:な|ませ))"
)
_SHORT = re.compile(r"足り(?:な|ませ|ず|ね)|苦し|きつ|暮らせ|食べていけ|食っていけ|底をつ|残ら(?:な|ず)|残りま|だけでは|ふくら|膨ら|買えな")
_MINOR = frozenset({Stage.INFANT, Stage.CHILD})
_SPOUSES = frozenset({"husband", "wife", "spouse"})
_ANY_AGE = frozenset({"child", "son", "daughter", "brother", "sister", "grandchild", "pupil"})


def fits(concern: Concern, mentions: Sequence[Mention], text: str) -> bool:
    """Whether anybody in the story can have it. A story that names nobody speaks against nothing."""
    match concern:
        case Concern.YOUNG_CARER:
            young = not mentions or any(_may_be_pupil(mention, text) for mention in mentions)
            return young and _CARES.search(text) is not None
        case Concern.SINGLE_PARENT:
            alone = _PARTED.search(text) is not None or not any(mention.person in _SPOUSES for mention in mentions)
            return alone and (not mentions or _RAISES.search(text) is not None or any(mention.person in _ANY_AGE for mention in mentions))
        case Concern.SCHOOL | Concern.PARENTING:
            children = [mention for mention in mentions if mention.person in _ANY_AGE or mention.stage in _MINOR]
            return not children or not all(mention.stage is Stage.ADULT for mention in children)
        case Concern.MONEY_LIVING:
            return _ENOUGH.search(text) is None or _SHORT.search(text) is not None
        case Concern.RENT_LOAN:
            return _PAID.search(text) is None or _UNPAID.search(text) is not None
        case _:
            return True


def _may_be_pupil(mention: Mention, text: str) -> bool:
    told = mention.person in {"child", "pupil"} or _SCHOOL.search(text) is not None
    return mention.stage is Stage.CHILD or (mention.stage is None and mention.person in _ANY_AGE and told)
