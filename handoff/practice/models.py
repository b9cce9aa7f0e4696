"""The table of practice talks."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from intake.base.tables import Base, Utc


class PracticeTalk(Base):
    """One talk with an invented resident. The talk itself is marked by ``conversation.practice_of``."""

    __tablename__ = "practice_talk"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    script: Mapped[str] = mapped_column(String(40))
    said: Mapped[int] = mapped_column(default=0)
    """How many lines of the script the resident has said."""
    started_at: Mapped[datetime] = mapped_column(Utc)
    next_at: Mapped[datetime | None] = mapped_column(Utc)
    """When the resident says the next line; None while waiting for an answer, or at the end."""
