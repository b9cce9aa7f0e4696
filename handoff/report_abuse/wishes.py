"""Wishes to erase that are held: all of them in one list with their age, and the word of a 責任者 on each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.audit.models import Action
from handoff.audit.record import record_audit
from handoff.desk.actions import keep_note
from handoff.desk.alarms import highest_open_alarm
from handoff.desk.checks import checked_text
from handoff.desk.errors import ConflictError, TextError
from handoff.desk.models import Alarm
from handoff.desk.words import CloseReason
from handoff.emergency.opening import overseen_by
from handoff.report_abuse.erasing import CALM_FOR, GRACE, erase_now, open_wish
from handoff.report_abuse.models import AbuseReport, Judgement, WishAnswer
from handoff.report_abuse.words import WISH_WORDS
from intake.base.database import ReadSession, WriteSession
from intake.base.errors import NotFoundError
from intake.base.sealing import KeyRing
from intake.conversations.models import Conversation
from intake.residents.models import Resident
from nlp.reading import Risk

MAX_REASON = 400
_MOST = 200


class WishError(ConflictError):
    """The wish cannot be decided in this way now."""

    code = "wish"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One wish that is held. ``erases_at`` is when it is carried out by itself, None where it waits for somebody."""

    talk_id: str
    handle: str
    window_id: str | None
    asked_at: datetime
    days: int
    """Its age in whole days."""
    why: str
    erases_at: datetime | None
    decidable: bool
    """Whether a 責任者 may have it erased now."""


async def held_wishes(session: ReadSession, viewer: Viewer, now: datetime) -> Sequence[Wish]:
    """Return the held wishes that the viewer answers for, the oldest first. One query."""
    unopened = select(func.count(Alarm.id)).where(Alarm.conversation_id == Conversation.id, Alarm.opened_at.is_(None))
    query = (
        select(Conversation, AbuseReport, Resident.handle, unopened.correlate(Conversation).scalar_subquery().label("unopened"))
        .join(Resident, Resident.id == Conversation.resident_id)
        .outerjoin(AbuseReport, AbuseReport.conversation_id == Conversation.id)
        .where(open_wish(), overseen_by(viewer), Conversation.practice_of.is_(None))
        .order_by(Conversation.erase_asked_at, Conversation.id)
        .limit(_MOST)
    )
    return [_wish(row.Conversation, row.AbuseReport, row.handle, row.unopened, now) for row in await session.execute(query)]


def _wish(talk: Conversation, report: AbuseReport | None, handle: str, unopened: int, now: datetime) -> Wish:
    asked = talk.erase_asked_at or now
    stops = _stops(talk, report, unopened=bool(unopened))
    erases_at = None if stops else _erases_at(talk, report)
    waits = "しばらく置いて、ひとりでに消えます" if erases_at else "ひとりでには消えません。消すか残すかを決めてください"
    return Wish(
        talk_id=talk.id,
        handle=handle,
        window_id=talk.window_id,
        asked_at=asked,
        days=(now - asked).days,
        why=stops or waits,
        erases_at=erases_at,
        decidable=not stops,
    )


def _stops(talk: Conversation, report: AbuseReport | None, *, unopened: bool) -> str:
    """Tell what keeps anybody from erasing a talk now; empty where nothing does."""
    if report is not None and report.settled_at is None:
        return "通告・通報の票が終わっていません"
    if unopened:
        return "まだ確認していない危険の手がかりがあります"
    return "相談が続いています。終えてから決められます" if talk.closed_at is None else ""


def _erases_at(talk: Conversation, report: AbuseReport | None) -> datetime | None:
    """Return when nothing holds a closed talk any more; None where only a person can say so. As ``erasing`` does it."""
    if talk.held_at is not None or (report is not None and report.judgement is not Judgement.NOT_APPLIES):
        return None
    grave = talk.risk.rank >= Risk.URGENT.rank
    if talk.closed_at is None or (grave and talk.close_reason not in set(CloseReason)):
        return None
    ends = [talk.closed_at + CALM_FOR] if grave else []
    ends += [report.settled_at + GRACE] if report is not None and report.settled_at is not None else []
    return max(ends, default=None)


async def answer_wish(
    session: WriteSession, ring: KeyRing, viewer: Viewer, conversation_id: str, answer: WishAnswer, reason: str, *, now: datetime
) -> None:
    """Decide as a 責任者 about a held wish, with a reason that stays on the talk. What is kept stays in the list."""
    check_permission(viewer, Permission.OVERSEE)
    held = select(Conversation).where(Conversation.id == conversation_id, open_wish(), overseen_by(viewer))
    talk = await session.scalar(held.where(Conversation.practice_of.is_(None)).with_for_update())
    if talk is None:
        raise NotFoundError("この消去の希望は見つかりません。")
    if not reason.strip():
        raise TextError("そう判断した理由を書いてください。")
    words = checked_text(reason, MAX_REASON)
    keep_note(session, ring, viewer, talk, f"{WISH_WORDS[answer]}。理由：{words}", now)
    if answer is WishAnswer.KEEP:
        talk.held_at = talk.held_at or now
    else:
        report = await session.scalar(select(AbuseReport).where(AbuseReport.conversation_id == talk.id))
        stops = _stops(talk, report, unopened=await highest_open_alarm(session, talk.id) >= 0)
        if stops:
            raise WishError(f"いまは消せません。{stops}。")
        talk.held_at = None
        await erase_now(session, ring, talk, now)
    place = {"municipality": talk.municipality, "actor": viewer.staff_id}
    record_audit(session, ring, action=Action.WISH_DECIDED, subject=talk.id, details=answer, now=now, **place)
