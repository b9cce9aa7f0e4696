"""Tables of the talk. Words are sealed; what the queue sorts by is plain."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from intake.base.sealing import Place
from intake.base.tables import Base, Utc, choice
from intake.dialogue.turn import Controller
from nlp.reading import Risk


class Author(StrEnum):
    """Who wrote a message."""

    RESIDENT = "resident"
    BOT = "bot"
    STAFF = "staff"


class Conversation(Base):
    """One contact: from a first message until a close or a day of silence. At most one is open per resident.

    The fence: ``epoch`` rises with each change of hands, and a message is written under the epoch in which it was decided.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        Index(
            "uq_conversation_open",
            "resident_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        # The queue of ten thousand open talks is counted and sorted off this index alone, without a look at the rows or at what has ended.
        Index(
            "ix_conversation_queue",
            "municipality",
            "closed_at",
            "controller",
            "owner",
            "window_id",
            "practice_of",
            "risk",
            "promised_by",
            "waiting_since",
            "resident_id",
            "id",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_conversation_municipality", "municipality", "closed_at"),
        CheckConstraint("(controller = 'staff') = (owner IS NOT NULL)", name="staff_has_owner"),
        CheckConstraint("epoch >= 0", name="epoch_not_negative"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    account: Mapped[str] = mapped_column(String(40))
    resident_id: Mapped[str] = mapped_column(ForeignKey("resident.id"), index=True)
    controller: Mapped[Controller] = mapped_column(choice(Controller, "controller_known"), default=Controller.BOT)
    owner: Mapped[str | None] = mapped_column(String(26))
    epoch: Mapped[int] = mapped_column(default=0)
    window_id: Mapped[str | None] = mapped_column(String(60))
    """The window that the talk is assigned to; None is for those on 受付当番."""
    risk: Mapped[Risk] = mapped_column(choice(Risk, "risk_known"), default=Risk.NONE)
    sealed_state: Mapped[bytes | None]
    opened_at: Mapped[datetime] = mapped_column(Utc)
    last_resident_at: Mapped[datetime | None] = mapped_column(Utc)
    waiting_since: Mapped[datetime | None] = mapped_column(Utc)
    promised_by: Mapped[datetime | None] = mapped_column(Utc)
    closed_at: Mapped[datetime | None] = mapped_column(Utc)
    close_reason: Mapped[str | None] = mapped_column(String(60))
    erased_at: Mapped[datetime | None] = mapped_column(Utc)
    erase_asked_at: Mapped[datetime | None] = mapped_column(Utc)
    """When the resident asked to erase a talk that is held because a life may be in danger."""
    held_at: Mapped[datetime | None] = mapped_column(Utc)
    """Since when people hold what was said, because a report of abuse is being weighed or was made: it is not erased on a wish."""
    practice_of: Mapped[str | None] = mapped_column(String(26))
    """Set where the resident is invented: the member of staff who practises. Such a talk is in no queue, alarm or figure."""

    def place(self) -> Place:
        """Where the sealed state stands."""
        return Place("conversation", "sealed_state", self.municipality, self.id)


class Message(Base):
    """One message of a talk. ``sealed_body`` is the neutral utterance or the resident's words as JSON; None once unsent or erased."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("account", "line_message_id"),
        UniqueConstraint("client_uuid"),
        Index("ix_message_talk", "conversation_id", "id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    account: Mapped[str] = mapped_column(String(40))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    author: Mapped[Author] = mapped_column(choice(Author, "author_known"))
    staff_id: Mapped[str | None] = mapped_column(String(26))
    kind: Mapped[str] = mapped_column(String(20))
    """``text``, ``sticker``, ``media``, ``location``, ``postback``, ``follow``, ``unknown`` or ``utterance`` (ours)."""
    sealed_body: Mapped[bytes | None]
    sealed_reading: Mapped[bytes | None]
    risk: Mapped[Risk] = mapped_column(choice(Risk, "risk_known"), default=Risk.NONE)
    epoch: Mapped[int] = mapped_column(default=0)
    line_message_id: Mapped[str | None] = mapped_column(String(64))
    client_uuid: Mapped[str | None] = mapped_column(String(36))
    occurred_at: Mapped[datetime] = mapped_column(Utc)
    created_at: Mapped[datetime] = mapped_column(Utc)
    unsent_at: Mapped[datetime | None] = mapped_column(Utc)

    def place(self, column: str = "sealed_body") -> Place:
        """Where a sealed column of this row stands."""
        return Place("message", column, self.municipality, self.id)


class CancelledMessage(Base):
    """A 送信取消 that came before its message: when the message arrives, its words are not kept."""

    __tablename__ = "cancelled_message"

    account: Mapped[str] = mapped_column(String(40), primary_key=True)
    line_message_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    cancelled_at: Mapped[datetime] = mapped_column(Utc)
