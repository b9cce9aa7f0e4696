"""What a resident did, as intake understands it, whichever door it came through."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from intake.attachments.service import Media
from intake.dialogue.turn import EventKind
from intake.outbox.service import ReplyTicket


class Deed(StrEnum):
    """What was done: something for the talk, or something about the connection."""

    TALK = "talk"
    UNSEND = "unsend"
    UNFOLLOW = "unfollow"
    IGNORED = "ignored"
    """Kept at the door, but nothing for the talk (events of groups, of kinds that we do not know)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One event of one resident. ``detail`` names the kind of media or sticker, or the coordinates of a place."""

    deed: Deed
    municipality: str
    account: str
    lane: str
    user_id: str
    occurred_at: datetime
    kind: EventKind = EventKind.UNKNOWN
    text: str = ""
    data: str = ""
    detail: str = ""
    line_message_id: str | None = None
    media: Media | None = None
    """What comes beside the words, where something does."""
    ticket: ReplyTicket | None = None
