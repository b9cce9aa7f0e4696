"""Working on a form: judging, reporting, writing down what came of it. Each step is a row; nothing here commits."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.audit.models import Action
from handoff.audit.record import record_audit
from handoff.desk.checks import checked_text
from handoff.desk.errors import ConflictError, TextError
from handoff.desk.visibility import hold_visible
from handoff.emergency.opening import deciders_of, tell
from handoff.report_abuse.models import AbuseReport, AbuseReportStep, Judgement, StepKind
from handoff.report_abuse.raising import add_step
from handoff.report_abuse.words import MEANS, OUTCOME_WORDS, Deadlines, Outcome
from intake.base.database import WriteSession
from intake.base.errors import NotFoundError
from intake.base.sealing import KeyRing
from intake.conversations.models import Conversation
from intake.events.models import EventName
from intake.events.service import record_event
from intake.facts.models import FactKind
from intake.facts.service import add_fact

MAX_TEXT = 1000
_UNKNOWN = "この相談に、通告・通報の票はありません。"


class ReportError(ConflictError):
    """The form is not where the asker saw it."""

    code = "report"


async def _hold(session: WriteSession, viewer: Viewer, conversation_id: str) -> tuple[Conversation, AbuseReport]:
    check_permission(viewer, Permission.ANSWER)
    talk = await hold_visible(session, viewer, conversation_id)
    report = await session.scalar(select(AbuseReport).where(AbuseReport.conversation_id == talk.id).with_for_update())
    if report is None:
        raise NotFoundError(_UNKNOWN)
    return talk, report


async def note_opening(session: WriteSession, ring: KeyRing, viewer: Viewer, conversation_id: str, *, now: datetime) -> None:
    """Note when a person first opened the form; later looks change nothing. A talk without a form has nothing to note."""
    if not viewer.may(Permission.ANSWER):
        return
    talk, report = await _hold(session, viewer, conversation_id)
    if report.opened_at is not None:
        return
    report.opened_at, report.opened_by = now, viewer.staff_id
    add_step(session, report, StepKind.OPENED, staff_id=viewer.staff_id, now=now)
    _record(session, ring, viewer, talk, StepKind.OPENED, now)


async def judge(
    session: WriteSession,
    ring: KeyRing,
    viewer: Viewer,
    conversation_id: str,
    judgement: Judgement,
    reason: str,
    deadlines: Deadlines,
    *,
    now: datetime,
) -> None:
    """Say 該当, 迷う or 該当しない. The last one needs a reason and ends the matter; a doubt calls the 責任者."""
    talk, report = await _hold(session, viewer, conversation_id)
    if report.reported_at is not None and judgement is Judgement.NOT_APPLIES:
        raise ReportError("すでに通告・通報をしているため、「該当しない」にはできません。結果の欄に書いてください。")
    if judgement is Judgement.NOT_APPLIES and not reason.strip():
        raise TextError("「該当しない」と判断した理由を書いてください。")
    words = checked_text(reason, MAX_TEXT) if reason.strip() else ""
    report.judgement = judgement
    report.settled_at = now if judgement is Judgement.NOT_APPLIES else None
    talk.held_at = None if judgement is Judgement.NOT_APPLIES else talk.held_at or now
    if report.reported_at is None:
        report.due_at = now + (deadlines.report if judgement is Judgement.APPLIES else deadlines.judge)
    step = add_step(session, report, StepKind.JUDGED, staff_id=viewer.staff_id, now=now)
    step.judgement = judgement
    _seal(ring, step, {"reason": words}, now)
    if judgement is Judgement.UNSURE:
        called = [one.id for one in await deciders_of(session, talk)]
        asked = f"：{words}" if words else "。"
        await tell(session, ring, viewer, talk, f"通告・通報の票で「迷う」としました。責任者と一緒に決めたいです{asked}", called, now)
    _record(session, ring, viewer, talk, f"judged:{judgement}", now)


async def report_made(
    session: WriteSession,
    ring: KeyRing,
    viewer: Viewer,
    conversation_id: str,
    *,
    recipient: str,
    means: str,
    details: str,
    deadlines: Deadlines,
    now: datetime,
) -> None:
    """Write down that 通告・通報 was made: to whom, how, what was said. A doubt is enough for it."""
    talk, report = await _hold(session, viewer, conversation_id)
    if report.judgement not in {Judgement.APPLIES, Judgement.UNSURE}:
        raise ReportError("先に「該当」か「迷う」を選んでください。")
    if means not in MEANS:
        raise TextError("連絡の方法を選んでください。")
    if not recipient.strip():
        raise TextError("通告・通報の相手を書いてください。")
    if report.reported_at is None:
        known = {"raised": report.raised_at.isoformat(), "opened": None if report.opened_at is None else report.opened_at.isoformat()}
        add_fact(
            session, FactKind.MOVED, municipality=talk.municipality, unit=talk.id, at=now, ref=report.id, code="reported", details=known
        )
    report.reported_at = report.reported_at or now
    report.settled_at = None
    report.due_at = now + deadlines.outcome
    step = add_step(session, report, StepKind.REPORTED, staff_id=viewer.staff_id, now=now)
    kept = {"recipient": checked_text(recipient, MAX_TEXT), "means": means, "reason": details.strip()[:MAX_TEXT]}
    _seal(ring, step, kept, now)
    _record(session, ring, viewer, talk, StepKind.REPORTED, now)


async def note_outcome(
    session: WriteSession,
    ring: KeyRing,
    viewer: Viewer,
    conversation_id: str,
    outcome: Outcome,
    details: str,
    deadlines: Deadlines,
    *,
    now: datetime,
) -> None:
    """Write down what came of the report. 「まだわからない」 keeps the form open for another while."""
    talk, report = await _hold(session, viewer, conversation_id)
    if report.reported_at is None:
        raise ReportError("先に、通告・通報をした相手を書いてください。")
    if report.settled_at is not None:
        raise ReportError("この票は、すでに終わっています。")
    open_still = outcome is Outcome.UNKNOWN
    report.settled_at = None if open_still else now
    report.due_at = now + deadlines.outcome if open_still else report.due_at
    step = add_step(session, report, StepKind.OUTCOME, staff_id=viewer.staff_id, now=now)
    _seal(ring, step, {"outcome": OUTCOME_WORDS[outcome], "reason": details.strip()[:MAX_TEXT]}, now)
    told = f"report_{outcome}"
    add_fact(session, FactKind.MOVED, municipality=talk.municipality, unit=talk.id, at=now, ref=report.id, code=told)
    _record(session, ring, viewer, talk, f"outcome:{outcome}", now)


def _seal(ring: KeyRing, step: AbuseReportStep, details: Mapping[str, str], now: datetime) -> None:
    kept = {key: value for key, value in details.items() if value}
    if kept:
        step.sealed_details = ring.seal(json.dumps(kept, ensure_ascii=False), step.place(), now)


def _record(session: WriteSession, ring: KeyRing, viewer: Viewer, talk: Conversation, details: str, now: datetime) -> None:
    place = {"municipality": talk.municipality, "actor": viewer.staff_id}
    record_audit(session, ring, action=Action.REPORT_CHANGED, subject=talk.id, details=details, now=now, **place)
    record_event(session, EventName.NOTE_WRITTEN, conversation_id=talk.id, at=now, **place)
