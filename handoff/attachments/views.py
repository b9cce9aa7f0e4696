"""What a talk shows of its attachments."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from handoff.attachments.words import KIND_WORDS, extension_of, state_words, type_words
from intake.attachments.models import Attachment, AttachmentStatus
from intake.attachments.service import UNREAD
from intake.base.database import ReadSession
from intake.base.sealing import KeyRing, UnreadableError

_UNSAFE = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\\/:*?\"<>|%;]+")
_LONGEST = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentView:
    """One attachment in words. ``shown`` is ``picture`` or ``sound`` where a page may draw or play it, else empty."""

    id: str
    kind: str
    name: str
    state: str
    type_words: str
    there: bool
    unread: bool
    shown: str
    may_retry: bool
    opened_at: datetime | None
    opened_by: str


def safe_name(ring: KeyRing, row: Attachment) -> str:
    """Return the name that the resident's file had, without anything that could fool a reader or a file system; empty where none."""
    if row.sealed_name is None:
        return ""
    try:
        name = ring.open(row.sealed_name, row.place())
    except UnreadableError:
        return ""
    return _UNSAFE.sub("_", name).strip(" ._")[:_LONGEST]


def file_name(ring: KeyRing, row: Attachment) -> str:
    """Return the name under which a file is taken out: our ending, whatever the resident's file was called."""
    extension = extension_of(row)
    stem = safe_name(ring, row).rpartition(".")[0] or safe_name(ring, row) or f"{KIND_WORDS[row.kind]}-{row.id[-6:]}"
    return f"{stem}.{extension}"


async def attachments_of(session: ReadSession, conversation_id: str) -> Mapping[str, Attachment]:
    """Return the attachments of a talk by the messages that brought them."""
    rows = await session.scalars(select(Attachment).where(Attachment.conversation_id == conversation_id))
    return {row.message_id: row for row in rows}


def view_of(ring: KeyRing, row: Attachment, names: Mapping[str, str], *, plain: bool) -> AttachmentView:
    """Return an attachment in words. Its name is shown to the holder of the talk alone: it may say who somebody is."""
    there = row.status is AttachmentStatus.KEPT
    kind = (row.media_type or "").partition("/")[0]
    shown = {"image": "picture", "audio": "sound"}.get(kind, "") if there and row.opened_at and row.reason != "not_shown" else ""
    return AttachmentView(
        id=row.id,
        kind=KIND_WORDS[row.kind],
        name=safe_name(ring, row) if plain else "",
        state=state_words(row),
        type_words=type_words(row),
        there=there,
        unread=row.status in UNREAD and row.opened_at is None,
        shown=shown,
        may_retry=row.status is AttachmentStatus.FAILED,
        opened_at=row.opened_at,
        opened_by=names.get(row.opened_by or "", "（退職）") if row.opened_by else "",
    )
