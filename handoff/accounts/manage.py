"""Managing accounts: who may touch whose, rights, closing, reopening, letting in again. Everything goes on record."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, delete, func, select, update

from handoff.accounts.config import AccountsConfig
from handoff.accounts.errors import AccountDataError, NotAllowedError
from handoff.accounts.factor_models import InvitationKind, SecondFactor
from handoff.accounts.invitations import make_link
from handoff.accounts.leaving import check_home, hand_on
from handoff.accounts.models import Organisation, Role, Staff, StaffOrganisation, StaffSession, StaffWindow
from handoff.accounts.permissions import GIVEN_BY_MANAGERS, allows
from handoff.accounts.second import attempts_key
from handoff.accounts.staff import add_staff, check_names, check_windows, disable_staff, tidy_login
from handoff.accounts.throttle import forget_attempts
from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.audit.models import Action
from handoff.audit.record import record_audit
from intake.base.database import ReadSession, WriteSession
from intake.base.errors import NotFoundError
from intake.base.sealing import KeyRing
from intake.conversations.models import Conversation
from routing.city import City

_NO_PASSWORD = "!"  # noqa: S105 - fits no password at all, until the invited person chooses one
_UNKNOWN = "この職員は見つかりません。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An account as its manager sees it."""

    staff: Staff
    windows: frozenset[str]
    factors: int
    held: int
    """Open talks."""
    seen_at: datetime | None
    home: str
    """The organisation; empty for the city itself."""
    touchable: bool = field(default=False)
    """Whether the viewer may change it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What an account may see."""

    role: Role
    windows: frozenset[str]


def may_touch(viewer: Viewer, staff: Staff, windows: Collection[str]) -> bool:
    """Tell whether the viewer may change an account: never the own one; a manager only people of the own windows, below managers."""
    if staff.municipality != viewer.municipality or staff.id == viewer.staff_id:
        return False
    if viewer.may(Permission.MANAGE_ALL_STAFF):
        return True
    return viewer.may(Permission.MANAGE_STAFF) and staff.role in GIVEN_BY_MANAGERS and bool(viewer.windows & set(windows))


def may_see(viewer: Viewer, staff: Staff, windows: Collection[str]) -> bool:
    """Tell whether the viewer finds an account in the list: colleagues of the own windows; all for those who manage all."""
    if staff.municipality != viewer.municipality or not viewer.may(Permission.MANAGE_STAFF):
        return False
    return viewer.may(Permission.MANAGE_ALL_STAFF) or bool(viewer.windows & set(windows)) or staff.id == viewer.staff_id


def may_answer(staff: Staff) -> bool:
    """Tell whether somebody can take talks."""
    return allows(staff.role, Permission.ANSWER)


async def list_members(session: ReadSession, viewer: Viewer) -> Sequence[Member]:
    """Return the accounts that the viewer may see, open ones first, in six queries however many there are."""
    rows = (await session.scalars(select(Staff).where(Staff.municipality == viewer.municipality).order_by(Staff.login))).all()
    ids = [row.id for row in rows]
    windows: dict[str, set[str]] = {key: set() for key in ids}
    for place in await session.scalars(select(StaffWindow).where(StaffWindow.staff_id.in_(ids))):
        windows[place.staff_id].add(place.window_id)
    factors = await _per_staff(session, select(SecondFactor.staff_id, func.count()).group_by(SecondFactor.staff_id))
    held_by = select(Conversation.owner, func.count()).where(
        Conversation.municipality == viewer.municipality, Conversation.owner.is_not(None), Conversation.closed_at.is_(None)
    )
    held = await _per_staff(session, held_by.group_by(Conversation.owner))
    seen = await _per_staff(session, select(StaffSession.staff_id, func.max(StaffSession.seen_at)).group_by(StaffSession.staff_id))
    homes = await homes_of(session, viewer.municipality)
    members = [
        Member(
            staff=row,
            windows=frozenset(windows[row.id]),
            factors=factors.get(row.id, 0),
            held=held.get(row.id, 0),
            seen_at=seen.get(row.id),
            home=homes[row.id].name if row.id in homes else "",
            touchable=may_touch(viewer, row, windows[row.id]),
        )
        for row in rows
        if may_see(viewer, row, windows[row.id])
    ]
    return sorted(members, key=lambda member: member.staff.disabled_at is not None)


async def homes_of(session: ReadSession, municipality: str) -> Mapping[str, Organisation]:
    """Return the organisation of each member of staff who does not belong to the city itself, in one query."""
    query = (
        select(StaffOrganisation.staff_id, Organisation)
        .join(Organisation, Organisation.id == StaffOrganisation.organisation_id)
        .where(Organisation.municipality == municipality)
    )
    return {row.staff_id: row.Organisation for row in await session.execute(query)}


async def _per_staff(session: ReadSession, query: Executable) -> dict[str, Any]:
    return {row[0]: row[1] for row in await session.execute(query)}


async def windows_of(session: ReadSession, staff_id: str) -> frozenset[str]:
    """Return the windows of somebody."""
    return frozenset(await session.scalars(select(StaffWindow.window_id).where(StaffWindow.staff_id == staff_id)))


async def get_touchable(session: ReadSession, viewer: Viewer, staff_id: str) -> Staff:
    """Return an account that the viewer may change. For anybody else it does not exist."""
    check_permission(viewer, Permission.MANAGE_STAFF)
    staff = await session.get(Staff, staff_id)
    if staff is None or not may_touch(viewer, staff, await windows_of(session, staff_id)):
        raise NotFoundError(_UNKNOWN)
    return staff


def check_rights(viewer: Viewer, rights: Rights, city: City) -> None:
    """Refuse rights that the viewer may not give, or that make no sense."""
    if not viewer.may(Permission.MANAGE_ALL_STAFF):
        if rights.role not in GIVEN_BY_MANAGERS:
            raise NotAllowedError("この役割を付けられるのは、システム管理の担当だけです。")
        if not rights.windows <= viewer.windows:
            raise NotAllowedError("付けられるのは、自分が担当する窓口だけです。")
    check_windows(city, rights.role, rights.windows)


def _record(session: WriteSession, ring: KeyRing, viewer: Viewer, action: Action, staff_id: str, now: datetime, details: str = "") -> None:
    record_audit(
        session,
        ring,
        municipality=viewer.municipality,
        actor=viewer.staff_id,
        action=action,
        subject=staff_id,
        details=details,
        now=now,
    )


async def invite(
    session: WriteSession,
    ring: KeyRing,
    config: AccountsConfig,
    viewer: Viewer,
    city: City,
    *,
    login: str,
    display_name: str,
    rights: Rights,
    now: datetime,
) -> tuple[Staff, str]:
    """Make an account without a password and a link for its person; return both. The link is never seen again."""
    check_permission(viewer, Permission.MANAGE_STAFF)
    login = tidy_login(login)
    check_names(login, display_name)
    check_rights(viewer, rights, city)
    staff = await add_staff(
        session,
        municipality=viewer.municipality,
        login=login,
        display_name=display_name.strip(),
        role=rights.role,
        window_ids=rights.windows,
        password_hash=_NO_PASSWORD,
        now=now,
    )
    _record(session, ring, viewer, Action.STAFF_ADDED, staff.id, now, words_of(rights))
    return staff, await make_link(session, ring, config, staff, InvitationKind.ACCOUNT, made_by=viewer.staff_id, now=now)


async def reset(
    session: WriteSession, ring: KeyRing, config: AccountsConfig, viewer: Viewer, staff_id: str, kind: InvitationKind, now: datetime
) -> str:
    """Make a link for a forgotten password or a lost second factor. Nothing changes before the person uses it."""
    staff = await get_touchable(session, viewer, staff_id)
    if staff.disabled_at is not None:
        raise AccountDataError("停止しているアカウントです。先に再開してください。")
    if staff.password_hash == _NO_PASSWORD:
        kind = InvitationKind.ACCOUNT
    return await make_link(session, ring, config, staff, kind, made_by=viewer.staff_id, now=now)


def words_of(rights: Rights) -> str:
    """Return rights as the record keeps them."""
    return f"{rights.role}:{','.join(sorted(rights.windows))}"


async def change_rights(
    session: WriteSession, ring: KeyRing, viewer: Viewer, city: City, staff_id: str, rights: Rights, now: datetime
) -> None:
    """Change role and windows; they hold from the next request on. Windows that the viewer does not manage stay as they are."""
    staff = await get_touchable(session, viewer, staff_id)
    before = Rights(role=staff.role, windows=await windows_of(session, staff_id))
    check_rights(viewer, rights, city)
    if not viewer.may(Permission.MANAGE_ALL_STAFF):
        rights = Rights(role=rights.role, windows=rights.windows | (before.windows - viewer.windows))
    if rights == before:
        return
    staff.role = rights.role
    await session.execute(delete(StaffWindow).where(StaffWindow.staff_id == staff_id))
    session.add_all(StaffWindow(staff_id=staff_id, window_id=window) for window in sorted(rights.windows))
    await session.flush()
    _record(session, ring, viewer, Action.RIGHTS_CHANGED, staff_id, now, f"{words_of(before)} -> {words_of(rights)}")


async def close_account(session: WriteSession, ring: KeyRing, viewer: Viewer, staff_id: str, *, to: str, now: datetime) -> int:
    """Close the account of somebody who leaves and hand the open talks on, to a colleague or (``to`` empty) back to the queue.

    A manager closes nobody who also works for a window of another manager: there only the own windows are taken away.
    """
    staff = await get_touchable(session, viewer, staff_id)
    windows = await windows_of(session, staff_id)
    if not viewer.may(Permission.MANAGE_ALL_STAFF) and not windows <= viewer.windows:
        raise NotAllowedError("ほかの窓口も担当している職員です。「役割と窓口」で自分の窓口を外すか、システム管理の担当へ頼んでください。")
    colleague = await _colleague(session, viewer, staff_id, to) if to else None
    moved = await hand_on(session, staff, to=colleague, actor=viewer.staff_id, now=now)
    await disable_staff(session, staff_id, now)
    _record(session, ring, viewer, Action.STAFF_CLOSED, staff_id, now)
    if moved:
        _record(session, ring, viewer, Action.TALKS_HANDED_ON, staff_id, now, f"{moved} -> {to or 'queue'}")
    return moved


async def _colleague(session: WriteSession, viewer: Viewer, leaver: str, staff_id: str) -> Staff:
    staff = await session.get(Staff, staff_id)
    if staff is None or staff_id == leaver or not may_see(viewer, staff, await windows_of(session, staff_id)):
        raise NotFoundError(_UNKNOWN)
    if staff.disabled_at is not None or not may_answer(staff):
        raise AccountDataError("引き継ぐ相手は、いま相談を受けられる職員から選んでください。")
    return staff


async def reopen_account(session: WriteSession, ring: KeyRing, config: AccountsConfig, viewer: Viewer, staff_id: str, now: datetime) -> str:
    """Open a closed account again, with a link to a new password."""
    staff = await get_touchable(session, viewer, staff_id)
    await check_home(session, staff_id)
    staff.disabled_at = None
    _record(session, ring, viewer, Action.STAFF_REOPENED, staff_id, now)
    return await make_link(session, ring, config, staff, InvitationKind.PASSWORD, made_by=viewer.staff_id, now=now)


async def unlock(session: WriteSession, ring: KeyRing, viewer: Viewer, staff_id: str, now: datetime) -> None:
    """Let somebody try again at once."""
    staff = await get_touchable(session, viewer, staff_id)
    staff.locked_until = None
    await forget_attempts(session, attempts_key(ring, staff_id))
    _record(session, ring, viewer, Action.UNLOCKED, staff_id, now)


async def end_sessions(session: WriteSession, ring: KeyRing, viewer: Viewer, staff_id: str, now: datetime) -> None:
    """Put somebody out of all browsers, as when a device was lost."""
    await get_touchable(session, viewer, staff_id)
    live = (StaffSession.staff_id == staff_id, StaffSession.revoked_at.is_(None))
    await session.execute(update(StaffSession).where(*live).values(revoked_at=now))
    _record(session, ring, viewer, Action.SESSION_ENDED, staff_id, now, "all")
