"""What a resident's message shows to staff: the one place where words are opened, marked and masked.

Every list, talk and notice goes through here, so that a mask cannot be forgotten in one of them.
"""

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handoff.desk.words import MEDIA_WORDS, label_words, tap_words
from intake.base.sealing import KeyRing, UnreadableError
from intake.conversations.models import Message
from intake.dialogue.turn import EventKind
from nlp.reading import Concern, PersonalKind, Polarity

UNSENT = "送信取消されました"
ERASED = "本人の希望で消去されました"
UNREADABLE = "読めません"
_EXCERPT = 60
_CONCERNS = frozenset(Concern)

PERSONAL_WORDS: dict[str, str] = {
    PersonalKind.PHONE: "電話番号",
    PersonalKind.POSTAL: "郵便番号",
    PersonalKind.ADDRESS: "住所",
    PersonalKind.NAME: "氏名",
    PersonalKind.EMAIL: "メールアドレス",
    PersonalKind.CARD: "カード番号",
    PersonalKind.MY_NUMBER: "個人番号",
    PersonalKind.LINE_ID: "LINE ID",
}
_LEADS: dict[str, str] = {
    EventKind.STICKER: "スタンプ",
    EventKind.LOCATION: "位置情報",
    EventKind.FOLLOW: "友だち追加",
    EventKind.UNKNOWN: "未対応の種類のメッセージ",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of words. ``labels`` are what it is evidence for; ``danger`` where one of them is a risk; ``masked`` where hidden."""

    text: str
    labels: tuple[str, ...] = ()
    danger: bool = False
    masked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentWords:
    """A message as staff see it. ``gone`` says why there are no words; ``lead`` names what is no text, such as 「画像」."""

    segments: tuple[Segment, ...] = ()
    lead: str = ""
    gone: str = ""
    signs: tuple[str, ...] = ()
    concerns: tuple[str, ...] = ()
    concern_ids: tuple[Concern, ...] = ()
    """What the message was read to be about, without what only its words show."""

    @property
    def line(self) -> str:
        """The message in one line, for a list."""
        text = " ".join(part for part in (self.gone, self.lead, "".join(segment.text for segment in self.segments)) if part)
        flat = " ".join(text.split())
        return flat if len(flat) <= _EXCERPT else flat[: _EXCERPT - 1] + "…"


def shown_words(ring: KeyRing, message: Message, *, plain: bool) -> ResidentWords:
    """Open a resident's message for staff. ``plain`` shows personal data as written, for the holder of the talk only."""
    if message.sealed_body is None:
        return ResidentWords(gone=UNSENT if message.unsent_at else ERASED)
    try:
        body = json.loads(ring.open(message.sealed_body, message.place()))
        reading = _reading(ring, message)
    except UnreadableError:
        return ResidentWords(gone=UNREADABLE)
    segments = split(str(body.get("text", "")), reading.get("evidence", ()), reading.get("personal_data", ()), plain=plain)
    labels = [label for segment in segments for label in segment.labels]
    danger = [label for segment in segments if segment.danger for label in segment.labels]
    concerns = [label_words(concern) for concern in reading.get("concerns", ())]
    ids = tuple(Concern(concern) for concern in reading.get("concerns", ()) if concern in _CONCERNS)
    calm = [label for label in labels if label not in danger]
    return ResidentWords(
        segments=segments, lead=_lead(message.kind, body), signs=_once(danger), concerns=_once([*concerns, *calm]), concern_ids=ids
    )


def _reading(ring: KeyRing, message: Message) -> Mapping[str, Any]:
    if message.sealed_reading is None:
        return {}
    found: Mapping[str, Any] = json.loads(ring.open(message.sealed_reading, message.place("sealed_reading")))
    return found


def _once(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))


def _lead(kind: str, body: Mapping[str, Any]) -> str:
    if kind == EventKind.POSTBACK:
        return tap_words(str(body.get("data", "")))
    if kind == EventKind.MEDIA:
        return MEDIA_WORDS.get(str(body.get("detail", "")), "画像・音声・ファイル")
    return _LEADS.get(kind, "")


def split(text: str, evidence: Sequence[Mapping[str, Any]], personal: Sequence[Mapping[str, Any]], *, plain: bool) -> tuple[Segment, ...]:
    """Cut a text where marks begin and end. Marks may overlap; a masked stretch is one word for what it hides."""
    marks = [mark for mark in evidence if mark.get("polarity", Polarity.ASSERTED) == Polarity.ASSERTED and label_words(mark["label"])]
    hidden = [] if plain else list(personal)
    cuts = sorted({0, len(text), *(min(max(mark[side], 0), len(text)) for mark in [*marks, *hidden] for side in ("start", "end"))})
    found: list[Segment] = []
    for start, end in itertools.pairwise(cuts):
        cover = next((mark for mark in hidden if mark["start"] <= start and end <= mark["end"]), None)
        if cover is not None:
            if cover["start"] == start or not (found and found[-1].masked):
                found.append(Segment(text=f"〔{PERSONAL_WORDS.get(cover['kind'], '個人情報')}〕", masked=True))
            continue
        over = [mark["label"] for mark in marks if mark["start"] <= start and end <= mark["end"]]
        danger = any(label.startswith("risk:") for label in over)
        found.append(Segment(text=text[start:end], labels=_once([label_words(label) for label in over]), danger=danger))
    return tuple(found)
