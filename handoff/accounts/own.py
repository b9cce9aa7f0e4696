"""What people do with the own account: prove and change the password, see and end the own sessions."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from handoff.accounts.config import AccountsConfig
from handoff.accounts.errors import LoginRefusedError
from handoff.accounts.models import Staff, StaffSession
from handoff.accounts.passwords import Passwords
from handoff.accounts.second import attempts_key
from handoff.accounts.staff import check_new_password
from handoff.accounts.throttle import count_attempt, forget_attempts
from handoff.accounts.viewer import Viewer
from handoff.audit.models import Action
from handoff.audit.record import record_audit
from intake.base.database import Database, ReadSession, WriteSession
from intake.base.errors import NotFoundError
from intake.base.sealing import KeyRing


async def prove_password(
    database: Database, ring: KeyRing, passwords: Passwords, config: AccountsConfig, viewer: Viewer, password: str, now: datetime
) -> None:
    """Refuse whoever sits at an open screen without knowing its owner's password. Guesses are slowed down."""
    key = attempts_key(ring, viewer.staff_id)
    async with database.write() as session:
        await count_attempt(session, key, config, now)
        staff = await session.get_one(Staff, viewer.staff_id)
    if not await passwords.verify(staff.password_hash, password):
        raise LoginRefusedError("いまのパスワードが違います。")
    async with database.write() as session:
        await forget_attempts(session, key)


async def change_password(
    database: Database, ring: KeyRing, passwords: Passwords, config: AccountsConfig, viewer: Viewer, new: str, now: datetime
) -> None:
    """Set a new password. Whoever was in elsewhere under the old one is out."""
    check_new_password(new, config)
    hashed = await passwords.hash(new)
    async with database.write() as session:
        await session.execute(update(Staff).where(Staff.id == viewer.staff_id).values(password_hash=hashed))
        await session.execute(update(StaffSession).where(*_others(viewer)).values(revoked_at=now))
        _record(session, ring, viewer, Action.PASSWORD_CHANGED, now)


def _others(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    mine = StaffSession.staff_id == viewer.staff_id
    return (mine, StaffSession.revoked_at.is_(None), StaffSession.token_hash != viewer.token_hash)


def _record(session: WriteSession, ring: KeyRing, viewer: Viewer, action: Action, now: datetime, details: str = "") -> None:
    record_audit(
        session,
        ring,
        municipality=viewer.municipality,
        actor=viewer.staff_id,
        action=action,
        subject=viewer.staff_id,
        details=details,
        now=now,
    )


async def list_sessions(session: ReadSession, viewer: Viewer, config: AccountsConfig, now: datetime) -> Sequence[StaffSession]:
    """Return the own live sessions, the latest first."""
    live = (
        StaffSession.staff_id == viewer.staff_id,
        StaffSession.revoked_at.is_(None),
        StaffSession.seen_at > now - config.idle,
        StaffSession.created_at > now - config.absolute,
    )
    return (await session.scalars(select(StaffSession).where(*live).order_by(StaffSession.seen_at.desc()))).all()


async def end_own_session(session: WriteSession, ring: KeyRing, viewer: Viewer, session_id: str, now: datetime) -> None:
    """End one of the own sessions. One of somebody else does not exist."""
    mine = (StaffSession.staff_id == viewer.staff_id, StaffSession.id == session_id, StaffSession.revoked_at.is_(None))
    ended = update(StaffSession).where(*mine).values(revoked_at=now).returning(StaffSession.id)
    if await session.scalar(ended) is None:
        raise NotFoundError("このログインは見つかりません。")
    _record(session, ring, viewer, Action.SESSION_ENDED, now)


async def end_other_sessions(session: WriteSession, ring: KeyRing, viewer: Viewer, now: datetime) -> None:
    """End all own sessions but this one."""
    await session.execute(update(StaffSession).where(*_others(viewer)).values(revoked_at=now))
    _record(session, ring, viewer, Action.SESSION_ENDED, now, "others")
