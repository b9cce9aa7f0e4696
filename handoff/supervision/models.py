"""The table of advice. It is no message and no note: nothing that reads either ever comes upon it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intake.base.sealing import Place
from intake.base.tables import Base, Utc


class Whisper(Base):
    """A word to the colleague who holds a talk, seen by that colleague and by supervisors."""

    __tablename__ = "whisper"
    __table_args__ = (UniqueConstraint("client_uuid"), Index("ix_whisper_talk", "conversation_id", "id"))

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    to_staff: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    client_uuid: Mapped[str] = mapped_column(String(36))
    sealed_text: Mapped[bytes]
    written_at: Mapped[datetime] = mapped_column(Utc)
    read_at: Mapped[datetime | None] = mapped_column(Utc)

    def place(self) -> Place:
        """Where the sealed words stand."""
        return Place("whisper", "sealed_text", self.municipality, self.id)
