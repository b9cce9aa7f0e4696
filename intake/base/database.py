"""Sessions of the database: one code path for SQLite and PostgreSQL, reading and writing as two types.

On SQLite one connection writes, and every write passes one asyncio gate to it; readers are read-only. On PostgreSQL
the gate stands open and the database keeps order. What must happen at the edge of a commit (events, wake-ups) hangs here.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Insert, Select, Table, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import MissingGreenlet
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from intake.base.inloop import connect_in_loop

CHANNEL = "tsunagi"
"""The channel on which processes on one PostgreSQL wake each other."""
COMMAND_SECONDS = 60
"""A statement that takes longer has lost its connection, half open; the work is claimed again."""
BeforeCommit = Callable[["WriteSession"], Awaitable[None]]
AfterCommit = Callable[[frozenset[str]], None]


class ReadSession(AsyncSession):
    """A session that may only read. The database itself refuses a write."""


class WriteSession(ReadSession):
    """A session whose work is committed once, at the edge. Code that is handed one may flush, never commit."""

    def wake(self, topic: str) -> None:
        """Remember that whoever waits for a topic (``inbox``, ``outbox``, ``events``) should look once this is committed."""
        self.info.setdefault("wake", set()).add(topic)


def _pragmas(connection: Any, *, writer: bool, checkpoints: bool) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.execute("PRAGMA trusted_schema=OFF")
    cursor.execute("PRAGMA secure_delete=ON")
    if not writer:
        cursor.execute("PRAGMA query_only=ON")
    if not checkpoints:
        cursor.execute("PRAGMA wal_autocheckpoint=0")
    cursor.close()


def _give_up_lock(connection: Any, *_: Any) -> None:
    """Roll back before a connection is thrown away, as when a task is cancelled in the middle of a statement.

    Closing alone is not enough: SQLite keeps the lock for as long as a cursor is alive somewhere, e.g. in a traceback.
    """
    with contextlib.suppress(sqlite3.Error, MissingGreenlet):
        connection.rollback()


class Database:
    """The doors to one database. Build it inside the running loop that uses it; close it when done.

    ``checkpoints=False`` leaves the checkpoints of a SQLite file to the server that runs on it.
    """

    def __init__(self, url: str, *, checkpoints: bool = True) -> None:
        self.url = url
        self._checkpoints = checkpoints
        self.is_sqlite = url.startswith("sqlite")
        self.before_commit: list[BeforeCommit] = []
        self.after_commit: list[AfterCommit] = []
        self._gate: AbstractAsyncContextManager[Any] = asyncio.Lock() if self.is_sqlite else nullcontext()
        self._raw: sqlite3.Connection | None = None
        self._statements: dict[tuple[str, tuple[str, ...]], tuple[str, Callable[[Mapping[str, Any]], dict[str, Any]]]] = {}
        if self.is_sqlite:
            self.writer = self._sqlite(writer=True)
            self.reader, self.near = self._sqlite(writer=False), self._sqlite(writer=False, near=True)
        else:
            self.writer = self.reader = self.near = create_async_engine(
                url,
                pool_size=10,
                max_overflow=10,
                pool_pre_ping=True,
                hide_parameters=True,
                connect_args={"command_timeout": COMMAND_SECONDS},
            )

    def _sqlite(self, *, writer: bool, near: bool = False) -> AsyncEngine:
        size = 1 if writer else 5
        inside = {"async_creator_fn": connect_in_loop} if writer or near else {}
        engine = create_async_engine(
            self.url,
            pool_size=size,
            max_overflow=0,
            hide_parameters=True,
            connect_args={"isolation_level": None, "check_same_thread": False, **inside},
        )

        def prepare(connection: Any, _entry: ConnectionPoolEntry) -> None:
            _pragmas(connection, writer=writer, checkpoints=writer and self._checkpoints)
            if writer:
                self._raw = connection.driver_connection._conn  # noqa: SLF001 - the group commit works on the one writing connection

        def forget(*_: Any) -> None:
            self._raw = None

        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")

        sync: Engine = engine.sync_engine
        event.listen(sync, "connect", prepare)
        if writer:
            event.listen(sync, "invalidate", _give_up_lock)
            event.listen(sync, "invalidate", forget)
            event.listen(sync, "close", forget)
        event.listen(sync, "begin", begin)
        return engine

    @asynccontextmanager
    async def read(self) -> AsyncIterator[ReadSession]:
        """Open a session for reading. Nothing of it is kept."""
        async with ReadSession(self.reader, expire_on_commit=False, autoflush=False) as session:
            yield session

    @asynccontextmanager
    async def read_near(self) -> AsyncIterator[ReadSession]:
        """Open a session for reading a few rows by their keys; what may be more, or must be searched for, belongs to ``read``.

        On SQLite this is done inside the loop: while much else runs, each hand-off to a thread and back may take longer than the reading.
        """
        async with ReadSession(self.near, expire_on_commit=False, autoflush=False) as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[WriteSession]:
        """Open one writing transaction, commit it when the block ends, then wake whoever waits. An error rolls all of it back."""
        async with self._gate, WriteSession(self.writer, expire_on_commit=False) as session, session.begin():
            yield session
            for hook in self.before_commit:
                await hook(session)
            await session.flush()
            topics = frozenset(session.info.get("wake", ()))
            if topics and not self.is_sqlite:
                await session.execute(_notify(topics))
        self._announce(topics)

    async def tell_others(self, channel: str, payload: str) -> None:
        """Tell the other processes on this database something that nobody keeps and anybody may miss. On SQLite there are none."""
        if not self.is_sqlite:
            async with self.writer.begin() as connection:
                await connection.execute(select(func.pg_notify(channel, payload)))

    def _announce(self, topics: frozenset[str]) -> None:
        """Tell those who wait in this process; a hint only, the rows are the truth."""
        if topics:
            for hook in self.after_commit:
                hook(topics)

    async def insert_group(self, table: Table, rows: Sequence[Mapping[str, Any]], *, wake: str) -> None:
        """Insert many rows in one durable commit, passing over those that are there already; then wake who waits for a topic.

        On SQLite this is done inside the loop: the one fsync is shorter than the two thread hand-offs that it saves.
        """
        async with self._gate:
            if self.is_sqlite:
                await self._insert_inside_loop(table, rows)
            else:
                async with self.writer.begin() as connection:
                    await connection.execute(_insert_or_pass(table, "postgresql"), rows)
                    await connection.execute(_notify(frozenset({wake})))
        self._announce(frozenset({wake}))

    async def _insert_inside_loop(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        if self._raw is None:
            async with self.writer.connect():
                pass
        raw = self._raw
        if raw is None:
            message = "the writing connection did not open"
            raise RuntimeError(message)
        statement, convert = self._prepared(table, tuple(rows[0]))
        values = [convert(row) for row in rows]
        raw.execute("BEGIN IMMEDIATE")
        try:
            raw.executemany(statement, values)
            raw.execute("COMMIT")
        except BaseException:
            if raw.in_transaction:  # A full disk may have ended it already.
                raw.execute("ROLLBACK")
            raise

    def _prepared(self, table: Table, columns: tuple[str, ...]) -> tuple[str, Callable[[Mapping[str, Any]], dict[str, Any]]]:
        """Compile an insert once, with the conversions that every other statement also uses."""
        key = (table.name, columns)
        if key not in self._statements:
            dialect = sqlite.dialect(paramstyle="named")
            compiled = _insert_or_pass(table, "sqlite").compile(dialect=dialect, column_keys=list(columns))
            found = {name: table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in columns}
            processors = {name: processor for name, processor in found.items() if processor is not None}

            def convert(row: Mapping[str, Any]) -> dict[str, Any]:
                return {name: processors[name](value) if name in processors else value for name, value in row.items()}

            self._statements[key] = (str(compiled), convert)
        return self._statements[key]

    async def close(self) -> None:
        """Close all connections."""
        for engine in {self.writer, self.reader, self.near}:
            await engine.dispose()


def _notify(topics: frozenset[str]) -> Select[tuple[Any]]:
    """Tell other processes at the commit which topics have news; never what the news is."""
    return select(func.pg_notify(CHANNEL, ",".join(sorted(topics))))


def _insert_or_pass(table: Table, dialect: str) -> Insert:
    if dialect == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def sqlite_url(path: Path) -> str:
    """Return the address of a SQLite file."""
    return f"sqlite+aiosqlite:///{path}"
