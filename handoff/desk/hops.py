"""What every step of a transfer is made of: finding the open one, moving it on, ending it with the talk."""

from datetime import datetime

from sqlalchemy import select

from handoff.desk.errors import HopError
from handoff.desk.transfer_models import Hop, HopStatus, HopStep
from intake.base.database import ReadSession, WriteSession
from intake.base.ids import new_id
from intake.base.sealing import KeyRing
from intake.conversations.models import Conversation
from intake.events.models import EventName
from intake.events.service import record_event

_SETTLED = frozenset({HopStatus.REFUSED, HopStatus.WITHDRAWN, HopStatus.ACCEPTED, HopStatus.DECLINED})


async def find_open_hop(session: ReadSession, conversation_id: str) -> Hop | None:
    """Return the transfer of a talk that is under way, or None."""
    return await session.scalar(select(Hop).where(Hop.conversation_id == conversation_id, Hop.settled_at.is_(None)))


def check_status(hop: Hop | None, *wanted: HopStatus) -> Hop:
    """Refuse a step that does not follow from where the transfer is."""
    if hop is None or hop.status not in wanted:
        raise HopError("このつなぎの依頼は、もう進んでいるか、取り下げられています。画面を確かめてください。")
    return hop


def step(
    session: WriteSession, ring: KeyRing | None, hop: Hop, status: HopStatus, *, staff_id: str | None, reason: str = "", now: datetime
) -> None:
    """Move a transfer on, and write the step down as a row."""
    hop.status = status
    if status in _SETTLED:
        hop.settled_at = now
    row = HopStep(id=new_id(now), municipality=hop.municipality, hop_id=hop.id, status=status, staff_id=staff_id, at=now)
    if reason and ring is not None:
        row.sealed_reason = ring.seal(reason, row.place(), now)
    session.add(row)
    record_event(
        session, EventName.NOTE_WRITTEN, municipality=hop.municipality, at=now, conversation_id=hop.conversation_id, actor=staff_id
    )


async def end_open_hop(session: WriteSession, conversation: Conversation, *, now: datetime) -> None:
    """Withdraw the transfer that is under way when the talk ends."""
    hop = await find_open_hop(session, conversation.id)
    if hop is not None:
        step(session, None, hop, HopStatus.WITHDRAWN, staff_id=None, now=now)
