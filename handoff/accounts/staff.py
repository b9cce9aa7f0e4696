"""Accounts of staff: adding one, finding one, closing one, and logging in."""

import re
import unicodedata
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from handoff.accounts.config import AccountsConfig
from handoff.accounts.errors import AccountDataError, LoginRefusedError
from handoff.accounts.models import Role, Staff, StaffSession, StaffWindow
from handoff.accounts.passwords import Passwords
from handoff.accounts.sessions import open_session
from handoff.accounts.throttle import count_attempt, forget_attempts
from intake.base.database import Database, ReadSession, WriteSession
from intake.base.ids import new_id
from intake.base.sealing import KeyRing

_LOGIN = re.compile(r"\w[\w.@-]{0,79}")
_NAME_LENGTH = 20
"""LINE shows at most 20 characters of a sender's name."""


def tidy_login(login: str) -> str:
    """Return a login as it is stored: full-width letters, as an IME may leave them, mean the same as plain ones."""
    return unicodedata.normalize("NFKC", login).strip()


def check_new_staff(login: str, display_name: str, password: str, config: AccountsConfig) -> None:
    """Refuse what cannot be an account, and say what would be right."""
    if not _LOGIN.fullmatch(login):
        raise AccountDataError("ログインIDは文字・数字と . _ @ - で80文字以内にしてください（空白は使えません）。")
    if not display_name.strip() or len(display_name) > _NAME_LENGTH:
        raise AccountDataError(f"表示名は1文字以上{_NAME_LENGTH}文字以内にしてください（住民にも見えます）。")
    if len(password) < config.shortest_password:
        raise AccountDataError(f"パスワードは{config.shortest_password}文字以上にしてください。")


async def add_staff(
    session: WriteSession,
    *,
    municipality: str,
    login: str,
    display_name: str,
    role: Role,
    window_ids: Collection[str],
    password_hash: str,
    now: datetime,
    demo: bool = False,
) -> Staff:
    """Add an account with its windows. The login must be free in the municipality. Whether the windows exist is the caller's to check."""
    if await find_staff(session, municipality, login) is not None:
        raise AccountDataError(f"ログインID「{login}」は、もう使われています。")
    staff = Staff(
        id=new_id(now),
        municipality=municipality,
        login=login,
        display_name=display_name,
        role=role,
        password_hash=password_hash,
        demo=demo,
        created_at=now,
    )
    session.add(staff)
    await session.flush()
    session.add_all(StaffWindow(staff_id=staff.id, window_id=window) for window in sorted(set(window_ids)))
    await session.flush()
    return staff


async def find_staff(session: ReadSession, municipality: str, login: str) -> Staff | None:
    """Return an account by its login, or None."""
    return await session.scalar(select(Staff).where(Staff.municipality == municipality, Staff.login == login))


async def disable_staff(session: WriteSession, staff_id: str, now: datetime) -> None:
    """Close an account. Its sessions end with it, and open streams within seconds."""
    await session.execute(update(Staff).where(Staff.id == staff_id).values(disabled_at=now))
    live = (StaffSession.staff_id == staff_id, StaffSession.revoked_at.is_(None))
    await session.execute(update(StaffSession).where(*live).values(revoked_at=now))


async def authenticate(
    database: Database,
    ring: KeyRing,
    passwords: Passwords,
    config: AccountsConfig,
    *,
    municipality: str,
    login: str,
    password: str,
    address: str,
    now: datetime,
) -> str:
    """Check a login and return the token of a new session.

    Three steps, because a password check takes long and no transaction may wait for it: count the attempt, check, open the session.
    """
    login = tidy_login(login)
    key = ring.index("login", municipality, login.casefold(), address)
    async with database.write() as session:
        await count_attempt(session, key, config, now)
        staff = await find_staff(session, municipality, login)
    usable = staff is not None and staff.disabled_at is None
    fits = await passwords.verify(staff.password_hash if staff is not None and usable else None, password)
    if staff is None or not fits:
        raise LoginRefusedError("ログインIDまたはパスワードが違います。")
    async with database.write() as session:
        await forget_attempts(session, key)
        return await open_session(session, staff.id, now)
