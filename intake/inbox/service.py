"""Working on the inbox: storing a group, claiming the head of a lane, finishing, putting back, setting aside."""

import random
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, and_, bindparam, exists, or_, select, update
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningUpdate

from intake.base.database import Database, WriteSession
from intake.base.tables import Utc
from intake.inbox.models import InboxEvent, InboxStatus

LEASE = timedelta(seconds=30)
ATTEMPTS = 8
PLAIN_FROM_ATTEMPT = 6
"""From this attempt on a message is handled without reading it: it goes to a person as it is."""
_UNFINISHED = (InboxStatus.PENDING, InboxStatus.WORKING)
_TABLE = InboxEvent.metadata.tables["inbox"]


class LostClaimError(Exception):
    """The lease ran out and somebody else works on it now; what was done here must not be kept."""


async def store_events(database: Database, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store events durably in one commit; those known already are passed over."""
    await database.insert_group(_TABLE, rows, wake="inbox")


def _claim() -> ReturningUpdate[InboxEvent]:
    """Build the claim once; building it anew for each message would cost more than running it."""
    now = bindparam("_now", type_=Utc())
    other = aliased(InboxEvent)
    before = or_(other.occurred_at < InboxEvent.occurred_at, and_(other.occurred_at == InboxEvent.occurred_at, other.id < InboxEvent.id))
    in_the_way = exists().where(
        other.lane == InboxEvent.lane, other.status.in_(_UNFINISHED), other.id != InboxEvent.id, or_(other.lease_until >= now, before)
    )
    heads = (
        select(InboxEvent.id)
        .where(
            InboxEvent.status.in_(_UNFINISHED),
            InboxEvent.next_at <= now,
            or_(InboxEvent.lease_until.is_(None), InboxEvent.lease_until < now),
            ~in_the_way,
        )
        .order_by(InboxEvent.next_at, InboxEvent.id)
        .limit(bindparam("_limit", type_=Integer()))
        .with_for_update(skip_locked=True)
    )
    return (
        update(InboxEvent)
        .where(InboxEvent.id.in_(heads.scalar_subquery()))
        .values(
            status=InboxStatus.WORKING,
            attempts=InboxEvent.attempts + 1,
            lease_until=bindparam("_until", type_=Utc()),
            claim_token=bindparam("_token"),
        )
        .returning(InboxEvent)
        .execution_options(synchronize_session=False)
    )


_CLAIM = _claim()


async def claim_events(session: WriteSession, now: datetime, limit: int) -> Sequence[InboxEvent]:
    """Claim the heads of up to ``limit`` lanes: one event per resident, the earliest, and only while none of the lane is held."""
    values = {"_now": now, "_limit": limit, "_until": now + LEASE, "_token": secrets.token_hex(16)}
    return (await session.scalars(_CLAIM, values)).all()


async def finish_event(session: WriteSession, event: InboxEvent) -> None:
    """Mark a claimed event as done, in the transaction that did its work, and wipe its payload."""
    await _settle(session, event, status=InboxStatus.DONE, sealed_payload=None, reason=None)


async def put_back_event(session: WriteSession, event: InboxEvent, *, reason: str, now: datetime) -> InboxStatus:
    """Put a failed event back with a growing pause, or set it aside when it has failed too often. Returns what became of it."""
    if event.attempts >= ATTEMPTS:
        await _settle(session, event, status=InboxStatus.SET_ASIDE, reason=reason)
        return InboxStatus.SET_ASIDE
    pause = timedelta(seconds=0.5 * 2 ** (event.attempts - 1) * random.uniform(0.8, 1.2))
    await _settle(session, event, status=InboxStatus.PENDING, next_at=now + pause, reason=reason)
    return InboxStatus.PENDING


async def _settle(session: WriteSession, event: InboxEvent, **values: Any) -> None:
    claimed = and_(InboxEvent.id == event.id, InboxEvent.claim_token == event.claim_token)
    settle = (
        update(InboxEvent)
        .where(claimed)
        .values(lease_until=None, claim_token=None, **values)
        .returning(InboxEvent.id)
        .execution_options(synchronize_session=False)
    )
    if (await session.execute(settle)).scalar_one_or_none() is None:
        raise LostClaimError(event.id)


async def drop_leases(session: WriteSession) -> None:
    """Forget all leases; only for a start that knows that no other process works on this database."""
    await session.execute(
        update(InboxEvent).where(InboxEvent.status == InboxStatus.WORKING).values(lease_until=None, status=InboxStatus.PENDING)
    )
