"""One loop that claims due work and hands it to tasks, a bounded number at a time. Rows are the truth; wake-ups are hints."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

import structlog

from intake.base.wakes import Wakes

T = TypeVar("T")
POLL_SECONDS = 0.5
PAUSE_AFTER_ERROR_SECONDS = 1.0
_log = structlog.get_logger(__name__)


class Dispatcher(Generic[T]):
    """Claims and works until it is told to stop; then it finishes what it has begun and claims no more."""

    def __init__(
        self,
        *,
        topic: str,
        claim: Callable[[int], Awaitable[Sequence[T]]],
        work: Callable[[T], Awaitable[None]],
        wakes: Wakes,
        parallel: int,
    ) -> None:
        self._topic = topic
        self._claim = claim
        self._work = work
        self._wakes = wakes
        self._parallel = parallel
        self._running: set[asyncio.Task[None]] = set()

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until ``stopping`` is set."""
        while not stopping.is_set():
            mark = self._wakes.mark(self._topic)
            claimed = await self._claim_some()
            for item in claimed:
                task = asyncio.create_task(self._do(item))
                self._running.add(task)
                task.add_done_callback(self._done)
            await self._wakes.wait(self._topic, mark, POLL_SECONDS)
        if self._running:
            await asyncio.wait(self._running)

    async def _claim_some(self) -> Sequence[T]:
        room = self._parallel - len(self._running)
        if room <= 0:
            return ()
        try:
            return await self._claim(room)
        except Exception:  # noqa: BLE001 - the database may be away for a moment; the rows wait
            _log.exception("claim_failed", topic=self._topic)
            await asyncio.sleep(PAUSE_AFTER_ERROR_SECONDS)
            return ()

    async def _do(self, item: T) -> None:
        try:
            await self._work(item)
        except Exception:  # noqa: BLE001 - the lease runs out and the work is claimed again
            _log.exception("work_failed", topic=self._topic)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._wakes.ring((self._topic,))
