"""The way of a word that is due: filed as a row, claimed with a lease, judged by the facts of that moment, put into the outbox, settled.

Any number of processes may do this at once, die at any point, and begin again: rows are the truth, and each step is one commit.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, and_, bindparam, func, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningUpdate

from intake.base.database import WriteSession
from intake.base.tables import Utc
from intake.checkins.models import CheckinContact, CheckinPlan, ContactState
from intake.checkins.plan import End
from intake.checkins.rhythm import offsets
from intake.checkins.service import CheckinContext, calendar_for, end_plan, replan
from intake.outbox.models import OutboxItem, OutboxStatus
from intake.residents.models import Resident

FILE_BATCH = 500
BATCH = 100
"""So many words are decided in one commit: enough to be quick, few enough to keep nobody waiting at the one writer of SQLite."""
LEASE = timedelta(seconds=60)
_TABLE = CheckinContact.metadata.tables["checkin_contact"]
_PLAN = CheckinPlan.metadata.tables["checkin_plan"]
_NEXT = (
    CheckinPlan.id,
    CheckinPlan.municipality,
    CheckinPlan.next_at,
    CheckinPlan.next_not_after,
    CheckinPlan.next_step,
    CheckinPlan.next_farewell,
    CheckinPlan.began_at,
    CheckinPlan.deferrals,
)


async def file_due(session: WriteSession, municipalities: Sequence[str], now: datetime, limit: int = FILE_BATCH) -> int:
    """File up to ``limit`` words that are due in these municipalities; returns how many plans were taken."""
    due = (CheckinPlan.municipality.in_(municipalities), CheckinPlan.next_at <= now)
    found = (
        await session.execute(select(*_NEXT).where(*due).order_by(CheckinPlan.next_at).limit(limit).with_for_update(skip_locked=True))
    ).all()
    if not found:
        return 0
    rows = [
        {
            "plan_id": row.id,
            "due_at": row.next_at,
            "municipality": row.municipality,
            "not_after": row.next_not_after,
            "step": row.next_step,
            "began_at": row.began_at,
            "farewell": row.next_farewell,
            "deferrals": row.deferrals,
            "state": ContactState.DUE,
            "attempts": 0,
        }
        for row in found
    ]
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    await session.execute(dialect.insert(_TABLE).on_conflict_do_nothing(), rows)
    ids = [row.id for row in found]
    values = {"next_at": None, "next_not_after": None, "filed": _PLAN.c.filed + 1}
    await session.execute(update(_PLAN).where(_PLAN.c.id.in_(ids)).values(values))
    return len(found)


def _claim() -> ReturningUpdate[CheckinContact]:
    now = bindparam("_now", type_=Utc())
    free = or_(CheckinContact.lease_until.is_(None), CheckinContact.lease_until < now)
    heads = (
        select(CheckinContact.plan_id, CheckinContact.due_at)
        .where(CheckinContact.state == ContactState.DUE, CheckinContact.due_at <= now, free)
        .order_by(CheckinContact.deferrals.desc(), CheckinContact.due_at)
        .limit(bindparam("_limit", type_=Integer()))
        .with_for_update(skip_locked=True)
    )
    return (
        update(CheckinContact)
        .where(tuple_(CheckinContact.plan_id, CheckinContact.due_at).in_(heads))
        .values(
            attempts=CheckinContact.attempts + 1,
            lease_until=bindparam("_until", type_=Utc()),
            claim_token=bindparam("_token"),
        )
        .returning(CheckinContact)
        .execution_options(synchronize_session=False)
    )


_CLAIM = _claim()


async def claim_contacts(session: WriteSession, now: datetime, limit: int = BATCH) -> Sequence[CheckinContact]:
    """Claim up to ``limit`` words under one token, first those that were put off most often."""
    values: dict[str, Any] = {"_now": now, "_limit": limit, "_until": now + LEASE, "_token": secrets.token_hex(16)}
    return (await session.scalars(_CLAIM, values)).all()


async def settle(session: WriteSession, context: CheckinContext, now: datetime, limit: int = FILE_BATCH) -> int:
    """Look what became of the words in the outbox: sent, in doubt, or never gone out, in which case the plan gets another moment."""
    over = (CheckinContact.state == ContactState.SAID, OutboxItem.status.not_in((OutboxStatus.WAITING, OutboxStatus.SENDING)))
    query = (
        select(CheckinContact, OutboxItem, CheckinPlan, Resident)
        .join(OutboxItem, OutboxItem.message_id == CheckinContact.message_id)
        .join(CheckinPlan, CheckinPlan.id == CheckinContact.plan_id)
        .join(Resident, Resident.id == CheckinPlan.resident_id)
        .where(*over)
        .order_by(CheckinContact.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=(CheckinContact, CheckinPlan))
        .execution_options(populate_existing=True)
    )
    found = (await session.execute(query)).all()
    for contact, item, plan, resident in found:
        contact.state, contact.reason = _fate(item)
        if contact.state is ContactState.RETURNED:
            await _give_back(session, context, contact, plan, resident, now)
        elif contact.farewell and plan.ended_at is None and _still_there(contact, plan):
            end_plan(plan, End.COMPLETED, now)
    return len(found)


def _fate(item: OutboxItem) -> tuple[ContactState, str | None]:
    """Judge by what the outbox knows. What LINE may have taken counts as sent: never twice is worth more than once for sure."""
    if item.status is OutboxStatus.ACCEPTED:
        return ContactState.SENT, None
    if item.status is OutboxStatus.UNCERTAIN or (item.first_push_at is not None and item.reason == "too_late"):
        return ContactState.UNCERTAIN, item.reason
    return ContactState.RETURNED, (item.reason or item.status.value)[:40]


def _still_there(contact: CheckinContact, plan: CheckinPlan) -> bool:
    """Tell whether the plan stands where this word left it; a reply may have begun it anew."""
    steps = len(offsets(plan.rhythm, plan.every_days, heavy=plan.heavy))
    return plan.began_at == contact.began_at and plan.done in {contact.step + 1, steps}


async def _give_back(
    session: WriteSession, context: CheckinContext, contact: CheckinContact, plan: CheckinPlan, resident: Resident, now: datetime
) -> None:
    """Take a word that never went out off the plan, and find it another moment."""
    if plan.ended_at is not None:
        return
    if plan.last_sent_at == contact.decided_at:
        plan.last_sent_at = contact.sent_before
        plan.recent = ";".join(plan.recent.split(";")[1:])
    if _still_there(contact, plan) and contact.reason != "refused":
        plan.done = contact.step
    if plan.began_at == contact.began_at:
        calendar = await calendar_for(session, context.cities[plan.municipality], now)
        replan(plan, resident, calendar, now, late=max(timedelta(0), now - contact.not_after))


async def count_due(session: WriteSession, now: datetime) -> int:
    """Return how many words wait to be decided."""
    waiting = and_(CheckinContact.state == ContactState.DUE, CheckinContact.due_at <= now)
    return await session.scalar(select(func.count()).select_from(CheckinContact).where(waiting)) or 0
