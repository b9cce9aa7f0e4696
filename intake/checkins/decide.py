"""Deciding claimed words: the facts of the moment are read for all of them at once, each is judged, and what is said goes to the outbox."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cache

from sqlalchemy import bindparam, func, or_, select, update

from intake.base.database import ReadSession, WriteSession
from intake.checkins.budget import allowance_of, hold_budget, left_today
from intake.checkins.calendar import Calendar
from intake.checkins.holds import held_until
from intake.checkins.models import CheckinContact, CheckinPlan, ContactState, PushBudget, WordsApproval
from intake.checkins.plan import End, Refusal, judge
from intake.checkins.rhythm import Style
from intake.checkins.service import CheckinContext, Reach, calendar_for, end_plan, history_of, replan
from intake.checkins.standing import sender_name
from intake.checkins.words import RECENT, CheckinText, choose
from intake.conversations.many import Saying, Talk, say_many
from intake.conversations.models import Author, Conversation
from intake.conversations.service import SILENCE_ENDS_CONTACT
from intake.dialogue.turn import Controller
from intake.residents.models import Resident
from intake.wording.bubbles import Button, ButtonKind, TextBubble, Utterance
from intake.wording.catalogue import default_wording
from intake.wording.keys import POSTBACK_VERSION, Choice
from routing.city import City, State
from routing.hours import TOKYO
from routing.referral import Kind

ATTEMPTS = 8
_PLACES = frozenset({Kind.COMMUNITY, Kind.PARTICIPATION})
"""Only places that tell nothing about who goes there are named."""


_TABLE = CheckinContact.metadata.tables["checkin_contact"]
_SETTLE = (
    update(_TABLE)
    .where(_TABLE.c.plan_id == bindparam("_plan"), _TABLE.c.due_at == bindparam("_due"))
    .values(
        state=bindparam("_state"),
        reason=bindparam("_reason"),
        message_id=bindparam("_message"),
        words_key=bindparam("_words"),
        sent_before=bindparam("_before"),
        decided_at=bindparam("_now"),
        lease_until=None,
        claim_token=None,
    )
)


@dataclass(slots=True)
class _Facts:
    """What the judging of one batch needs, read once."""

    plans: Mapping[str, CheckinPlan]
    people: Mapping[str, Reach]
    talks: Mapping[str, Talk]
    busy: frozenset[str]
    held: Mapping[str, datetime]
    """Residents who are left in peace, and until when nothing need be planned."""
    calendars: dict[str, Calendar] = field(default_factory=dict)
    approved: dict[str, frozenset[str]] = field(default_factory=dict)
    budgets: dict[str, tuple[PushBudget | None, int | None]] = field(default_factory=dict)
    places: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What became of one word: refused for a reason, or said."""

    contact: CheckinContact
    reason: str | None = None
    saying: Saying | None = None
    words_key: str | None = None
    sent_before: datetime | None = None


async def decide(session: WriteSession, context: CheckinContext, claimed: Sequence[CheckinContact], now: datetime) -> int:
    """Decide what was claimed and is still ours, in one commit; returns how many words were said."""
    contacts = await _still_ours(session, claimed)
    if not contacts:
        return 0
    facts = await _facts(session, contacts, now)
    verdicts = [await _decide_one(session, context, facts, contact, facts.plans[contact.plan_id], now) for contact in contacts]
    sayings = [verdict.saying for verdict in verdicts if verdict.saying is not None]
    ids = iter(await say_many(session, context.ring, sayings, author=Author.BOT, now=now))
    await session.execute(_SETTLE, [_row(verdict, None if verdict.saying is None else next(ids), now) for verdict in verdicts])
    return len(sayings)


def _row(verdict: _Verdict, message_id: str | None, now: datetime) -> dict[str, object]:
    return {
        "_plan": verdict.contact.plan_id,
        "_due": verdict.contact.due_at,
        "_state": ContactState.REFUSED if message_id is None else ContactState.SAID,
        "_reason": verdict.reason,
        "_message": message_id,
        "_words": verdict.words_key,
        "_before": verdict.sent_before,
        "_now": now,
    }


async def _still_ours(session: WriteSession, claimed: Sequence[CheckinContact]) -> list[CheckinContact]:
    """Return what nobody else has claimed since, held; the lease of a slow worker may have run out."""
    tokens = {contact.claim_token for contact in claimed}
    ids = [contact.plan_id for contact in claimed]
    ours = (CheckinContact.plan_id.in_(ids), CheckinContact.state == ContactState.DUE, CheckinContact.claim_token.in_(tokens))
    query = select(CheckinContact.plan_id, CheckinContact.due_at).where(*ours).order_by(CheckinContact.plan_id).with_for_update()
    held = {(row.plan_id, row.due_at) for row in await session.execute(query)}
    return [contact for contact in claimed if (contact.plan_id, contact.due_at) in held]


async def _facts(session: WriteSession, contacts: Sequence[CheckinContact], now: datetime) -> _Facts:
    """Read plans, people, talks and holds. The plans are held first: whoever answers at this moment comes before or after, not between."""
    ids = [contact.plan_id for contact in contacts]
    held = select(CheckinPlan).where(CheckinPlan.id.in_(ids)).order_by(CheckinPlan.id).with_for_update()
    plans = (await session.scalars(held.execution_options(populate_existing=True))).all()
    people = [plan.resident_id for plan in plans]
    reach = select(Resident.id, Resident.blocked_at, Resident.notices_stopped_at).where(Resident.id.in_(people))
    columns = (Conversation.id, Conversation.municipality, Conversation.account, Conversation.resident_id, Conversation.epoch)
    talks = select(*columns).where(Conversation.id.in_([plan.conversation_id for plan in plans]))
    lively = or_(
        Conversation.controller != Controller.BOT,
        func.coalesce(Conversation.last_resident_at, Conversation.opened_at) >= now - SILENCE_ENDS_CONTACT,
    )
    open_talks = select(Conversation.resident_id).where(Conversation.resident_id.in_(people), Conversation.closed_at.is_(None), lively)
    resting = await held_until(session, people, now)
    return _Facts(
        plans={plan.id: plan for plan in plans},
        people={row.id: row for row in await session.execute(reach)},
        talks={row.id: row for row in await session.execute(talks)},
        busy=frozenset([*await session.scalars(open_talks), *resting]),
        held=resting,
    )


async def _decide_one(
    session: WriteSession, context: CheckinContext, facts: _Facts, contact: CheckinContact, plan: CheckinPlan, now: datetime
) -> _Verdict:
    """Judge one word; say it, or refuse it and find the plan another moment."""
    if plan.ended_at is not None:
        return _Verdict(contact, plan.end_reason or End.RESIDENT)
    reach = facts.people[plan.resident_id]
    city = context.cities[plan.municipality]
    if city.key not in facts.calendars:
        facts.calendars[city.key] = await calendar_for(session, city, now)
        facts.places[city.key] = places_of(city)
    calendar = facts.calendars[city.key]
    history = history_of(plan, reach, busy=plan.resident_id in facts.busy)
    verdict: End | Refusal | None = Refusal.FAILED if contact.attempts > ATTEMPTS else None
    verdict = verdict or judge(plan.facts(), history, calendar, contact.contact(), now)
    if verdict is None and not await _may_spend(session, facts, plan, calendar, now):
        verdict = Refusal.QUOTA
    text = await _text(session, context, facts, plan, contact, now) if verdict is None else None
    if text is None:
        wait_until = facts.held.get(plan.resident_id) if verdict is Refusal.TALK else None
        _put_off(contact, plan, reach, calendar, verdict or Refusal.NO_WORDS, now, wait_until)
        return _Verdict(contact, verdict or Refusal.NO_WORDS)
    return _say(context, facts, contact, plan, text, now)


def _put_off(
    contact: CheckinContact,
    plan: CheckinPlan,
    reach: Reach,
    calendar: Calendar,
    verdict: End | Refusal,
    now: datetime,
    wait_until: datetime | None,
) -> None:
    """End the plan, or find it another moment: at the earliest tomorrow, unless the word is only late or the rhythm is new."""
    if isinstance(verdict, End):
        end_plan(plan, verdict, now)
        return
    if plan.next_at is not None:
        return  # What the resident did meanwhile has found it already.
    if verdict is Refusal.QUOTA:
        plan.deferrals += 1
    if verdict in {Refusal.LATE, Refusal.CHANGED}:
        replan(plan, reach, calendar, now, late=max(timedelta(0), now - contact.not_after))
    else:
        replan(plan, reach, calendar, _tomorrow(now), wait_until=wait_until)


def _tomorrow(now: datetime) -> datetime:
    return datetime.combine(now.astimezone(TOKYO).date() + timedelta(days=1), time(0), TOKYO).astimezone(UTC)


async def _may_spend(session: WriteSession, facts: _Facts, plan: CheckinPlan, calendar: Calendar, now: datetime) -> bool:
    """Spend one push of the day's share, if one is left beside those for whoever waits longer."""
    account = plan.account
    if account not in facts.budgets:
        budget = await hold_budget(session, account, now)
        facts.budgets[account] = (budget, left_today(await allowance_of(session, budget, now), calendar, now))
    budget, left = facts.budgets[account]
    if budget is None or left is None:
        return True
    if left <= 0 or left <= await _longer_waiting(session, plan):
        return False
    budget.used += 1
    facts.budgets[account] = (budget, left - 1)
    return True


async def _longer_waiting(session: ReadSession, plan: CheckinPlan) -> int:
    """Return how many residents of the account were put off more often than this one, and could be written to."""
    free = (CheckinPlan.ended_at.is_(None), CheckinPlan.paused_at.is_(None), CheckinPlan.unsafe_since.is_(None))
    longer = (CheckinPlan.account == plan.account, CheckinPlan.deferrals > max(plan.deferrals, 0), *free)
    return await session.scalar(select(func.count()).select_from(CheckinPlan).where(*longer)) or 0


async def _text(
    session: ReadSession, context: CheckinContext, facts: _Facts, plan: CheckinPlan, contact: CheckinContact, now: datetime
) -> CheckinText | None:
    city = context.cities[plan.municipality]
    if city.key not in facts.approved:
        facts.approved[city.key] = await approved_keys(session, context, city)
    return choose(
        context.words(city.key),
        facts.approved[city.key],
        month=now.astimezone(TOKYO).month,
        recent=[key for key in plan.recent.split(";") if key],
        farewell=contact.farewell,
        place=bool(facts.places[city.key]),
        chance=_chance(plan.id, contact.due_at),
    )


async def approved_keys(session: ReadSession, context: CheckinContext, city: City) -> frozenset[str]:
    """Return which texts may be sent: approved as they stand now by a named person. In the demo all are samples, and say so."""
    texts = context.words(city.key).texts
    if city.sample:
        return frozenset(texts)
    rows = await session.scalars(select(WordsApproval).where(WordsApproval.municipality == city.key))
    prints = {row.words_key: row.fingerprint for row in rows}
    return frozenset(key for key, text in texts.items() if text.approved_by or prints.get(key) == text.fingerprint)


def places_of(city: City) -> list[str]:
    """Return the places of the directory that a check-in may name: confirmed, running, and telling nothing of who goes there."""
    usable = (window for window in city.windows.values() if window.kind in _PLACES and window.state is State.RUNNING)
    return sorted(window.name for window in usable if window.confirmed or window.sample)


def _say(context: CheckinContext, facts: _Facts, contact: CheckinContact, plan: CheckinPlan, text: CheckinText, now: datetime) -> _Verdict:
    """Make a word ready for the outbox; it is not sent after its hours. The plan moves on in the same commit."""
    city = context.cities[plan.municipality]
    sender = sender_name(city, plan.sender, plan.window_id)
    before = "" if plan.sender_name == sender else plan.sender_name
    places = facts.places[city.key] if text.names_place else [""]
    place = places[_chance(plan.id, contact.due_at) % len(places)]
    words = context.words(city.key).framed(text, plan.style, sender=sender, before=before, place=place)
    utterance = Utterance(
        bubbles=(TextBubble(text=words),), choices=ways_out(plan.style), silent=plan.unsafe_since is not None, sender=sender
    )
    saying = Saying(talk=facts.talks[plan.conversation_id], utterance=utterance, not_after=contact.not_after)
    said = _Verdict(contact, None, saying, text.key, plan.last_sent_at)
    plan.done, plan.last_sent_at, plan.sender_name, plan.deferrals = contact.step + 1, now, sender, 0
    plan.recent = ";".join([text.key, *(key for key in plan.recent.split(";") if key)][:RECENT])[:400]
    if not contact.farewell:
        replan(plan, facts.people[plan.resident_id], facts.calendars[plan.municipality], now)
    return said


@cache
def ways_out(style: Style) -> tuple[Button, ...]:
    """Return the two taps under every check-in: to rest, and to end."""
    said = default_wording().choices
    found = ((choice, said[choice]) for choice in (Choice.CHECKIN_PAUSE, Choice.CHECKIN_END))
    return tuple(
        Button(label=words.label.pick(kana=style is Style.PLAIN), kind=ButtonKind.POSTBACK, value=POSTBACK_VERSION + choice, say=words.say)
        for choice, words in found
    )


def _chance(plan_id: str, due_at: datetime) -> int:
    return int.from_bytes(hashlib.blake2b(f"{plan_id}|{due_at.isoformat()}".encode(), digest_size=8).digest())
