"""The notifier: follows the event log, tells staff, calls the next person when nobody opens an emergency, lets invented residents speak."""

import asyncio

import structlog

from bot.dispatcher import PAUSE_AFTER_ERROR_SECONDS, POLL_SECONDS
from bot.runtime import Runtime
from handoff.alarms.escalate import call_next, calls_are_due
from handoff.alarms.follow import events_are_new, follow_events
from handoff.alarms.tell import Post
from handoff.practice.service import lines_are_due, say_due

_log = structlog.get_logger(__name__)


class Notifier:
    """Any number of processes may run one; the rows let each thing be done once."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._post = Post(ring=runtime.ring, mail=runtime.settings.smtp_host is not None)

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until ``stopping`` is set."""
        wakes = self._runtime.wakes
        while not stopping.is_set():
            mark = wakes.mark("events")
            try:
                await self.work()
            except Exception:  # noqa: BLE001 - the database may be away for a moment; the rows wait
                _log.exception("notifying_failed")
                await asyncio.sleep(PAUSE_AFTER_ERROR_SECONDS)
            await wakes.wait("events", mark, POLL_SECONDS)

    async def work(self) -> int:
        """Do all that is due now; returns how much was done."""
        done, cities = 0, self._runtime.listed
        while await self._due():
            async with self._runtime.database.write() as session:
                now = self._runtime.clock.now()
                step = await follow_events(session, self._post, cities, now=now)
                step += await call_next(session, self._post, cities, now=now)
                step += await say_due(session, self._runtime.ring, now=now)
            if not step:
                break
            done += step
        return done

    async def _due(self) -> bool:
        async with self._runtime.database.read() as session:
            now = self._runtime.clock.now()
            return await events_are_new(session) or await calls_are_due(session, now) or await lines_are_due(session, now)
