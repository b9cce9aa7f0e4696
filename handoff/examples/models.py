"""The table of examples."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from intake.base.sealing import Place
from intake.base.tables import Base, Utc, choice
from nlp.reading import Intent, Risk, Speaker


class Example(Base):
    """A sentence that somebody wrote anew after a correction. It names no talk: nobody can go back from it to a resident."""

    __tablename__ = "example"
    __table_args__ = (
        Index("ix_example_open", "municipality", "decided_at"),
        CheckConstraint("decided_by IS NULL OR decided_by <> staff_id", name="second_person"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    concerns: Mapped[str] = mapped_column(String(400))
    """Concern ids joined by ``;``."""
    speaker: Mapped[Speaker] = mapped_column(choice(Speaker, "speaker_known"))
    intent: Mapped[Intent] = mapped_column(choice(Intent, "intent_known"))
    risk: Mapped[Risk] = mapped_column(choice(Risk, "risk_known"))
    risk_kinds: Mapped[str] = mapped_column(String(120))
    """Kinds of danger joined by ``;``."""
    sealed_text: Mapped[bytes | None]
    """None where it was declined: then nothing of it is kept."""
    written_at: Mapped[datetime] = mapped_column(Utc)
    approved: Mapped[bool] = mapped_column(default=False)
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Utc)

    def place(self) -> Place:
        """Where the sealed sentence stands."""
        return Place("example", "sealed_text", self.municipality, self.id)
