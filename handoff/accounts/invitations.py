"""Links that are handed to a person once: to a new account, a new password, or a new second factor."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from handoff.accounts.config import AccountsConfig
from handoff.accounts.enrol import forget_factors
from handoff.accounts.errors import LoginRefusedError
from handoff.accounts.factor_models import Invitation, InvitationKind
from handoff.accounts.models import Staff, StaffSession
from handoff.accounts.passwords import Passwords
from handoff.accounts.second import attempts_key, record_about
from handoff.accounts.sessions import token_hash
from handoff.accounts.staff import Passed, check_new_password, go_on
from handoff.accounts.throttle import count_attempt, forget_attempts
from handoff.audit.models import Action
from handoff.audit.record import record_audit
from intake.base.database import Database, ReadSession, WriteSession
from intake.base.errors import NotFoundError
from intake.base.sealing import KeyRing

_TOKEN_BYTES = 32
_GONE = "このリンクは使えません。期限が切れたか、もう使われています。リンクを作った人に、新しいリンクを頼んでください。"


def _lifetimes(config: AccountsConfig) -> Mapping[InvitationKind, timedelta]:
    return {
        InvitationKind.ACCOUNT: config.invitation,
        InvitationKind.PASSWORD: config.reset,
        InvitationKind.FACTOR: config.reset,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """A live link and whose it is."""

    row: Invitation
    staff: Staff


async def make_link(
    session: WriteSession, ring: KeyRing, config: AccountsConfig, staff: Staff, kind: InvitationKind, *, made_by: str | None, now: datetime
) -> str:
    """Make a link and return its token, which is never seen again. Older links of the same person end."""
    unused = (Invitation.staff_id == staff.id, Invitation.used_at.is_(None))
    await session.execute(update(Invitation).where(*unused).values(used_at=now))
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session.add(
        Invitation(
            token_hash=token_hash(token),
            municipality=staff.municipality,
            staff_id=staff.id,
            kind=kind,
            made_by=made_by,
            created_at=now,
            expires_at=now + _lifetimes(config)[kind],
        )
    )
    action = Action.FACTORS_RESET if kind is InvitationKind.FACTOR else Action.STAFF_INVITED
    record_audit(
        session,
        ring,
        municipality=staff.municipality,
        actor=made_by or "server",
        action=action,
        subject=staff.id,
        details=kind.value,
        now=now,
    )
    return token


async def get_invited(session: ReadSession, token: str, now: datetime) -> Invited:
    """Return what a link is for; NotFoundError when it is not known, used, too old, or its account closed."""
    live = (Invitation.token_hash == token_hash(token), Invitation.used_at.is_(None), Invitation.expires_at > now)
    query = select(Invitation, Staff).join(Staff, Staff.id == Invitation.staff_id).where(*live, Staff.disabled_at.is_(None))
    if isinstance(session, WriteSession):
        query = query.with_for_update(of=Invitation)
    found = (await session.execute(query)).one_or_none()
    if found is None:
        raise NotFoundError(_GONE)
    return Invited(row=found.Invitation, staff=found.Staff)


async def accept(
    database: Database, ring: KeyRing, passwords: Passwords, config: AccountsConfig, *, token: str, password: str, demo: bool, now: datetime
) -> Passed:
    """Use a link: a new password, or, for a lost second factor, the password that stays. The login goes on from there."""
    async with database.read() as session:
        invited = await get_invited(session, token, now)
    if invited.row.kind is InvitationKind.FACTOR:
        await _check_password(database, ring, passwords, config, invited.staff, password, now)
        hashed = None
    else:
        check_new_password(password, config)
        hashed = await passwords.hash(password)
    async with database.write() as session:
        invited = await get_invited(session, token, now)
        invited.row.used_at = now
        await _put_in_force(session, ring, invited, hashed, now)
        return await go_on(session, ring, config, invited.staff.id, now, demo=demo)


async def _check_password(
    database: Database, ring: KeyRing, passwords: Passwords, config: AccountsConfig, staff: Staff, password: str, now: datetime
) -> None:
    key = attempts_key(ring, staff.id)
    async with database.write() as session:
        await count_attempt(session, key, config, now)
    if not await passwords.verify(staff.password_hash, password):
        raise LoginRefusedError("パスワードが違います。")
    async with database.write() as session:
        await forget_attempts(session, key)


async def _put_in_force(session: WriteSession, ring: KeyRing, invited: Invited, hashed: str | None, now: datetime) -> None:
    """Set what the link is for; whoever was in under the old word or the old factor is out."""
    staff = invited.staff
    if hashed is None:
        await forget_factors(session, staff)
    else:
        staff.password_hash = hashed
        record_about(session, ring, staff, Action.PASSWORD_CHANGED, now, invited.row.kind.value)
    record_about(session, ring, staff, Action.INVITATION_USED, now, invited.row.kind.value)
    live = (StaffSession.staff_id == staff.id, StaffSession.revoked_at.is_(None))
    await session.execute(update(StaffSession).where(*live).values(revoked_at=now))
    await session.flush()
