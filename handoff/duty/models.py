"""Tables of duty: the weekly plan, who has come or gone beside it, and the city's plan for emergencies out of hours."""

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Time
from sqlalchemy.orm import Mapped, mapped_column

from intake.base.tables import Base, Utc

RECEPTION = "desk"
"""The window of talks that no window has yet: 受付当番."""


class DutySlot(Base):
    """One line of the weekly plan. ``ends`` at or before ``starts`` means the following day."""

    __tablename__ = "duty_slot"
    __table_args__ = (
        Index("ix_duty_slot_window", "municipality", "window_id"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_known"),
        CheckConstraint("place > 0", name="place_positive"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    window_id: Mapped[str] = mapped_column(String(60))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    weekday: Mapped[int]
    """Monday is 0."""
    starts: Mapped[time] = mapped_column(Time)
    ends: Mapped[time] = mapped_column(Time)
    """Hours of Japan."""
    holidays: Mapped[bool] = mapped_column(default=False)
    """Whether the line also holds on public holidays."""
    place: Mapped[int] = mapped_column(default=1)
    """In which order the people of a window are called."""
    set_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    set_at: Mapped[datetime] = mapped_column(Utc)


class DutyChange(Base):
    """「いま当番に入る／外れる」: somebody comes or goes beside the plan. The newest counts, for as long as it says."""

    __tablename__ = "duty_change"
    __table_args__ = (
        Index("ix_duty_change_until", "municipality", "until"),
        CheckConstraint("until > at", name="until_after_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    window_id: Mapped[str] = mapped_column(String(60))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    comes: Mapped[bool]
    at: Mapped[datetime] = mapped_column(Utc)
    until: Mapped[datetime] = mapped_column(Utc)


class Absence(Base):
    """不在: somebody is away on these days, and a colleague stands in."""

    __tablename__ = "absence"
    __table_args__ = (
        Index("ix_absence_days", "municipality", "last_day"),
        CheckConstraint("last_day >= first_day", name="days_in_order"),
        CheckConstraint("stand_in_id <> staff_id", name="stand_in_another"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    stand_in_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    """Days of Japan, both of them away."""
    set_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    set_at: Mapped[datetime] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    """When it was taken back or ended early."""


class EmergencyContact(Base):
    """One line of the city's plan: whom it calls, in this order, when nobody is on duty."""

    __tablename__ = "emergency_contact"
    __table_args__ = (
        Index("ix_emergency_contact_place", "municipality", "place"),
        CheckConstraint("place > 0", name="place_positive"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    place: Mapped[int]
    name: Mapped[str] = mapped_column(String(40))
    """A post, e.g. 宿日直; not a person."""
    phone: Mapped[str] = mapped_column(String(40), default="")
    mail: Mapped[str] = mapped_column(String(200), default="")
    """An address of the office, told of an emergency without a word of it."""
    note: Mapped[str] = mapped_column(String(120), default="")
    set_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    set_at: Mapped[datetime] = mapped_column(Utc)
    retired_at: Mapped[datetime | None] = mapped_column(Utc)
