"""Tables of statistics: contacts as they were counted, roll-ups, what is entered by hand, settings."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Date, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from intake.base.tables import Base, Utc, choice

THRESHOLD = 5
"""Counts below this are hidden in what leaves the house, where the municipality has not decided otherwise."""


DOORS = "doors"
"""The slice of what is counted at the doors and not by contact: check-ins, pushes."""


class Grain(StrEnum):
    """How long a roll-up's stretch of time is."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    """A fiscal year, from April."""


class StatContact(Base):
    """One contact as the roll-ups hold it: which slices it is in, and what it adds to which day. No person, no words."""

    __tablename__ = "stat_contact"
    __table_args__ = (Index("ix_stat_contact_days", "municipality", "first_day", "last_day"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    slices: Mapped[str] = mapped_column(Text)
    """JSON list."""
    items: Mapped[str] = mapped_column(Text)
    """JSON object: day → figure → count."""


class StatTally(Base):
    """All figures of one slice in one day, month or fiscal year, as JSON: figure → count."""

    __tablename__ = "stat_tally"

    municipality: Mapped[str] = mapped_column(String(40), primary_key=True)
    slice: Mapped[str] = mapped_column(String(120), primary_key=True)
    grain: Mapped[Grain] = mapped_column(choice(Grain, "grain_known"), primary_key=True)
    bucket: Mapped[date] = mapped_column(Date, primary_key=True)
    counts: Mapped[str] = mapped_column(Text)


class StatHead(Base):
    """How far the roll-ups of a municipality are, and by which formula they were made."""

    __tablename__ = "stat_head"

    municipality: Mapped[str] = mapped_column(String(40), primary_key=True)
    swept_at: Mapped[datetime] = mapped_column(Utc)
    formula: Mapped[int]
    doors_at: Mapped[datetime | None] = mapped_column(Utc)
    """When check-ins and pushes were last counted."""
    threshold: Mapped[int] = mapped_column(default=THRESHOLD)
    __table_args__ = (CheckConstraint("threshold >= 1", name="threshold_positive"),)


class TargetActual(Base):
    """What was reached of a target, entered by a person because the system cannot know it. ``target_key`` names the line of 目標値.csv."""

    __tablename__ = "target_actual"

    municipality: Mapped[str] = mapped_column(String(40), primary_key=True)
    fiscal_year: Mapped[int] = mapped_column(primary_key=True)
    target_key: Mapped[str] = mapped_column(String(32), primary_key=True)
    amount: Mapped[int | None]
    text: Mapped[str] = mapped_column(String(400), default="")
    entered_by: Mapped[str] = mapped_column(String(26))
    entered_at: Mapped[datetime] = mapped_column(Utc)
    __table_args__ = (CheckConstraint("amount IS NULL OR amount >= 0", name="amount_not_negative"),)


class IssueCategory(StrEnum):
    """Where a 地域課題 belongs, as the sharing meetings are divided."""

    CIVIC = "civic"
    REGION = "region"
    INDUSTRY = "industry"
    EDUCATION = "education"
    ENVIRONMENT = "environment"
    SAFETY = "safety"
    ISOLATION = "isolation"
    WELFARE = "welfare"
    NO_WINDOW = "no_window"
    """つなぐ先が曖昧な課題."""


class IssueState(StrEnum):
    """How far a 地域課題 has come."""

    NOTED = "noted"
    PROPOSED = "proposed"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class LocalIssue(Base):
    """One 地域課題 in the words of staff, for the sharing meetings. Never tied to a talk; refused when a person shows in it."""

    __tablename__ = "local_issue"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40), index=True)
    category: Mapped[IssueCategory] = mapped_column(choice(IssueCategory, "category_known"))
    state: Mapped[IssueState] = mapped_column(choice(IssueState, "state_known"), default=IssueState.NOTED)
    title: Mapped[str] = mapped_column(String(80))
    body: Mapped[str] = mapped_column(Text)
    cases: Mapped[int | None]
    """Roughly how many consultations stand behind it; None where nobody counted."""
    written_by: Mapped[str] = mapped_column(String(26))
    written_at: Mapped[datetime] = mapped_column(Utc)
    changed_at: Mapped[datetime | None] = mapped_column(Utc)


class HandKey(StrEnum):
    """Figures that the system cannot know and that people keep by the fiscal year."""

    FRIENDS = "friends"
    SEX_FEMALE = "sex_female"
    SEX_MALE = "sex_male"
    SEX_OTHER = "sex_other"
    FOLLOW_ASKED = "follow_asked"
    """Asked two weeks after a window was named whether the contact came about."""
    FOLLOW_CONNECTED = "follow_connected"
    NOTICE_CHILD = "notice_child"
    NOTICE_ELDER = "notice_elder"
    NOTICE_DISABILITY = "notice_disability"
    NOTICE_DV = "notice_dv"
    NOTICE_ACCEPT_HOURS = "notice_accept_hours"
    NOTICE_CHECKED_48 = "notice_checked_48"
    POLICE = "police"
    MEETINGS_CASE = "meetings_case"
    MEETINGS_SUPPORT = "meetings_support"
    MEETINGS_SHARE = "meetings_share"
    ACCEPTED = "accepted"
    PLANS = "plans"
    HOUSEHOLDS = "households"
    TRAININGS = "trainings"
    DISCLOSURES = "disclosures"
    COMPLAINTS = "complaints"
    ERASURES = "erasures"
    COST = "cost"


class HandFigure(Base):
    """One figure that a person has entered for a fiscal year; None where it was emptied again."""

    __tablename__ = "hand_figure"
    __table_args__ = (CheckConstraint("amount IS NULL OR amount >= 0", name="amount_not_negative"),)

    municipality: Mapped[str] = mapped_column(String(40), primary_key=True)
    fiscal_year: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[HandKey] = mapped_column(choice(HandKey, "key_known"), primary_key=True)
    amount: Mapped[int | None] = mapped_column(BigInteger)
    entered_by: Mapped[str] = mapped_column(String(26))
    entered_at: Mapped[datetime] = mapped_column(Utc)


class FileState(StrEnum):
    """How far a file is."""

    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


class StatFile(Base):
    """A file that somebody ordered: how far it is, and the file itself until it is a day old. Only whoever ordered it may load it."""

    __tablename__ = "stat_file"
    __table_args__ = (Index("ix_stat_file_staff", "staff_id", "id"), CheckConstraint("done BETWEEN 0 AND steps", name="done_within"))

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    staff_id: Mapped[str] = mapped_column(String(26))
    title: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    state: Mapped[FileState] = mapped_column(choice(FileState, "state_known"), default=FileState.MAKING)
    done: Mapped[int] = mapped_column(default=0)
    steps: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str] = mapped_column(String(400), default="")
    """Why it could not be made, in words for whoever ordered it."""
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    ordered_at: Mapped[datetime] = mapped_column(Utc)
    stepped_at: Mapped[datetime] = mapped_column(Utc)
    """When it last came further; one that has stood still for long was left by a process that ended."""
