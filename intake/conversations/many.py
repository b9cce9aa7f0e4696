"""Saying something to many residents in one commit: the same rows as ``service.say`` makes, with one statement per table."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import insert

from intake.base.database import WriteSession
from intake.base.ids import new_id
from intake.base.sealing import KeyRing, Place
from intake.conversations.models import Author, Message
from intake.events.models import EventName
from intake.events.service import record_event
from intake.outbox.models import OutboxItem, OutboxStatus
from intake.wording.bubbles import UTTERANCE, Utterance
from nlp.reading import Risk

_MESSAGE, _OUTBOX = Message.metadata.tables["message"], OutboxItem.metadata.tables["outbox"]


class Talk(Protocol):
    """What must be known of a talk to say something in it."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def municipality(self) -> str:
        """The municipality."""
        ...

    @property
    def account(self) -> str:
        """The LINE account."""
        ...

    @property
    def resident_id(self) -> str:
        """The resident."""
        ...

    @property
    def epoch(self) -> int:
        """The epoch in which it is decided."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """One thing to say, and until when it may be sent."""

    talk: Talk
    utterance: Utterance
    not_after: datetime | None = None


async def say_many(session: WriteSession, ring: KeyRing, sayings: Sequence[Saying], *, author: Author, now: datetime) -> list[str]:
    """Say each of them: message, outbox row and event in one commit. Returns the ids of the messages, in the same order."""
    if not sayings:
        return []
    ids = [new_id(now) for _ in sayings]
    await session.execute(insert(_MESSAGE), [_message(ring, saying, key, author, now) for saying, key in zip(sayings, ids, strict=True)])
    await session.execute(insert(_OUTBOX), [_parcel(saying, key, now) for saying, key in zip(sayings, ids, strict=True)])
    for saying in sayings:
        talk = saying.talk
        record_event(session, EventName.MESSAGE_WRITTEN, municipality=talk.municipality, at=now, conversation_id=talk.id)
    session.wake("outbox")
    return ids


def _message(ring: KeyRing, saying: Saying, key: str, author: Author, now: datetime) -> dict[str, object]:
    talk = saying.talk
    place = Place("message", "sealed_body", talk.municipality, key)
    return {
        "id": key,
        "municipality": talk.municipality,
        "account": talk.account,
        "conversation_id": talk.id,
        "author": author,
        "kind": "utterance",
        "risk": Risk.NONE,
        "epoch": talk.epoch,
        "sealed_body": ring.seal(UTTERANCE.dump_json(saying.utterance).decode(), place, now),
        "occurred_at": now,
        "created_at": now,
    }


def _parcel(saying: Saying, key: str, now: datetime) -> dict[str, object]:
    return {
        "id": new_id(now),
        "municipality": saying.talk.municipality,
        "account": saying.talk.account,
        "resident_id": saying.talk.resident_id,
        "message_id": key,
        "retry_key": str(uuid.uuid4()),
        "status": OutboxStatus.WAITING,
        "attempts": 0,
        "created_at": now,
        "next_at": now,
        "not_after": saying.not_after,
    }
