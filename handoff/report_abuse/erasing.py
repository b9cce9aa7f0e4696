"""What a resident asked to erase while danger or a form held it: done some time after that is over, so that a slip can still be mended.

A form is over a day after 該当しない. Danger is over when staff have closed the talk, every sign was opened by a person, and nobody can
open the talk again. Whatever ends otherwise waits for a 責任者 (``wishes``); no wish is forgotten.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from handoff.desk.episodes import close_episode
from handoff.desk.hops import end_open_hop
from handoff.desk.models import Alarm
from handoff.desk.reopen import LATEST
from handoff.desk.words import CloseReason
from handoff.report_abuse.models import AbuseReport, Judgement
from intake.base.database import WriteSession
from intake.base.sealing import KeyRing
from intake.conversations.erasure import erase_as_asked
from intake.conversations.models import Conversation
from nlp.reading import Risk

GRACE = timedelta(days=1)
CALM_FOR = LATEST
"""So long after its end the words of a talk that showed danger are kept: until then staff may open it again, and need them."""
_BATCH = 50


async def erase_what_was_held(session: WriteSession, ring: KeyRing, now: datetime) -> int:
    """Erase the talks whose residents asked for it and that nothing holds any more; return how many."""
    put_away = and_(AbuseReport.judgement == Judgement.NOT_APPLIES, AbuseReport.settled_at <= now - GRACE)
    calm = Conversation.risk.not_in([level for level in Risk if level.rank >= Risk.URGENT.rank])
    free = (Conversation.held_at.is_(None), or_(AbuseReport.id.is_(None), put_away), or_(calm, danger_is_over(now)))
    query = select(Conversation).outerjoin(AbuseReport, AbuseReport.conversation_id == Conversation.id).where(open_wish(), *free)
    done = 0
    for talk in (await session.scalars(query.limit(_BATCH).with_for_update(skip_locked=True, of=Conversation))).all():
        done += await erase_now(session, ring, talk, now)
    return done


def open_wish() -> ColumnElement[bool]:
    """Return the condition on ``conversation`` that its resident asked to erase it and it stands."""
    return Conversation.erase_asked_at.is_not(None) & Conversation.erased_at.is_(None)


def danger_is_over(now: datetime) -> ColumnElement[bool]:
    """Return the condition that staff closed a talk some time ago, and a person opened every sign in it."""
    unopened = select(Alarm.id).where(Alarm.conversation_id == Conversation.id, Alarm.opened_at.is_(None)).correlate(Conversation)
    return and_(Conversation.closed_at <= now - CALM_FOR, Conversation.close_reason.in_(list(CloseReason)), ~unopened.exists())


async def erase_now(session: WriteSession, ring: KeyRing, talk: Conversation, now: datetime) -> bool:
    """Erase a talk that its resident asked to erase; tell whether it was done. Whether danger is over is the caller's to know."""
    if not await erase_as_asked(session, ring, talk, now, danger_is_over=True):
        return False
    await close_episode(session, talk, reason="erased", now=now)
    await end_open_hop(session, talk, now=now)
    return True
