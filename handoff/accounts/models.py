"""Tables of staff, their windows, their sessions, and failed logins."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intake.base.tables import Base, Utc, choice


class Role(StrEnum):
    """What a member of staff may do, as the field calls it."""

    COUNSELLOR = "counsellor"
    """相談員: the talks of the own windows."""
    RECEPTION = "reception"
    """受付当番: also the talks that no window has yet."""
    SUPERVISOR = "supervisor"
    """窓口責任者: may take over what somebody else holds, with a reason."""
    OPERATOR = "operator"
    """システム管理: accounts and health of the system; reads no talks."""


class Staff(Base):
    """One member of staff of one municipality."""

    __tablename__ = "staff"
    __table_args__ = (UniqueConstraint("municipality", "login"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    login: Mapped[str] = mapped_column(String(80))
    display_name: Mapped[str] = mapped_column(String(40))
    """What colleagues and residents see; a role or a work name, not the legal one."""
    role: Mapped[Role] = mapped_column(choice(Role, "role_known"))
    password_hash: Mapped[str] = mapped_column(String(200))
    demo: Mapped[bool] = mapped_column(default=False)
    single_keys: Mapped[bool] = mapped_column(default=True)
    """Whether single letters work as keys in the console; some people must be able to switch them off."""
    created_at: Mapped[datetime] = mapped_column(Utc)
    disabled_at: Mapped[datetime | None] = mapped_column(Utc)


class StaffWindow(Base):
    """A window that a member of staff works for."""

    __tablename__ = "staff_window"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    window_id: Mapped[str] = mapped_column(String(60), primary_key=True)


class StaffSession(Base):
    """A login of one browser. Only a hash of its token is kept; it ends by idling, by age, or by revocation."""

    __tablename__ = "staff_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    csrf_token: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Utc)
    seen_at: Mapped[datetime] = mapped_column(Utc)
    revoked_at: Mapped[datetime | None] = mapped_column(Utc)


class FailedLogin(Base):
    """A failed login, counted by a keyed hash of account and address, so that many processes count together."""

    __tablename__ = "failed_login"
    __table_args__ = (Index("ix_failed_login_key", "key", "at"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Utc)
