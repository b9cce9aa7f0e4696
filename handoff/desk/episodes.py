"""Handoffs: from the moment a talk comes to people until they close it."""

from datetime import datetime

from sqlalchemy import select

from handoff.desk.models import Episode, HandoffReason
from intake.base.database import ReadSession, WriteSession
from intake.base.ids import new_id
from intake.conversations.models import Conversation
from intake.conversations.service import ended_promise
from intake.facts.service import add_unanswered

_BEGUN, _MET = "episodes_begun", "promises_met"


async def find_open_episode(session: ReadSession, conversation_id: str) -> Episode | None:
    """Return the handoff that is going on, or None."""
    return await session.scalar(select(Episode).where(Episode.conversation_id == conversation_id, Episode.closed_at.is_(None)))


def open_episode(
    session: WriteSession, conversation: Conversation, *, reason: HandoffReason, promised_by: datetime | None, now: datetime
) -> Episode:
    """Open a handoff. At most one is open per talk; the database refuses a second."""
    episode = Episode(
        id=new_id(now),
        municipality=conversation.municipality,
        conversation_id=conversation.id,
        window_id=conversation.window_id,
        reason=reason,
        opened_at=now,
        promised_by=promised_by,
    )
    session.add(episode)
    session.info.setdefault(_BEGUN, []).append(episode)
    return episode


def begun_episodes(session: WriteSession, conversation_id: str) -> list[Episode]:
    """Return the handoffs of a talk that this transaction opened."""
    return [episode for episode in session.info.get(_BEGUN, ()) if episode.conversation_id == conversation_id]


def note_later_promise(session: WriteSession, conversation: Conversation, episode: Episode | None) -> None:
    """Remember a promise that an answer of this moment meets or breaks, where it was made after the handoff: that one is counted anyway."""
    promised = conversation.promised_by
    if promised is not None and not _told_at_handoff(episode, promised):
        session.info.setdefault(_MET, {})[conversation.id] = promised


def _told_at_handoff(episode: Episode | None, promised: datetime) -> bool:
    return episode is not None and episode.first_answer_at is None and episode.promised_by == promised


def note_unanswered(session: WriteSession, conversation: Conversation, episode: Episode | None, promised: datetime, now: datetime) -> None:
    """Have it counted that nobody answered by a promise, and nobody will: kept it was not. The one of the handoff is counted anyway."""
    if conversation.practice_of is None and not _told_at_handoff(episode, promised):
        add_unanswered(session, municipality=conversation.municipality, unit=conversation.id, at=now, promised=promised)


def later_promise(session: WriteSession, conversation_id: str) -> datetime | None:
    """Return the promise after the handoff that an answer of this transaction met or broke."""
    met: dict[str, datetime] = session.info.get(_MET, {})
    return met.get(conversation_id)


async def close_episode(session: WriteSession, conversation: Conversation, *, reason: str, now: datetime) -> None:
    """Close the handoff that is going on, if any; a promise that is still open in it ends unanswered."""
    episode = await find_open_episode(session, conversation.id)
    if episode is not None:
        promised = conversation.promised_by or ended_promise(session, conversation.id)
        if promised is not None:
            note_unanswered(session, conversation, episode, promised, now)
        episode.closed_at = now
        episode.close_reason = reason
