"""What LINE says of an account's pushes, as a row: who may ask next, and what was answered. The asking itself is outside."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.dialects import postgresql, sqlite

from intake.base.database import ReadSession, WriteSession
from intake.checkins.models import LineQuota, PushBudget

EVERY = timedelta(hours=6)
AGAIN = timedelta(minutes=15)
"""How long to wait after no answer, and how long one process has for its question before another asks."""
OLD = timedelta(days=2)
"""From then on an answer is too old to be trusted."""


async def is_due(session: ReadSession, account: str, now: datetime) -> bool:
    """Tell whether LINE is to be asked again; a look that writes nothing."""
    fresh = select(exists().where(LineQuota.account == account, LineQuota.next_ask_at > now))
    return not await session.scalar(fresh)


async def claim_question(session: WriteSession, account: str, municipality: str, now: datetime) -> bool:
    """Take the question for this process; False where another was quicker."""
    insert = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert
    row = {"account": account, "municipality": municipality, "used": 0, "next_ask_at": now}
    await session.execute(insert(LineQuota.metadata.tables["line_quota"]).values(row).on_conflict_do_nothing())
    budget = {"account": account, "municipality": municipality, "reserve": 0, "month": "", "used": 0}
    await session.execute(insert(PushBudget.metadata.tables["push_budget"]).values(budget).on_conflict_do_nothing())
    mine = update(LineQuota).where(LineQuota.account == account, LineQuota.next_ask_at <= now).values(next_ask_at=now + AGAIN)
    return await session.scalar(mine.returning(LineQuota.account).execution_options(synchronize_session=False)) is not None


async def keep_answer(session: WriteSession, account: str, *, limit: int | None, used: int, now: datetime) -> None:
    """Keep what LINE said."""
    values = {"monthly_limit": limit, "used": used, "asked_at": now, "next_ask_at": now + EVERY, "failed_at": None, "reason": None}
    await session.execute(update(LineQuota).where(LineQuota.account == account).values(values))


async def keep_silence(session: WriteSession, account: str, *, reason: str, now: datetime) -> None:
    """Keep that LINE gave no answer; what it said before stays, and gets older."""
    values = {"failed_at": now, "reason": reason[:60], "next_ask_at": now + AGAIN}
    await session.execute(update(LineQuota).where(LineQuota.account == account).values(values))
