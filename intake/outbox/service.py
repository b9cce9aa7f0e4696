"""Putting what is to be said into the outbox."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from intake.base.database import WriteSession
from intake.base.ids import new_id
from intake.base.sealing import KeyRing
from intake.conversations.models import Conversation, Message
from intake.outbox.models import OutboxItem


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyTicket:
    """LINE's reply token with the moment until which we still use it."""

    token: str
    until: datetime


def enqueue(
    session: WriteSession,
    ring: KeyRing,
    conversation: Conversation,
    message: Message,
    *,
    now: datetime,
    ticket: ReplyTicket | None = None,
    not_after: datetime | None = None,
) -> OutboxItem:
    """Put a message into the outbox, in the commit that decided it. From ``not_after`` on it is not sent any more."""
    item = OutboxItem(
        id=new_id(now),
        municipality=conversation.municipality,
        account=conversation.account,
        resident_id=conversation.resident_id,
        message_id=message.id,
        retry_key=str(uuid.uuid4()),
        created_at=now,
        next_at=now,
        not_after=not_after,
    )
    if ticket is not None:
        item.sealed_reply_token = ring.seal(ticket.token, item.place(), now)
        item.reply_until = ticket.until
    session.add(item)
    session.wake("outbox")
    return item
