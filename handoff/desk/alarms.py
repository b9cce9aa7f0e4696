"""Alarms of a talk that nobody has opened yet."""

from sqlalchemy import select

from handoff.desk.models import Alarm
from intake.base.database import ReadSession


async def highest_open_alarm(session: ReadSession, conversation_id: str) -> int:
    """Return the rank of the gravest unopened alarm of a talk, -1 when there is none."""
    risks = await session.scalars(select(Alarm.risk).where(Alarm.conversation_id == conversation_id, Alarm.opened_at.is_(None)))
    return max((risk.rank for risk in risks), default=-1)
