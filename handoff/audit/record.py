"""Appending to the record: with the commit that it tells of, under one lock per municipality, each entry bound to the one before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import event, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from handoff.audit.models import Action, AuditEntry, AuditHead
from intake.base.database import WriteSession
from intake.base.sealing import KeyRing
from intake.base.tables import to_micros

SERVER = "server"
"""Who acts on the command line of the server."""
START = ""
"""What the first entry of a chain is bound to."""
_DETAILS = 300
_SUBJECT = 60
_KEY = "audit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something that was done and is to be recorded."""

    municipality: str
    at: datetime
    actor: str
    action: Action
    subject: str = ""
    details: str = ""


def link(ring: KeyRing, before: str, seq: int, deed: Deed) -> str:
    """Return what binds an entry to the one before: keyed, so that whoever holds only the database cannot make it anew."""
    parts = (deed.municipality, str(seq), str(to_micros(deed.at)), deed.actor, deed.action.value, deed.subject, deed.details)
    return ring.index("audit", before, *parts)


def record_audit(
    session: WriteSession,
    ring: KeyRing,
    *,
    municipality: str,
    actor: str,
    action: Action,
    now: datetime,
    subject: str = "",
    details: str = "",
) -> None:
    """Record something with the commit of this session. Details are codes and numbers, never words of a resident."""
    deed = Deed(municipality=municipality, at=now, actor=actor, action=action, subject=subject[:_SUBJECT], details=details[:_DETAILS])
    waiting: list[Deed] = session.info.setdefault(_KEY, [])
    waiting.append(deed)
    if len(waiting) == 1:
        # Numbered at the very end: the lock is then held only for the commit itself, and always taken after all others.
        event.listen(session.sync_session, "before_commit", lambda sync: _append(sync, ring, waiting), once=True)


def _append(session: Session, ring: KeyRing, deeds: list[Deed]) -> None:
    for municipality in sorted({deed.municipality for deed in deeds}):
        _append_to(session, ring, municipality, [deed for deed in deeds if deed.municipality == municipality])
    deeds.clear()


def _append_to(session: Session, ring: KeyRing, municipality: str, deeds: Sequence[Deed]) -> None:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    first = dialect.insert(AuditHead).values(municipality=municipality, seq=0, chain=START)
    session.execute(first.on_conflict_do_nothing())
    head = select(AuditHead.seq, AuditHead.chain).where(AuditHead.municipality == municipality).with_for_update()
    seq, chain = session.execute(head).one()
    rows = []
    for deed in deeds:
        seq += 1
        chain = link(ring, chain, seq, deed)
        rows.append(
            {
                "municipality": municipality,
                "seq": seq,
                "at": deed.at,
                "actor": deed.actor,
                "action": deed.action,
                "subject": deed.subject,
                "details": deed.details,
                "chain": chain,
            }
        )
    session.execute(insert(AuditEntry), rows)
    session.execute(update(AuditHead).where(AuditHead.municipality == municipality).values(seq=seq, chain=chain))
