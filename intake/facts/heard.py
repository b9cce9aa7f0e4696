"""The facts of one event of a resident, noted in the transaction that received it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select

from intake.base.clock import TOKYO
from intake.base.database import WriteSession
from intake.base.sealing import KeyRing
from intake.conversations.models import Author, Conversation, Message
from intake.conversations.receive import Received
from intake.conversations.service import read_state
from intake.dialogue.postback import Verb, find_tap
from intake.dialogue.turn import Effect, EffectKind, TalkState
from intake.facts.models import FactKind
from intake.facts.service import add_fact, forget_message
from intake.inbox.inbound import Inbound
from intake.wording.keys import Choice
from nlp.reading import Concern, Reading, Speaker
from routing.city import City
from routing.hours import is_open
from routing.referral import Actor, Kind, Referral, Stage

_APRIL = 4
_ACTORS = {Actor.AGENCY: Speaker.SUPPORTER, Actor.MINSEI: Speaker.SUPPORTER}


def fiscal_year_of(local: datetime) -> int:
    """Return the fiscal year (April to March) of a local moment."""
    return local.year if local.month >= _APRIL else local.year - 1


async def record_heard(session: WriteSession, ring: KeyRing, city: City, inbound: Inbound, received: Received, *, now: datetime) -> None:
    """Note what one event of a resident tells for statistics: the message with what was read, referrals, a window that does not suit."""
    talk = received.conversation
    if received.unsent is not None:
        await forget_message(session, talk.id, received.unsent.id)
        add_fact(session, FactKind.UNSENT, municipality=talk.municipality, unit=talk.id, at=now, ref=received.unsent.id)
        return
    message = received.message
    if message is None or message.author is not Author.RESIDENT:
        return
    state = received.state or read_state(ring, talk)
    details = _read(city, inbound, received.reading or Reading(), state, message)
    if talk.opened_at == now and message.created_at == now:
        details["first"] = _FIRST_OF_ALL if received.met_now else await _firsts(session, talk)
    declined = _declined(inbound, received, state)
    if declined is not None:
        add_fact(session, FactKind.DECLINED, municipality=talk.municipality, unit=talk.id, at=now, ref=message.id, code=declined)
    add_fact(
        session,
        FactKind.HEARD,
        municipality=talk.municipality,
        unit=talk.id,
        at=message.occurred_at,
        ref=message.id,
        code=message.risk.value,
        details=details,
    )
    for effect in received.effects:
        _record_effect(session, talk, message, effect, now)


def _read(city: City, inbound: Inbound, reading: Reading, state: TalkState, message: Message) -> dict[str, Any]:
    """Return what is counted of a message, from closed lists only: a district must be one that the directory names."""
    concerns = [concern.value for concern in reading.concerns]
    tap = find_tap(inbound.data) if inbound.data else None
    if tap is not None and tap.verb is Verb.CONCERN and tap.arg not in concerns:
        concerns.append(Concern(tap.arg).value)
    return {
        "office": is_open(city.staff_hours, city.closed_days, message.occurred_at),
        "calendar": city.version,
        "channel": "line",
        "kind": message.kind,
        "concerns": concerns,
        "speaker": _ACTORS.get(state.actor, reading.speaker).value,
        "age": _age(state),
        "district": _district(city, state.district),
    }


def _declined(inbound: Inbound, received: Received, state: TalkState) -> str | None:
    """Return to what the resident said no: check-ins that were offered, check-ins that went on, or all notices. None for anything else."""
    for effect in received.effects:
        if effect.kind in _NOES:
            return _NOES[effect.kind]
    tap = find_tap(inbound.data) if inbound.data else None
    if tap is None or (tap.verb, tap.arg) != (Verb.CHECKIN, _NO):
        return None
    return None if state.checkins is not None and state.checkins.enrolled else "checkin"


_NO = Choice.CHECKIN_NO.removeprefix(f"{Verb.CHECKIN}:")
_NOES = {EffectKind.NOTICES_STOPPED: "notices", EffectKind.CHECKIN_ENDED: "checkin_ended"}


def _age(state: TalkState) -> str | None:
    """Return the time of life of the person in difficulty, None where nothing was told."""
    if state.child_writer:
        return Stage.CHILD.value
    told = [need.stage for need in state.needs if need.stage is not None]
    return told[0].value if told else None


def _district(city: City, district: str | None) -> str | None:
    """Return a district only where the directory names it; a free word could be an address."""
    if district is None or not any(district in window.districts for window in city.windows.values()):
        return None
    return district


_FIRST_OF_ALL = {"ever": True, "year": True, "month": True, "nth": 1}


async def _firsts(session: WriteSession, talk: Conversation) -> dict[str, bool | int]:
    """Tell whether this is the resident's first contact ever, of the fiscal year, of the month, and the how manieth of the year.

    That is all that is kept of who.
    """
    here = talk.opened_at.astimezone(TOKYO)
    began = datetime(fiscal_year_of(here), _APRIL, 1, tzinfo=TOKYO)
    this_year = func.coalesce(func.sum(case((Conversation.opened_at >= began, 1), else_=0)), 0)
    before = select(func.max(Conversation.opened_at), this_year).where(
        Conversation.resident_id == talk.resident_id, Conversation.id != talk.id
    )
    with session.no_autoflush:
        last, earlier = (await session.execute(before)).one()
    then = None if last is None else last.astimezone(TOKYO)
    return {
        "ever": then is None,
        "year": earlier == 0,
        "month": then is None or (here.year, here.month) != (then.year, then.month),
        "nth": int(earlier) + 1,
    }


def _record_effect(session: WriteSession, talk: Conversation, message: Message, effect: Effect, now: datetime) -> None:
    base: Mapping[str, Any] = {"municipality": talk.municipality, "unit": talk.id, "at": now, "ref": message.id}
    if effect.kind is EffectKind.REFERRAL_RECORDED and effect.referral is not None:
        main = effect.referral.main
        add_fact(session, FactKind.REFERRED, window_id=main.window if main else None, details=count_referral(effect.referral), **base)
    elif effect.kind is EffectKind.WINDOW_UNFIT:
        add_fact(session, FactKind.UNFIT, window_id=effect.window_id, code=effect.reason[:60] or None, **base)


def count_referral(referral: Referral) -> dict[str, Any]:
    """Return what is counted of a referral."""
    return {
        "outcome": referral.outcome.value,
        "fields": list(referral.fields),
        "lacking": sorted(_lacking(referral)),
        "form_main": referral.form_main,
        "form_others": list(referral.form_others),
        "candidate": referral.coordinator_candidate,
    }


def _lacking(referral: Referral) -> set[str]:
    """Return the kinds of the needs that no window of the municipality answers. What only stands beside the needs is none of them."""
    return {reason.kind.value for reason in referral.reasons if reason.kind is not None and reason.kind is not Kind.EMERGENCY}
