"""Accounts of staff: adding one, finding one, closing one, and logging in."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update

from handoff.accounts.config import AccountsConfig
from handoff.accounts.enrol import has_factor
from handoff.accounts.errors import AccountDataError, LockedError, LoginRefusedError
from handoff.accounts.factor_models import StepKind
from handoff.accounts.models import Role, Staff, StaffSession, StaffWindow
from handoff.accounts.passwords import Passwords
from handoff.accounts.permissions import ROLE_WORDS
from handoff.accounts.second import LOCKED, record_about
from handoff.accounts.sessions import open_session
from handoff.accounts.steps import begin_step
from handoff.accounts.throttle import count_attempt, forget_attempts
from handoff.audit.models import Action
from intake.base.database import Database, ReadSession, WriteSession
from intake.base.ids import new_id
from intake.base.sealing import KeyRing
from routing.city import City

_LOGIN = re.compile(r"\w[\w.@-]{0,79}")
_NEED_WINDOWS = frozenset({Role.COUNSELLOR, Role.SUPERVISOR, Role.MANAGER})
_NAME_LENGTH = 20
"""LINE shows at most 20 characters of a sender's name."""


def tidy_login(login: str) -> str:
    """Return a login as it is stored: full-width letters, as an IME may leave them, mean the same as plain ones."""
    return unicodedata.normalize("NFKC", login).strip()


def check_new_staff(login: str, display_name: str, password: str, config: AccountsConfig) -> None:
    """Refuse what cannot be an account, and say what would be right."""
    check_names(login, display_name)
    check_new_password(password, config)


def check_names(login: str, display_name: str) -> None:
    """Refuse what cannot be a login or a name to be shown."""
    if not _LOGIN.fullmatch(login):
        raise AccountDataError("ログインIDは文字・数字と . _ @ - で80文字以内にしてください（空白は使えません）。")
    if not display_name.strip() or len(display_name) > _NAME_LENGTH:
        raise AccountDataError(f"表示名は1文字以上{_NAME_LENGTH}文字以内にしてください（住民にも見えます）。")


def check_new_password(password: str, config: AccountsConfig) -> None:
    """Refuse a password that is too short. Nothing else is demanded of it: length is what counts."""
    if len(password) < config.shortest_password:
        raise AccountDataError(f"パスワードは{config.shortest_password}文字以上にしてください。")


def check_windows(city: City, role: Role, windows: Collection[str]) -> None:
    """Refuse windows that the directory does not hold, and a counsellor without any, who would see nothing."""
    unknown = sorted(set(windows) - set(city.windows))
    if unknown:
        raise AccountDataError(
            f"{city.name}に窓口「{'、'.join(unknown)}」はありません。使えるのは {'、'.join(sorted(city.windows))} です。"
        )
    if role in _NEED_WINDOWS and not windows:
        raise AccountDataError(f"{ROLE_WORDS[role]}には、担当の窓口を一つ以上指定してください。")


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


class Next(StrEnum):
    """What comes after the password."""

    IN = "in"
    SECOND = "second"
    ENROL = "enrol"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """The password was right. ``token`` is of a session where nothing more is asked, else of the next step."""

    next: Next
    token: str


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
    demo: bool = False,
    agent: str = "",
) -> Passed:
    """Check name and password. ``demo``: a house of invented people asks for no second factor; nor does an invented account.

    Three steps, because a password check takes long and no transaction may wait for it: count the attempt, check, go on.
    """
    login = tidy_login(login)
    key = ring.index("login", municipality, login.casefold(), address)
    async with database.write() as session:
        await count_attempt(session, key, config, now)
        staff = await find_staff(session, municipality, login)
    usable = staff is not None and staff.disabled_at is None
    fits = await passwords.verify(staff.password_hash if staff is not None and usable else None, password)
    if staff is None or not fits:
        if staff is not None:
            async with database.write() as session:
                record_about(session, ring, staff, Action.LOGIN_REFUSED, now, "password")
        raise LoginRefusedError("ログインIDまたはパスワードが違います。")
    async with database.write() as session:
        await forget_attempts(session, key)
        return await go_on(session, ring, config, staff.id, now, demo=demo, agent=agent)


async def enter_known(
    database: Database,
    ring: KeyRing,
    config: AccountsConfig,
    *,
    municipality: str,
    login: str,
    proven: bool,
    now: datetime,
    demo: bool = False,
    agent: str = "",
) -> Passed:
    """Go on for somebody whom a provider that we trust has shown. No account comes into being by it; one that is closed stays closed."""
    async with database.write() as session:
        staff = await find_staff(session, municipality, tidy_login(login))
        if staff is None or staff.disabled_at is not None:
            raise LoginRefusedError("このアカウントは、つなぎに登録されていません。窓口責任者かシステム管理の担当に知らせてください。")
        return await go_on(session, ring, config, staff.id, now, demo=demo, agent=agent, proven=proven)


async def go_on(
    session: WriteSession,
    ring: KeyRing,
    config: AccountsConfig,
    staff_id: str,
    now: datetime,
    *,
    demo: bool = False,
    agent: str = "",
    proven: bool = False,
) -> Passed:
    """Go on after somebody was recognised: to the second factor, to the registration of one, or in. ``proven``: both are seen already."""
    staff = await session.get_one(Staff, staff_id, populate_existing=True)
    if staff.disabled_at is not None:
        raise LoginRefusedError("ログインIDまたはパスワードが違います。")
    if staff.locked_until is not None and staff.locked_until > now:
        raise LockedError(LOCKED)
    if demo or staff.demo or proven:
        record_about(session, ring, staff, Action.LOGGED_IN, now, "oidc" if proven else "demo")
        return Passed(next=Next.IN, token=await open_session(session, staff.id, now, agent=agent))
    if await has_factor(session, staff.id):
        return Passed(next=Next.SECOND, token=await begin_step(session, ring, staff, StepKind.SECOND, config, now))
    if staff.enrolled_at is not None:
        raise LockedError("二つ目の確認が登録されていません。窓口責任者かシステム管理の担当に、再設定のリンクを頼んでください。")
    return Passed(next=Next.ENROL, token=await begin_step(session, ring, staff, StepKind.ENROL, config, now))
