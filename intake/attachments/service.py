"""Attachments on their way: announced with the message, claimed, kept piece by piece, settled; erased with the words. Commits nothing."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update

from intake.attachments.models import Attachment, AttachmentPart, AttachmentStatus, MediaKind
from intake.base.database import ReadSession, WriteSession
from intake.base.ids import new_id
from intake.base.sealing import KeyRing
from intake.conversations.models import Message
from intake.events.models import EventName
from intake.events.service import record_event

LEASE = timedelta(seconds=120)
PIECE = 1_000_000
"""So many bytes are sealed and written at a time: a write must stay short, for on SQLite all others wait for it."""
TOPIC = "attachments"
UNREAD = (AttachmentStatus.WAITING, AttachmentStatus.FETCHING, AttachmentStatus.KEPT)
"""What a person can, or will soon be able to, look at."""
_UNFINISHED = (AttachmentStatus.WAITING, AttachmentStatus.FETCHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """What a message says of its attachment. None of it is trusted."""

    kind: MediaKind
    name: str = ""
    external: bool = False
    """It lies on somebody else's server; we never go there."""


async def announce(session: WriteSession, ring: KeyRing, message: Message, media: Media, *, now: datetime) -> None:
    """Note the attachment of a message that was just stored, and wake whoever fetches."""
    if message.line_message_id is None:
        return
    await session.flush()
    row = Attachment(
        id=new_id(now),
        municipality=message.municipality,
        account=message.account,
        conversation_id=message.conversation_id,
        message_id=message.id,
        line_message_id=message.line_message_id,
        kind=media.kind,
        status=AttachmentStatus.REFUSED if media.external else AttachmentStatus.WAITING,
        reason="external" if media.external else None,
        next_at=now,
        created_at=now,
    )
    if media.name:
        row.sealed_name = ring.seal(media.name, row.place(), now)
    session.add(row)
    session.wake(TOPIC)


async def claim_attachments(session: WriteSession, now: datetime, limit: int) -> Sequence[Attachment]:
    """Claim what is due to be fetched, the oldest first."""
    free = (Attachment.lease_until.is_(None)) | (Attachment.lease_until < now)
    due = select(Attachment).where(Attachment.status.in_(_UNFINISHED), Attachment.next_at <= now, free)
    rows = (await session.scalars(due.order_by(Attachment.next_at, Attachment.id).limit(limit).with_for_update(skip_locked=True))).all()
    for row in rows:
        row.status = AttachmentStatus.FETCHING
        row.attempts += 1
        row.lease_until = now + LEASE
        row.claim_token = secrets.token_hex(16)
    return rows


async def keep_piece(session: WriteSession, ring: KeyRing, row: Attachment, number: int, piece: bytes, *, now: datetime) -> bool:
    """Keep one piece under the claim. False where the claim is lost, e.g. because the resident has taken the message back."""
    if not await _holds(session, row, lease_until=now + LEASE):
        return False
    if number == 0:
        await session.execute(delete(AttachmentPart).where(AttachmentPart.attachment_id == row.id))
    part = AttachmentPart(attachment_id=row.id, number=number, municipality=row.municipality)
    part.sealed_bytes = ring.seal_bytes(piece, part.place(), now)
    session.add(part)
    return True


async def settle(session: WriteSession, row: Attachment, *, now: datetime, **values: object) -> bool:
    """Write down what became of a fetch. False when the claim was lost meanwhile; then the other word counts."""
    if not await _holds(session, row, lease_until=None, claim_token=None, **values):
        return False
    record_event(session, EventName.SEND_CHANGED, municipality=row.municipality, at=now, conversation_id=row.conversation_id)
    return True


async def _holds(session: WriteSession, row: Attachment, **values: object) -> bool:
    mine = (Attachment.id == row.id, Attachment.claim_token == row.claim_token)
    change = update(Attachment).where(*mine).values(**values).returning(Attachment.id)
    found = await session.execute(change.execution_options(synchronize_session=False))
    return found.scalar_one_or_none() is not None


async def try_again(session: WriteSession, row: Attachment, *, now: datetime) -> None:
    """Have an attachment fetched once more that was given up."""
    row.status, row.reason, row.attempts, row.next_at = AttachmentStatus.WAITING, None, 0, now
    session.wake(TOPIC)


async def erase_attachments(session: WriteSession, where: ColumnElement[bool]) -> None:
    """Erase the content and the names of attachments; a fetch that is under way keeps nothing any more."""
    chosen = select(Attachment.id).where(where)
    await session.execute(delete(AttachmentPart).where(AttachmentPart.attachment_id.in_(chosen)))
    gone = {"status": AttachmentStatus.ERASED, "sealed_name": None, "claim_token": None, "lease_until": None, "reason": None}
    await session.execute(update(Attachment).where(where).values(**gone))


async def content_of(session: ReadSession, ring: KeyRing, row: Attachment) -> bytes:
    """Return the whole content. Raises :class:`UnreadableError` where a piece cannot be opened."""
    parts = await session.scalars(select(AttachmentPart).where(AttachmentPart.attachment_id == row.id).order_by(AttachmentPart.number))
    return b"".join(ring.open_bytes(part.sealed_bytes, part.place()) for part in parts)


async def drop_leases(session: WriteSession) -> None:
    """Forget all leases; only for a start that knows that no other process works on this database."""
    held = update(Attachment).where(Attachment.status == AttachmentStatus.FETCHING)
    await session.execute(held.values(status=AttachmentStatus.WAITING, lease_until=None))
