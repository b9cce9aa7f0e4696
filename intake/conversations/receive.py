"""The way of one event of a resident through intake: who, which talk, store sealed, read, answer. Commits nothing."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from sqlalchemy import select

from intake.attachments.service import announce
from intake.base.database import WriteSession
from intake.base.ids import new_id
from intake.base.sealing import KeyRing
from intake.checkins import follow as checkins
from intake.checkins.plan import End
from intake.checkins.service import CheckinContext, hold_plan
from intake.conversations.burst import words_before
from intake.conversations.erasure import erase_talks, take_back
from intake.conversations.models import Author, CancelledMessage, Conversation, Message
from intake.conversations.service import close_conversation, current_conversation, read_state, say, write_state
from intake.dialogue.next_turn import next_turn
from intake.dialogue.together import context_of, with_earlier
from intake.dialogue.turn import Controller, Effect, EffectKind, EventKind, TalkEvent, TalkState, Turn
from intake.events.models import EventName
from intake.events.service import record_event
from intake.inbox.inbound import Deed, Inbound
from intake.referrals.models import ReferralRecord
from intake.residents.models import Resident
from intake.residents.service import find_or_make_resident
from intake.wording import Wording
from intake.wording.speak import speak
from nlp import Context
from nlp.reading import Reading
from routing.city import City
from routing.story import read_story

Reader = Callable[[str, Context], Reading]
BurstReader = Callable[[Sequence[str], Context], Reading]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeContext:
    """What intake works with: keys, municipalities, and the readers of messages."""

    ring: KeyRing
    cities: Mapping[str, City]
    read: Reader
    read_together: BurstReader = read_story
    wordings: Mapping[str, Wording] = field(default_factory=dict)
    """A municipality's own sentences over the project's, where it has any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What one event brought about, for ``handoff.desk`` to act on in the same transaction."""

    conversation: Conversation
    message: Message | None = None
    reading: Reading | None = None
    effects: tuple[Effect, ...] = ()
    unsent: Message | None = None
    """The message that the resident took back (送信取消)."""
    state: TalkState | None = None
    """What the talk knows now; None where nothing was answered."""
    met_now: bool = False
    """Whether this event is the first that was ever heard of the resident."""


async def receive(
    session: WriteSession, context: IntakeContext, inbound: Inbound, *, now: datetime, plainly: bool = False
) -> Received | None:
    """Handle one event. ``plainly`` passes a message to a person without reading it, for one that the reader stumbles over.

    Returns None where nothing follows from the event for a talk.
    """
    if inbound.deed is Deed.IGNORED:
        return None
    resident = await find_or_make_resident(
        session,
        context.ring,
        municipality=inbound.municipality,
        account=inbound.account,
        user_id=inbound.user_id,
        lane=inbound.lane,
        now=now,
    )
    newest = resident.heard_at is None or inbound.occurred_at >= resident.heard_at
    if newest:
        resident.heard_at = inbound.occurred_at
        resident.blocked_at = inbound.occurred_at if inbound.deed is Deed.UNFOLLOW else None
    if inbound.deed is Deed.UNFOLLOW:
        if newest:
            await checkins.end_quietly(session, resident.id, End.BLOCKED, now)
        return None
    if inbound.deed is Deed.UNSEND:
        return await _unsend(session, inbound, now)
    if await _is_known(session, inbound):
        return None
    return await _talk(session, context, inbound, resident, now=now, plainly=plainly)


async def _unsend(session: WriteSession, inbound: Inbound, now: datetime) -> Received | None:
    message = await take_back(session, inbound, now)
    if message is None:
        return None
    conversation = (await session.scalars(select(Conversation).where(Conversation.id == message.conversation_id))).one()
    record_event(session, EventName.MESSAGE_UNSENT, municipality=inbound.municipality, at=now, conversation_id=conversation.id)
    return Received(conversation=conversation, unsent=message)


async def _is_known(session: WriteSession, inbound: Inbound) -> bool:
    """Tell whether this message was stored or taken back before, under another event id."""
    if inbound.line_message_id is None:
        return False
    same = (Message.account == inbound.account, Message.line_message_id == inbound.line_message_id)
    if await session.scalar(select(Message.id).where(*same)) is not None:
        return True
    return await session.get(CancelledMessage, (inbound.account, inbound.line_message_id)) is not None


async def _talk(
    session: WriteSession, context: IntakeContext, inbound: Inbound, resident: Resident, *, now: datetime, plainly: bool
) -> Received:
    plan = await hold_plan(session, resident.id)
    conversation = await current_conversation(session, context.ring, resident, now)
    state = read_state(context.ring, conversation)
    state = replace(state, checkins=await checkins.stand(session, plan, conversation, state, now))
    reading = context.read(inbound.text, context_of(state)) if inbound.text and not plainly else Reading()
    told = reading if plainly else await _with_earlier(session, context, conversation, state, inbound, reading)
    message = store_message(session, context.ring, conversation, inbound, reading, now)
    if inbound.media is not None:
        await announce(session, context.ring, message, inbound.media, now=now)
    event = TalkEvent(
        kind=EventKind.MEDIA if plainly else inbound.kind, occurred_at=inbound.occurred_at, text=inbound.text, data=inbound.data
    )
    city = context.cities[inbound.municipality]
    turn = next_turn(state, event, told, city, now)
    await _answer(session, context, conversation, resident, turn, inbound, now)
    deed = checkins.Deed(resident=resident, conversation=conversation, kind=event.kind, reading=told, turn=turn, now=now)
    await checkins.follow(session, CheckinContext(ring=context.ring, cities=context.cities), plan, deed, context.wordings)
    return Received(
        conversation=conversation,
        message=message,
        reading=reading,
        effects=turn.effects,
        state=turn.state,
        met_now=resident.created_at == now,
    )


async def _with_earlier(
    session: WriteSession, context: IntakeContext, conversation: Conversation, state: TalkState, inbound: Inbound, reading: Reading
) -> Reading:
    """Read a message with those that came in the minute before it, for the decision of the turn; what is stored stays its own reading."""
    earlier = await words_before(session, context.ring, conversation, state, inbound.occurred_at) if inbound.text else ()
    if not earlier:
        return reading
    whole = context.read_together((*earlier, inbound.text), context_of(state))
    return with_earlier(reading, whole, state, start=sum(len(text) + 1 for text in earlier))


def store_message(
    session: WriteSession, ring: KeyRing, conversation: Conversation, inbound: Inbound, reading: Reading, now: datetime
) -> Message:
    """Store what a resident wrote with how it was read, both sealed, and note the event."""
    message = Message(
        id=new_id(now),
        municipality=conversation.municipality,
        account=conversation.account,
        conversation_id=conversation.id,
        author=Author.RESIDENT,
        kind=inbound.kind.value,
        risk=reading.risk,
        epoch=conversation.epoch,
        line_message_id=inbound.line_message_id,
        occurred_at=inbound.occurred_at,
        created_at=now,
    )
    body = {"text": inbound.text.replace("\0", ""), "data": inbound.data, "detail": inbound.detail}
    message.sealed_body = ring.seal(json.dumps(body, ensure_ascii=False), message.place(), now)
    message.sealed_reading = ring.seal(json.dumps(asdict(reading), ensure_ascii=False), message.place("sealed_reading"), now)
    session.add(message)
    conversation.last_resident_at = now
    record_event(session, EventName.MESSAGE_RECEIVED, municipality=message.municipality, at=now, conversation_id=conversation.id)
    return message


async def _answer(
    session: WriteSession,
    context: IntakeContext,
    conversation: Conversation,
    resident: Resident,
    turn: Turn,
    inbound: Inbound,
    now: datetime,
) -> None:
    """Bring about what the turn decided: state, referrals, words; closing and erasing last, since they end the talk."""
    conversation.risk = max(conversation.risk, turn.state.risk, key=lambda risk: risk.rank)
    write_state(context.ring, conversation, turn.state, now)
    for effect in turn.effects:
        if effect.kind is EffectKind.REFERRAL_RECORDED:
            _record_referral(session, context.ring, conversation, effect, now)
        elif effect.kind is EffectKind.WINDOW_UNFIT:
            await _record_unfit(session, conversation, effect, now)
        elif effect.kind is EffectKind.NOTICES_STOPPED:
            resident.notices_stopped_at = now
    if turn.replies:
        utterance = speak(
            turn.replies, context.cities[conversation.municipality], now, overrides=context.wordings.get(conversation.municipality)
        )
        say(session, context.ring, conversation, utterance, author=Author.BOT, now=now, ticket=inbound.ticket)
    kinds = {effect.kind for effect in turn.effects}
    if EffectKind.RECORDS_ERASED in kinds:
        await erase_talks(session, context.ring, resident, now)
    elif EffectKind.CONTACT_CLOSED in kinds and conversation.controller is not Controller.STAFF:
        close_conversation(session, conversation, reason="resident", now=now)


def _record_referral(session: WriteSession, ring: KeyRing, conversation: Conversation, effect: Effect, now: datetime) -> None:
    referral = effect.referral
    if referral is None:
        return
    record = ReferralRecord(
        id=new_id(now),
        municipality=conversation.municipality,
        conversation_id=conversation.id,
        made_at=now,
        window_id=None if referral.main is None else referral.main.window,
        directory_version=referral.directory_version,
    )
    record.sealed_referral = ring.seal(json.dumps(asdict(referral), ensure_ascii=False), record.place(), now)
    session.add(record)


async def _record_unfit(session: WriteSession, conversation: Conversation, effect: Effect, now: datetime) -> None:
    await session.flush()
    newest = select(ReferralRecord).where(ReferralRecord.conversation_id == conversation.id, ReferralRecord.unfit_at.is_(None))
    if effect.window_id is not None:
        newest = newest.where(ReferralRecord.window_id == effect.window_id)
    record = await session.scalar(newest.order_by(ReferralRecord.id.desc()).limit(1))
    if record is not None:
        record.unfit_at = now
        record.unfit_reason = effect.reason[:60] or None
