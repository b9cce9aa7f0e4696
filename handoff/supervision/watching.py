"""What a supervisor watches: the talks that colleagues of the own windows have in hand, those in need of a look first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select

from handoff.accounts.models import Staff
from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.desk.models import Alarm, Episode
from handoff.desk.visibility import visible_to
from handoff.desk.words import RISK_WORDS
from intake.base.database import ReadSession
from intake.conversations.models import Conversation
from intake.dialogue.turn import Controller
from intake.residents.models import Resident
from nlp.reading import Risk

MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One talk in a colleague's hands."""

    talk_id: str
    handle: str
    who: str
    window_id: str | None
    risk: Risk
    risk_words: str
    unopened: int
    held: timedelta | None
    """Since the colleague took it."""
    waited: timedelta | None
    """Since the resident has been waiting for an answer."""


async def watched_talks(session: ReadSession, viewer: Viewer, now: datetime) -> Sequence[Watched]:
    """Return the talks that others hold, in one query: unopened signs of danger first, then the graver, then whoever waits longest."""
    check_permission(viewer, Permission.WATCH)
    unopened = select(func.count()).where(Alarm.conversation_id == Conversation.id, Alarm.opened_at.is_(None)).correlate(Conversation)
    counted = unopened.scalar_subquery().label("unopened")
    query = (
        select(Conversation, Resident.handle, Staff.display_name, Episode.claimed_at, counted)
        .join(Resident, Resident.id == Conversation.resident_id)
        .join(Staff, Staff.id == Conversation.owner)
        .outerjoin(Episode, and_(Episode.conversation_id == Conversation.id, Episode.closed_at.is_(None)))
        .where(visible_to(viewer), Conversation.controller == Controller.STAFF, Conversation.owner != viewer.staff_id)
        .limit(MOST)
    )
    rows = [
        Watched(
            talk_id=row.Conversation.id,
            handle=row.handle,
            who=row.display_name,
            window_id=row.Conversation.window_id,
            risk=row.Conversation.risk,
            risk_words=RISK_WORDS[row.Conversation.risk],
            unopened=row.unopened,
            held=None if row.claimed_at is None else now - row.claimed_at,
            waited=None if row.Conversation.waiting_since is None else now - row.Conversation.waiting_since,
        )
        for row in await session.execute(query)
    ]
    none = timedelta()
    return sorted(rows, key=lambda one: (one.unopened == 0, -one.risk.rank, -(one.waited or none), one.talk_id))
