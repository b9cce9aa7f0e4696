"""What is spoken of around a name, so that a star or a pet is not taken for a resident."""

import re

_ON_SHOW = re.compile(
    "推し|ライブ(?!配信)|ファン|ドラマ|アニメ|映画|俳優|女優|声優|アイドル|芸人|選手|漫画|マンガ|小説|主演|歌手|作家|作者|ユーチューバー|キャラ|バンド|優勝|出演|好きな人物|武将"
    "|大河|お笑い|コンビ(?!ニ)|ジブリ|紅白|作品|演技|お祭り|お城|城跡|城下|天守|に似て|みたいにな|みたいに明る"
)
_ON_SCREEN = re.compile("(?:監督|テレビ|番組|YouTube|曲|ゲーム|試合|歌)[でにのはを]")
"""What everybody has at home: it speaks of a star only right before the name."""
_PRIVATE = re.compile(
    "(?:[隣長員]|近所|向かい|担任|担当|クラス|部活|職場|会社|学校|学級|上司|同僚|先輩|後輩|大家|友達|友だち|友人|知り?合い|施設|病院|監督|顧問|階)の$"
)
_PET = re.compile("犬|猫|ネコ|イヌ|ペット|ワンコ|わんこ|ハムスター|うさぎ|インコ")


_NEAR = 60


def _near(words: re.Pattern[str], text: str, at: int) -> bool:
    """Tell whether one of ``words`` stands around ``at``; not further, so that a long text costs no more by the hit."""
    return words.search(text, max(0, at - _NEAR), at + _NEAR) is not None


def on_show(text: str, at: int) -> bool:
    """Tell whether people of stage, screen, sport or history are spoken of: their names are no personal data here."""
    if _PRIVATE.search(text, max(0, at - 8), at):
        return False
    return _near(_ON_SHOW, text, at) or _ON_SCREEN.search(text, max(0, at - 12), at) is not None


def near_pet(text: str, at: int) -> bool:
    """Tell whether animals of the house are spoken of."""
    return _near(_PET, text, at)
