"""Rows of the inbox and the outbox, made without a webhook."""

from datetime import datetime
from typing import Any

from intake.base.database import Database
from intake.base.ids import new_id
from intake.base.sealing import KeyRing
from intake.conversations.models import Author, Conversation
from intake.conversations.service import say
from intake.inbox.models import InboxStatus
from intake.residents.models import Resident
from intake.wording.bubbles import TextBubble, Utterance

CITY = "aizuwakamatsu"


def inbox_row(now: datetime, event_id: str, *, lane: str = "lane", occurred_at: datetime | None = None) -> dict[str, Any]:
    return {
        "id": new_id(now),
        "municipality": CITY,
        "account": "main",
        "event_id": event_id,
        "lane": lane,
        "occurred_at": occurred_at or now,
        "received_at": now,
        "sealed_payload": b"sealed",
        "status": InboxStatus.PENDING,
        "attempts": 0,
        "next_at": now,
    }


async def make_talk(database: Database, ring: KeyRing, user: str, now: datetime) -> Conversation:
    async with database.write() as session:
        resident = Resident(id=new_id(now), municipality=CITY, account="main", lane=user, handle=user, created_at=now)
        resident.sealed_user = ring.seal(user, resident.place(), now)
        session.add(resident)
        await session.flush()
        talk = Conversation(id=new_id(now), municipality=CITY, account="main", resident_id=resident.id, opened_at=now, epoch=0)
        session.add(talk)
    return talk


async def say_all(database: Database, ring: KeyRing, talk: Conversation, words: list[str], now: datetime) -> None:
    async with database.write() as session:
        for word in words:
            say(session, ring, talk, Utterance(bubbles=(TextBubble(text=word),)), author=Author.BOT, now=now)
