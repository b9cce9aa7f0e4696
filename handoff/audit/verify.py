"""Checking the record: every entry is there, is as it was written, and the last one is the last."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from sqlalchemy import select, union

from handoff.audit.models import AuditEntry, AuditHead
from handoff.audit.record import START, Deed, link
from intake.base.database import ReadSession
from intake.base.sealing import KeyRing

_PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was found of one municipality. ``fault`` is empty where all is in order, else says in words what is wrong and where."""

    municipality: str
    entries: int
    head: str
    fault: str = ""


async def municipalities(session: ReadSession) -> list[str]:
    """Return the municipalities that have a record."""
    found = union(select(AuditEntry.municipality), select(AuditHead.municipality))
    return sorted((await session.scalars(found)).all())


async def verify(session: ReadSession, ring: KeyRing, municipality: str, *, anchor: str = "") -> Verdict:
    """Follow the chain from its first entry to its head. ``anchor`` (``NUMBER:CHAIN``) is a head that was noted down before."""
    seq, chain, anchored = 0, START, not anchor
    async for entry in _entries(session, municipality):
        if entry.seq != seq + 1:
            return _broken(municipality, seq, chain, f"{seq + 1}番の記録がありません（次は{entry.seq}番です）")
        deed = Deed(
            municipality=municipality,
            at=entry.at,
            actor=entry.actor,
            action=entry.action,
            subject=entry.subject,
            details=entry.details,
        )
        if link(ring, chain, entry.seq, deed) != entry.chain:
            return _broken(municipality, seq, chain, f"{entry.seq}番の記録が、書いたときと違います")
        seq, chain = entry.seq, entry.chain
        anchored = anchored or anchor == f"{seq}:{chain}"
    return await _at_the_end(session, municipality, seq, chain, anchored=anchored)


async def _at_the_end(session: ReadSession, municipality: str, seq: int, chain: str, *, anchored: bool) -> Verdict:
    head = await session.get(AuditHead, municipality)
    if head is None or (head.seq, head.chain) != (seq, chain):
        last = 0 if head is None else head.seq
        return _broken(municipality, seq, chain, f"最後の番号が合いません（記録は{seq}番まで、控えは{last}番まで）")
    if not anchored:
        return _broken(municipality, seq, chain, "控えた番号の記録が、いまの記録の中にありません")
    return Verdict(municipality=municipality, entries=seq, head=f"{seq}:{chain}")


def _broken(municipality: str, seq: int, chain: str, fault: str) -> Verdict:
    return Verdict(municipality=municipality, entries=seq, head=f"{seq}:{chain}", fault=fault)


async def _entries(session: ReadSession, municipality: str) -> AsyncIterator[AuditEntry]:
    after = -1
    while True:
        page = (
            select(AuditEntry).where(AuditEntry.municipality == municipality, AuditEntry.seq > after).order_by(AuditEntry.seq).limit(_PAGE)
        )
        found = (await session.scalars(page)).all()
        for entry in found:
            yield entry
        session.expunge_all()
        if len(found) < _PAGE:
            return
        after = found[-1].seq
