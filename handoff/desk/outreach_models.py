"""The table of what staff decided to do for somebody who has been silent: visit, write a letter, or leave in peace."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from intake.base.tables import Base, Utc, choice


class OutreachWay(StrEnum):
    """What is done. Nothing goes to relatives."""

    VISIT = "visit"
    LETTER = "letter"
    LEAVE = "leave"
    """そのまま: silence is no alarm."""


class OutreachChoice(Base):
    """One decision on one plan. The newest counts; the others are kept."""

    __tablename__ = "outreach_choice"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    plan_id: Mapped[str] = mapped_column(ForeignKey("checkin_plan.id"), index=True)
    way: Mapped[OutreachWay] = mapped_column(choice(OutreachWay, "way_known"))
    made_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime] = mapped_column(Utc)
