"""The table of referrals."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from intake.base.sealing import Place
from intake.base.tables import Base, Utc


class ReferralRecord(Base):
    """One referral as it was offered: the window in plain, needs and reasons sealed, the directory by its version."""

    __tablename__ = "referral"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Utc)
    window_id: Mapped[str | None] = mapped_column(String(60))
    directory_version: Mapped[str] = mapped_column(String(64))
    sealed_referral: Mapped[bytes | None]
    unfit_at: Mapped[datetime | None] = mapped_column(Utc)
    unfit_reason: Mapped[str | None] = mapped_column(String(60))

    def place(self) -> Place:
        """Where the sealed referral stands."""
        return Place("referral", "sealed_referral", self.municipality, self.id)
