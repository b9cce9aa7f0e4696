"""Tables of transfers: a hop from one window to another, and its steps. Each step is a row; none is ever changed."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from intake.base.sealing import Place
from intake.base.tables import Base, Utc, choice

_OPEN = text("settled_at IS NULL")


class HopKind(StrEnum):
    """Which way it goes."""

    TRANSFER = "transfer"
    """つなぎ: to another window."""
    HAND_BACK = "hand_back"
    """つなぎもどし: back to the window that it came from."""


class HopStatus(StrEnum):
    """How far a transfer has come."""

    ASKED = "asked"
    """The resident was told what would be passed on, and has not answered yet."""
    AGREED = "agreed"
    """待機中: the resident said yes, the receiver has not decided yet."""
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Hop(Base):
    """One transfer. Until the resident has said yes the receiver sees that there is one, and nothing else. At most one is open per talk."""

    __tablename__ = "hop"
    __table_args__ = (
        Index("uq_hop_open", "conversation_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_hop_receiver", "municipality", "to_window", "settled_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    kind: Mapped[HopKind] = mapped_column(choice(HopKind, "kind_known"))
    from_window: Mapped[str | None] = mapped_column(String(60))
    to_window: Mapped[str] = mapped_column(String(60))
    from_staff: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    status: Mapped[HopStatus] = mapped_column(choice(HopStatus, "status_known"), default=HopStatus.ASKED)
    sealed_note: Mapped[bytes]
    """What is passed on, in the words that the resident was shown."""
    sealed_excerpt: Mapped[bytes | None]
    """Chosen and masked messages of the talk; None where none were chosen."""
    opened_at: Mapped[datetime] = mapped_column(Utc)
    settled_at: Mapped[datetime | None] = mapped_column(Utc)

    def place(self, column: str = "sealed_note") -> Place:
        """Where a sealed column of this row stands."""
        return Place("hop", column, self.municipality, self.id)


class HopStep(Base):
    """One step of a transfer: what happened, by whom, when, with the reason in words where there is one."""

    __tablename__ = "hop_step"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    hop_id: Mapped[str] = mapped_column(ForeignKey("hop.id"), index=True)
    status: Mapped[HopStatus] = mapped_column(choice(HopStatus, "status_known"))
    staff_id: Mapped[str | None] = mapped_column(String(26))
    """None where the resident did it."""
    sealed_reason: Mapped[bytes | None]
    at: Mapped[datetime] = mapped_column(Utc)

    def place(self) -> Place:
        """Where the sealed reason stands."""
        return Place("hop_step", "sealed_reason", self.municipality, self.id)
