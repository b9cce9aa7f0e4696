"""Tables of second factors, recovery codes, logins on their way, and invitations."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intake.base.sealing import Place
from intake.base.tables import Base, Utc, choice


class FactorKind(StrEnum):
    """What proves somebody beside the password. Both are offered, because some offices forbid private phones."""

    TOTP = "totp"
    PASSKEY = "passkey"


class SecondFactor(Base):
    """One app or one passkey of a member of staff."""

    __tablename__ = "second_factor"
    __table_args__ = (UniqueConstraint("credential_id"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    kind: Mapped[FactorKind] = mapped_column(choice(FactorKind, "kind_known"))
    name: Mapped[str] = mapped_column(String(40))
    sealed_secret: Mapped[bytes | None]
    """The seed of the app."""
    last_step: Mapped[int] = mapped_column(default=0)
    """The time step of the last code; a code works once."""
    credential_id: Mapped[str | None] = mapped_column(String(400))
    public_key: Mapped[bytes | None]
    sign_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Utc)
    used_at: Mapped[datetime | None] = mapped_column(Utc)

    def place(self) -> Place:
        """Where the sealed seed stands."""
        return Place("second_factor", "sealed_secret", self.municipality, self.id)


class RecoveryCode(Base):
    """A code on paper that stands in for a second factor once. Only a keyed hash is kept."""

    __tablename__ = "recovery_code"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(32), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    used_at: Mapped[datetime | None] = mapped_column(Utc)


class StepKind(StrEnum):
    """What a login still waits for."""

    SECOND = "second"
    """The second factor."""
    ENROL = "enrol"
    """A first second factor has to be registered."""
    ADD = "add"
    """Somebody who is in registers another one."""


class LoginStep(Base):
    """A login between password and session, or the registration of a factor. Lives for minutes, and for a few wrong answers."""

    __tablename__ = "login_step"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    kind: Mapped[StepKind] = mapped_column(choice(StepKind, "kind_known"))
    challenge: Mapped[str] = mapped_column(String(100))
    """What a passkey has to sign."""
    sealed_secret: Mapped[bytes | None]
    """The seed that is shown as a QR code until a first code proves that an app holds it."""
    failures: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime] = mapped_column(Utc)

    def place(self) -> Place:
        """Where the sealed seed stands."""
        return Place("login_step", "sealed_secret", self.municipality, self.token_hash)


class InvitationKind(StrEnum):
    """What a link is for."""

    ACCOUNT = "account"
    """A new account: the person chooses a password and a second factor."""
    PASSWORD = "password"  # noqa: S105 - what the link is for, no password
    """A forgotten password; the second factor stays."""
    FACTOR = "factor"
    """A lost second factor; the password stays, and is asked for."""


class Invitation(Base):
    """A link that works once and for a short time. Only a hash of its token is kept; who made it answers for the person."""

    __tablename__ = "invitation"
    __table_args__ = (Index("ix_invitation_staff", "staff_id"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[InvitationKind] = mapped_column(choice(InvitationKind, "kind_known"))
    made_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    """None: made on the command line of the server."""
    created_at: Mapped[datetime] = mapped_column(Utc)
    expires_at: Mapped[datetime] = mapped_column(Utc)
    used_at: Mapped[datetime | None] = mapped_column(Utc)
