"""The group commit: many webhooks that arrive together are stored with one durable commit."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from intake.base.database import Database
from intake.inbox.service import store_events

GROUP_ROWS = 500


class InboxDoor:
    """Stores events and returns once they are durable. A failed commit fails everybody in its group; nobody is acknowledged."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[tuple[Sequence[Mapping[str, Any]], asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def store(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Store the rows of one webhook, together with those of others that came at the same moment."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((rows, done))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        await done

    async def _write(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(0)  # One turn of the loop, in which deliveries that wait in their sockets join the group.
                await self._write_group(self._take_group())
        finally:
            self._writer = None

    def _take_group(self) -> list[tuple[Sequence[Mapping[str, Any]], asyncio.Future[None]]]:
        size = 0
        for count, (rows, _) in enumerate(self._waiting):
            size += len(rows)
            if size > GROUP_ROWS and count:
                group, self._waiting = self._waiting[:count], self._waiting[count:]
                return group
        group, self._waiting = self._waiting, []
        return group

    async def _write_group(self, group: list[tuple[Sequence[Mapping[str, Any]], asyncio.Future[None]]]) -> None:
        try:
            await store_events(self._database, [row for rows, _ in group for row in rows])
        except Exception as error:  # noqa: BLE001 - every waiter is told, and answers 503
            for _, done in group:
                if not done.done():
                    done.set_exception(error)
            return
        for _, done in group:
            if not done.done():
                done.set_result(None)
