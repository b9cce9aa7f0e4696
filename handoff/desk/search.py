"""Search among the talks that somebody may see.

Words are sealed, and no index of them exists that a stolen database would give away: the newest messages are opened one by one and
looked through, up to a stated limit.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from handoff.accounts.viewer import Viewer
from handoff.desk.resident_words import shown_words
from handoff.desk.visibility import visible_to
from intake.base.database import ReadSession
from intake.base.sealing import KeyRing
from intake.conversations.models import Author, Conversation, Message
from intake.residents.models import Resident

LOOKED_THROUGH = 3000
"""So many of the newest messages are opened for one search: a second of work at most."""
FOUND = 50
_SHORTEST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One message that holds the words, masked as in every list."""

    talk_id: str
    message_id: str
    handle: str
    window_id: str | None
    at: datetime
    excerpt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """What was found, how many messages were looked through, and whether older ones were left out."""

    found: tuple[Hit, ...]
    looked: int
    more: bool


def _flat(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


async def search(session: ReadSession, ring: KeyRing, viewer: Viewer, words: str) -> Hits:
    """Look for words among what residents wrote, newest first. Personal data are masked before the search, so nobody is found by them."""
    wanted = [word for word in _flat(words).split() if len(word) >= _SHORTEST]
    if not wanted:
        return Hits(found=(), looked=0, more=False)
    rows = (await session.execute(_newest(viewer))).all()
    looked = rows[:LOOKED_THROUGH]
    found: list[Hit] = []
    for row in looked:
        hit = _hit(ring, row.Message, row.Conversation, row.handle, wanted)
        if hit is not None:
            found.append(hit)
        if len(found) == FOUND:
            break
    return Hits(found=tuple(found), looked=len(looked), more=len(rows) > LOOKED_THROUGH or len(found) == FOUND)


def _newest(viewer: Viewer) -> Select[Message, Conversation, str]:
    written = (Message.author == Author.RESIDENT, Message.sealed_body.is_not(None), Message.municipality == viewer.municipality)
    return (
        select(Message, Conversation, Resident.handle)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Resident, Resident.id == Conversation.resident_id)
        .where(visible_to(viewer), *written)
        .order_by(Message.id.desc())
        .limit(LOOKED_THROUGH + 1)
    )


def _hit(ring: KeyRing, message: Message, talk: Conversation, handle: str, wanted: Sequence[str]) -> Hit | None:
    words = shown_words(ring, message, plain=False)
    text = "".join(segment.text for segment in words.segments)
    flat = _flat(f"{handle} {text}")
    if not all(word in flat for word in wanted):
        return None
    at = max(_flat(text).find(wanted[0]) - 20, 0)
    excerpt = ("…" if at else "") + " ".join(text[at : at + 80].split()) + ("…" if len(text) > at + 80 else "")
    return Hit(talk_id=talk.id, message_id=message.id, handle=handle, window_id=talk.window_id, at=message.occurred_at, excerpt=excerpt)
