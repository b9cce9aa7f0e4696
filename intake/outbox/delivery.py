"""Taking messages out of the outbox: the head of each resident's lane, under a lease, and writing down what became of it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from pydantic import ValidationError
from sqlalchemy import Integer, Select, bindparam, exists, or_, select, update
from sqlalchemy.orm import aliased

from intake.base.database import WriteSession
from intake.base.sealing import KeyRing, UnreadableError
from intake.base.tables import Utc
from intake.conversations.models import Message
from intake.conversations.service import open_utterance
from intake.events.models import EventName
from intake.events.service import record_event
from intake.outbox.models import OutboxItem, OutboxStatus
from intake.outbox.policy import Attempt, Verdict, Way, choose_way
from intake.residents.models import Resident
from intake.wording.bubbles import Utterance

LEASE = timedelta(seconds=30)
_UNFINISHED = (OutboxStatus.WAITING, OutboxStatus.SENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A claimed message, opened, with the way that it goes. ``attempt`` is as it stood before this send.

    ``unreadable`` is True where it could not be opened, e.g. because its key was destroyed; the others go on all the same.
    """

    item: OutboxItem
    attempt: Attempt
    way: Way
    author: str
    utterance: Utterance | None
    user_id: str | None
    reply_token: str | None
    blocked: bool
    unreadable: bool = False


def _heads() -> Select[OutboxItem, Message, Resident]:
    """Build the search once; building it anew for each message would cost more than running it."""
    now = bindparam("_now", type_=Utc())
    earlier = aliased(OutboxItem)
    in_the_way = exists().where(earlier.resident_id == OutboxItem.resident_id, earlier.status.in_(_UNFINISHED), earlier.id < OutboxItem.id)
    return (
        select(OutboxItem, Message, Resident)
        .join(Message, Message.id == OutboxItem.message_id)
        .join(Resident, Resident.id == OutboxItem.resident_id)
        .where(
            OutboxItem.status.in_(_UNFINISHED),
            OutboxItem.next_at <= now,
            or_(OutboxItem.lease_until.is_(None), OutboxItem.lease_until < now),
            ~in_the_way,
        )
        .order_by(OutboxItem.next_at, OutboxItem.id)
        .limit(bindparam("_limit", type_=Integer()))
        .with_for_update(skip_locked=True, of=OutboxItem)
    )


_HEADS = _heads()


async def claim_parcels(session: WriteSession, ring: KeyRing, now: datetime, limit: int) -> Sequence[Parcel]:
    """Claim the heads of up to ``limit`` lanes. What is about to be tried is noted before it is tried."""
    found = (await session.execute(_HEADS, {"_now": now, "_limit": limit})).all()
    return [_pack(item, message, resident, ring, now) for item, message, resident in found]


def _pack(item: OutboxItem, message: Message, resident: Resident, ring: KeyRing, now: datetime) -> Parcel:
    attempt = Attempt(
        created_at=item.created_at,
        reply_until=item.reply_until,
        reply_tried_at=item.reply_tried_at,
        first_push_at=item.first_push_at,
        attempts=item.attempts,
        not_after=item.not_after,
    )
    way = choose_way(attempt, now)
    item.status = OutboxStatus.SENDING
    item.attempts += 1
    item.lease_until = now + LEASE
    item.claim_token = secrets.token_hex(16)
    if way is Way.REPLY:
        item.reply_tried_at = item.reply_tried_at or now
    elif way is Way.PUSH:
        item.first_push_at = item.first_push_at or now
    opened = _open(item, message, resident, ring)
    return Parcel(
        item=item,
        attempt=attempt,
        way=way,
        author=message.author.value,
        utterance=None if opened is None else opened.utterance,
        user_id=None if opened is None else opened.user_id,
        reply_token=None if opened is None else opened.reply_token,
        blocked=resident.blocked_at is not None,
        unreadable=opened is None,
    )


class _Opened(NamedTuple):
    utterance: Utterance | None
    user_id: str | None
    reply_token: str | None


def _open(item: OutboxItem, message: Message, resident: Resident, ring: KeyRing) -> _Opened | None:
    try:
        return _Opened(
            utterance=open_utterance(ring, message),
            user_id=None if resident.sealed_user is None else ring.open(resident.sealed_user, resident.place()),
            reply_token=None if item.sealed_reply_token is None else ring.open(item.sealed_reply_token, item.place()),
        )
    except (UnreadableError, ValidationError):
        return None


async def settle_parcel(session: WriteSession, parcel: Parcel, verdict: Verdict, *, now: datetime, request_id: str | None = None) -> bool:
    """Write down what became of a message. False when the lease was lost meanwhile; then the other holder's word counts."""
    values: dict[str, object] = {"status": verdict.status, "lease_until": None, "claim_token": None, "reason": verdict.reason}
    if verdict.status is OutboxStatus.WAITING:
        values["next_at"] = now + verdict.pause
    else:
        values |= {"finished_at": now, "sealed_reply_token": None}
    if verdict.reply_untried or verdict.drop_token:
        values["reply_tried_at"] = None
    if verdict.drop_token:
        values |= {"sealed_reply_token": None, "reply_until": None}
    if request_id is not None:
        values["line_request_id"] = request_id[:80]
    settle = (
        update(OutboxItem)
        .where(OutboxItem.id == parcel.item.id, OutboxItem.claim_token == parcel.item.claim_token)
        .values(**values)
        .returning(OutboxItem.message_id)
        .execution_options(synchronize_session=False)
    )
    message_id = (await session.execute(settle)).scalar_one_or_none()
    if message_id is None:
        return False
    if verdict.status is not OutboxStatus.WAITING:
        await _tell(session, message_id, now)
    return True


async def _tell(session: WriteSession, message_id: str, now: datetime) -> None:
    message = (await session.scalars(select(Message).where(Message.id == message_id))).one()
    record_event(session, EventName.SEND_CHANGED, municipality=message.municipality, at=now, conversation_id=message.conversation_id)


async def drop_leases(session: WriteSession) -> None:
    """Forget all leases; only for a start that knows that no other process works on this database."""
    await session.execute(
        update(OutboxItem).where(OutboxItem.status == OutboxStatus.SENDING).values(lease_until=None, status=OutboxStatus.WAITING)
    )
