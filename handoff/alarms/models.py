"""Tables of notices: what each person wants to be told and how, what was told, the mails, and the calls of an emergency."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from intake.base.sealing import Place
from intake.base.tables import Base, Utc, choice


class NoticeKind(StrEnum):
    """Of what staff are told."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    NEW = "new"
    """A talk has come to people, and nobody holds it."""
    MENTION = "mention"
    TRANSFER = "transfer"


class Way(StrEnum):
    """How they are told."""

    DESKTOP = "desktop"
    SOUND = "sound"
    MAIL = "mail"


class NoticeChoice(Base):
    """One cell of a person's table of notices. Without a row, what is usual counts."""

    __tablename__ = "notice_choice"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    kind: Mapped[NoticeKind] = mapped_column(choice(NoticeKind, "kind_known"), primary_key=True)
    way: Mapped[Way] = mapped_column(choice(Way, "way_known"), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    wanted: Mapped[bool]


class StaffMail(Base):
    """Where a person gets mail. Sealed: it may be a private address."""

    __tablename__ = "staff_mail"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    sealed_address: Mapped[bytes]
    set_at: Mapped[datetime] = mapped_column(Utc)

    def place(self) -> Place:
        """Where the sealed address stands."""
        return Place("staff_mail", "sealed_address", self.municipality, self.staff_id)


class Notice(Base):
    """One thing that one person was told of. ``ref`` is what it is about: an alarm, an episode, a note, a step of a transfer."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("staff_id", "kind", "ref", "step"),
        Index("ix_notice_staff", "staff_id", "id"),
        Index("ix_notice_ref", "ref"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[NoticeKind] = mapped_column(choice(NoticeKind, "kind_known"))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    ref: Mapped[str] = mapped_column(String(26))
    step: Mapped[int] = mapped_column(default=0)
    """How often the matter had been passed on before; 0 is the first telling."""
    desktop: Mapped[bool]
    sound: Mapped[bool]
    made_at: Mapped[datetime] = mapped_column(Utc)


class MailStatus(StrEnum):
    """How far a mail has come."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    """Our mail server took it; whether somebody read it, nobody knows."""
    FAILED = "failed"
    CANCELLED = "cancelled"


_UNFINISHED = text("status IN ('waiting', 'sending')")


class MailItem(Base):
    """One mail to staff or to a post of the emergency plan. It holds no word of any talk; ``id`` is also the number of the mail itself."""

    __tablename__ = "mail"
    __table_args__ = (
        UniqueConstraint("source"),
        Index("ix_mail_due", "next_at", sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(60))
    """What decided it: a notice, or a call with a post of the plan. One decision is one mail."""
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[NoticeKind] = mapped_column(choice(NoticeKind, "kind_known"))
    ref: Mapped[str] = mapped_column(String(26))
    sealed_address: Mapped[bytes]
    status: Mapped[MailStatus] = mapped_column(choice(MailStatus, "status_known"), default=MailStatus.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Utc)
    next_at: Mapped[datetime] = mapped_column(Utc)
    lease_until: Mapped[datetime | None] = mapped_column(Utc)
    claim_token: Mapped[str | None] = mapped_column(String(32))
    finished_at: Mapped[datetime | None] = mapped_column(Utc)
    reason: Mapped[str | None] = mapped_column(String(60))

    def place(self) -> Place:
        """Where the sealed address stands."""
        return Place("mail", "sealed_address", self.municipality, self.id)


class AlarmWatch(Base):
    """How far the calling for one emergency has come. ``next_at`` is None once a person has opened it."""

    __tablename__ = "alarm_watch"
    __table_args__ = (Index("ix_alarm_watch_next", "next_at"),)

    alarm_id: Mapped[str] = mapped_column(ForeignKey("alarm.id"), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    step: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)


class CallReason(StrEnum):
    """Why somebody was called."""

    HOLDER = "holder"
    """Holds the talk."""
    DUTY = "duty"
    """Is on duty."""
    LEADER = "leader"
    """Answers for the window: nobody on duty has opened it."""
    PLAN = "plan"
    """A post of the city's plan for emergencies."""


class AlarmCall(Base):
    """One person, or one post of the plan, was called for an emergency. Each step of an alarm is one row."""

    __tablename__ = "alarm_call"
    __table_args__ = (UniqueConstraint("alarm_id", "step"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    alarm_id: Mapped[str] = mapped_column(ForeignKey("alarm.id"))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    step: Mapped[int]
    reason: Mapped[CallReason] = mapped_column(choice(CallReason, "reason_known"))
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("emergency_contact.id"))
    ways: Mapped[str] = mapped_column(String(40))
    """``screen`` and ``mail``, joined by ``;``; empty where the person could not be reached in any way."""
    called_at: Mapped[datetime] = mapped_column(Utc)
    answered_at: Mapped[datetime | None] = mapped_column(Utc)
    """When this person opened the alarm."""


class NoticeHead(Base):
    """One row: up to which event of the log staff have been told. Whoever moves it on holds it, so nobody is told twice."""

    __tablename__ = "notice_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
