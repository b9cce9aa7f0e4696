"""What the talk brings to the desk: handoffs, alarms, words taken back. Called in the transaction that received the event."""

from datetime import datetime

from sqlalchemy import update

from handoff.desk.alarms import highest_open_alarm
from handoff.desk.episodes import close_episode, find_open_episode, open_episode
from handoff.desk.hops import end_open_hop
from handoff.desk.later import wake
from handoff.desk.models import Alarm, HandoffReason
from handoff.desk.transfer import take_answer
from handoff.desk.undo import stop_resting
from handoff.duty.promise import standing_promise
from handoff.report_abuse.raising import raise_report, shows_abuse
from handoff.report_abuse.words import Deadlines
from intake.base.database import WriteSession
from intake.base.ids import new_id
from intake.conversations.models import Author, Conversation, Message
from intake.conversations.receive import Received
from intake.dialogue.turn import Controller, Effect, EffectKind, EventKind
from intake.events.models import EventName
from intake.events.service import record_event
from nlp.reading import Risk, RiskKind
from routing.city import City

_USUAL = Deadlines()


async def apply(
    session: WriteSession, received: Received, *, now: datetime, deadlines: Deadlines = _USUAL, city: City | None = None
) -> None:
    """Act on what one event brought about: open the handoff, raise the alarm, mark what was taken back, end what is over.

    ``city`` is the municipality as its directory says it: by it a window that answers at fixed times owes an answer by the next of them.
    """
    conversation = received.conversation
    for effect in received.effects:
        if effect.kind is EffectKind.ALARM_RAISED:
            await _raise_alarm(session, conversation, received.message, effect, now)
        elif effect.kind is EffectKind.HANDOFF_REQUESTED:
            await _request_handoff(session, conversation, effect, now)
        elif effect.kind is EffectKind.CONSENT_ANSWERED:
            await take_answer(session, conversation, effect.reason, now=now)
    if shows_abuse(received) and await raise_report(session, received, deadlines, now=now):
        await _have_it_opened(session, received, now)
    if received.unsent is not None:
        await session.execute(update(Alarm).where(Alarm.message_id == received.unsent.id).values(words_unsent=True))
    if received.message is not None and received.message.author is Author.RESIDENT:
        await _start_waiting(session, conversation, city, now)
        await wake(session, conversation.id)
    if conversation.closed_at is not None:
        await close_episode(session, conversation, reason=conversation.close_reason or "closed", now=now)
        await end_open_hop(session, conversation, now=now)


async def _have_it_opened(session: WriteSession, received: Received, now: datetime) -> None:
    """Let a person open the message that brought the form, where it was not grave enough to raise an alarm of its own."""
    if any(effect.kind is EffectKind.ALARM_RAISED for effect in received.effects):
        return
    risk = max(Risk.WATCH, received.conversation.risk, key=lambda level: level.rank)
    sign = Effect(kind=EffectKind.ALARM_RAISED, risk=risk, risk_kinds=(RiskKind.ABUSE,))
    await _raise_alarm(session, received.conversation, received.message, sign, now)


async def _start_waiting(session: WriteSession, conversation: Conversation, city: City | None, now: datetime) -> None:
    """Start the wait of a resident who writes to people: it lasts until somebody answers."""
    if conversation.controller is Controller.BOT or conversation.waiting_since is not None:
        return
    conversation.waiting_since = now
    if city is not None and conversation.promised_by is None and conversation.practice_of is None:
        conversation.promised_by = await standing_promise(session, city, conversation.window_id, now)


async def _request_handoff(session: WriteSession, conversation: Conversation, effect: Effect, now: datetime) -> None:
    if conversation.closed_at is not None:
        return
    if conversation.window_id is None and conversation.controller is not Controller.STAFF:
        conversation.window_id = effect.window_id
    reason = HandoffReason(effect.reason) if effect.reason in set(HandoffReason) else HandoffReason.OTHER
    if await find_open_episode(session, conversation.id) is None:
        open_episode(session, conversation, reason=reason, promised_by=effect.promised_by, now=now)
    if conversation.controller is Controller.BOT:
        conversation.controller = Controller.WAITING
        conversation.epoch += 1
        conversation.waiting_since = now
    if conversation.promised_by is None:
        conversation.promised_by = effect.promised_by
    record_event(session, EventName.HANDOFF_REQUESTED, municipality=conversation.municipality, at=now, conversation_id=conversation.id)


async def _raise_alarm(session: WriteSession, conversation: Conversation, message: Message | None, effect: Effect, now: datetime) -> None:
    """Raise an alarm, unless a graver one of this talk still waits to be opened. What no machine can read always has its own."""
    if effect.risk.rank > conversation.risk.rank:
        conversation.risk = effect.risk
    if effect.risk.rank >= Risk.URGENT.rank:
        await stop_resting(session, conversation, now=now)
    unreadable = message is not None and message.kind == EventKind.MEDIA
    if not unreadable and effect.risk.rank < await highest_open_alarm(session, conversation.id):
        return
    alarm = Alarm(
        id=new_id(now),
        municipality=conversation.municipality,
        conversation_id=conversation.id,
        message_id=None if message is None else message.id,
        risk=effect.risk,
        kinds=";".join(effect.risk_kinds),
        raised_at=now,
    )
    session.add(alarm)
    await session.flush()
    record_event(session, EventName.ALARM_RAISED, municipality=conversation.municipality, at=now, conversation_id=conversation.id)
