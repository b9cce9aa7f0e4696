"""Making words vanish: 送信取消 of one message, and 記録を消す for all of a resident's talks."""

from datetime import datetime

from sqlalchemy import and_, or_, select, update

from intake.attachments.models import Attachment
from intake.attachments.service import erase_attachments
from intake.base.database import WriteSession
from intake.base.sealing import KeyRing
from intake.conversations.models import Author, CancelledMessage, Conversation, Message
from intake.conversations.service import close_conversation, write_state
from intake.dialogue.turn import TalkState
from intake.events.models import EventName
from intake.events.service import record_event
from intake.inbox.inbound import Inbound
from intake.inbox.models import InboxEvent, InboxStatus
from intake.referrals.models import ReferralRecord
from intake.residents.models import Resident
from nlp.reading import Risk


async def take_back(session: WriteSession, inbound: Inbound, now: datetime) -> Message | None:
    """Remove the words of a message that its writer took back; remember the id when the message has not come yet.

    What was read stays as level and kind only (``message.risk``), so that an alarm is not silenced by it.
    """
    message_id = inbound.line_message_id
    if message_id is None:
        return None
    aside = and_(InboxEvent.account == inbound.account, InboxEvent.line_message_id == message_id, InboxEvent.lane == inbound.lane)
    await session.execute(update(InboxEvent).where(aside, InboxEvent.status == InboxStatus.SET_ASIDE).values(sealed_payload=None))
    found = await session.scalar(select(Message).where(Message.account == inbound.account, Message.line_message_id == message_id))
    if found is None:
        if await session.get(CancelledMessage, (inbound.account, message_id)) is None:
            session.add(
                CancelledMessage(account=inbound.account, line_message_id=message_id, municipality=inbound.municipality, cancelled_at=now)
            )
        return None
    if found.unsent_at is not None:
        return None
    found.sealed_body = None
    found.sealed_reading = None
    found.unsent_at = now
    await erase_attachments(session, Attachment.message_id == found.id)
    return found


async def erase_talks(session: WriteSession, ring: KeyRing, resident: Resident, now: datetime) -> None:
    """Erase what a resident wrote and what was read from it.

    A talk in which a life may be in danger is held for people, and one that a report of abuse is about.
    """
    await session.flush()
    talks = (await session.scalars(select(Conversation).where(Conversation.resident_id == resident.id))).all()
    held = [talk for talk in talks if talk.risk.rank >= Risk.URGENT.rank or talk.held_at is not None]
    for talk in talks:
        if talk in held:
            talk.erase_asked_at = now
        elif talk.erased_at is None:
            await _erase(session, ring, talk, now)
    if not held:
        await _erase_set_aside(session, resident.lane)


async def _erase_set_aside(session: WriteSession, lane: str) -> None:
    """Erase what could not be worked on: it was never part of a talk, but it is still what the resident wrote."""
    aside = and_(InboxEvent.lane == lane, InboxEvent.status == InboxStatus.SET_ASIDE)
    await session.execute(update(InboxEvent).where(aside).values(sealed_payload=None))


async def erase_as_asked(session: WriteSession, ring: KeyRing, talk: Conversation, now: datetime, *, danger_is_over: bool = False) -> bool:
    """Carry out a wish to erase a talk that people held and hold no more; tell whether it was done.

    A talk in which a life may be in danger stays held until people say with ``danger_is_over`` that it no longer is.
    """
    in_danger = talk.risk.rank >= Risk.URGENT.rank and not danger_is_over
    if talk.erase_asked_at is None or talk.erased_at is not None or talk.held_at is not None or in_danger:
        return False
    await _erase(session, ring, talk, now)
    await session.flush()
    resident = await session.get_one(Resident, talk.resident_id)
    wished = (Conversation.resident_id == resident.id, Conversation.erase_asked_at.is_not(None), Conversation.erased_at.is_(None))
    if await session.scalar(select(Conversation.id).where(*wished).limit(1)) is None:
        await _erase_set_aside(session, resident.lane)
    return True


async def _erase(session: WriteSession, ring: KeyRing, talk: Conversation, now: datetime) -> None:
    # What staff wrote is their record; what is said in this very moment tells the resident that it was done.
    ours = and_(Message.author == Author.BOT, Message.created_at < now)
    words = update(Message).where(Message.conversation_id == talk.id, or_(Message.author == Author.RESIDENT, ours))
    await session.execute(words.values(sealed_body=None, sealed_reading=None))
    await session.execute(update(ReferralRecord).where(ReferralRecord.conversation_id == talk.id).values(sealed_referral=None))
    await erase_attachments(session, Attachment.conversation_id == talk.id)
    write_state(ring, talk, TalkState(), now)
    talk.erased_at = now
    if talk.closed_at is None:
        close_conversation(session, talk, reason="erased", now=now)
    record_event(session, EventName.TALK_ERASED, municipality=talk.municipality, at=now, conversation_id=talk.id)
