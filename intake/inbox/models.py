"""The inbox table."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from intake.base.sealing import Place
from intake.base.tables import Base, Utc, choice

_UNFINISHED = text("status IN ('pending', 'working')")


class InboxStatus(StrEnum):
    """How far an event has come."""

    PENDING = "pending"
    WORKING = "working"
    DONE = "done"
    SET_ASIDE = "set_aside"


class InboxEvent(Base):
    """One event as delivered. The payload is sealed, and wiped when the event is done; the id stays against repeats."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("account", "event_id"),
        Index("ix_inbox_unfinished", "lane", "occurred_at", "id", sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED),
        Index("ix_inbox_due", "next_at", sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    account: Mapped[str] = mapped_column(String(40))
    event_id: Mapped[str] = mapped_column(String(64))
    lane: Mapped[str] = mapped_column(String(32))
    """Keyed hash of who did it; events of one lane are worked on strictly one after the other."""
    line_message_id: Mapped[str | None] = mapped_column(String(64))
    """By which a 送信取消 finds the words of an event that was set aside."""
    occurred_at: Mapped[datetime] = mapped_column(Utc)
    received_at: Mapped[datetime] = mapped_column(Utc)
    sealed_payload: Mapped[bytes | None]
    status: Mapped[InboxStatus] = mapped_column(choice(InboxStatus, "status_known"), default=InboxStatus.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(Utc)
    lease_until: Mapped[datetime | None] = mapped_column(Utc)
    claim_token: Mapped[str | None] = mapped_column(String(32))
    reason: Mapped[str | None] = mapped_column(String(200))

    def place(self) -> Place:
        """Where the sealed payload stands."""
        return Place("inbox", "sealed_payload", self.municipality, self.id)
