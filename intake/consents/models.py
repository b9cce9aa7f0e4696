"""The table of questions of consent."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from intake.base.tables import Base, Utc, choice


class ConsentAnswer(StrEnum):
    """What the resident said. Silence is neither."""

    YES = "yes"
    NO = "no"


class ConsentQuestion(Base):
    """One question that staff put to a resident. ``subject`` is what it is about, opaque to intake."""

    __tablename__ = "consent_question"
    __table_args__ = (CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answer_has_a_moment"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    subject: Mapped[str] = mapped_column(String(26), index=True)
    asked_at: Mapped[datetime] = mapped_column(Utc)
    answer: Mapped[ConsentAnswer | None] = mapped_column(choice(ConsentAnswer, "answer_known"))
    answered_at: Mapped[datetime | None] = mapped_column(Utc)
    noted_by: Mapped[str | None] = mapped_column(String(26))
    """Who wrote the answer down where the resident gave it in words; None where they tapped."""
