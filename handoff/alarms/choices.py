"""What each person wants to be told, and how: a table of kinds and ways, and where mail goes."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, select

from handoff.accounts.viewer import Viewer
from handoff.alarms.models import NoticeChoice, NoticeKind, StaffMail, Way
from handoff.duty.contacts import checked_address
from intake.base.database import ReadSession, WriteSession
from intake.base.sealing import KeyRing, UnreadableError

USUAL: Mapping[NoticeKind, frozenset[Way]] = {
    NoticeKind.EMERGENCY: frozenset(Way),
    NoticeKind.URGENT: frozenset({Way.DESKTOP, Way.SOUND}),
    NoticeKind.NEW: frozenset({Way.DESKTOP}),
    NoticeKind.MENTION: frozenset({Way.DESKTOP}),
    NoticeKind.TRANSFER: frozenset({Way.DESKTOP}),
}
"""What counts for whoever has chosen nothing."""
Wanted = Mapping[NoticeKind, frozenset[Way]]


async def wanted_by(session: ReadSession, staff_ids: Collection[str]) -> Mapping[str, Wanted]:
    """Return what each of these people wants, in one query."""
    found = {key: {kind: set(ways) for kind, ways in USUAL.items()} for key in staff_ids}
    for row in await session.scalars(select(NoticeChoice).where(NoticeChoice.staff_id.in_(staff_ids))):
        ways = found[row.staff_id][row.kind]
        (ways.add if row.wanted else ways.discard)(row.way)
    return {key: {kind: frozenset(ways) for kind, ways in kinds.items()} for key, kinds in found.items()}


async def choose(session: WriteSession, viewer: Viewer, chosen: Collection[tuple[NoticeKind, Way]]) -> None:
    """Keep a whole table: what is named is wanted, what is not is not."""
    await session.execute(delete(NoticeChoice).where(NoticeChoice.staff_id == viewer.staff_id))
    mine = {"staff_id": viewer.staff_id, "municipality": viewer.municipality}
    for kind in NoticeKind:
        for way in Way:
            if ((kind, way) in chosen) != (way in USUAL[kind]):
                session.add(NoticeChoice(kind=kind, way=way, wanted=(kind, way) in chosen, **mine))


async def set_address(session: WriteSession, ring: KeyRing, viewer: Viewer, address: str, *, now: datetime) -> None:
    """Keep where mail goes; empty for nowhere."""
    await session.execute(delete(StaffMail).where(StaffMail.staff_id == viewer.staff_id))
    if address.strip():
        row = StaffMail(staff_id=viewer.staff_id, municipality=viewer.municipality, set_at=now)
        row.sealed_address = ring.seal(checked_address(address), row.place(), now)
        session.add(row)


async def addresses_of(session: ReadSession, ring: KeyRing, staff_ids: Collection[str]) -> Mapping[str, str]:
    """Return where mail goes, for those who have said so. What cannot be opened is nowhere."""
    found: dict[str, str] = {}
    for row in await session.scalars(select(StaffMail).where(StaffMail.staff_id.in_(staff_ids))):
        try:
            found[row.staff_id] = ring.open(row.sealed_address, row.place())
        except UnreadableError:
            continue
    return found
