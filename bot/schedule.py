"""The schedule: APScheduler only ticks. Each sweep finds its due work by time in the database and may run any number of times."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import delete, func, select

from bot.checkins import run_checkins
from bot.checkins_quota import refresh_quotas
from bot.desk_sweeps import erase_held, promise_again
from bot.leases import lapse_held
from bot.metrics import SWEPT
from bot.runtime import Runtime
from handoff.statistics.doors import sweep_doors
from handoff.statistics.sweep import sweep_statistics
from intake.base.clock import SystemClock
from intake.base.database import WriteSession
from intake.conversations.models import Conversation
from intake.conversations.service import SILENCE_ENDS_CONTACT, close_conversation
from intake.dialogue.turn import Controller
from intake.events.models import LoggedEvent

SWEEP_SECONDS = 30
EVENTS_KEPT = timedelta(days=30)
_BATCH = 200
_LOCK_BASE = 7_202_000
_log = structlog.get_logger(__name__)

Sweep = Callable[[WriteSession, datetime], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Work:
    """A sweep that makes commits of its own, with claims and leases: every process may do it at the same time."""

    run: Callable[[Runtime], Awaitable[object]]


async def close_silent_talks(session: WriteSession, now: datetime) -> None:
    """End contacts with the automatic guide after a day of silence."""
    silent = (
        select(Conversation)
        .where(
            Conversation.closed_at.is_(None),
            Conversation.controller == Controller.BOT,
            func.coalesce(Conversation.last_resident_at, Conversation.opened_at) < now - SILENCE_ENDS_CONTACT,
        )
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    )
    for conversation in (await session.scalars(silent)).all():
        close_conversation(session, conversation, reason="silence", now=now)


async def drop_old_events(session: WriteSession, now: datetime) -> None:
    """Forget events that no browser can still ask for; a cursor before them is answered with ``reset``."""
    await session.execute(delete(LoggedEvent).where(LoggedEvent.at < now - EVENTS_KEPT))


async def count_statistics(session: WriteSession, now: datetime) -> None:
    """Take new facts into the roll-ups that managers look at."""
    await sweep_statistics(session, now, patient=True)


SWEEPS: Mapping[str, Sweep | Work] = {
    "close_silent_talks": close_silent_talks,
    "drop_old_events": drop_old_events,
    "checkins": Work(run_checkins),
    "line_quota": Work(refresh_quotas),
    "count_statistics": count_statistics,
    "count_doors": sweep_doors,
    "lapse_leases": Work(lapse_held),
    "promise_again": Work(promise_again),
    "erase_held": Work(erase_held),
}


class Schedule:
    """Ticks every sweep. On PostgreSQL an advisory lock lets only one process do a sweep at a time."""

    def __init__(self, runtime: Runtime, sweeps: Mapping[str, Sweep | Work]) -> None:
        self._runtime = runtime
        self._sweeps = dict(sweeps)
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def start(self) -> None:
        """Begin to tick, at once and then at intervals."""
        for name in self._sweeps:
            self._scheduler.add_job(
                self.sweep,
                IntervalTrigger(seconds=SWEEP_SECONDS, timezone="UTC"),
                args=(name,),
                id=name,
                next_run_time=SystemClock().now(),
                misfire_grace_time=None,
                coalesce=True,
                max_instances=1,
            )
        self._scheduler.start()

    async def sweep(self, name: str) -> None:
        """Run one sweep, in one transaction unless it makes its own; a failure is logged and tried again at the next tick."""
        runtime = self._runtime
        now = runtime.clock.now()
        found = self._sweeps[name]
        try:
            if isinstance(found, Work):
                await found.run(runtime)
            elif not await self._in_one_transaction(found, name, now):
                return
        except Exception:  # noqa: BLE001 - the rows stay due
            _log.exception("sweep_failed", sweep=name)
        else:
            SWEPT.labels(sweep=name).set(now.timestamp())

    async def _in_one_transaction(self, sweep: Sweep, name: str, now: datetime) -> bool:
        """Sweep where no other process does at this moment; tell whether it was done."""
        database = self._runtime.database
        async with database.write() as session:
            if not database.is_sqlite:
                lock = select(func.pg_try_advisory_xact_lock(_LOCK_BASE + list(self._sweeps).index(name)))
                if not await session.scalar(lock):
                    return False
            await sweep(session, now)
        return True

    def stop(self) -> None:
        """Tick no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
