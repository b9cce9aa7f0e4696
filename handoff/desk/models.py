"""Tables of the desk: handoffs, alarms and notes."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from intake.base.sealing import Place
from intake.base.tables import Base, Utc, choice
from nlp.reading import Risk


class HandoffReason(StrEnum):
    """Why a talk came to people. The words that staff read for each are in ``handoff/desk/words.py``."""

    ASKED = "asked"
    """The resident asked for a person."""
    EMERGENCY = "emergency"
    URGENT = "urgent"
    LATE = "late"
    """The message was too old for automatic advice."""
    UNREADABLE = "unreadable"
    """A voice message, an image or a file that only a person can judge."""
    UNFIT = "unfit"
    """The offered windows did not suit."""
    NO_WINDOW = "no_window"
    """No window of the directory answers this need."""
    LANGUAGE = "language"
    """The message is in another language than Japanese: somebody who reads it must be found."""
    CHECKIN = "checkin"
    """The resident answered a check-in (声かけ)."""
    OTHER = "other"


class Episode(Base):
    """One handoff until its close: the unit in which work is counted. At most one is open per talk."""

    __tablename__ = "episode"
    __table_args__ = (
        Index(
            "uq_episode_open",
            "conversation_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40), index=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    window_id: Mapped[str | None] = mapped_column(String(60))
    reason: Mapped[HandoffReason] = mapped_column(choice(HandoffReason, "reason_known"))
    opened_at: Mapped[datetime] = mapped_column(Utc)
    promised_by: Mapped[datetime | None] = mapped_column(Utc)
    claimed_at: Mapped[datetime | None] = mapped_column(Utc)
    first_answer_at: Mapped[datetime | None] = mapped_column(Utc)
    closed_at: Mapped[datetime | None] = mapped_column(Utc)
    close_reason: Mapped[str | None] = mapped_column(String(60))


class Alarm(Base):
    """A message that a person must open. It stays until somebody has, also when the words were unsent."""

    __tablename__ = "alarm"
    __table_args__ = (Index("ix_alarm_open", "municipality", "opened_at"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    message_id: Mapped[str | None] = mapped_column(String(26))
    risk: Mapped[Risk] = mapped_column(choice(Risk, "risk_known"))
    kinds: Mapped[str] = mapped_column(String(120))
    """Kinds of risk, joined by ``;``."""
    raised_at: Mapped[datetime] = mapped_column(Utc)
    opened_at: Mapped[datetime | None] = mapped_column(Utc)
    opened_by: Mapped[str | None] = mapped_column(String(26))
    words_unsent: Mapped[bool] = mapped_column(default=False)
    """取消あり: the resident took the words back after they were read."""


class Note(Base):
    """内部メモ: seen by staff only. It has no way to the outbox."""

    __tablename__ = "note"
    __table_args__ = (UniqueConstraint("client_uuid"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    sealed_text: Mapped[bytes]
    client_uuid: Mapped[str | None] = mapped_column(String(36))
    """The number of the form that wrote it; None for the note that a take-over leaves."""
    written_at: Mapped[datetime] = mapped_column(Utc)

    def place(self) -> Place:
        """Where the sealed note stands."""
        return Place("note", "sealed_text", self.municipality, self.id)
