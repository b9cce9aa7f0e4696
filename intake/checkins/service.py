"""Plans as rows: finding, starting, changing, pausing, ending, and what follows from everything a resident does. Commits nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import or_, select

from intake.base.database import ReadSession, WriteSession
from intake.base.ids import new_id
from intake.base.sealing import KeyRing
from intake.checkins.calendar import Calendar, calendar_of
from intake.checkins.models import CheckinConsent, CheckinContact, CheckinPause, CheckinPlan, ConsentWay, ContactState
from intake.checkins.plan import LONGEST_PAUSE, Contact, End, History, Next, Rest, next_contact
from intake.checkins.rhythm import CheckinSettings
from intake.checkins.standing import sender_name
from intake.checkins.words import CheckinWords, default_words
from intake.residents.models import Resident
from routing.city import City

ANSWER_WITHIN = timedelta(days=30)
"""A first word of the resident so long after a check-in is counted as an answer to it."""
_LOOK_AGAIN = {Rest.ALL_PAUSED: timedelta(days=1), Rest.NO_SLOT: timedelta(days=30), Rest.UNSAFE: timedelta(days=30)}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckinContext:
    """What check-ins work with: keys, municipalities, and texts that a municipality has laid over the project's."""

    ring: KeyRing
    cities: Mapping[str, City]
    own_words: Mapping[str, CheckinWords] = field(default_factory=dict)

    def words(self, municipality: str) -> CheckinWords:
        """Return the texts of a municipality."""
        return self.own_words.get(municipality) or default_words()


async def hold_plan(session: WriteSession, resident_id: str) -> CheckinPlan | None:
    """Return the plan of a resident that goes on, held until the transaction ends; None where there is none.

    Whoever changes both takes the plan before the talk.
    """
    goes_on = (CheckinPlan.resident_id == resident_id, CheckinPlan.ended_at.is_(None))
    return await session.scalar(select(CheckinPlan).where(*goes_on).with_for_update().execution_options(populate_existing=True))


async def calendar_for(session: ReadSession, city: City, now: datetime) -> Calendar:
    """Return the calendar of a municipality with its pauses that are not over."""
    lasting = or_(CheckinPause.ends_at.is_(None), CheckinPause.ends_at > now)
    query = select(CheckinPause).where(CheckinPause.municipality == city.key, CheckinPause.lifted_at.is_(None), lasting)
    return calendar_of(city, tuple(pause.span() for pause in await session.scalars(query)))


class Reach(Protocol):
    """What must be known of a resident before a word may go out."""

    @property
    def blocked_at(self) -> datetime | None:
        """When the account was blocked."""
        ...

    @property
    def notices_stopped_at(self) -> datetime | None:
        """When all notices were stopped."""
        ...


def history_of(plan: CheckinPlan, resident: Reach, *, busy: bool = False) -> History:
    """Return what has happened to a plan as the pure functions take it."""
    return History(
        done=plan.done,
        last_sent_at=plan.last_sent_at,
        heard_at=plan.heard_at,
        blocked_at=resident.blocked_at,
        stopped_at=resident.notices_stopped_at,
        busy=busy,
    )


def set_next(plan: CheckinPlan, found: Next, now: datetime) -> None:
    """Write down the next word. A plan that rests is looked at again later; that look can send nothing."""
    if isinstance(found, End):
        end_plan(plan, found, now)
    elif isinstance(found, Contact):
        plan.next_at = found.at + timedelta(microseconds=plan.filed)
        plan.next_not_after = found.not_after
        plan.next_step, plan.next_farewell = found.step, found.farewell
    else:
        again = (plan.paused_at or now) + LONGEST_PAUSE if found is Rest.PAUSED else now + _LOOK_AGAIN[found]
        plan.next_at = plan.next_not_after = again + timedelta(minutes=1)
        plan.next_step, plan.next_farewell = plan.done, False


def replan(
    plan: CheckinPlan,
    resident: Reach,
    calendar: Calendar,
    now: datetime,
    *,
    late: timedelta = timedelta(0),
    wait_until: datetime | None = None,
) -> None:
    """Find the next word of a plan and write it down."""
    set_next(plan, next_contact(plan.facts(), history_of(plan, resident), calendar, now, late=late, wait_until=wait_until), now)


def end_plan(plan: CheckinPlan, reason: End, now: datetime) -> None:
    """End a plan. Nothing is said here; whoever ends one by a wish of the resident answers them."""
    plan.ended_at, plan.end_reason = now, reason
    plan.next_at = plan.next_not_after = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What the resident agreed to: the choices, and the words of the card on which they tapped yes."""

    settings: CheckinSettings
    text: str
    way: ConsentWay
    heavy: bool
    window_id: str | None = None
    staff_id: str | None = None
    friend: bool = True


async def agree(
    session: WriteSession, context: CheckinContext, resident: Resident, conversation_id: str, consent: Consent, now: datetime
) -> CheckinPlan:
    """Start a plan, or change the one that goes on; the consent with its date and words is kept."""
    city = context.cities[resident.municipality]
    plan = await hold_plan(session, resident.id)
    if plan is None:
        plan = CheckinPlan(
            id=new_id(now),
            municipality=resident.municipality,
            account=resident.account,
            resident_id=resident.id,
            window_id=consent.window_id,
            staff_id=consent.staff_id,
            heavy=consent.heavy,
            friend=consent.friend,
            done=0,
            deferrals=0,
            filed=0,
            recent="",
        )
        session.add(plan)
    chosen = consent.settings
    plan.rhythm, plan.every_days, plan.hours = chosen.rhythm, chosen.every_days, chosen.hours
    plan.sender, plan.style = chosen.sender, chosen.style
    plan.sender_name = sender_name(city, chosen.sender, plan.window_id)
    plan.consent_at, plan.consent_way, plan.consent_text = now, consent.way, consent.text
    plan.conversation_id = conversation_id
    plan.paused_at = None
    begin_anew(plan, now)
    replan(plan, resident, await calendar_for(session, city, now), now)
    await session.flush()
    kept = CheckinConsent(id=new_id(now), municipality=plan.municipality, plan_id=plan.id, agreed_at=now)
    kept.way, kept.text = consent.way, consent.text
    session.add(kept)
    return plan


def begin_anew(plan: CheckinPlan, now: datetime) -> None:
    """Start the rhythm anew from a sign of life."""
    plan.began_at = plan.heard_at = now
    plan.done = plan.deferrals = 0


async def answered(session: WriteSession, plan: CheckinPlan, now: datetime) -> bool:
    """Note an answer to the latest check-in, if it has none yet and is not too long ago; tell whether this was one."""
    contact = await unanswered(session, plan, now)
    if contact is None:
        return False
    contact.answered_at = now
    return True


async def unanswered(session: ReadSession, plan: CheckinPlan, now: datetime) -> CheckinContact | None:
    """Return the latest check-in to which the resident's next word is an answer."""
    if plan.last_sent_at is None or now - plan.last_sent_at > ANSWER_WITHIN:
        return None
    went = (ContactState.SAID, ContactState.SENT, ContactState.UNCERTAIN)
    mine = (CheckinContact.plan_id == plan.id, CheckinContact.state.in_(went))
    newest = await session.scalar(select(CheckinContact).where(*mine).order_by(CheckinContact.due_at.desc()).limit(1))
    if newest is None or newest.answered_at is not None or (plan.heard_at is not None and plan.heard_at > (newest.decided_at or now)):
        return None
    return newest
