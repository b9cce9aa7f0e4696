"""What the frame of every page tells a person: how much they hold, what waits for them. All in one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, literal, select

from handoff.accounts.viewer import Permission, Viewer
from handoff.alarms.models import Notice
from handoff.desk.load import USUAL_CAP, Load
from handoff.desk.transfer_models import Hop, HopStatus
from handoff.desk.window_rules import served_windows
from handoff.desk.work_models import FollowUp, Mention, SavedView, ShiftNote, WindowRule
from handoff.emergency.models import EmergencySheet
from handoff.emergency.opening import overseen_by
from handoff.examples.models import Example
from handoff.report_abuse.models import AbuseReport
from intake.base.clock import TOKYO
from intake.base.database import ReadSession
from intake.conversations.models import Conversation
from intake.events.models import EventHead

_CELL, _ROW = "\t", "\n"


class Saved(NamedTuple):
    """A saved view: its id, name and query."""

    id: str
    name: str
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Badges:
    """Counts for the viewer alone, and the number of the last event at the moment of counting."""

    seq: int
    load: Load
    mentions: int
    hops: int
    """Requests to the viewer's windows that the residents have agreed to."""
    due: int
    """Planned contacts of the viewer's own talks that are due today or late."""
    shift_notes: int
    oversight: int
    """Opened sheets and late reports of abuse that wait for the viewer's word as a 責任者."""
    examples: int
    """Rewritten sentences of others that wait for the viewer's word."""
    notice: str
    """Id of the newest notice to the viewer; empty before the first."""
    saved: Sequence[Saved]


def _count(*conditions: object) -> ScalarSelect[int]:
    return select(func.count()).where(and_(*conditions)).scalar_subquery()  # type: ignore[arg-type] # columns compared


_NONE = literal(0)


def _to_oversee(viewer: Viewer, now: datetime) -> ColumnElement[int]:
    """Count what the page of the 責任者 asks for; for everybody else there is nothing to look up."""
    if not viewer.may(Permission.OVERSEE):
        return _NONE
    city, own = viewer.municipality, select(Conversation.id).where(overseen_by(viewer))
    sheets = (EmergencySheet.municipality == city, EmergencySheet.decided_at.is_(None), EmergencySheet.staff_id != viewer.staff_id)
    late = (AbuseReport.municipality == city, AbuseReport.settled_at.is_(None), AbuseReport.due_at < now)
    return _count(*sheets, EmergencySheet.conversation_id.in_(own)) + _count(*late, AbuseReport.conversation_id.in_(own))


def _to_approve(viewer: Viewer) -> ColumnElement[int]:
    if not viewer.may(Permission.APPROVE_EXAMPLES):
        return _NONE
    return _count(Example.municipality == viewer.municipality, Example.decided_at.is_(None), Example.staff_id != viewer.staff_id)


async def load_badges(session: ReadSession, viewer: Viewer, now: datetime) -> Badges:
    """Return what waits for a person."""
    city, me, real = viewer.municipality, viewer.staff_id, Conversation.practice_of.is_(None)
    mine = (Conversation.municipality == city, Conversation.owner == me, Conversation.closed_at.is_(None), real)
    own = select(Conversation.id).where(*mine)
    rules = (WindowRule.municipality == city, WindowRule.window_id.in_(served_windows(viewer)))
    saved = SavedView.id + _CELL + SavedView.name + _CELL + SavedView.query
    today = now.astimezone(TOKYO).date()
    query = select(
        select(EventHead.last).where(EventHead.id == 1).scalar_subquery().label("seq"),
        _count(*mine).label("held"),
        select(func.min(WindowRule.cap)).where(*rules).scalar_subquery().label("cap"),
        _count(Mention.staff_id == me, Mention.read_at.is_(None)).label("mentions"),
        _count(Hop.municipality == city, Hop.to_window.in_(viewer.windows), Hop.settled_at.is_(None), Hop.status == HopStatus.AGREED).label(
            "hops"
        ),
        _count(
            FollowUp.municipality == city, FollowUp.done_at.is_(None), FollowUp.due_on <= today, FollowUp.conversation_id.in_(own)
        ).label("due"),
        _count(ShiftNote.municipality == city, ShiftNote.window_id.in_(viewer.windows), ShiftNote.settled_at.is_(None)).label("notes"),
        _to_oversee(viewer, now).label("oversight"),
        _to_approve(viewer).label("examples"),
        select(func.max(Notice.id)).where(Notice.staff_id == me).scalar_subquery().label("notice"),
        select(func.aggregate_strings(saved, _ROW)).where(SavedView.staff_id == me).scalar_subquery().label("saved"),
    )
    row = (await session.execute(query)).one()
    return Badges(
        seq=row.seq or 0,
        load=Load(held=row.held, cap=row.cap or USUAL_CAP),
        mentions=row.mentions,
        hops=row.hops,
        due=row.due,
        shift_notes=row.notes,
        oversight=row.oversight,
        examples=row.examples,
        notice=row.notice or "",
        saved=sorted((Saved(*line.split(_CELL)) for line in (row.saved or "").split(_ROW) if line), key=lambda one: one.name),
    )
