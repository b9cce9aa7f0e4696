"""What a resident asked to erase while a form held it: done a day after 該当しない, so that a slip or a new sign can still stop it."""

from datetime import datetime, timedelta

from sqlalchemy import select

from handoff.desk.episodes import close_episode
from handoff.desk.hops import end_open_hop
from handoff.report_abuse.models import AbuseReport, Judgement
from intake.base.database import WriteSession
from intake.base.sealing import KeyRing
from intake.conversations.erasure import erase_as_asked
from intake.conversations.models import Conversation
from nlp.reading import Risk

GRACE = timedelta(days=1)
_BATCH = 50


async def erase_what_was_held(session: WriteSession, ring: KeyRing, now: datetime) -> int:
    """Erase the talks whose form was put away a day ago and whose residents asked for it; return how many."""
    put_away = (AbuseReport.judgement == Judgement.NOT_APPLIES, AbuseReport.settled_at <= now - GRACE)
    wished = (Conversation.erase_asked_at.is_not(None), Conversation.erased_at.is_(None), Conversation.held_at.is_(None))
    calm = Conversation.risk.not_in([level for level in Risk if level.rank >= Risk.URGENT.rank])
    query = select(Conversation).join(AbuseReport, AbuseReport.conversation_id == Conversation.id).where(*put_away, *wished, calm)
    done = 0
    for talk in (await session.scalars(query.limit(_BATCH).with_for_update(skip_locked=True, of=Conversation))).all():
        if await erase_as_asked(session, ring, talk, now):
            await close_episode(session, talk, reason="erased", now=now)
            await end_open_hop(session, talk, now=now)
            done += 1
    return done
