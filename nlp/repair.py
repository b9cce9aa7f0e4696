"""Light repair of what people type, so that the tokenizer can read it, with a way back to every original offset.

Folded are half-width kana, full-width letters, invisible characters, spelled-out spacing (し に た い), prolonged and
small vowels (死にたぁい) and the evasive spellings of death words (4にたい, タヒにたい). Nothing else is changed.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

HEAD = 8_000
TAIL = 2_000
LIMIT = HEAD + TAIL
"""Twice LINE's longest message. A longer text is read by its head and its tail."""


class Repaired(NamedTuple):
    """A readable text. ``starts`` and ``ends`` give the original span of each character; None when nothing was changed."""

    text: str
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None
    truncated: bool = False

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open span in the original text that ``start`` to ``end`` (non-empty) came from."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


_INVISIBLE = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
_CONTROL = "\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
_SURROGATE = "\ud800-\udfff"
_DEATH_SIGN = "[4４氏○〇◯●◎×✕✖✗❌＊*💀☠]"
_DEATH_TAIL = (
    "(?:に(?:た[いくかきみ]|てぇ|てえ|そう|ます|まーす|とう|とうて)|の(?:う|っかな)|ん(?:じゃ|で(?:し|や)|だ(?:ほう|方))|ねばいい|なせて)"
)
_SEPARATOR = r"[ \u3000\t・.．,、。/／_\-~〜*＊|]"
_VOWEL_ROWS = {
    "ぁ": "あかさたなはまやらわがざだばぱ",
    "ぃ": "いきしちにひみりぎじぢびぴ",
    "ぅ": "うくすつぬふむゆるぐずづぶぷ",
    "ぉ": "おこそとのほもよろをごぞどぼぽ",
}
_ENLARGED = str.maketrans("ぁぃぅぇぉ", "あいうえお")
_SMALL = "|".join(f"(?<=[{row}]){small}+" for small, row in _VOWEL_ROWS.items())


def _nothing(_: re.Match[str]) -> str:
    return ""


def _compose(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", found.group())


def _join(found: re.Match[str]) -> str:
    return re.sub(_SEPARATOR, "", found.group())


def _say_death(found: re.Match[str]) -> str:
    return "死" + found.group()[len(found.group("sign")) :]


_STEPS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(f"[{_INVISIBLE}{_CONTROL}]+"), _nothing),
    (re.compile(f"[{_SURROGATE}]"), lambda _: "\ufffd"),
    (re.compile("[ｦ-ﾟ][ﾞﾟ]?|[Ａ-Ｚａ-ｚ０-９＠．－＿：（）]|[か-ほカ-ホうウ][\u3099\u309a]"), _compose),
    (re.compile(r"(?:[ぁ-んァ-ヶ一-龥4][・.．/／_*＊|]){2,}[ぁ-んァ-ヶ一-龥]"), _join),
    (re.compile(rf"[死しシ氏4]{_SEPARATOR}?に{_SEPARATOR}た{_SEPARATOR}?[いく]"), _join),
    (re.compile(rf"(?<![ぁ-んァ-ヶ一-龥])(?:[ぁ-んァ-ヶ一-龥4]{_SEPARATOR}){{2,}}[ぁ-んァ-ヶ一-龥](?![ぁ-んァ-ヶ一-龥])"), _join),
    (re.compile(r"(?<=[死しシ氏4]に)[ \u3000]+(?=た[いくか])|(?<=[死消])[ \u3000]+(?=[にえ])"), _nothing),
    (re.compile("(?<=[死しシ]に)て[ーえぇ〜～]+"), lambda _: "たい"),
    (re.compile("(?<=[ぁ-ん])[ー〜～~]+(?=[ぁ-ん])|(?<=にた[いぃ])[ー〜～~]+"), _nothing),
    (re.compile("(?<=[てねせへけげべめれでぜ])ぇ+"), lambda _: "え"),
    (re.compile(_SMALL), _nothing),
    (re.compile("(?<=[あ-もやゆよら-わん])(?<![うつてでとどふ])[ぁぃぅぇぉ]+"), lambda found: found.group().translate(_ENLARGED)),
    (re.compile(f"(?P<sign>{_DEATH_SIGN}|タヒ|たひ)(?={_DEATH_TAIL})"), _say_death),
    (re.compile("(?<=自)[○〇◯●×✕＊*](?=[しを未願])|(?<=自)(?:サツ|さつ|刹|○|〇)"), lambda _: "殺"),
)
_STRANGE = f"{_INVISIBLE}{_CONTROL}{_SURROGATE}ｦ-ﾟＡ-Ｚａ-ｚ０-９＠．－＿：（）\u3099\u309aぁぃぅぇぉ"
_ODD = re.compile(
    rf"[{_STRANGE}{_SEPARATOR[1:-1]}{_DEATH_SIGN[1:-1]}ー～ひヒ自](?:(?<=[{_STRANGE}])"
    rf"|(?<={_SEPARATOR})(?:[ぁ-んァ-ヶ一-龥4]{_SEPARATOR}|(?<=[死消].)|(?<=[死しシ氏4消][にえ].)|(?<=[死しシ氏4消].)[にえ]{_SEPARATOR})"
    rf"|(?<=[ぁ-ん][ー〜～~])|(?:(?<={_DEATH_SIGN})|(?<=たひ)|(?<=タヒ))[にのん]|(?<=自)[○〇◯●×✕＊*サさ刹])",
    re.DOTALL,
)
"""What may need a step: a strange sign, signs between single letters, prolonged hiragana, hidden death.

Told from signs that are rare in Japanese, so that most letters are passed over at once.
"""


def repair(text: str) -> Repaired:
    """Any text as a readable one of at most ``LIMIT`` characters; unchanged, without a map, when nothing was odd."""
    if len(text) <= LIMIT and not _ODD.search(text):
        return Repaired(text)
    starts = list(range(len(text)))
    truncated = len(text) > LIMIT
    if truncated:
        starts = [*starts[:HEAD], *starts[-TAIL:]]
        text = text[:HEAD] + text[-TAIL:]
    ends = [start + 1 for start in starts]
    changed = truncated
    for pattern, replacement in _STEPS:
        if pattern.search(text):
            text, starts, ends = _rewrite(text, starts, ends, pattern, replacement)
            changed = True
    if not changed:
        return Repaired(text)
    return Repaired(text, tuple(starts), tuple(ends), truncated)


def _rewrite(
    text: str, starts: list[int], ends: list[int], pattern: re.Pattern[str], replacement: Callable[[re.Match[str]], str]
) -> tuple[str, list[int], list[int]]:
    """Replace every match; each new character points at the whole original span that it replaced."""
    parts: list[str] = []
    new_starts: list[int] = []
    new_ends: list[int] = []
    at = 0
    for found in pattern.finditer(text):
        begin, end = found.span()
        new = replacement(found)
        parts += text[at:begin], new
        new_starts += starts[at:begin] + [starts[begin]] * len(new)
        new_ends += ends[at:begin] + [ends[end - 1]] * len(new)
        at = end
    parts.append(text[at:])
    return "".join(parts), new_starts + starts[at:], new_ends + ends[at:]


_FOLD = str.maketrans(
    {chr(code): chr(code - 0x60) for code in range(ord("ァ"), ord("ヶ") + 1)} | {chr(code): chr(code + 32) for code in range(65, 91)}
)
_FOLDS = re.compile("[ァ-ヶA-Z]+")


def _folded(found: re.Match[str]) -> str:
    return found.group().translate(_FOLD)


def fold(text: str) -> str:
    """Write the same text in hiragana and small letters, character for character, so that offsets stay."""
    return _FOLDS.sub(_folded, text) if _FOLDS.search(text) else text
