"""What stands beside a talk: draft, answer that may be taken back, transfer, tags, corrections, plans. Loaded with the page of the talk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from handoff.accounts.viewer import Viewer
from handoff.desk.actions import names_of
from handoff.desk.corrections import corrections_of
from handoff.desk.drafts import find_draft
from handoff.desk.later import find_snooze, tags_of
from handoff.desk.record_models import CaseRecord, CorrectionKind
from handoff.desk.transfer_models import Hop, HopKind, HopStatus, HopStep
from handoff.desk.undo import find_held
from handoff.desk.work_models import FollowUp, HeldReply
from intake.base.database import ReadSession
from intake.base.sealing import KeyRing, UnreadableError
from nlp.reading import Concern

HOP_WORDS = {
    HopStatus.ASKED: "住民の返事待ち",
    HopStatus.AGREED: "待機中（つなぐ先の返事待ち）",
    HopStatus.REFUSED: "住民が「伝えないでほしい」と返事",
    HopStatus.WITHDRAWN: "取り下げ",
    HopStatus.ACCEPTED: "引き受け",
    HopStatus.DECLINED: "引き受けられないとの返事",
}
HOP_KIND_WORDS = {HopKind.TRANSFER: "つなぎ", HopKind.HAND_BACK: "つなぎもどし"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step of a transfer in words."""

    at: datetime
    words: str
    who: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HopView:
    """One transfer in words. ``note`` is empty for whoever may not know it yet."""

    id: str
    kind: str
    status: HopStatus
    words: str
    open: bool
    from_window: str | None
    to_window: str
    at: datetime
    note: str
    steps: tuple[StepView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """All of it."""

    draft: str
    held: HeldReply | None
    tags: tuple[str, ...]
    snoozed_until: datetime | None
    corrections: Mapping[Concern, CorrectionKind]
    hops: tuple[HopView, ...]
    next_contact: date | None
    next_plan: str
    records: int

    @property
    def open_hop(self) -> HopView | None:
        """The transfer that is under way."""
        return next((hop for hop in self.hops if hop.open), None)


async def load_beside(session: ReadSession, ring: KeyRing, viewer: Viewer, conversation_id: str, now: datetime) -> Beside:
    """Return what stands beside a talk that the viewer was found to see."""
    planned = await session.scalar(select(FollowUp).where(FollowUp.conversation_id == conversation_id, FollowUp.done_at.is_(None)))
    records = select(func.count()).select_from(CaseRecord).where(CaseRecord.conversation_id == conversation_id)
    return Beside(
        draft=await find_draft(session, ring, viewer, conversation_id),
        held=await find_held(session, viewer, conversation_id, now),
        tags=(await tags_of(session, [conversation_id])).get(conversation_id, ()),
        snoozed_until=await find_snooze(session, conversation_id, now),
        corrections=await corrections_of(session, conversation_id),
        hops=await _hops(session, ring, conversation_id),
        next_contact=None if planned is None else planned.due_on,
        next_plan="" if planned is None else _opened(ring, planned),
        records=await session.scalar(records) or 0,
    )


def _opened(ring: KeyRing, planned: FollowUp) -> str:
    try:
        return ring.open(planned.sealed_plan, planned.place())
    except UnreadableError:
        return "読めません"


async def _hops(session: ReadSession, ring: KeyRing, conversation_id: str) -> tuple[HopView, ...]:
    hops = (await session.scalars(select(Hop).where(Hop.conversation_id == conversation_id).order_by(Hop.id.desc()))).all()
    if not hops:
        return ()
    steps = (await session.scalars(select(HopStep).where(HopStep.hop_id.in_([hop.id for hop in hops])).order_by(HopStep.id))).all()
    names = await names_of(session, {step.staff_id for step in steps if step.staff_id})
    return tuple(view_of(ring, hop, [step for step in steps if step.hop_id == hop.id], names) for hop in hops)


def view_of(ring: KeyRing, hop: Hop, steps: Sequence[HopStep], names: Mapping[str, str], *, told: bool = True) -> HopView:
    """Return a transfer in words. Without ``told`` the fact of it alone."""
    return HopView(
        id=hop.id,
        kind=HOP_KIND_WORDS[hop.kind],
        status=hop.status,
        words=HOP_WORDS[hop.status],
        open=hop.settled_at is None,
        from_window=hop.from_window,
        to_window=hop.to_window,
        at=hop.opened_at,
        note=_text(ring, hop) if told else "",
        steps=tuple(
            StepView(at=step.at, words=HOP_WORDS[step.status], who=names.get(step.staff_id or "", "住民"), reason=_reason(ring, step))
            for step in steps
        ),
    )


def _text(ring: KeyRing, hop: Hop) -> str:
    try:
        return ring.open(hop.sealed_note, hop.place())
    except UnreadableError:
        return "読めません"


def _reason(ring: KeyRing, step: HopStep) -> str:
    if step.sealed_reason is None:
        return ""
    try:
        return ring.open(step.sealed_reason, step.place())
    except UnreadableError:
        return "読めません"


async def requests_to(session: ReadSession, ring: KeyRing, viewer: Viewer) -> tuple[HopView, ...]:
    """Return the open requests to the viewer's windows. Before the resident's yes there is nothing but the fact."""
    open_ones = (Hop.municipality == viewer.municipality, Hop.to_window.in_(viewer.windows), Hop.settled_at.is_(None))
    hops = (await session.scalars(select(Hop).where(*open_ones).order_by(Hop.id))).all()
    return tuple(view_of(ring, hop, (), {}, told=hop.status is HopStatus.AGREED) for hop in hops)
