"""The form opens by itself at the first sign of abuse, whoever tells of it. Called in the transaction that received the words."""

from datetime import datetime

from sqlalchemy import select

from handoff.report_abuse.models import AbuseReport, AbuseReportStep, StepKind
from handoff.report_abuse.words import Deadlines
from intake.base.database import WriteSession
from intake.base.ids import new_id
from intake.conversations.models import Author
from intake.conversations.receive import Received
from nlp.reading import Concern, RiskKind


def shows_abuse(received: Received) -> bool:
    """Tell whether a resident's message shows abuse: as a concern or as a danger, of whomever and by whomever."""
    if received.message is None or received.message.author is not Author.RESIDENT:
        return False
    reading = received.reading
    read = reading is not None and (Concern.ABUSE in reading.concerns or RiskKind.ABUSE in reading.risk_kinds)
    return read or any(RiskKind.ABUSE in effect.risk_kinds for effect in received.effects)


async def raise_report(session: WriteSession, received: Received, deadlines: Deadlines, *, now: datetime) -> bool:
    """Open the form of the talk; one that was put away opens again. Tells whether it was opened now: then a person must look."""
    talk = received.conversation
    found = await session.scalar(select(AbuseReport).where(AbuseReport.conversation_id == talk.id).with_for_update())
    if found is not None and found.settled_at is None:
        return False
    kind = StepKind.RAISED if found is None else StepKind.SIGN
    if found is None:
        place = {"municipality": talk.municipality, "conversation_id": talk.id}
        found = AbuseReport(id=new_id(now), raised_at=now, due_at=now + deadlines.judge, **place)
        session.add(found)
    else:
        found.due_at, found.settled_at, found.judgement, found.reported_at = now + deadlines.judge, None, None, None
    talk.held_at = now
    await session.flush()
    add_step(session, found, kind, staff_id=None, now=now)
    return True


def add_step(session: WriteSession, report: AbuseReport, kind: StepKind, *, staff_id: str | None, now: datetime) -> AbuseReportStep:
    """Write a step down as a row."""
    step = AbuseReportStep(id=new_id(now), municipality=report.municipality, report_id=report.id, kind=kind, staff_id=staff_id, at=now)
    session.add(step)
    return step
