"""What is spoken of around a name, so that a star or a pet is not taken for a resident."""

import re

_ON_SHOW = re.compile(
    "推し|ライブ|ファン|ドラマ|アニメ|映画|俳優|女優|声優|アイドル|芸人|選手|テレビ|番組|漫画|マンガ|小説|主演|歌手|監督|作家|作者|YouTube|ユーチューバー|キャラ|曲|バンド|ゲーム|優勝|出演|好きな人物|武将|大河"
    "|お笑い|コンビ|ジブリ|紅白|試合|作品|歌|演技|朝ドラ|お祭り|お城|城跡|城下|城まつり|天守"
)
_PET = re.compile("犬|猫|ネコ|イヌ|ペット|ワンコ|わんこ|ハムスター|うさぎ|インコ")


_NEAR = 60


def _near(words: re.Pattern[str], text: str, at: int) -> bool:
    """Tell whether one of ``words`` stands around ``at``; not further, so that a long text costs no more by the hit."""
    return words.search(text, max(0, at - _NEAR), at + _NEAR) is not None


def on_show(text: str, at: int) -> bool:
    """Tell whether people of stage, screen, sport or history are spoken of: their names are no personal data here."""
    return _near(_ON_SHOW, text, at)


def near_pet(text: str, at: int) -> bool:
    """Tell whether animals of the house are spoken of."""
    return _near(_PET, text, at)
