"""Talks and their messages: finding, opening, reading, and the one way in which we say something."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from intake.base.database import ReadSession, WriteSession
from intake.base.ids import new_id
from intake.base.sealing import KeyRing, UnreadableError
from intake.conversations.models import Author, Conversation, Message
from intake.dialogue.carry import next_contact
from intake.dialogue.codec import dump_state, load_state
from intake.dialogue.turn import Controller, TalkState
from intake.events.models import EventName
from intake.events.service import record_event
from intake.outbox.service import ReplyTicket, enqueue
from intake.residents.models import Resident
from intake.wording.bubbles import UTTERANCE, Utterance

SILENCE_ENDS_CONTACT = timedelta(hours=24)


async def find_open_conversation(session: ReadSession, resident_id: str) -> Conversation | None:
    """Return the open talk of a resident, held against everybody else until the transaction ends."""
    query = select(Conversation).where(Conversation.resident_id == resident_id, Conversation.closed_at.is_(None)).with_for_update()
    return await session.scalar(query)


async def find_conversation(session: ReadSession, municipality: str, conversation_id: str) -> Conversation | None:
    """Return a talk of a municipality, or None."""
    return await session.scalar(select(Conversation).where(Conversation.id == conversation_id, Conversation.municipality == municipality))


async def hold_conversation(session: WriteSession, municipality: str, conversation_id: str) -> Conversation | None:
    """Return a talk as it is now, held against everybody else until the transaction ends: the place where the fence is checked."""
    query = select(Conversation).where(Conversation.id == conversation_id, Conversation.municipality == municipality)
    return await session.scalar(query.with_for_update().execution_options(populate_existing=True))


async def current_conversation(session: WriteSession, ring: KeyRing, resident: Resident, now: datetime) -> Conversation:
    """Return the open talk, or open a new one; a talk with the automatic guide ends after a day of silence.

    A new talk knows of the one before only what keeps the person safe, e.g. that notices must make no sound.
    """
    found = await find_open_conversation(session, resident.id)
    if found is not None:
        last = found.last_resident_at or found.opened_at
        if found.controller is not Controller.BOT or now - last < SILENCE_ENDS_CONTACT:
            return found
        close_conversation(session, found, reason="silence", now=now)
        await session.flush()
    conversation = Conversation(
        id=new_id(now),
        municipality=resident.municipality,
        account=resident.account,
        resident_id=resident.id,
        controller=Controller.BOT,
        epoch=0,
        opened_at=now,
    )
    before = await _last_conversation(session, resident)
    if before is not None:
        write_state(ring, conversation, next_contact(read_state(ring, before)), now)
    session.add(conversation)
    await session.flush()
    return conversation


async def _last_conversation(session: ReadSession, resident: Resident) -> Conversation | None:
    ended = select(Conversation).where(Conversation.resident_id == resident.id, Conversation.closed_at.is_not(None))
    return await session.scalar(ended.order_by(Conversation.id.desc()).limit(1))


_ENDED = "promises_ended"


def ended_promise(session: WriteSession, conversation_id: str) -> datetime | None:
    """Return the promise that stood when this transaction closed a talk; None where none did."""
    ended: dict[str, datetime] = session.info.get(_ENDED, {})
    return ended.get(conversation_id)


def close_conversation(session: WriteSession, conversation: Conversation, *, reason: str, now: datetime, actor: str | None = None) -> None:
    """Close a talk. Whoever held it holds it no more, and what was decided before is under an old epoch."""
    conversation.controller = Controller.BOT
    conversation.owner = None
    conversation.epoch += 1
    conversation.waiting_since = None
    if conversation.promised_by is not None:
        session.info.setdefault(_ENDED, {})[conversation.id] = conversation.promised_by
    conversation.promised_by = None
    conversation.closed_at = now
    conversation.close_reason = reason
    record_event(
        session, EventName.TALK_CLOSED, municipality=conversation.municipality, at=now, conversation_id=conversation.id, actor=actor
    )


def read_state(ring: KeyRing, conversation: Conversation) -> TalkState:
    """Return what the dialogue remembers; who holds the talk is always the row's word.

    A state that cannot be opened must not silence the person: the talk goes on without it, as carefully as if it were unsafe.
    """
    stored: dict[str, Any] = {}
    if conversation.sealed_state is not None:
        try:
            stored = json.loads(ring.open(conversation.sealed_state, conversation.place()))
        except UnreadableError:
            stored = {"unsafe_contact": True}
    return load_state({**stored, "controller": conversation.controller.value})


def write_state(ring: KeyRing, conversation: Conversation, state: TalkState, now: datetime) -> None:
    """Keep what the dialogue remembers, sealed."""
    conversation.sealed_state = ring.seal(json.dumps(dump_state(state), ensure_ascii=False), conversation.place(), now)


def say(
    session: WriteSession,
    ring: KeyRing,
    conversation: Conversation,
    utterance: Utterance,
    *,
    author: Author,
    now: datetime,
    staff_id: str | None = None,
    client_uuid: str | None = None,
    ticket: ReplyTicket | None = None,
    not_after: datetime | None = None,
) -> Message:
    """Say something: message, outbox row and event in one commit, under the epoch of the decision. Not sent from ``not_after`` on."""
    message = Message(
        id=new_id(now),
        municipality=conversation.municipality,
        account=conversation.account,
        conversation_id=conversation.id,
        author=author,
        staff_id=staff_id,
        kind="utterance",
        epoch=conversation.epoch,
        client_uuid=client_uuid,
        occurred_at=now,
        created_at=now,
    )
    message.sealed_body = ring.seal(UTTERANCE.dump_json(utterance).decode(), message.place(), now)
    session.add(message)
    enqueue(session, ring, conversation, message, now=now, ticket=ticket, not_after=not_after)
    record_event(
        session,
        EventName.MESSAGE_WRITTEN,
        municipality=conversation.municipality,
        at=now,
        conversation_id=conversation.id,
        actor=staff_id,
    )
    return message


async def messages_of(session: ReadSession, conversation_id: str, *, limit: int = 500) -> Sequence[Message]:
    """Return the newest messages of a talk, oldest first."""
    query = select(Message).where(Message.conversation_id == conversation_id).order_by(Message.id.desc()).limit(limit)
    return list(reversed((await session.scalars(query)).all()))


def open_utterance(ring: KeyRing, message: Message) -> Utterance | None:
    """Return what we said, or None when it was erased."""
    return None if message.sealed_body is None else UTTERANCE.validate_json(ring.open(message.sealed_body, message.place()))


def open_words(ring: KeyRing, message: Message) -> str | None:
    """Return what the resident wrote, or None when it was unsent or erased."""
    if message.sealed_body is None:
        return None
    return str(json.loads(ring.open(message.sealed_body, message.place()))["text"])
