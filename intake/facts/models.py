"""The table of facts."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from intake.base.tables import Base, Utc, choice

_PENDING = text("pending")


class FactKind(StrEnum):
    """What may happen to a contact, as far as it is counted."""

    HEARD = "heard"
    """The resident wrote, tapped, or sent something."""
    UNSENT = "unsent"
    REFERRED = "referred"
    UNFIT = "unfit"
    HANDED = "handed"
    """A handoff to people began: an episode."""
    CLAIMED = "claimed"
    RELEASED = "released"
    MOVED = "moved"
    """The talk was given to another window."""
    ANSWERED = "answered"
    """A person answered the resident."""
    CLOSED = "closed"
    REOPENED = "reopened"
    """What was closed goes on: the same episode, not a new one."""
    ALARMED = "alarmed"
    ALARM_OPENED = "alarm_opened"
    CORRECTED = "corrected"
    """Staff corrected what the reader had read: ``code`` is ``missed`` or ``false_alarm``."""
    DECLINED = "declined"
    """The resident said no to a question of consent."""
    ERASED = "erased"
    JOINED = "joined"
    """What was counted under this unit is counted under another one now."""


class Fact(Base):
    """One fact. ``unit`` is the contact that it belongs to, ``ref`` what inside of it (a message, an episode, an alarm)."""

    __tablename__ = "fact"
    __table_args__ = (
        Index("ix_fact_pending", "municipality", "unit", sqlite_where=_PENDING, postgresql_where=_PENDING),
        Index("ix_fact_unit", "unit"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(26))
    kind: Mapped[FactKind] = mapped_column(choice(FactKind, "kind_known"))
    at: Mapped[datetime] = mapped_column(Utc)
    ref: Mapped[str | None] = mapped_column(String(26))
    window_id: Mapped[str | None] = mapped_column(String(60))
    code: Mapped[str | None] = mapped_column(String(120))
    """A reason, a level, or kinds; always of a closed list."""
    details: Mapped[str | None] = mapped_column(Text)
    """JSON of what was read, from closed lists: concerns, age band, district. None once unsent or erased."""
    pending: Mapped[bool] = mapped_column(default=True)
    """Whether the roll-ups do not hold it yet."""
