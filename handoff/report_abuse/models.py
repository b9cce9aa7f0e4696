"""Tables of reports: how each stands, and each step with who took it and when."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intake.base.sealing import Place
from intake.base.tables import Base, Utc, choice


class Judgement(StrEnum):
    """What staff say about the sign."""

    APPLIES = "applies"
    """該当"""
    UNSURE = "unsure"
    """迷う"""
    NOT_APPLIES = "not_applies"
    """該当しない: with a reason."""


class StepKind(StrEnum):
    """What was done."""

    RAISED = "raised"
    SIGN = "sign"
    """Abuse was read again after somebody had put the form away."""
    OPENED = "opened"
    JUDGED = "judged"
    REPORTED = "reported"
    """通告・通報 was made, to whom and how."""
    OUTCOME = "outcome"


class WishAnswer(StrEnum):
    """What a 責任者 decides about a resident's wish to erase a talk that is held."""

    ERASE = "erase"
    KEEP = "keep"


class AbuseReport(Base):
    """One form per talk. ``due_at`` is when the next word on it is due; ``settled_at`` is when nothing is due any more."""

    __tablename__ = "abuse_report"
    __table_args__ = (UniqueConstraint("conversation_id"), Index("ix_abuse_report_open", "municipality", "settled_at", "due_at"))

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    raised_at: Mapped[datetime] = mapped_column(Utc)
    due_at: Mapped[datetime] = mapped_column(Utc)
    opened_at: Mapped[datetime | None] = mapped_column(Utc)
    """When a person first opened the form: the law's clock of the municipality begins no later."""
    opened_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    judgement: Mapped[Judgement | None] = mapped_column(choice(Judgement, "judgement_known"))
    reported_at: Mapped[datetime | None] = mapped_column(Utc)
    settled_at: Mapped[datetime | None] = mapped_column(Utc)


class AbuseReportStep(Base):
    """One step; never changed. What was written with it is sealed."""

    __tablename__ = "abuse_report_step"
    __table_args__ = (Index("ix_abuse_report_step_report", "report_id", "id"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    report_id: Mapped[str] = mapped_column(ForeignKey("abuse_report.id"))
    kind: Mapped[StepKind] = mapped_column(choice(StepKind, "kind_known"))
    judgement: Mapped[Judgement | None] = mapped_column(choice(Judgement, "judgement_known"))
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    sealed_details: Mapped[bytes | None]
    at: Mapped[datetime] = mapped_column(Utc)

    def place(self) -> Place:
        """Where the sealed details stand."""
        return Place("abuse_report_step", "sealed_details", self.municipality, self.id)
