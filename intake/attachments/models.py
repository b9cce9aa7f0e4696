"""Tables of attachments: what was announced, how far its fetching has come, and its content in sealed pieces."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from intake.base.sealing import Place
from intake.base.tables import Base, Utc, choice

_UNFINISHED = text("status IN ('waiting', 'fetching')")


class MediaKind(StrEnum):
    """What LINE says that it is. What it really is, its bytes say."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    FILE = "file"


class AttachmentStatus(StrEnum):
    """How far an attachment has come."""

    WAITING = "waiting"
    FETCHING = "fetching"
    KEPT = "kept"
    FAILED = "failed"
    """Not fetched, but it may still be there: a person can have it tried again."""
    REFUSED = "refused"
    """Too large or of a kind that we do not take in; nothing of it is kept."""
    GONE = "gone"
    """LINE has it no more."""
    ERASED = "erased"
    """The resident took it back or had it erased."""


class Attachment(Base):
    """One picture, voice, video or file of a resident. Until a person has opened it, it counts as an unread risk."""

    __tablename__ = "attachment"
    __table_args__ = (
        UniqueConstraint("message_id"),
        Index("ix_attachment_due", "next_at", sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED),
        CheckConstraint("size >= 0", name="size_not_negative"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    account: Mapped[str] = mapped_column(String(40))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("message.id"))
    line_message_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[MediaKind] = mapped_column(choice(MediaKind, "kind_known"))
    sealed_name: Mapped[bytes | None]
    """The name that the resident's file had."""
    status: Mapped[AttachmentStatus] = mapped_column(choice(AttachmentStatus, "status_known"), default=AttachmentStatus.WAITING)
    reason: Mapped[str | None] = mapped_column(String(40))
    """Why it was not fetched, as a code; its words are in ``handoff/attachments/words.py``."""
    media_type: Mapped[str | None] = mapped_column(String(80))
    """What its bytes are."""
    size: Mapped[int | None]
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(Utc)
    lease_until: Mapped[datetime | None] = mapped_column(Utc)
    claim_token: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(Utc)
    fetched_at: Mapped[datetime | None] = mapped_column(Utc)
    opened_at: Mapped[datetime | None] = mapped_column(Utc)
    opened_by: Mapped[str | None] = mapped_column(String(26))
    """The member of staff who looked first."""

    def place(self) -> Place:
        """Where the sealed name stands."""
        return Place("attachment", "sealed_name", self.municipality, self.id)


class AttachmentPart(Base):
    """A piece of an attachment's content; pieces keep each write short."""

    __tablename__ = "attachment_part"

    attachment_id: Mapped[str] = mapped_column(ForeignKey("attachment.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    municipality: Mapped[str] = mapped_column(String(40))
    sealed_bytes: Mapped[bytes]

    def place(self) -> Place:
        """Where the sealed piece stands."""
        return Place("attachment_part", "sealed_bytes", self.municipality, f"{self.attachment_id}.{self.number}")
