"""Finding and making residents."""

from datetime import datetime

from sqlalchemy import select

from intake.base.database import ReadSession, WriteSession
from intake.base.ids import new_id
from intake.base.sealing import KeyRing
from intake.residents.handles import new_handle
from intake.residents.models import Resident


def lane_of(ring: KeyRing, account: str, user_id: str) -> str:
    """Return the keyed hash by which a LINE user is found again on an account."""
    return ring.index("line-user", account, user_id)


async def find_resident(session: ReadSession, account: str, lane: str) -> Resident | None:
    """Return the resident of a lane, or None."""
    return await session.scalar(select(Resident).where(Resident.account == account, Resident.lane == lane))


async def find_or_make_resident(
    session: WriteSession,
    ring: KeyRing,
    *,
    municipality: str,
    account: str,
    user_id: str,
    lane: str,
    now: datetime,
) -> Resident:
    """Return the resident of a lane, made with a fresh handle at the first contact."""
    found = await find_resident(session, account, lane)
    if found is not None:
        return found
    resident = Resident(
        id=new_id(now),
        municipality=municipality,
        account=account,
        lane=lane,
        handle=await _free_handle(session, municipality),
        created_at=now,
    )
    resident.sealed_user = ring.seal(user_id, resident.place(), now)
    session.add(resident)
    await session.flush()
    return resident


async def _free_handle(session: ReadSession, municipality: str) -> str:
    for extra in ("", "・二", "・三", "・四", "・五", "・六", "・七", "・八"):
        for _ in range(4):
            handle = new_handle() + extra
            taken = await session.scalar(select(Resident.id).where(Resident.municipality == municipality, Resident.handle == handle))
            if taken is None:
                return handle
    message = f"no free handle was found in {municipality}"
    raise RuntimeError(message)
