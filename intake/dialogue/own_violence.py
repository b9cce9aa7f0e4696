"""Whether a writer tells of violence of their own. The reader names whom violence meets, not yet who does it."""

import re

from nlp.reading import Reading, RiskKind

_VIOLENCE = frozenset({RiskKind.VIOLENCE, RiskKind.ABUSE})
_OWN = re.compile(
    r"(?:手[をが](?:あげ|上げ|出)|殴っ|殴り|なぐっ|なぐり|叩い|叩き|たたい|たたき|蹴っ|蹴り|暴力を(?:ふる|振る)|ひどいことを)[^。、れ]{0,6}"
    r"(?:しま|ちゃ|じゃっ|そう(?!だ|で))"
)
_SOMEBODY_ELSE = re.compile(
    r"(?:夫|妻|父|母|親|彼|彼氏|彼女|息子|娘|主人|旦那|兄|弟|姉|妹|先生|職員|隣|人|祖父|祖母|さん|ママ|パパ)[がはも]"
)


def tells_own_violence(text: str, reading: Reading) -> bool:
    """Tell 「手をあげてしまいそう」 from 「夫が手をあげる」: only where violence was read, in the active voice, nobody else its doer."""
    if _VIOLENCE.isdisjoint(reading.risk_kinds):
        return False
    return bool(_OWN.search(text)) and not _SOMEBODY_ELSE.search(text)
