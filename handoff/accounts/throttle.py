"""Slowing down guesses: a growing wait per account and address, counted in the database so that all processes count together."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from handoff.accounts.config import AccountsConfig
from handoff.accounts.errors import LoginTooSoonError
from handoff.accounts.models import FailedLogin
from intake.base.database import WriteSession
from intake.base.ids import new_id


def delay_after(failures: int, config: AccountsConfig) -> timedelta:
    """Return the wait that so many failures cost: none at first, then 1, 2, 4 … seconds up to the longest."""
    extra = failures - config.free_failures
    if extra < 0:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(extra, 10)), config.longest_delay)


async def count_attempt(session: WriteSession, key: str, config: AccountsConfig, now: datetime) -> None:
    """Count a login before its password is looked at, so that a hundred at once are not all the first; refuse one that comes too soon."""
    if session.get_bind().dialect.name == "postgresql":
        # SQLite has one writer; here two attempts at once must not both see the old count.
        await session.execute(select(func.pg_advisory_xact_lock(int(key[:15], 16))))
    await session.execute(delete(FailedLogin).where(FailedLogin.at < now - config.failures_count_for))
    failures, last = (await session.execute(select(func.count(), func.max(FailedLogin.at)).where(FailedLogin.key == key))).one()
    if last is not None:
        left = last + delay_after(failures, config) - now
        if left > timedelta(0):
            seconds = -(-left // timedelta(seconds=1))
            raise LoginTooSoonError(f"続けて失敗したため、あと{seconds}秒お待ちください。", seconds=seconds)
    session.add(FailedLogin(id=new_id(now), key=key, at=now))


async def forget_attempts(session: WriteSession, key: str) -> None:
    """Forget the failures of an account and address: somebody got in."""
    await session.execute(delete(FailedLogin).where(FailedLogin.key == key))
