"""Calling the next person when nobody opens an emergency. The rows are the truth: each step is decided once, whoever decides it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update

from handoff.accounts.config import AccountsConfig
from handoff.accounts.models import Staff, StaffSession
from handoff.alarms.audience import LEADERS, Candidate, Case, audience, candidates, next_candidate
from handoff.alarms.mails import file_mail
from handoff.alarms.models import AlarmCall, AlarmWatch, NoticeKind
from handoff.alarms.tell import Matter, Post, tell
from handoff.desk.models import Alarm
from handoff.desk.work_models import WindowRule
from handoff.duty.contacts import contacts_of
from handoff.duty.models import RECEPTION
from handoff.duty.plan import Roster
from handoff.duty.service import load_roster
from intake.base.database import ReadSession, WriteSession
from intake.base.ids import new_id
from intake.conversations.models import Conversation
from routing.city import City

USUAL_MINUTES = 5
"""After so many minutes the next person is called, where the window has not said otherwise."""
SCREEN, MAIL = "screen", "mail"
_BATCH = 20
_IDLE = AccountsConfig().idle


async def watch_alarm(session: WriteSession, alarm: Alarm, *, now: datetime) -> bool:
    """Begin to call for an emergency, unless somebody is being called for the same talk already. Tells whether it has begun."""
    going_on = select(AlarmWatch.alarm_id).where(AlarmWatch.conversation_id == alarm.conversation_id, AlarmWatch.ended_at.is_(None))
    if await session.scalar(going_on.limit(1)) is not None:
        return False
    place = {"municipality": alarm.municipality, "conversation_id": alarm.conversation_id}
    session.add(AlarmWatch(alarm_id=alarm.id, next_at=now, **place))
    await session.flush()
    return True


async def calls_are_due(session: ReadSession, now: datetime) -> bool:
    """Tell whether anybody is to be called. A look without a lock."""
    return await session.scalar(select(AlarmWatch.alarm_id).where(AlarmWatch.next_at <= now).limit(1)) is not None


async def call_next(session: WriteSession, post: Post, cities: Mapping[str, City], *, now: datetime) -> int:
    """Call the next person of each emergency that is due; returns how many were called. What another process holds is passed over."""
    due = select(AlarmWatch).where(AlarmWatch.next_at <= now).order_by(AlarmWatch.next_at).limit(_BATCH)
    watches = (await session.scalars(due.with_for_update(skip_locked=True))).all()
    return sum([await _call(session, post, cities, watch, now) for watch in watches])


async def _call(session: WriteSession, post: Post, cities: Mapping[str, City], watch: AlarmWatch, now: datetime) -> int:
    alarm = await session.get_one(Alarm, watch.alarm_id, populate_existing=True)
    talk = await session.get_one(Conversation, watch.conversation_id, populate_existing=True)
    city = cities.get(watch.municipality)
    if alarm.opened_at is not None or city is None:
        _end(watch, now)
        return 0
    case, roster = Case(owner=talk.owner, window_id=talk.window_id), await load_roster(session, city, now)
    calls = (await session.scalars(select(AlarmCall).where(AlarmCall.alarm_id == alarm.id))).all()
    leaders = (await session.scalars(select(Staff.id).where(Staff.municipality == city.key, Staff.role.in_(LEADERS)))).all()
    contacts = await contacts_of(session, city.key)
    order = candidates(case, roster, city, leaders=leaders, contacts=contacts, now=now)
    chosen = next_candidate(order, calls)
    if watch.step == 0:
        await _tell_all(session, post, talk, alarm, case, roster, city, chosen, now)
    patience = await _patience(session, city.key, case)
    if chosen is None:
        # Everybody has been called. Whoever comes on duty later is called then, as long as nobody has opened it.
        watch.next_at = now + patience
        return 0
    ways = await _reach(session, post, talk, watch, chosen, now)
    call = AlarmCall(id=new_id(now), municipality=city.key, alarm_id=alarm.id, conversation_id=talk.id, step=watch.step)
    call.reason, call.staff_id, call.contact_id = chosen.reason, chosen.staff_id, None if chosen.contact is None else chosen.contact.id
    call.ways, call.called_at = ";".join(ways), now
    session.add(call)
    watch.step += 1
    watch.next_at = now + patience if ways else now
    await session.flush()
    return 1


def _end(watch: AlarmWatch, now: datetime) -> None:
    watch.next_at, watch.ended_at = None, now


async def _tell_all(
    session: WriteSession,
    post: Post,
    talk: Conversation,
    alarm: Alarm,
    case: Case,
    roster: Roster,
    city: City,
    chosen: Candidate | None,
    now: datetime,
) -> None:
    """Show an emergency at once to everybody who looks after the talk; mails go to whoever is called, one after the other."""
    others = [person for person in audience(case, roster, city, now) if chosen is None or person != chosen.staff_id]
    await tell(session, post, Matter(kind=NoticeKind.EMERGENCY, talk=talk, ref=alarm.id), others, now=now, mailed=False)


async def _reach(
    session: WriteSession, post: Post, talk: Conversation, watch: AlarmWatch, chosen: Candidate, now: datetime
) -> Sequence[str]:
    """Call somebody in every way there is; returns the ways. None at all means that the next one is called at once."""
    if chosen.contact is not None:
        contact = chosen.contact
        if not post.mail or not contact.mail:
            return ()
        file_mail(
            session,
            post.ring,
            municipality=contact.municipality,
            address=contact.mail,
            kind=NoticeKind.EMERGENCY,
            ref=watch.alarm_id,
            source=f"{watch.alarm_id}.{contact.id}",
            staff_id=None,
            now=now,
        )
        return (MAIL,)
    person = chosen.staff_id or ""
    matter = Matter(kind=NoticeKind.EMERGENCY, talk=talk, ref=watch.alarm_id, step=watch.step)
    mailed = await tell(session, post, matter, [person], now=now)
    return tuple(way for way, reached in ((SCREEN, await _is_there(session, person, now)), (MAIL, bool(mailed))) if reached)


async def _is_there(session: ReadSession, person: str, now: datetime) -> bool:
    """Tell whether somebody has the console open, as far as sessions show."""
    live = (StaffSession.staff_id == person, StaffSession.revoked_at.is_(None), StaffSession.seen_at > now - _IDLE)
    return await session.scalar(select(StaffSession.id).where(*live).limit(1)) is not None


async def _patience(session: ReadSession, municipality: str, case: Case) -> timedelta:
    """Return after how long the next one is called: as the window has said, else 受付, else as usual."""
    said = select(WindowRule.window_id, WindowRule.escalate_minutes).where(
        WindowRule.municipality == municipality, WindowRule.window_id.in_((*case.windows, RECEPTION))
    )
    found = {row.window_id: row.escalate_minutes for row in await session.execute(said)}
    minutes = next((found[window] for window in case.windows if found.get(window)), None)
    return timedelta(minutes=minutes or USUAL_MINUTES)


async def note_opened(session: WriteSession, conversation_id: str, *, now: datetime) -> None:
    """End the calling for the alarms of a talk that somebody has opened, and note of whoever was called that they answered."""
    opened = (await session.scalars(select(Alarm).where(Alarm.conversation_id == conversation_id, Alarm.opened_at.is_not(None)))).all()
    ids = [alarm.id for alarm in opened]
    ends = update(AlarmWatch).where(AlarmWatch.alarm_id.in_(ids), AlarmWatch.ended_at.is_(None)).values(ended_at=now, next_at=None)
    await session.execute(ends.execution_options(synchronize_session=False))
    for alarm in opened:
        called = (AlarmCall.alarm_id == alarm.id, AlarmCall.staff_id == alarm.opened_by, AlarmCall.answered_at.is_(None))
        answer = update(AlarmCall).where(*called).values(answered_at=alarm.opened_at)
        await session.execute(answer.execution_options(synchronize_session=False))
