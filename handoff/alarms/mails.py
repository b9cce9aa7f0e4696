"""The outbox of mails to staff: filed in the commit that decided them, claimed under a lease, settled once."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select, update

from handoff.alarms.models import MailItem, MailStatus, NoticeKind
from handoff.desk.models import Alarm
from intake.base.database import ReadSession, WriteSession
from intake.base.ids import new_id
from intake.base.sealing import KeyRing, UnreadableError

LEASE = timedelta(seconds=60)
GIVE_UP = timedelta(hours=6)
"""A mail that comes later than that calls nobody any more."""
_LONGEST_PAUSE = timedelta(minutes=5)
_UNFINISHED = (MailStatus.WAITING, MailStatus.SENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A claimed mail, opened. ``address`` is None where it could not be opened."""

    item: MailItem
    address: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of an attempt. ``again`` where it may be tried once more."""

    sent: bool
    again: bool = False
    reason: str | None = None


def file_mail(
    session: WriteSession,
    ring: KeyRing,
    *,
    municipality: str,
    address: str,
    kind: NoticeKind,
    ref: str,
    source: str,
    staff_id: str | None,
    now: datetime,
) -> None:
    """File a mail. ``source`` is what decided it; the database refuses a second mail for the same."""
    item = MailItem(id=new_id(now), municipality=municipality, source=source, staff_id=staff_id, kind=kind, ref=ref)
    item.created_at = item.next_at = now
    item.sealed_address = ring.seal(address, item.place(), now)
    session.add(item)
    session.wake("mail")


async def mail_is_due(session: ReadSession, now: datetime) -> bool:
    """Tell whether there is anything to send. A look without a lock, for the many times when there is not."""
    return await session.scalar(_due(now).with_only_columns(MailItem.id).limit(1)) is not None


def _due(now: datetime) -> Select[MailItem]:
    free = or_(MailItem.lease_until.is_(None), MailItem.lease_until < now)
    return select(MailItem).where(MailItem.status.in_(_UNFINISHED), MailItem.next_at <= now, free).order_by(MailItem.next_at, MailItem.id)


async def claim_letters(session: WriteSession, ring: KeyRing, now: datetime, limit: int) -> Sequence[Letter]:
    """Claim mails that are due. A call for an emergency that somebody has opened meanwhile is not sent any more."""
    found = (await session.scalars(_due(now).limit(limit).with_for_update(skip_locked=True))).all()
    opened = select(Alarm.id).where(Alarm.id.in_([item.ref for item in found]), Alarm.opened_at.is_not(None))
    done = set((await session.scalars(opened)).all()) if found else set()
    letters = []
    for item in found:
        if item.ref in done or now - item.created_at > GIVE_UP:
            item.status = MailStatus.CANCELLED if item.ref in done else MailStatus.FAILED
            item.reason, item.finished_at, item.lease_until = "opened" if item.ref in done else "too_late", now, None
            continue
        item.status, item.attempts = MailStatus.SENDING, item.attempts + 1
        item.lease_until, item.claim_token = now + LEASE, secrets.token_hex(16)
        letters.append(Letter(item=item, address=_opened(ring, item)))
    return letters


def _opened(ring: KeyRing, item: MailItem) -> str | None:
    try:
        return ring.open(item.sealed_address, item.place())
    except UnreadableError:
        return None


def pause(attempts: int) -> timedelta:
    """Return how long a mail rests before the next attempt."""
    return min(_LONGEST_PAUSE, timedelta(seconds=5 * 2 ** min(attempts, 8)))


async def settle_letter(session: WriteSession, letter: Letter, delivery: Delivery, *, now: datetime) -> bool:
    """Write down what became of a mail. False when the lease was lost meanwhile; then the other holder's word counts."""
    values: dict[str, object] = {"lease_until": None, "claim_token": None, "reason": delivery.reason}
    if delivery.again and not delivery.sent:
        values |= {"status": MailStatus.WAITING, "next_at": now + pause(letter.item.attempts)}
    else:
        values |= {"status": MailStatus.SENT if delivery.sent else MailStatus.FAILED, "finished_at": now}
    mine = (MailItem.id == letter.item.id, MailItem.claim_token == letter.item.claim_token)
    settled = update(MailItem).where(*mine).values(**values).returning(MailItem.id).execution_options(synchronize_session=False)
    return (await session.execute(settled)).scalar_one_or_none() is not None
