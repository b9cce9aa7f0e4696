"""Writing down that people are told: a notice for the screen, an event that only they hear, and a mail where they want one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from handoff.alarms.choices import Wanted, addresses_of, wanted_by
from handoff.alarms.mails import file_mail
from handoff.alarms.models import Notice, NoticeKind, Way
from intake.base.database import WriteSession
from intake.base.ids import new_id
from intake.base.sealing import KeyRing
from intake.conversations.models import Conversation
from intake.events.models import EventName
from intake.events.service import record_event


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """Of what people are told. ``step`` counts how often it was passed on before."""

    kind: NoticeKind
    talk: Conversation
    ref: str
    step: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The means of telling. ``mail`` where a mail server is set."""

    ring: KeyRing
    mail: bool


async def tell(
    session: WriteSession, post: Post, matter: Matter, people: Collection[str], *, now: datetime, mailed: bool = True
) -> set[str]:
    """Tell people of something, each in the ways that they want; nobody twice of the same. Returns those to whom a mail was filed."""
    same = (Notice.kind == matter.kind, Notice.ref == matter.ref, Notice.step == matter.step, Notice.staff_id.in_(people))
    told = set((await session.scalars(select(Notice.staff_id).where(*same))).all())
    fresh = [person for person in dict.fromkeys(people) if person not in told]
    wanted = await wanted_by(session, fresh)
    addresses = await addresses_of(session, post.ring, fresh) if post.mail and mailed else {}
    return {person for person in fresh if _tell_one(session, post, matter, person, wanted[person], addresses, now)}


def _tell_one(
    session: WriteSession, post: Post, matter: Matter, person: str, wanted: Wanted, addresses: Mapping[str, str], now: datetime
) -> bool:
    """Tell one person; whether a mail was filed."""
    ways, talk = wanted[matter.kind], matter.talk
    notice = Notice(
        id=new_id(now),
        municipality=talk.municipality,
        staff_id=person,
        kind=matter.kind,
        conversation_id=talk.id,
        ref=matter.ref,
        step=matter.step,
        desktop=Way.DESKTOP in ways,
        sound=Way.SOUND in ways,
        made_at=now,
    )
    session.add(notice)
    record_event(session, EventName.NOTIFIED, municipality=talk.municipality, at=now, conversation_id=talk.id, actor=person)
    if Way.MAIL not in ways or person not in addresses:
        return False
    file_mail(
        session,
        post.ring,
        municipality=talk.municipality,
        address=addresses[person],
        kind=matter.kind,
        ref=matter.ref,
        source=notice.id,
        staff_id=person,
        now=now,
    )
    return True
