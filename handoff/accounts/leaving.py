"""Whoever leaves hands the talks on: to a colleague by name, or back to those who wait. Nothing stays with a closed account."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from handoff.accounts.errors import AccountDataError
from handoff.accounts.models import Organisation, Staff, StaffOrganisation, StaffWindow
from intake.base.database import ReadSession, WriteSession
from intake.conversations.models import Conversation
from intake.dialogue.turn import Controller
from intake.events.models import EventName
from intake.events.service import record_event


async def count_held(session: ReadSession, staff_ids: Collection[str]) -> int:
    """Return how many open talks these people hold together."""
    held = select(func.count()).where(Conversation.owner.in_(staff_ids), Conversation.closed_at.is_(None))
    return await session.scalar(held) or 0


async def check_home(session: ReadSession, staff_id: str) -> None:
    """Refuse to let somebody in again whose organisation has no contract any more."""
    query = select(Organisation.name).join(StaffOrganisation, StaffOrganisation.organisation_id == Organisation.id)
    name = await session.scalar(query.where(StaffOrganisation.staff_id == staff_id, Organisation.ended_at.is_not(None)))
    if name is not None:
        raise AccountDataError(f"契約の終わった団体（{name}）の職員です。先に「団体と受け持ち」で所属を変えてください。")


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
