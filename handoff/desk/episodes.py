"""Handoffs: from the moment a talk comes to people until they close it."""

from datetime import datetime

from sqlalchemy import select

from handoff.desk.models import Episode, HandoffReason
from intake.base.database import ReadSession, WriteSession
from intake.base.ids import new_id
from intake.conversations.models import Conversation

_BEGUN = "episodes_begun"


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


async def close_episode(session: WriteSession, conversation: Conversation, *, reason: str, now: datetime) -> None:
    """Close the handoff that is going on, if any."""
    episode = await find_open_episode(session, conversation.id)
    if episode is not None:
        episode.closed_at = now
        episode.close_reason = reason
