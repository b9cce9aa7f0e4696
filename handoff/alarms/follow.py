"""From the event log to notices: each event is looked at once, in order, by whichever process holds the head."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from handoff.alarms.audience import Case, audience, of_window
from handoff.alarms.escalate import note_opened, watch_alarm
from handoff.alarms.models import Notice, NoticeHead, NoticeKind
from handoff.alarms.tell import Matter, Post, tell
from handoff.desk.models import Alarm
from handoff.desk.transfer_models import Hop, HopKind, HopStatus, HopStep
from handoff.desk.work_models import Mention
from handoff.duty.plan import Roster
from handoff.duty.service import load_roster
from intake.base.database import ReadSession, WriteSession
from intake.conversations.models import Conversation
from intake.dialogue.turn import Controller
from intake.events.models import EventHead, EventName, LoggedEvent
from nlp.reading import Risk
from routing.city import City

_PAGE = 200
QUIET = timedelta(minutes=2)
"""Several messages of a resident within this time are one notice."""


@dataclass(slots=True, kw_only=True)
class Telling:
    """One look at the log: what it works with, and the rosters that it has read."""

    session: WriteSession
    post: Post
    cities: Mapping[str, City]
    now: datetime
    rosters: dict[str, Roster] = field(default_factory=dict)

    async def roster(self, municipality: str) -> Roster:
        """Return the duty of a municipality, read once."""
        if municipality not in self.rosters:
            self.rosters[municipality] = await load_roster(self.session, self.cities[municipality], self.now)
        return self.rosters[municipality]

    async def tell(self, kind: NoticeKind, talk: Conversation, ref: str, people: Sequence[str]) -> None:
        """Tell people of something."""
        await tell(self.session, self.post, Matter(kind=kind, talk=talk, ref=ref), people, now=self.now)

    async def audience(self, talk: Conversation) -> tuple[str, ...]:
        """Return who looks after a talk now."""
        case = Case(owner=talk.owner, window_id=talk.window_id)
        return audience(case, await self.roster(talk.municipality), self.cities[talk.municipality], self.now)


async def events_are_new(session: ReadSession) -> bool:
    """Tell whether there is anything to look at. A look without a lock."""
    ahead = select(EventHead.id).join(NoticeHead, NoticeHead.id == EventHead.id).where(EventHead.last > NoticeHead.seq)
    return await session.scalar(ahead) is not None


async def follow_events(session: WriteSession, post: Post, cities: Mapping[str, City], *, now: datetime) -> int:
    """Tell staff of what has happened since the last look, unless another process does it; returns how many events were looked at."""
    head = await session.scalar(select(NoticeHead).where(NoticeHead.id == 1).with_for_update(skip_locked=True))
    if head is None:
        return 0
    fresh = select(LoggedEvent).where(LoggedEvent.seq > head.seq).order_by(LoggedEvent.seq).limit(_PAGE)
    events = (await session.scalars(fresh)).all()
    telling = Telling(session=session, post=post, cities=cities, now=now)
    for event in events:
        head.seq = event.seq
        act = _ACTS.get(event.name)
        if act is None or event.conversation_id is None or event.municipality not in cities:
            continue
        talk = await session.get(Conversation, event.conversation_id)
        if talk is not None and talk.practice_of is None:
            await act(telling, talk, event)
    return len(events)


async def _alarm(telling: Telling, talk: Conversation, event: LoggedEvent) -> None:
    raised = select(Alarm).where(Alarm.conversation_id == talk.id, Alarm.raised_at == event.at, Alarm.opened_at.is_(None))
    for alarm in (await telling.session.scalars(raised)).all():
        if alarm.risk is Risk.EMERGENCY:
            if not await watch_alarm(telling.session, alarm, now=telling.now):
                await telling.tell(NoticeKind.EMERGENCY, talk, alarm.id, await telling.audience(talk))
        elif alarm.risk is Risk.URGENT:
            await telling.tell(NoticeKind.URGENT, talk, alarm.id, await telling.audience(talk))


async def _alarm_opened(telling: Telling, talk: Conversation, _event: LoggedEvent) -> None:
    await note_opened(telling.session, talk.id, now=telling.now)


async def _waiting(telling: Telling, talk: Conversation, event: LoggedEvent) -> None:
    """Tell of a talk that has come, or come back, to people. What shows danger is told as such."""
    if talk.controller is Controller.WAITING and talk.closed_at is None and talk.risk.rank < Risk.URGENT.rank:
        await _once_in_a_while(telling, talk, event)


async def _heard(telling: Telling, talk: Conversation, event: LoggedEvent) -> None:
    """Tell whoever holds a talk that the resident has written."""
    if talk.owner is not None:
        await _once_in_a_while(telling, talk, event)


async def _once_in_a_while(telling: Telling, talk: Conversation, event: LoggedEvent) -> None:
    people = await telling.audience(talk)
    lately = (Notice.conversation_id == talk.id, Notice.kind == NoticeKind.NEW, Notice.made_at > telling.now - QUIET)
    told = set((await telling.session.scalars(select(Notice.staff_id).where(*lately))).all())
    await telling.tell(NoticeKind.NEW, talk, f"event-{event.seq}", [person for person in people if person not in told])


async def _noted(telling: Telling, talk: Conversation, event: LoggedEvent) -> None:
    """Tell whoever is named in a note, and those whom a step of a transfer concerns."""
    session = telling.session
    for mention in (await session.scalars(select(Mention).where(Mention.conversation_id == talk.id, Mention.read_at.is_(None)))).all():
        await telling.tell(NoticeKind.MENTION, talk, mention.note_id, [mention.staff_id])
    steps = select(HopStep, Hop).join(Hop, Hop.id == HopStep.hop_id).where(Hop.conversation_id == talk.id, HopStep.at == event.at)
    for row in (await session.execute(steps)).all():
        people = await _told_of(telling, row.HopStep, row.Hop)
        await telling.tell(NoticeKind.TRANSFER, talk, row.HopStep.id, [person for person in people if person != event.actor])


async def _told_of(telling: Telling, step: HopStep, hop: Hop) -> tuple[str, ...]:
    """Return who is told of a step: the receiving window when the resident has agreed or a talk is handed back, else whoever asked."""
    if step.status is HopStatus.AGREED or hop.kind is HopKind.HAND_BACK:
        city, roster = telling.cities[hop.municipality], await telling.roster(hop.municipality)
        return of_window((hop.to_window,), roster, city, telling.now) or tuple(sorted(roster.serving.get(hop.to_window, ())))
    return () if step.status in {HopStatus.ASKED, HopStatus.WITHDRAWN} else (hop.from_staff,)


_Act = Callable[[Telling, Conversation, LoggedEvent], Awaitable[None]]
_ACTS: Mapping[EventName, _Act] = {
    EventName.ALARM_RAISED: _alarm,
    EventName.ALARM_OPENED: _alarm_opened,
    EventName.HANDOFF_REQUESTED: _waiting,
    EventName.HANDS_CHANGED: _waiting,
    EventName.MESSAGE_RECEIVED: _heard,
    EventName.NOTE_WRITTEN: _noted,
}
