"""When what happened to a talk, without its words: from the facts, which stay when the event log is forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from intake.base.database import ReadSession
from intake.facts.models import Fact, FactKind
from intake.facts.service import UNANSWERED

_MOST = 100
_WORDS: dict[FactKind, str] = {
    FactKind.REFERRED: "窓口を案内",
    FactKind.UNFIT: "案内した窓口が合わないとの返事",
    FactKind.HANDED: "職員への引き継ぎ",
    FactKind.CLAIMED: "担当が決まる",
    FactKind.RELEASED: "一覧に戻る",
    FactKind.ALARMED: "危険の手がかり",
    FactKind.ALARM_OPENED: "危険の手がかりを職員が確認",
    FactKind.CORRECTED: "読み取りの直し",
    FactKind.DECLINED: "同意しないとの返事",
    FactKind.UNSENT: "住民が送信を取り消し",
    FactKind.CLOSED: "終了",
    FactKind.REOPENED: "もう一度開く",
}
_MOVES = {
    "transfer": "ほかの窓口へつなぐ",
    "hand_back": "つなぎもどし",
    "declined": "つなぐ先が引き受けられないとの返事",
    "reported": "通告・通報",
}
_FIRST = {FactKind.HEARD: "住民のはじめの言葉", FactKind.ANSWERED: "職員のはじめの返事"}
"""Told once: the talk itself shows the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that happened, and where to."""

    at: datetime
    words: str
    window_id: str | None = None


async def timeline_of(session: ReadSession, conversation_id: str) -> Sequence[Moment]:
    """Return what happened to a talk, oldest first. One query."""
    kinds = (*_WORDS, *_FIRST, FactKind.MOVED)
    query = select(Fact).where(Fact.unit == conversation_id, Fact.kind.in_(kinds)).order_by(Fact.at, Fact.id)
    told: set[FactKind] = set()
    found: list[Moment] = []
    for fact in await session.scalars(query):
        words = _words(fact, told)
        if words:
            told.add(fact.kind)
            moved = fact.kind in {FactKind.MOVED, FactKind.CLAIMED}
            found.append(Moment(at=fact.at, words=words, window_id=fact.window_id if moved else None))
    return found[-_MOST:]


def _words(fact: Fact, told: set[FactKind]) -> str:
    if fact.code == UNANSWERED:
        return ""
    if fact.kind in _FIRST:
        return "" if fact.kind in told else _FIRST[fact.kind]
    return _MOVES.get(fact.code or "", "") if fact.kind is FactKind.MOVED else _WORDS[fact.kind]
