"""What follows for a plan from everything that its resident does. Called by ``intake.conversations.receive`` in the same transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from intake.base.database import ReadSession, WriteSession
from intake.checkins.models import CheckinPlan, ConsentWay, SafeContact
from intake.checkins.plan import End
from intake.checkins.service import (
    CheckinContext,
    Consent,
    agree,
    answered,
    begin_anew,
    calendar_for,
    end_plan,
    hold_plan,
    replan,
    unanswered,
)
from intake.checkins.standing import Standing
from intake.conversations.models import Author, Conversation, Message
from intake.dialogue.turn import Effect, EffectKind, EventKind, TalkState, Turn
from intake.residents.models import Resident
from intake.wording import Wording
from intake.wording.speak import speak
from nlp.reading import Reading, Risk, RiskKind

_AT_HOME = frozenset({RiskKind.VIOLENCE, RiskKind.ABUSE})
_ENDS = {
    EffectKind.CHECKIN_ENDED: End.RESIDENT,
    EffectKind.NOTICES_STOPPED: End.STOPPED,
    EffectKind.RECORDS_ERASED: End.ERASED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing that a resident did, with what came of it."""

    resident: Resident
    conversation: Conversation
    kind: EventKind
    reading: Reading
    turn: Turn
    now: datetime


async def stand(session: ReadSession, plan: CheckinPlan | None, conversation: Conversation, state: TalkState, now: datetime) -> Standing:
    """Return how the resident stands to check-ins when the event comes."""
    heavy = conversation.risk.rank >= Risk.URGENT.rank
    if plan is None:
        agreed = state.unsafe_contact and await session.get(SafeContact, conversation.resident_id) is not None
        return Standing(window_id=conversation.window_id, heavy=heavy, agreed_safe=agreed)
    return Standing(
        settings=plan.settings,
        paused=plan.paused_at is not None,
        answering=await unanswered(session, plan, now) is not None,
        agreed_safe=plan.safe_agreed_at is not None and plan.safe_agreed_at >= (plan.unsafe_since or plan.safe_agreed_at),
        window_id=plan.window_id,
        heavy=heavy,
    )


async def follow(
    session: WriteSession, context: CheckinContext, plan: CheckinPlan | None, deed: Deed, wordings: Mapping[str, Wording]
) -> None:
    """Bring a plan up to what its resident did: begun, changed, paused, ended, or only heard of again."""
    effects = {effect.kind: effect for effect in deed.turn.effects}
    ended = next((reason for kind, reason in _ENDS.items() if kind in effects), None)
    if ended is not None:
        if plan is not None:
            end_plan(plan, ended, deed.now)
        return
    if plan is not None:
        await _heard(session, context, plan, deed, effects)
    if EffectKind.CHECKIN_AGREED in effects:
        await _agreed(session, context, deed, effects[EffectKind.CHECKIN_AGREED], wordings)


async def _heard(
    session: WriteSession, context: CheckinContext, plan: CheckinPlan, deed: Deed, effects: Mapping[EffectKind, Effect]
) -> None:
    """Note a sign of life: the rhythm starts anew, and what was read of danger at home rests the plan."""
    if deed.kind not in {EventKind.POSTBACK, EventKind.FOLLOW}:
        await answered(session, plan, deed.now)
    plan.conversation_id = deed.conversation.id
    plan.window_id = deed.conversation.window_id or plan.window_id
    plan.staff_id = deed.conversation.owner or plan.staff_id
    plan.friend = plan.friend or deed.kind is EventKind.FOLLOW
    plan.heavy = deed.turn.state.risk.rank >= Risk.URGENT.rank
    _note_danger(plan, deed)
    if EffectKind.CHECKIN_PAUSED in effects:
        plan.paused_at = deed.now
    elif EffectKind.CHECKIN_RESUMED in effects:
        plan.paused_at = None
    begin_anew(plan, deed.now)
    calendar = await calendar_for(session, context.cities[plan.municipality], deed.now)
    replan(plan, deed.resident, calendar, deed.now)


def _note_danger(plan: CheckinPlan, deed: Deed) -> None:
    """Rest a plan where violence at home was read. Urgent words make void what was agreed on before them."""
    urgent = deed.reading.risk.rank >= Risk.URGENT.rank and not _AT_HOME.isdisjoint(deed.reading.risk_kinds)
    if deed.turn.state.unsafe_contact and (plan.unsafe_since is None or urgent):
        plan.unsafe_since = deed.now


async def _agreed(session: WriteSession, context: CheckinContext, deed: Deed, effect: Effect, wordings: Mapping[str, Wording]) -> None:
    resident, talk = deed.resident, deed.conversation
    if effect.checkin is None or effect.reply is None:
        return
    city = context.cities[resident.municipality]
    card = speak((effect.reply,), city, deed.now, overrides=wordings.get(city.key)).bubbles[0]
    consent = Consent(
        settings=effect.checkin,
        text=card.text if card.type == "text" else card.title,
        way=ConsentWay.STAFF if talk.owner is not None else ConsentWay.TALK,
        heavy=talk.risk.rank >= Risk.URGENT.rank,
        window_id=talk.window_id,
        staff_id=talk.owner or await _who_knows(session, resident.id),
        friend=await _is_friend(session, resident.id),
    )
    plan = await agree(session, context, resident, talk.id, consent, deed.now)
    safe = await session.get(SafeContact, resident.id)
    if deed.turn.state.unsafe_contact and plan.unsafe_since is None:
        plan.unsafe_since = deed.now if safe is None else safe.agreed_at
    if safe is not None:
        plan.safe_agreed_at, plan.safe_agreed_by = safe.agreed_at, safe.agreed_by


async def _who_knows(session: ReadSession, resident_id: str) -> str | None:
    """Return the person who wrote to the resident last."""
    theirs = (Conversation.resident_id == resident_id, Message.author == Author.STAFF)
    query = select(Message.staff_id).join(Conversation, Conversation.id == Message.conversation_id).where(*theirs)
    return await session.scalar(query.order_by(Message.id.desc()).limit(1))


async def _is_friend(session: ReadSession, resident_id: str) -> bool:
    """Tell whether the resident has added the account; a block since then is noted by itself."""
    added = (Conversation.resident_id == resident_id, Message.kind == EventKind.FOLLOW.value)
    query = select(Message.id).join(Conversation, Conversation.id == Message.conversation_id).where(*added)
    return await session.scalar(query.limit(1)) is not None


async def end_quietly(session: WriteSession, resident_id: str, reason: End, now: datetime) -> None:
    """End the plan of a resident, if one goes on, without a word."""
    plan = await hold_plan(session, resident_id)
    if plan is not None:
        end_plan(plan, reason, now)
