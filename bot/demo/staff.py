"""The invented staff of the demo, with one password that is new at every start and shown once."""

import secrets
from dataclasses import dataclass

from sqlalchemy import update

from bot.data import DEMO_CITY
from bot.runtime import Runtime
from handoff.accounts.models import Role, Staff
from handoff.accounts.passwords import Passwords
from handoff.accounts.staff import add_staff, find_staff
from handoff.accounts.viewer import Viewer


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One invented account."""

    login: str
    name: str
    role: Role
    windows: tuple[str, ...]


ACCOUNTS = (
    DemoAccount("uketsuke", "受付（見本）", Role.RECEPTION, ("aizu-w15",)),
    DemoAccount("soudan", "相談員（見本）", Role.RECEPTION, ("aizu-w14", "aizu-w15")),
    DemoAccount("sekinin", "責任者（見本）", Role.MANAGER, ("aizu-w14", "aizu-w15")),
)


async def seed_staff(runtime: Runtime) -> tuple[str, dict[str, Viewer]]:
    """Make the accounts, or give them a new password. Returns the password and the accounts by login."""
    password = secrets.token_urlsafe(9)
    hashed = await Passwords().hash(password)
    now = runtime.clock.now()
    viewers = {}
    for account in ACCOUNTS:
        async with runtime.database.write() as session:
            staff = await find_staff(session, DEMO_CITY, account.login)
            if staff is None:
                staff = await add_staff(
                    session,
                    municipality=DEMO_CITY,
                    login=account.login,
                    display_name=account.name,
                    role=account.role,
                    window_ids=account.windows,
                    password_hash=hashed,
                    now=now,
                    demo=True,
                )
            else:
                await session.execute(update(Staff).where(Staff.id == staff.id).values(password_hash=hashed))
            viewers[account.login] = Viewer(
                staff_id=staff.id,
                municipality=DEMO_CITY,
                display_name=account.name,
                role=account.role,
                windows=frozenset(account.windows),
                demo=True,
            )
    return password, viewers
