"""Tables of the event log."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from intake.base.tables import Base, Utc, choice


class EventName(StrEnum):
    """What may happen to a talk, as far as a browser of staff must know."""

    MESSAGE_RECEIVED = "message_received"
    MESSAGE_WRITTEN = "message_written"
    MESSAGE_UNSENT = "message_unsent"
    SEND_CHANGED = "send_changed"
    HANDOFF_REQUESTED = "handoff_requested"
    HANDS_CHANGED = "hands_changed"
    ALARM_RAISED = "alarm_raised"
    ALARM_OPENED = "alarm_opened"
    NOTE_WRITTEN = "note_written"
    TALK_CLOSED = "talk_closed"
    TALK_ERASED = "talk_erased"
    NOTIFIED = "notified"
    """``actor`` has been told of something; nobody else hears of it."""


class EventHead(Base):
    """One row: the last number given. Whoever writes an event holds it until the commit, so numbers appear in order."""

    __tablename__ = "event_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger)


class LoggedEvent(Base):
    """One event. ``seq`` has no gaps and no late comers."""

    __tablename__ = "event_log"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    municipality: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Utc, index=True)
    name: Mapped[EventName] = mapped_column(choice(EventName, "name_known"))
    conversation_id: Mapped[str | None] = mapped_column(String(26))
    actor: Mapped[str | None] = mapped_column(String(26))
