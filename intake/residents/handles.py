"""Handles: what staff call a resident. A word and three digits, from nothing that the resident said."""

import secrets

_WORDS = """
あさがお あじさい あやめ うぐいす うみねこ えにしだ おしどり かえで かささぎ かすみそう かたくり かりん
ききょう きつつき くるみ けやき こぶし こまくさ さくら さざんか しじゅうから しらかば すいせん すずらん
すみれ せきれい たんぽぽ つくし つばき つばめ つゆくさ とくさ なずな なでしこ ななかまど ねむのき のぎく
はぎ はくちょう はまなす ひばり ひまわり ふくろう ふじ ふよう ほおじろ ほたる まつむし みずなら みずばしょう
みやこどり むくげ めじろ もくれん もみじ やまがら やまぶき ゆきやなぎ ゆずりは ゆりかもめ よもぎ りんどう
るりびたき れんげ
"""
_NUMBERS = 1000


def new_handle() -> str:
    """Return a handle such as 「すみれ 042」; the caller makes sure that it is not taken."""
    return f"{secrets.choice(_WORDS.split())} {secrets.randbelow(_NUMBERS):03d}"
