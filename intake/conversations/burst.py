"""The messages just before this one: a household story often comes in five short pieces, and each is answered when it comes."""

import json
from datetime import datetime

from sqlalchemy import select

from intake.base.database import ReadSession
from intake.base.sealing import KeyRing, UnreadableError
from intake.conversations.models import Author, Conversation, Message
from intake.dialogue.together import TOGETHER
from intake.dialogue.turn import EventKind, TalkState

_MOST = 6
_MOST_LETTERS = 2_000
_WITH_WORDS = (EventKind.TEXT.value, EventKind.STICKER.value)


async def words_before(
    session: ReadSession, ring: KeyRing, conversation: Conversation, state: TalkState, occurred_at: datetime
) -> tuple[str, ...]:
    """Return what the resident wrote in the minute before ``occurred_at``, oldest first; words taken back or erased are not among it.

    At most six messages and 2,000 characters, the latest of them.
    """
    since = occurred_at - TOGETHER
    if state.last_at is None or state.last_at < since:
        return ()
    written = select(Message).where(
        Message.conversation_id == conversation.id,
        Message.author == Author.RESIDENT,
        Message.kind.in_(_WITH_WORDS),
        Message.occurred_at.between(since, occurred_at),
        Message.sealed_body.is_not(None),
    )
    latest = (await session.scalars(written.order_by(Message.occurred_at.desc(), Message.id.desc()).limit(_MOST))).all()
    kept: list[str] = []
    for text in (_words(ring, message) for message in latest):
        if sum(map(len, kept)) + len(text) > _MOST_LETTERS:
            break
        kept.append(text)
    return tuple(text for text in reversed(kept) if text)


def _words(ring: KeyRing, message: Message) -> str:
    """Open a message; what cannot be opened is read without."""
    if message.sealed_body is None:
        return ""
    try:
        return str(json.loads(ring.open(message.sealed_body, message.place()))["text"])
    except UnreadableError:
        return ""
