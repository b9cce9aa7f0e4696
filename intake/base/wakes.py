"""Wake-ups inside one process: a hint that somebody should look at the rows now instead of at the next poll."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable


class Wakes:
    """Lets loops wait for a topic (``inbox``, ``outbox``, ``events``). A ring between looking and waiting is not missed."""

    def __init__(self) -> None:
        self._rung: dict[str, int] = defaultdict(int)
        self._waiting: dict[str, asyncio.Event] = {}

    def mark(self, topic: str) -> int:
        """Return where the topic stands; take it before looking at the rows."""
        return self._rung[topic]

    def ring(self, topics: Iterable[str]) -> None:
        """Wake everybody who waits for one of the topics."""
        for topic in topics:
            self._rung[topic] += 1
            waiting = self._waiting.pop(topic, None)
            if waiting is not None:
                waiting.set()

    async def wait(self, topic: str, mark: int, seconds: float) -> None:
        """Wait until the topic was rung after ``mark``, or for so many seconds."""
        if self._rung[topic] != mark:
            return
        event = self._waiting.setdefault(topic, asyncio.Event())
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            return
