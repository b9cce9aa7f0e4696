"""Tables of the record: its entries, and the head of each municipality's chain."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from intake.base.tables import Base, Utc, choice


class Action(StrEnum):
    """What is recorded. The words that staff read for each are in ``handoff/audit/words.py``."""

    TALK_VIEWED = "talk_viewed"
    TALK_REFUSED = "talk_refused"
    """Somebody asked for a talk that is not theirs, or that does not exist."""
    SEARCHED = "searched"
    EXPORTED = "exported"
    LOGGED_IN = "logged_in"
    LOGGED_OUT = "logged_out"
    LOGIN_REFUSED = "login_refused"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    STAFF_ADDED = "staff_added"
    STAFF_INVITED = "staff_invited"
    INVITATION_USED = "invitation_used"
    RIGHTS_CHANGED = "rights_changed"
    STAFF_CLOSED = "staff_closed"
    STAFF_REOPENED = "staff_reopened"
    TALKS_HANDED_ON = "talks_handed_on"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    FACTORS_RESET = "factors_reset"
    CODES_RENEWED = "codes_renewed"
    CODE_USED = "code_used"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of an action
    SESSION_ENDED = "session_ended"
    EMERGENCY_OPENED = "emergency_opened"
    EMERGENCY_VIEWED = "emergency_viewed"
    EMERGENCY_DECIDED = "emergency_decided"
    REPORT_CHANGED = "report_changed"
    ATTACHMENT_OPENED = "attachment_opened"
    ATTACHMENT_TAKEN = "attachment_taken"
    ORGANISATION_CHANGED = "organisation_changed"
    EXAMPLE_DECIDED = "example_decided"
    WISH_DECIDED = "wish_decided"
    """A 責任者 had a talk erased as its resident asked, or kept it."""


class AuditEntry(Base):
    """One entry. The database itself refuses to change or delete it; ``chain`` binds it to the one before."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_at", "municipality", "at"),
        Index("ix_audit_entry_actor", "municipality", "actor"),
        Index("ix_audit_entry_subject", "municipality", "subject"),
    )

    municipality: Mapped[str] = mapped_column(String(40), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Utc)
    actor: Mapped[str] = mapped_column(String(40))
    """Id of the member of staff; ``server`` for the command line; empty where nobody is known."""
    action: Mapped[Action] = mapped_column(choice(Action, "action_known"))
    subject: Mapped[str] = mapped_column(String(60))
    """Id of the talk or the member of staff that it is about; never a name."""
    details: Mapped[str] = mapped_column(String(300))
    """Codes and numbers, never words of a resident."""
    chain: Mapped[str] = mapped_column(String(32))


class AuditHead(Base):
    """How far a municipality's record has come. Its row is the lock under which entries are appended."""

    __tablename__ = "audit_head"

    municipality: Mapped[str] = mapped_column(String(40), primary_key=True)
    seq: Mapped[int]
    chain: Mapped[str] = mapped_column(String(32))
