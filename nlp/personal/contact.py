"""Mail addresses and LINE ids."""

import re
from collections.abc import Iterator

from nlp.personal.spans import Found
from nlp.reading import PersonalKind

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}"
    r"(?:[@＠]|[ \u3000]?(?:アットマーク|アット|あっとまーく|あっと|\(at\)|\[at\]|★|☆)[ \u3000]?)"
    r"[A-Za-z0-9-]{1,63}(?:(?:\.|[ \u3000]?(?:ドット|どっと)[ \u3000]?)[A-Za-z0-9-]{1,63}){0,4}(?:\.|[ \u3000]?(?:ドット"
    r"|どっと)[ \u3000]?)[A-Za-z]{2,24}"
)


def emails(text: str) -> Iterator[Found]:
    """Find mail addresses, also with アット and ドット."""
    for found in _EMAIL.finditer(text):
        yield PersonalKind.EMAIL, *found.span()


_USER_ID = re.compile(r"(?<![A-Za-z0-9])U[0-9a-f]{32}(?![A-Za-z0-9])")
_TOKEN = re.compile(r"(?<![A-Za-z0-9._@/-])@?[A-Za-z0-9][A-Za-z0-9._-]{2,39}(?![A-Za-z0-9@])")
_CUE = re.compile(
    "(?P<line>LINE|Line|line|ライン|らいん|友だち追加|友達追加|ともだち追加|ID検索|トーク)|(?P<id>ID|Id|id|アイディー?|あいでぃー?)"
    "|(?P<other>インスタ|Instagram|Twitter|ツイッター|ティックトック|TikTok|カカオ|PayPay|ペイペイ|ゲーム|Zoom|ZOOM|楽天|メルカリ|Wi-?Fi|ログイン|会員|マイナポータル"
    "|Facebook|Discord)"
)
_WORD = re.compile(
    r"@?(?:LINE|LINEID|LINEPAY|LINE-?ID|ID|QR|iPhone[0-9]*|Android[0-9]*|Zoom|Gmail|Yahoo|Google|Facebook|Instagram|Twitter"
    r"|WiFi|Wi-Fi|APP|SNS|URL|OK|NG|PC|TEL|FAX|https?|www)",
    re.IGNORECASE,
)
_GLUED_ID = re.compile(r"ID(?=[a-z])")
_PLAIN_LINK = re.compile(r"(?:は|→|:|：|=|\s|「|[(（]|名は){1,3}")
_AFTER = re.compile(
    r"[」』)]?[ \u3000]{0,2}(?:(?:って|という|が|←|は|です。?)"
    r"(?:わたし|私|うち|自分|ぼく|俺|息子|娘|母)?の?(?:LINE|Line|ライン)?の?[ \u3000]?(?:ID|アイディ)"
    r"|[ぁ-ん]{1,6}[。、](?:LINE|Line|ライン)の?(?:ID|アイディ)|←)"
)
_LINE = re.compile("LINE|Line|line|ライン|らいん|(?:友だち|友達|ともだち)追加|ID検索")
_WINDOW = 60
_FAR = 32
_DIRECT = 12


def line_ids(text: str) -> Iterator[Found]:
    """Find LINE ids, where LINE is spoken of and no other service stands nearer."""
    for found in _USER_ID.finditer(text):
        yield PersonalKind.LINE_ID, *found.span()
    if not _LINE.search(text):
        return
    for found in _TOKEN.finditer(text):
        span = found.start(), found.start() + len(found.group().rstrip("._-"))
        if _GLUED_ID.match(text, span[0]):
            span = span[0] + 2, span[1]
        word = text[span[0] : span[1]]
        if len(word) >= 4 and not _WORD.fullmatch(word) and re.search("[A-Za-z]", word) and _is_line_id(text, span):  # noqa: PLR2004 - LINE's shortest id
            yield PersonalKind.LINE_ID, *span


def _is_line_id(text: str, span: tuple[int, int]) -> bool:
    start, end = span
    if _AFTER.match(text, end):
        return True
    cues = list(_CUE.finditer(text, max(0, start - _WINDOW), start))
    services = [cue for cue in cues if cue.lastgroup != "id"]
    if not services or services[-1].lastgroup != "line":
        return False
    distance = start - cues[-1].end()
    named = cues[-1].lastgroup == "id" and distance <= _DIRECT
    return (
        named
        or distance <= 1
        or _PLAIN_LINK.fullmatch(text, cues[-1].end(), start) is not None
        or (distance <= _FAR and re.search("[0-9._@-]", text[start:end]) is not None)
    )
