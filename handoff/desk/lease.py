"""Holding a talk is a lease: where its holder has gone and the resident waits, it lapses, and the talk goes to the queue.

Never to the automatic guide, and never while nobody is there who could take it: nights and days off are not counted.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from handoff.accounts.models import StaffSession
from handoff.duty.crowd import load_outlook
from intake.base.database import WriteSession
from intake.conversations.models import Conversation
from intake.dialogue.turn import Controller
from intake.events.models import EventName
from intake.events.service import record_event
from routing.city import City

LEASE = timedelta(minutes=60)
"""So long a resident waits, and so long the holder has done nothing in the console, before a talk is anybody's again."""
_BATCH = 50


async def lapse_leases(session: WriteSession, cities: Mapping[str, City], now: datetime) -> int:
    """Give talks back whose holders are gone; return how many. Each change of hands raises the epoch: nothing late is sent."""
    held = (Conversation.controller == Controller.STAFF, Conversation.closed_at.is_(None), Conversation.practice_of.is_(None))
    waits = Conversation.waiting_since < now - LEASE
    # A window that answers at fixed hours has told the resident when; before that nobody is late.
    due = or_(Conversation.promised_by.is_(None), Conversation.promised_by < now)
    there = select(StaffSession.staff_id).where(StaffSession.revoked_at.is_(None), StaffSession.seen_at > now - LEASE)
    query = select(Conversation).where(*held, waits, due, Conversation.owner.not_in(there), Conversation.municipality.in_(cities))
    talks = (await session.scalars(query.order_by(Conversation.id).limit(_BATCH).with_for_update(skip_locked=True))).all()
    served = {key: await _has_been_open(session, cities[key], now) for key in {talk.municipality for talk in talks}}
    lapsed = [talk for talk in talks if served[talk.municipality]]
    for talk in lapsed:
        talk.controller, talk.owner = Controller.WAITING, None
        talk.epoch += 1
        record_event(session, EventName.HANDS_CHANGED, municipality=talk.municipality, at=now, conversation_id=talk.id)
    return len(lapsed)


async def _has_been_open(session: WriteSession, city: City, now: datetime) -> bool:
    """Tell whether somebody has been on duty for the whole time of a lease, so that nobody loses a talk by coming at nine."""
    return (await load_outlook(session, city, now)).open and (await load_outlook(session, city, now - LEASE)).open
