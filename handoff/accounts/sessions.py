"""Sessions: a random token in a cookie, only its hash in the database; found, touched, ended."""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import func, select, update

from handoff.accounts.config import AccountsConfig
from handoff.accounts.models import Staff, StaffSession, StaffWindow
from handoff.accounts.viewer import Viewer
from intake.base.database import Database, ReadSession, WriteSession
from intake.base.ids import new_id

_TOKEN_BYTES = 32
_BETWEEN = "\n"


def token_hash(token: str) -> str:
    """Return what the database knows of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


async def open_session(session: WriteSession, staff_id: str, now: datetime, *, agent: str = "") -> str:
    """Open a session and return its token, which is never seen again."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row = StaffSession(
        token_hash=token_hash(token),
        id=new_id(now),
        agent=agent,
        staff_id=staff_id,
        csrf_token=secrets.token_urlsafe(_TOKEN_BYTES),
        created_at=now,
        seen_at=now,
    )
    session.add(row)
    return token


async def revoke_session(session: WriteSession, hashed: str, now: datetime) -> None:
    """End one session."""
    live = (StaffSession.token_hash == hashed, StaffSession.revoked_at.is_(None))
    await session.execute(update(StaffSession).where(*live).values(revoked_at=now))


async def find_viewers(session: ReadSession, hashes: Collection[str], config: AccountsConfig, now: datetime) -> Mapping[str, Viewer]:
    """Return whoever is behind the live ones among these sessions, with the rights of this moment, in one query."""
    live = (
        StaffSession.token_hash.in_(hashes),
        StaffSession.revoked_at.is_(None),
        StaffSession.seen_at > now - config.idle,
        StaffSession.created_at > now - config.absolute,
        Staff.disabled_at.is_(None),
    )
    chosen = select(func.aggregate_strings(StaffWindow.window_id, _BETWEEN)).where(StaffWindow.staff_id == Staff.id)
    windows = chosen.correlate(Staff).scalar_subquery().label("windows")
    query = select(StaffSession, Staff, windows).join(Staff, Staff.id == StaffSession.staff_id).where(*live)
    rows = (await session.execute(query)).all()
    return {
        row.StaffSession.token_hash: _viewer(row.StaffSession, row.Staff, frozenset((row.windows or "").split(_BETWEEN)) - {""})
        for row in rows
    }


def _viewer(login: StaffSession, staff: Staff, windows: frozenset[str]) -> Viewer:
    return Viewer(
        staff_id=staff.id,
        municipality=staff.municipality,
        display_name=staff.display_name,
        role=staff.role,
        windows=windows,
        login=staff.login,
        session_id=login.id,
        demo=staff.demo,
        single_keys=staff.single_keys,
        token_hash=login.token_hash,
        csrf_token=login.csrf_token,
        seen_at=login.seen_at,
    )


async def find_session(session: ReadSession, token: str, config: AccountsConfig, now: datetime) -> Viewer | None:
    """Return whoever is behind a token, or None when the session is unknown, idle, too old, revoked, or its account closed."""
    hashed = token_hash(token)
    return (await find_viewers(session, [hashed], config, now)).get(hashed)


async def touch_session(database: Database, viewer: Viewer, config: AccountsConfig, now: datetime) -> None:
    """Remember that the person did something, at most once in ``touch_every``."""
    if viewer.seen_at is None or now - viewer.seen_at < config.touch_every:
        return
    async with database.write() as session:
        await session.execute(update(StaffSession).where(StaffSession.token_hash == viewer.token_hash).values(seen_at=now))


async def set_single_keys(session: WriteSession, staff_id: str, *, on: bool) -> None:
    """Switch single-letter keys on or off for a person."""
    await session.execute(update(Staff).where(Staff.id == staff_id).values(single_keys=on))
