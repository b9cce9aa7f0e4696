"""The way of one event of a resident through intake: who, which talk, store sealed, read, answer."""

from dataclasses import dataclass

from intake.conversations.models import Conversation, Message
from intake.dialogue.turn import Effect
from nlp.reading import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What one event brought about, for ``handoff.desk`` to act on in the same transaction."""

    conversation: Conversation
    message: Message | None = None
    reading: Reading | None = None
    effects: tuple[Effect, ...] = ()
    unsent: Message | None = None
    """The message that the resident took back (送信取消)."""
