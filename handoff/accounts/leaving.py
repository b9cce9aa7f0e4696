"""Whoever leaves hands the talks on: to a colleague by name, or back to those who wait. Nothing stays with a closed account."""

from datetime import datetime

from sqlalchemy import func, select

from handoff.accounts.models import Staff, StaffWindow
from intake.base.database import ReadSession, WriteSession
from intake.conversations.models import Conversation
from intake.dialogue.turn import Controller
from intake.events.models import EventName
from intake.events.service import record_event


async def count_held(session: ReadSession, staff_id: str) -> int:
    """Return how many open talks somebody holds."""
    held = select(func.count()).where(Conversation.owner == staff_id, Conversation.closed_at.is_(None))
    return await session.scalar(held) or 0


async def hand_on(session: WriteSession, staff: Staff, *, to: Staff | None, actor: str, now: datetime) -> int:
    """Hand all open talks of somebody on; return how many.

    A colleague takes those of the own windows and those without one; the rest, and all without a colleague, wait again. Each
    change of hands raises the epoch, so that nothing that the leaver still had on the screen is sent.
    """
    held = select(Conversation).where(Conversation.owner == staff.id, Conversation.closed_at.is_(None)).with_for_update()
    talks = (await session.scalars(held)).all()
    windows = set() if to is None else set(await session.scalars(select(StaffWindow.window_id).where(StaffWindow.staff_id == to.id)))
    for talk in talks:
        talk.epoch += 1
        if to is not None and (talk.window_id is None or talk.window_id in windows):
            talk.owner = to.id
        else:
            talk.controller, talk.owner = Controller.WAITING, None
            talk.waiting_since = talk.waiting_since or now
        record_event(session, EventName.HANDS_CHANGED, municipality=talk.municipality, at=now, conversation_id=talk.id, actor=actor)
    await session.flush()
    return len(talks)
