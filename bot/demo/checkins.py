"""The check-ins of the invented weeks: sent by the same sweeps that send real ones, with a clock that stood in the past."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select, update

from bot.checkins import checkin_context, sweep_all
from bot.runtime import Runtime
from handoff.accounts.viewer import Viewer
from handoff.desk.outreach_actions import choose_way, keep_in_touch, suggest
from handoff.desk.outreach_holds import HoldFor, set_hold
from handoff.desk.outreach_models import OutreachWay
from intake.base.database import WriteSession
from intake.checkins.models import CheckinPlan, HoldKind
from intake.checkins.service import hold_plan
from intake.conversations.service import find_open_conversation
from intake.outbox.models import OutboxItem, OutboxStatus
from intake.residents.models import Resident

_MOMENT = timedelta(seconds=1)


class CheckinDeed(StrEnum):
    """What staff do about check-ins in an invented story."""

    SUGGEST = "suggest"
    KEEP = "keep"
    LETTER = "letter"
    VISIT = "visit"
    BEREAVEMENT = "bereavement"


@dataclass(frozen=True, slots=True)
class _Then:
    """A clock that stands at a moment of the past."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


async def live_until(runtime: Runtime, end: datetime) -> None:
    """Let every check-in that was due before a moment go out on its own, each at its time, and reach its phone."""
    context = checkin_context(runtime)
    while True:
        async with runtime.database.read() as session:
            due = await session.scalar(select(func.min(CheckinPlan.next_at)).where(CheckinPlan.municipality.in_(runtime.cities)))
        if due is None or due >= end:
            return
        await sweep_all(runtime.database, context, _Then(due + _MOMENT))
        async with runtime.database.write() as session:
            waiting = update(OutboxItem).where(OutboxItem.status == OutboxStatus.WAITING)
            await session.execute(waiting.values(status=OutboxStatus.ACCEPTED, finished_at=due + _MOMENT))
        await sweep_all(runtime.database, context, _Then(due + 2 * _MOMENT))


async def do_deed(
    session: WriteSession, runtime: Runtime, viewer: Viewer, resident: Resident | None, deed: CheckinDeed, moment: datetime
) -> None:
    """Do one of these things, as the pages of the console do it. Nothing where there is no plan or talk for it."""
    if resident is None:
        return
    city = runtime.cities[resident.municipality]
    if deed is CheckinDeed.SUGGEST:
        talk = await find_open_conversation(session, resident.id)
        if talk is not None:
            await suggest(session, runtime.ring, city, viewer, talk.id, epoch=talk.epoch, now=moment)
        return
    plan = await hold_plan(session, resident.id)
    if plan is None:
        return
    match deed:
        case CheckinDeed.KEEP:
            await keep_in_touch(session, viewer, plan.id)
        case CheckinDeed.BEREAVEMENT:
            await set_hold(session, city, viewer, plan.id, HoldKind.BEREAVEMENT, HoldFor.FORTY_NINE_DAYS, now=moment)
        case CheckinDeed.LETTER | CheckinDeed.VISIT:
            await choose_way(session, viewer, plan.id, OutreachWay(deed.value), now=moment)
