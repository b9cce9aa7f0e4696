"""The vault of identities."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intake.base.sealing import Place
from intake.base.tables import Base, Utc


class Resident(Base):
    """One person on one account. ``lane`` is the keyed hash of the LINE user id; ``handle`` is all that staff see."""

    __tablename__ = "resident"
    __table_args__ = (UniqueConstraint("account", "lane"), UniqueConstraint("municipality", "handle"))

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40), index=True)
    account: Mapped[str] = mapped_column(String(40))
    lane: Mapped[str] = mapped_column(String(32))
    handle: Mapped[str] = mapped_column(String(40))
    sealed_user: Mapped[bytes | None]
    created_at: Mapped[datetime] = mapped_column(Utc)
    heard_at: Mapped[datetime | None] = mapped_column(Utc)
    """When the newest thing that this person did happened, by LINE's word; what comes late must not undo it."""
    blocked_at: Mapped[datetime | None] = mapped_column(Utc)
    notices_stopped_at: Mapped[datetime | None] = mapped_column(Utc)

    def place(self) -> Place:
        """Where the sealed user id stands."""
        return Place("resident", "sealed_user", self.municipality, self.id)
