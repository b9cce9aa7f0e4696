"""The table of openings: who broke the glass, why, until when it stays open, and what the 責任者 said to it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from intake.base.sealing import Place
from intake.base.tables import Base, Utc, choice


class Ground(StrEnum):
    """What the sheet was opened for."""

    POLICE = "police"
    AMBULANCE = "ambulance"
    REPORT = "report"
    """A report of abuse to the authority that protects."""
    OTHER = "other"


class Verdict(StrEnum):
    """What the 責任者 said afterwards."""

    APPROVED = "approved"
    OBJECTED = "objected"


class EmergencySheet(Base):
    """One opening. The sheet itself is drawn anew at each look; here stands only that it was opened."""

    __tablename__ = "emergency_sheet"
    __table_args__ = (
        Index("ix_emergency_sheet_open", "municipality", "decided_at"),
        CheckConstraint("(verdict IS NULL) = (decided_at IS NULL)", name="verdict_has_time"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    ground: Mapped[Ground] = mapped_column(choice(Ground, "ground_known"))
    sealed_reason: Mapped[bytes | None]
    opened_at: Mapped[datetime] = mapped_column(Utc)
    expires_at: Mapped[datetime] = mapped_column(Utc)
    verdict: Mapped[Verdict | None] = mapped_column(choice(Verdict, "verdict_known"))
    sealed_remark: Mapped[bytes | None]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Utc)

    def place(self, column: str = "sealed_reason") -> Place:
        """Where a sealed column of this row stands."""
        return Place("emergency_sheet", column, self.municipality, self.id)
