"""The form in words, for its page, for the talk, and for the list of the 責任者."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from handoff.accounts.viewer import Viewer
from handoff.desk.actions import names_of
from handoff.emergency.opening import overseen_by
from handoff.report_abuse.models import AbuseReport, AbuseReportStep, Judgement, StepKind
from handoff.report_abuse.words import JUDGEMENT_WORDS, STEP_WORDS
from intake.base.database import ReadSession
from intake.base.sealing import KeyRing, UnreadableError
from intake.conversations.models import Conversation
from intake.residents.models import Resident

LOOK_BACK = timedelta(days=30)
_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step in words."""

    at: datetime
    who: str
    words: str
    details: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One form in words."""

    talk_id: str
    handle: str
    window_id: str | None
    raised_at: datetime
    due_at: datetime
    opened_at: datetime | None
    opened_by: str
    judgement: Judgement | None
    reported_at: datetime | None
    settled_at: datetime | None
    late: bool
    steps: tuple[Step, ...] = ()

    @property
    def wanted(self) -> str:
        """What is due next."""
        if self.settled_at is not None:
            return "終わりました"
        if self.reported_at is not None:
            return "結果の確認"
        if self.judgement is Judgement.APPLIES:
            return "通告・通報"
        return "責任者との判断" if self.judgement is Judgement.UNSURE else "該当するかの判断"


async def find_report(session: ReadSession, ring: KeyRing, conversation_id: str, now: datetime) -> Report | None:
    """Return the form of a talk that the viewer was found to see, with its steps; None where abuse was never read."""
    row = await session.scalar(select(AbuseReport).where(AbuseReport.conversation_id == conversation_id))
    if row is None:
        return None
    steps = (await session.scalars(select(AbuseReportStep).where(AbuseReportStep.report_id == row.id).order_by(AbuseReportStep.id))).all()
    names = await names_of(session, {key for key in (row.opened_by, *(step.staff_id for step in steps)) if key})
    return _view(row, "", None, names, now, tuple(_step(ring, step, names) for step in steps))


async def overseen_reports(session: ReadSession, viewer: Viewer, now: datetime) -> Sequence[Report]:
    """Return the forms that the viewer answers for: open ones by what is due first, then those that ended of late."""
    query = (
        select(AbuseReport, Conversation.window_id, Resident.handle)
        .join(Conversation, Conversation.id == AbuseReport.conversation_id)
        .join(Resident, Resident.id == Conversation.resident_id)
        .where(overseen_by(viewer), or_(AbuseReport.settled_at.is_(None), AbuseReport.settled_at > now - LOOK_BACK))
        .order_by(AbuseReport.settled_at.is_not(None), AbuseReport.due_at, AbuseReport.id)
        .limit(_MOST)
    )
    rows = (await session.execute(query)).all()
    names = await names_of(session, {row.AbuseReport.opened_by for row in rows if row.AbuseReport.opened_by})
    return [_view(row.AbuseReport, row.handle, row.window_id, names, now) for row in rows]


def _view(
    row: AbuseReport, handle: str, window_id: str | None, names: Mapping[str, str], now: datetime, steps: tuple[Step, ...] = ()
) -> Report:
    return Report(
        talk_id=row.conversation_id,
        handle=handle,
        window_id=window_id,
        raised_at=row.raised_at,
        due_at=row.due_at,
        opened_at=row.opened_at,
        opened_by=names.get(row.opened_by or "", ""),
        judgement=row.judgement,
        reported_at=row.reported_at,
        settled_at=row.settled_at,
        late=row.settled_at is None and row.due_at < now,
        steps=steps,
    )


_PARTS = {"recipient": "相手", "means": "方法", "outcome": "結果", "reason": "理由・内容"}


def _step(ring: KeyRing, step: AbuseReportStep, names: Mapping[str, str]) -> Step:
    words = STEP_WORDS[step.kind]
    if step.kind is StepKind.JUDGED and step.judgement is not None:
        words = f"判断：{JUDGEMENT_WORDS[step.judgement]}"
    who = "自動" if step.staff_id is None else names.get(step.staff_id, "（退職）")
    return Step(at=step.at, who=who, words=words, details=_details(ring, step))


def _details(ring: KeyRing, step: AbuseReportStep) -> Mapping[str, str]:
    if step.sealed_details is None:
        return {}
    try:
        found: Mapping[str, str] = json.loads(ring.open(step.sealed_details, step.place()))
    except UnreadableError:
        return {"内容": "読めません"}
    return {title: found[key] for key, title in _PARTS.items() if key in found}
