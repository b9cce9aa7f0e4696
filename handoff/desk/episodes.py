"""Handoffs: from the moment a talk comes to people until they close it."""

from datetime import datetime

from sqlalchemy import select

from handoff.desk.models import Episode, HandoffReason
from intake.base.database import ReadSession, WriteSession
from intake.base.ids import new_id
from intake.conversations.models import Conversation

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
    told_at_handoff = episode is not None and episode.first_answer_at is None and episode.promised_by == promised
    if promised is not None and not told_at_handoff:
        session.info.setdefault(_MET, {})[conversation.id] = promised


def later_promise(session: WriteSession, conversation_id: str) -> datetime | None:
    """Return the promise after the handoff that an answer of this transaction met or broke."""
    met: dict[str, datetime] = session.info.get(_MET, {})
    return met.get(conversation_id)


async def close_episode(session: WriteSession, conversation: Conversation, *, reason: str, now: datetime) -> None:
    """Close the handoff that is going on, if any."""
    episode = await find_open_episode(session, conversation.id)
    if episode is not None:
        episode.closed_at = now
        episode.close_reason = reason
