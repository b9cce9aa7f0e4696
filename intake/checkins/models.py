"""Tables of check-ins: plans, the words that became due, holds, pauses, the budget of pushes, approvals of words."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from intake.base.tables import Base, Utc, choice
from intake.checkins.calendar import Pause
from intake.checkins.plan import Contact, End, Plan
from intake.checkins.rhythm import CheckinSettings, Hours, Rhythm, Sender, Style

_GOES_ON = text("ended_at IS NULL")
_WAITS = text("next_at IS NOT NULL")
_PUT_OFF = text("deferrals > 0")


class ConsentWay(StrEnum):
    """How the resident came to agree."""

    TALK = "talk"
    """Offered at the end of a talk, asked for in one, or chosen from the menu."""
    STAFF = "staff"
    """Suggested by a person, accepted by the resident."""


class ContactState(StrEnum):
    """How far a word that was due has come."""

    DUE = "due"
    SAID = "said"
    """Stands in the outbox."""
    SENT = "sent"
    UNCERTAIN = "uncertain"
    """LINE may or may not have taken it; it counts as sent."""
    RETURNED = "returned"
    """Never went out, e.g. because LINE was away until it was too late; the plan has another moment."""
    REFUSED = "refused"
    """Judged at the moment of sending, and not said."""


_OPEN = text("state = 'due'")
_SAID = text("state = 'said'")


class CheckinPlan(Base):
    """What one resident agreed to, how far it has come, and when the next word is due. At most one goes on per resident."""

    __tablename__ = "checkin_plan"
    __table_args__ = (
        Index("uq_checkin_plan_goes_on", "resident_id", unique=True, sqlite_where=_GOES_ON, postgresql_where=_GOES_ON),
        Index("ix_checkin_plan_next", "municipality", "next_at", sqlite_where=_WAITS, postgresql_where=_WAITS),
        Index("ix_checkin_plan_put_off", "account", "deferrals", sqlite_where=_PUT_OFF, postgresql_where=_PUT_OFF),
        Index("ix_checkin_plan_list", "municipality", "heard_at", sqlite_where=_GOES_ON, postgresql_where=_GOES_ON),
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="end_has_reason"),
        CheckConstraint("ended_at IS NULL OR next_at IS NULL", name="ended_is_not_due"),
        CheckConstraint("(rhythm = 'own') = (every_days IS NOT NULL)", name="own_names_days"),
        CheckConstraint("(next_at IS NULL) = (next_not_after IS NULL)", name="next_has_limit"),
        CheckConstraint("done >= 0", name="done_not_negative"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    account: Mapped[str] = mapped_column(String(40))
    resident_id: Mapped[str] = mapped_column(ForeignKey("resident.id"), index=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    """The resident's latest talk, in which the words are kept."""
    rhythm: Mapped[Rhythm] = mapped_column(choice(Rhythm, "rhythm_known"))
    every_days: Mapped[int | None]
    hours: Mapped[Hours] = mapped_column(choice(Hours, "hours_known"))
    sender: Mapped[Sender] = mapped_column(choice(Sender, "sender_known"))
    style: Mapped[Style] = mapped_column(choice(Style, "style_known"))
    window_id: Mapped[str | None] = mapped_column(String(60))
    """The window that knows the resident; None is the city's own desk."""
    staff_id: Mapped[str | None] = mapped_column(String(26))
    """The person who knows the resident; answers come to the top of their list."""
    sender_name: Mapped[str] = mapped_column(String(60))
    """The name that the resident has seen last under a word."""
    heavy: Mapped[bool] = mapped_column(default=False)
    friend: Mapped[bool] = mapped_column(default=True)
    consent_at: Mapped[datetime] = mapped_column(Utc)
    consent_way: Mapped[ConsentWay] = mapped_column(choice(ConsentWay, "consent_way_known"))
    consent_text: Mapped[str] = mapped_column(Text)
    began_at: Mapped[datetime] = mapped_column(Utc)
    done: Mapped[int] = mapped_column(default=0)
    last_sent_at: Mapped[datetime | None] = mapped_column(Utc)
    heard_at: Mapped[datetime | None] = mapped_column(Utc)
    """The last sign of life of any kind since the consent."""
    recent: Mapped[str] = mapped_column(String(400), default="")
    """Keys of the latest words, newest first, joined by ``;``."""
    deferrals: Mapped[int] = mapped_column(default=0)
    """How often the next word was put off because pushes were short; who waits longest goes first."""
    filed: Mapped[int] = mapped_column(default=0)
    """How many words have been filed; it makes every moment of a plan one of its own."""
    paused_at: Mapped[datetime | None] = mapped_column(Utc)
    unsafe_since: Mapped[datetime | None] = mapped_column(Utc)
    safe_agreed_at: Mapped[datetime | None] = mapped_column(Utc)
    safe_agreed_by: Mapped[str | None] = mapped_column(String(26))
    next_at: Mapped[datetime | None] = mapped_column(Utc)
    next_not_after: Mapped[datetime | None] = mapped_column(Utc)
    next_step: Mapped[int] = mapped_column(default=0)
    next_farewell: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    end_reason: Mapped[End | None] = mapped_column(choice(End, "end_reason_known"))

    @property
    def settings(self) -> CheckinSettings:
        """What the resident chose."""
        return CheckinSettings(rhythm=self.rhythm, every_days=self.every_days, hours=self.hours, sender=self.sender, style=self.style)

    def facts(self) -> Plan:
        """Return the plan as the pure functions take it."""
        return Plan(
            id=self.id,
            settings=self.settings,
            began_at=self.began_at,
            consent_at=self.consent_at,
            heavy=self.heavy,
            paused_at=self.paused_at,
            unsafe_since=self.unsafe_since,
            safe_agreed_at=self.safe_agreed_at,
            friend=self.friend,
        )


class CheckinContact(Base):
    """One word that became due. A plan and a moment make it one, however often it is filed."""

    __tablename__ = "checkin_contact"
    __table_args__ = (
        Index("ix_checkin_contact_due", "due_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_checkin_contact_said", "due_at", sqlite_where=_SAID, postgresql_where=_SAID),
        Index("ix_checkin_contact_figures", "municipality", "decided_at"),
        CheckConstraint("(state = 'due') = (decided_at IS NULL)", name="decided_has_moment"),
        CheckConstraint("state IN ('due', 'refused') OR message_id IS NOT NULL", name="said_has_words"),
    )

    plan_id: Mapped[str] = mapped_column(ForeignKey("checkin_plan.id"), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(Utc, primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    not_after: Mapped[datetime] = mapped_column(Utc)
    step: Mapped[int]
    began_at: Mapped[datetime] = mapped_column(Utc)
    farewell: Mapped[bool] = mapped_column(default=False)
    deferrals: Mapped[int] = mapped_column(default=0)
    state: Mapped[ContactState] = mapped_column(choice(ContactState, "state_known"), default=ContactState.DUE)
    reason: Mapped[str | None] = mapped_column(String(40))
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(Utc)
    claim_token: Mapped[str | None] = mapped_column(String(32))
    decided_at: Mapped[datetime | None] = mapped_column(Utc)
    message_id: Mapped[str | None] = mapped_column(ForeignKey("message.id"), unique=True)
    words_key: Mapped[str | None] = mapped_column(String(60))
    sent_before: Mapped[datetime | None] = mapped_column(Utc)
    """When the word before this one went out, so that one which never went out leaves no trace in the plan."""
    answered_at: Mapped[datetime | None] = mapped_column(Utc)

    def contact(self) -> Contact:
        """Return what is due as the pure functions take it."""
        return Contact(at=self.due_at, not_after=self.not_after, step=self.step, began_at=self.began_at, farewell=self.farewell)


class CheckinConsent(Base):
    """One yes of a resident to a card: when, how, and the words of the card. A later change adds a row and alters none."""

    __tablename__ = "checkin_consent"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    plan_id: Mapped[str] = mapped_column(ForeignKey("checkin_plan.id"), index=True)
    agreed_at: Mapped[datetime] = mapped_column(Utc)
    way: Mapped[ConsentWay] = mapped_column(choice(ConsentWay, "way_known"))
    text: Mapped[str] = mapped_column(Text)


class HoldKind(StrEnum):
    """Why a resident gets no check-ins for a while."""

    CASE_STEP = "case_step"
    """A step of support is under way, e.g. the next contact of staff is planned."""
    BEREAVEMENT = "bereavement"
    """Somebody close has died; small talk would hurt."""
    AWAY = "away"
    """In hospital or away."""
    OTHER = "other"


class ContactHold(Base):
    """A time in which a resident gets no check-ins. Written by ``handoff``, looked at here."""

    __tablename__ = "contact_hold"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    resident_id: Mapped[str] = mapped_column(ForeignKey("resident.id"), index=True)
    kind: Mapped[HoldKind] = mapped_column(choice(HoldKind, "kind_known"))
    step_id: Mapped[str | None] = mapped_column(String(26), index=True)
    """What the hold hangs on, opaque here; None where a person set it by hand."""
    made_by: Mapped[str] = mapped_column(String(26))
    made_at: Mapped[datetime] = mapped_column(Utc)
    until: Mapped[datetime | None] = mapped_column(Utc)
    lifted_at: Mapped[datetime | None] = mapped_column(Utc)
    lifted_by: Mapped[str | None] = mapped_column(String(26))


class CheckinPause(Base):
    """A time in which a municipality sends no check-ins: a disaster, holidays, a shortage of staff."""

    __tablename__ = "checkin_pause"
    __table_args__ = (CheckConstraint("ends_at IS NULL OR begins_at < ends_at", name="begins_before_end"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40), index=True)
    begins_at: Mapped[datetime] = mapped_column(Utc)
    ends_at: Mapped[datetime | None] = mapped_column(Utc)
    reason: Mapped[str] = mapped_column(String(200))
    made_by: Mapped[str] = mapped_column(String(26))
    made_at: Mapped[datetime] = mapped_column(Utc)
    lifted_at: Mapped[datetime | None] = mapped_column(Utc)

    def span(self) -> Pause:
        """Return the pause as the calendar takes it."""
        return Pause(begins_at=self.begins_at, ends_at=self.ends_at)


class PushBudget(Base):
    """How many pushes a month an account has, and how many of them are kept for alarms and for the answers of people."""

    __tablename__ = "push_budget"
    __table_args__ = (
        CheckConstraint("monthly_limit IS NULL OR monthly_limit >= 0", name="limit_not_negative"),
        CheckConstraint("reserve >= 0", name="reserve_not_negative"),
    )

    account: Mapped[str] = mapped_column(String(40), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40), index=True)
    monthly_limit: Mapped[int | None]
    """None: the account has no limit."""
    reserve: Mapped[int] = mapped_column(default=0)
    month: Mapped[str] = mapped_column(String(7), default="")
    used: Mapped[int] = mapped_column(default=0)
    """Check-ins said in ``month``."""
    set_by: Mapped[str | None] = mapped_column(String(26))
    set_at: Mapped[datetime | None] = mapped_column(Utc)


class LineQuota(Base):
    """What LINE last said about the pushes of an account. Asked seldom, by one process at a time; shown with its age."""

    __tablename__ = "line_quota"
    __table_args__ = (CheckConstraint("used >= 0", name="used_not_negative"),)

    account: Mapped[str] = mapped_column(String(40), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40), index=True)
    monthly_limit: Mapped[int | None]
    """None: LINE sets no limit, or has not been heard yet (``asked_at``)."""
    used: Mapped[int] = mapped_column(default=0)
    """Pushes of the month as LINE counts them, also those that were sent from LINE's own pages. Roughly right, says LINE."""
    asked_at: Mapped[datetime | None] = mapped_column(Utc)
    """When LINE answered last."""
    next_ask_at: Mapped[datetime] = mapped_column(Utc)
    failed_at: Mapped[datetime | None] = mapped_column(Utc)
    """When LINE was asked last and gave no answer; None after a good one."""
    reason: Mapped[str | None] = mapped_column(String(60))


class WordsApproval(Base):
    """That a named person has approved a text on a day. A changed text has another fingerprint and needs a new approval."""

    __tablename__ = "words_approval"

    municipality: Mapped[str] = mapped_column(String(40), primary_key=True)
    words_key: Mapped[str] = mapped_column(String(60), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(32))
    approved_by: Mapped[str] = mapped_column(String(40))
    """The name of the person, as it stood on the day."""
    approved_at: Mapped[datetime] = mapped_column(Utc)


class SafeContact(Base):
    """That a person has agreed with a resident, at whose home violence was read, on how check-ins may come safely."""

    __tablename__ = "safe_contact"

    resident_id: Mapped[str] = mapped_column(ForeignKey("resident.id"), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    agreed_at: Mapped[datetime] = mapped_column(Utc)
    agreed_by: Mapped[str] = mapped_column(String(26))
