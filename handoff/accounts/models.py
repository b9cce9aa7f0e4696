"""Tables of organisations, staff, their windows, their sessions, and failed logins."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intake.base.tables import Base, Utc, choice


class Role(StrEnum):
    """What a member of staff does, as the field calls it. What each may do stands in ``handoff/accounts/permissions.py``."""

    COUNSELLOR = "counsellor"
    """相談員: the talks of the own windows."""
    RECEPTION = "reception"
    """受付当番: also the talks that no window has yet."""
    SUPERVISOR = "supervisor"
    """スーパーバイザー: watches live, advises the counsellor, takes over with a reason."""
    MANAGER = "manager"
    """窓口責任者: answers for the windows: their staff, their figures, the record of who did what."""
    COORDINATOR = "coordinator"
    """コーディネーター: brings several agencies together."""
    STATISTICS = "statistics"
    """管理者(統計): figures only; reads no talks."""
    OPERATOR = "operator"
    """システム管理: accounts and health of the system; reads no talks."""


class OrganisationKind(StrEnum):
    """Whose people they are."""

    CITY = "city"
    ENTRUSTED = "entrusted"
    """受託法人: works windows for the city under a contract."""


class Organisation(Base):
    """The city itself, or a body that it has entrusted windows to."""

    __tablename__ = "organisation"
    __table_args__ = (UniqueConstraint("municipality", "name"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[OrganisationKind] = mapped_column(choice(OrganisationKind, "kind_known"))
    created_at: Mapped[datetime] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    """When the contract ended. Its people are out, its windows are the city's again; the name stays for what was written."""


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
    enrolled_at: Mapped[datetime | None] = mapped_column(Utc)
    """When the account first had a second factor. From then on a password alone never registers one."""
    locked_until: Mapped[datetime | None] = mapped_column(Utc)
    """Set when somebody who knew the password failed at the second factor too often."""


class StaffWindow(Base):
    """A window that a member of staff works for."""

    __tablename__ = "staff_window"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    window_id: Mapped[str] = mapped_column(String(60), primary_key=True)


class StaffOrganisation(Base):
    """Whose people somebody belongs to; without a row, to the city."""

    __tablename__ = "staff_organisation"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))


class OrganisationWindow(Base):
    """Which organisation works a window; without a row, the city does."""

    __tablename__ = "organisation_window"

    municipality: Mapped[str] = mapped_column(String(40), primary_key=True)
    window_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))


class StaffSession(Base):
    """A login of one browser. Only a hash of its token is kept; it ends by idling, by age, or by revocation."""

    __tablename__ = "staff_session"
    __table_args__ = (UniqueConstraint("id"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column(String(26))
    """What a page calls the session by."""
    agent: Mapped[str] = mapped_column(String(40), default="")
    """Which browser on which system, in a few words, so that somebody knows the own ones."""
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
