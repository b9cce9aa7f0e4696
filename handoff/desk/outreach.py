"""The outreach list: who receives check-ins, when they were last heard of, and what was promised. Silence is no alarm; it is a fact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, tuple_

from handoff.accounts.viewer import Permission, Viewer
from handoff.desk.outreach_models import OutreachChoice, OutreachWay
from intake.base.database import ReadSession, WriteSession
from intake.base.errors import NotFoundError
from intake.checkins.holds import holds_of
from intake.checkins.models import CheckinPlan, ConsentWay, ContactHold, HoldKind
from intake.checkins.plan import End, Rest, why_resting
from intake.checkins.rhythm import CheckinSettings
from intake.residents.models import Resident
from intake.wording.catalogue import default_wording
from intake.wording.keys import Word

PAGE = 100
WAY_WORDS: dict[OutreachWay, str] = {OutreachWay.VISIT: "訪問する", OutreachWay.LETTER: "手紙を出す", OutreachWay.LEAVE: "そのままにする"}
END_WORDS: dict[End, str] = {
    End.RESIDENT: "本人が終えました",
    End.STOPPED: "本人がお知らせをすべて止めました",
    End.COMPLETED: "一年がたち、区切りのお便りを送りました",
    End.BLOCKED: "ブロックされたため、静かに終えました",
    End.NO_FRIEND: "友だち追加がないため、静かに終えました",
    End.ERASED: "本人が記録を消したため、終えました",
    End.LAPSED: "お休みが半年を過ぎたため、静かに終えました",
}
REST_WORDS: dict[Rest, str] = {
    Rest.PAUSED: "本人の希望でお休み中",
    Rest.UNSAFE: "安全な連絡の約束を待っています",
    Rest.ALL_PAUSED: "市の声かけをお休み中",
    Rest.NO_SLOT: "送れる時間がありません",
}
CONSENT_WAY_WORDS: dict[ConsentWay, str] = {ConsentWay.TALK: "本人から", ConsentWay.STAFF: "職員の提案に本人が同意"}
HOLD_WORDS: dict[HoldKind, str] = {
    HoldKind.CASE_STEP: "支援の途中",
    HoldKind.BEREAVEMENT: "ご不幸のあと",
    HoldKind.AWAY: "入院・不在",
    HoldKind.OTHER: "そのほか",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OutreachRow:
    """One enrolled resident, in words."""

    plan_id: str
    handle: str
    window_id: str | None
    promised: str
    consent_at: datetime
    heard_at: datetime
    last_sent_at: datetime | None
    next_at: datetime | None
    resting: str
    unsafe: bool
    mine: bool
    choice: str
    choice_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutreachList:
    """One page of the list, and how many there are in all."""

    rows: tuple[OutreachRow, ...]
    total: int
    more: str
    """The plan after which the next page begins; empty on the last."""


def visible_plans(viewer: Viewer) -> ColumnElement[bool]:
    """Return which plans a viewer may see: the same rule as for talks."""
    if not viewer.may(Permission.READ_TALKS):
        return false()
    ways = [CheckinPlan.staff_id == viewer.staff_id, CheckinPlan.window_id.in_(viewer.windows)]
    if viewer.may(Permission.READ_UNASSIGNED):
        ways.append(CheckinPlan.window_id.is_(None))
    return and_(CheckinPlan.municipality == viewer.municipality, or_(*ways))


def _listed(viewer: Viewer) -> Select[CheckinPlan, str]:
    return (
        select(CheckinPlan, Resident.handle)
        .join(Resident, Resident.id == CheckinPlan.resident_id)
        .where(visible_plans(viewer), CheckinPlan.ended_at.is_(None))
    )


async def load_outreach(session: ReadSession, viewer: Viewer, now: datetime, *, after: str = "") -> OutreachList:
    """Return the enrolled residents whom a viewer may see, the longest silent first. A fixed number of queries."""
    query = _listed(viewer).order_by(CheckinPlan.heard_at, CheckinPlan.id).limit(PAGE + 1)
    if after:
        last = select(CheckinPlan.heard_at, CheckinPlan.id).where(CheckinPlan.id == after, visible_plans(viewer))
        query = query.where(tuple_(CheckinPlan.heard_at, CheckinPlan.id) > last.scalar_subquery())
    found = (await session.execute(query)).all()
    shown = found[:PAGE]
    counted = select(func.count()).select_from(CheckinPlan).where(visible_plans(viewer), CheckinPlan.ended_at.is_(None))
    total = await session.scalar(counted) or 0
    choices = await _latest_choices(session, [plan.id for plan, _ in shown])
    holds = await holds_of(session, [plan.resident_id for plan, _ in shown], now)
    rows = tuple(_row(viewer, plan, handle, choices.get(plan.id), holds.get(plan.resident_id, [])) for plan, handle in shown)
    return OutreachList(rows=rows, total=total, more=shown[-1][0].id if len(found) > PAGE else "")


async def _latest_choices(session: ReadSession, plan_ids: Sequence[str]) -> Mapping[str, OutreachChoice]:
    newest = select(func.max(OutreachChoice.id)).where(OutreachChoice.plan_id.in_(plan_ids)).group_by(OutreachChoice.plan_id)
    return {choice.plan_id: choice for choice in await session.scalars(select(OutreachChoice).where(OutreachChoice.id.in_(newest)))}


def _row(viewer: Viewer, plan: CheckinPlan, handle: str, choice: OutreachChoice | None, holds: Sequence[ContactHold]) -> OutreachRow:
    rest = why_resting(plan.facts())
    resting = REST_WORDS[rest] if rest is not None else f"職員が控えています（{HOLD_WORDS[holds[0].kind]}）" if holds else ""
    return OutreachRow(
        plan_id=plan.id,
        handle=handle,
        window_id=plan.window_id,
        promised=rhythm_words(plan.settings),
        consent_at=plan.consent_at,
        heard_at=plan.heard_at or plan.consent_at,
        last_sent_at=plan.last_sent_at,
        next_at=plan.next_at if not resting and plan.next_at != plan.next_not_after else None,
        resting=resting,
        unsafe=plan.unsafe_since is not None,
        mine=plan.staff_id == viewer.staff_id,
        choice="" if choice is None else WAY_WORDS[choice.way],
        choice_at=None if choice is None else choice.made_at,
    )


def rhythm_words(settings: CheckinSettings) -> str:
    """Return a rhythm as the resident's card said it."""
    name = f"rhythm_d{settings.every_days}" if settings.every_days else f"rhythm_{settings.rhythm}"
    return default_wording().words[Word(name)].text if name in set(Word) else f"{settings.every_days}日に1回"


async def get_plan(session: ReadSession, viewer: Viewer, plan_id: str) -> tuple[CheckinPlan, Resident]:
    """Return a plan that a viewer may see. For anybody else it does not exist."""
    query = select(CheckinPlan, Resident).join(Resident, Resident.id == CheckinPlan.resident_id)
    found = (await session.execute(query.where(CheckinPlan.id == plan_id, visible_plans(viewer)))).one_or_none()
    if found is None:
        raise NotFoundError("この声かけは見つかりません。")
    return found[0], found[1]


async def hold_visible_plan(session: WriteSession, viewer: Viewer, plan_id: str) -> tuple[CheckinPlan, Resident]:
    """Return the same, held until the transaction ends."""
    await session.execute(select(CheckinPlan.id).where(CheckinPlan.id == plan_id).with_for_update())
    return await get_plan(session, viewer, plan_id)
