"""The slow recount: figures straight from the raw rows, written without a look at how the roll-ups do it."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from handoff.desk.models import Alarm, Episode
from handoff.desk.transfer_models import Hop, HopKind, HopStatus, HopStep
from handoff.desk.words import PASS_WORDS
from intake.base.database import ReadSession
from intake.base.sealing import KeyRing
from intake.conversations.models import Author, Conversation, Message
from intake.outbox.models import OutboxItem
from intake.referrals.models import ReferralRecord
from routing.hours import is_open
from tests.support.world import CITIES, CITY

JAPAN = ZoneInfo("Asia/Tokyo")


def whole_minutes(begin: datetime, end: datetime) -> int:
    return int((end - begin).total_seconds() // 60)


async def recount(session: ReadSession, ring: KeyRing) -> Counter[str]:
    """Every figure that the raw rows can tell, over all time."""
    found: Counter[str] = Counter()
    talks = (await session.scalars(select(Conversation).order_by(Conversation.opened_at))).all()
    messages = (await session.scalars(select(Message).where(Message.author == Author.RESIDENT))).all()
    stopped = select(OutboxItem.message_id).where(OutboxItem.reason.in_(["taken_back", "stopped_by_danger"]))
    replies = (await session.scalars(select(Message).where(Message.author == Author.STAFF, Message.id.not_in(stopped)))).all()
    hops = (await session.scalars(select(Hop))).all()
    steps = (await session.scalars(select(HopStep).where(HopStep.sealed_reason.is_not(None)))).all()
    episodes = (await session.scalars(select(Episode))).all()
    alarms = (await session.scalars(select(Alarm))).all()
    referrals = (await session.scalars(select(ReferralRecord))).all()
    for talk in talks:
        mine = sorted((m for m in messages if m.conversation_id == talk.id), key=lambda m: m.occurred_at)
        if mine:
            worked = [e for e in episodes if e.conversation_id == talk.id]
            found += _of_talk(talk, mine, worked, talks, ring)
    for referral in referrals:
        found[f"referral/{referral.window_id or 'none'}"] += 1
        found[f"unfit/{referral.unfit_reason}"] += referral.unfit_at is not None
    for episode in episodes:
        answers = [r for r in replies if r.conversation_id == episode.conversation_id and r.created_at >= episode.opened_at]
        answers = [r for r in answers if episode.closed_at is None or r.created_at <= episode.closed_at]
        found += _of_episode(episode, [r.created_at for r in answers])
    for alarm in alarms:
        found += _of_alarm(alarm)
    for hop in hops:
        found[f"declined/{hop.kind}"] += hop.status is HopStatus.REFUSED
        how = "declined" if hop.status is HopStatus.DECLINED else hop.kind.value
        found[f"passing/{how}"] += hop.status in {HopStatus.ACCEPTED, HopStatus.DECLINED}
    for step in steps:
        back = any(hop.id == step.hop_id and hop.kind is HopKind.HAND_BACK for hop in hops)
        words = ring.open(step.sealed_reason or b"", step.place()).partition("：")[0]
        why = next(reason for reason, known in PASS_WORDS.items() if known == words)
        found[f"{'hand_back' if back else 'turned_down'}/{why}"] += 1
    found["unsent"] = sum(m.unsent_at is not None for m in messages)
    found["erased"] = sum(talk.erased_at is not None for talk in talks)
    return +found


def _of_talk(talk: Conversation, mine: list[Message], worked: list[Episode], talks: Sequence[Conversation], ring: KeyRing) -> Counter[str]:
    found: Counter[str] = Counter(contact=1)
    first = mine[0].occurred_at
    city = CITIES[CITY]
    local = first.astimezone(JAPAN)
    found[f"hour/{local.weekday()}/{local.hour}"] += 1
    found[f"office/{'in' if is_open(city.staff_hours, city.closed_days, first) else 'out'}"] += 1
    bursts, last = 0, None
    for message in mine:
        bursts += last is None or message.occurred_at - last > timedelta(seconds=20)
        last = message.occurred_at
    found["message"] = bursts
    found[f"began/{'yes' if bursts > 1 or worked else 'no'}"] += 1
    concerns = {c for m in mine if m.sealed_reading for c in json.loads(ring.open(m.sealed_reading, m.place("sealed_reading")))["concerns"]}
    for concern in concerns or {"none"}:
        found[f"concern/{concern}"] += 1
    before = [t for t in talks if t.resident_id == talk.resident_id and t.opened_at < talk.opened_at]
    found["person/again" if before else "person/new"] += 1
    here = talk.opened_at.astimezone(JAPAN)
    found["first/month"] += all(
        (t.opened_at.astimezone(JAPAN).year, t.opened_at.astimezone(JAPAN).month) != (here.year, here.month) for t in before
    )
    found["first/year"] += all(
        (t.opened_at.astimezone(JAPAN) - timedelta(days=90)).year != (here - timedelta(days=90)).year for t in before
    )
    return +found


def _of_episode(episode: Episode, answers: list[datetime]) -> Counter[str]:
    found: Counter[str] = Counter({"episode": 1, f"reason/{episode.reason}": 1, "reply": len(answers)})
    found[f"close/{episode.close_reason if episode.closed_at else 'open'}"] += 1
    if episode.claimed_at:
        found[f"claim/{whole_minutes(episode.opened_at, episode.claimed_at)}"] += 1
    if episode.promised_by and episode.closed_at and not answers:
        found[f"promise/{'void' if episode.closed_at <= episode.promised_by else 'broken'}"] += 1
    if answers:
        found[f"answer/{whole_minutes(episode.opened_at, min(answers))}"] += 1
        if episode.promised_by:
            found[f"promise/{'kept' if min(answers) <= episode.promised_by else 'broken'}"] += 1
    return +found


def _of_alarm(alarm: Alarm) -> Counter[str]:
    found = Counter({"alarm": 1, f"alarm_risk/{alarm.risk}": 1})
    for kind in alarm.kinds.split(";"):
        found[f"alarm_kind/{kind}"] += bool(kind)
    if alarm.opened_at:
        found[f"ack/{whole_minutes(alarm.raised_at, alarm.opened_at)}"] += 1
    else:
        found["alarm_unopened"] += 1
    found["alarm_unsent"] += alarm.words_unsent
    return +found
