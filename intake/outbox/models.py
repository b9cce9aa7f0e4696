"""The outbox table."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from intake.base.sealing import Place
from intake.base.tables import Base, Utc, choice

_UNFINISHED = text("status IN ('waiting', 'sending')")
_PUSHED = text("first_push_at IS NOT NULL")


class OutboxStatus(StrEnum):
    """How far a message has come. ``accepted`` means that LINE took it, never that somebody read it."""

    WAITING = "waiting"
    SENDING = "sending"
    ACCEPTED = "accepted"
    UNCERTAIN = "uncertain"
    """不明: a reply whose fate cannot be known any more. Staff see it; no machine sends it again."""
    FAILED = "failed"
    CANCELLED = "cancelled"


class OutboxItem(Base):
    """One send. The words stand in the message row, which never changes; so a repeat carries the same body under the same key."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_unfinished", "resident_id", "id", sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED),
        Index("ix_outbox_due", "next_at", sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED),
        Index("ix_outbox_pushed", "account", "first_push_at", sqlite_where=_PUSHED, postgresql_where=_PUSHED),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    account: Mapped[str] = mapped_column(String(40))
    resident_id: Mapped[str] = mapped_column(ForeignKey("resident.id"))
    message_id: Mapped[str] = mapped_column(ForeignKey("message.id"), unique=True)
    sealed_reply_token: Mapped[bytes | None]
    reply_until: Mapped[datetime | None] = mapped_column(Utc)
    reply_tried_at: Mapped[datetime | None] = mapped_column(Utc)
    """When the reply token was first used, noted before the call: from then on only LINE knows whether the message went."""
    retry_key: Mapped[str] = mapped_column(String(36))
    status: Mapped[OutboxStatus] = mapped_column(choice(OutboxStatus, "status_known"), default=OutboxStatus.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Utc)
    first_push_at: Mapped[datetime | None] = mapped_column(Utc)
    """When the retry key was first used; LINE forgets it after 24 hours."""
    next_at: Mapped[datetime] = mapped_column(Utc)
    lease_until: Mapped[datetime | None] = mapped_column(Utc)
    claim_token: Mapped[str | None] = mapped_column(String(32))
    not_after: Mapped[datetime | None] = mapped_column(Utc)
    """From then on it is not sent any more: a check-in that waited for LINE must not come at night."""
    finished_at: Mapped[datetime | None] = mapped_column(Utc)
    reason: Mapped[str | None] = mapped_column(String(200))
    line_request_id: Mapped[str | None] = mapped_column(String(80))

    def place(self) -> Place:
        """Where the sealed reply token stands."""
        return Place("outbox", "sealed_reply_token", self.municipality, self.id)
