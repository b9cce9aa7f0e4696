"""Holding a talk is a lease: where its holder has gone and the resident waits, it lapses, and the talk goes to the queue.

Never to the automatic guide, and never while nobody is there who could take it: nights and days off of its own window are not
counted. Whoever held it is told.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select

from handoff.accounts.models import StaffSession
from handoff.alarms.models import NoticeKind
from handoff.alarms.tell import Matter, Post, tell
from handoff.alarms.words import LAPSED
from handoff.duty.crowd import load_outlook
from handoff.duty.models import RECEPTION
from intake.base.database import WriteSession
from intake.base.ids import new_id
from intake.conversations.models import Conversation
from intake.dialogue.turn import Controller
from intake.events.models import EventName
from intake.events.service import record_event
from routing.city import City

LEASE = timedelta(minutes=60)
"""So long a resident waits, and so long the holder has done nothing in the console, before a talk is anybody's again."""
_BATCH = 50
_TAIL = 16
"""So much of an id is chance, and fits behind the word that a notice of a lapse begins with."""


async def lapse_leases(session: WriteSession, post: Post, cities: Mapping[str, City], now: datetime) -> int:
    """Give talks back whose holders are gone; return how many. Each change of hands raises the epoch: nothing late is sent."""
    held = (Conversation.controller == Controller.STAFF, Conversation.closed_at.is_(None), Conversation.practice_of.is_(None))
    waits = Conversation.waiting_since < now - LEASE
    # A window that answers at fixed hours has told the resident when; before that nobody is late.
    due = or_(Conversation.promised_by.is_(None), Conversation.promised_by < now)
    there = select(StaffSession.staff_id).where(StaffSession.revoked_at.is_(None), StaffSession.seen_at > now - LEASE)
    late = and_(*held, waits, due, Conversation.owner.not_in(there), Conversation.municipality.in_(cities))
    places = await session.execute(select(Conversation.municipality, Conversation.window_id).where(late).distinct())
    lapsed = 0
    for municipality, window in places.all():
        if await _has_been_open(session, cities[municipality], window, now):
            here = and_(Conversation.municipality == municipality, Conversation.window_id.is_not_distinct_from(window))
            query = select(Conversation).where(late, here).order_by(Conversation.id).limit(_BATCH)
            for talk in (await session.scalars(query.with_for_update(skip_locked=True))).all():
                await _give_back(session, post, talk, now)
                lapsed += 1
    return lapsed


async def _give_back(session: WriteSession, post: Post, talk: Conversation, now: datetime) -> None:
    matter = Matter(kind=NoticeKind.NEW, talk=talk, ref=LAPSED + new_id(now)[-_TAIL:])
    gone = talk.owner
    talk.controller, talk.owner = Controller.WAITING, None
    talk.epoch += 1
    record_event(session, EventName.HANDS_CHANGED, municipality=talk.municipality, at=now, conversation_id=talk.id)
    await tell(session, post, matter, [] if gone is None else [gone], now=now)


async def _has_been_open(session: WriteSession, city: City, window: str | None, now: datetime) -> bool:
    """Tell whether a window has been there for the whole time of a lease, so that nobody loses a talk by coming at nine."""
    moments = (now, now - LEASE)
    return all([(await load_outlook(session, city, moment, window or RECEPTION)).open for moment in moments])
