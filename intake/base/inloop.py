"""A SQLite connection that works inside the loop instead of in a thread of its own."""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any

import aiosqlite

_CHUNK = 64
_STATEMENTS = frozenset({"execute", "executemany"})


class InLoopConnection(aiosqlite.Connection):
    """A connection whose statements are shorter than the two thread hand-offs that each would otherwise take.

    Only for the writing one behind the gate, where nobody else holds the write lock, and for reading a few rows, which waits for
    nobody: so no statement waits inside the loop.
    """

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if not self._running or self._connection is None:
            message = "the connection is closed"
            raise ValueError(message)
        if fn.__name__ in _STATEMENTS:
            await asyncio.sleep(0)  # Others get their turn between two statements, and a cancelled writer hears of it.
        return fn(*args, **kwargs)


def connect_in_loop(path: str, **settings: Any) -> InLoopConnection:
    """Return a connection to be awaited, as ``aiosqlite.connect`` does."""
    return InLoopConnection(lambda: sqlite3.connect(path, **settings), iter_chunk_size=_CHUNK)
