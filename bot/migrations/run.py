"""Bringing a database to the newest shape, or finding that it is newer than this program."""

from pathlib import Path
from typing import Any

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from intake.base.errors import StartupError

LOCK_TIMEOUT = "5s"
_MIGRATION_LOCK = 7_201_001


def config() -> Config:
    """Return Alembic's settings, without a file."""
    found = Config()
    found.set_main_option("script_location", str(Path(__file__).parent))
    found.set_main_option("path_separator", "os")
    found.set_main_option("file_template", "%%(year)d-%%(month).2d-%%(day).2d-%%(hour).2d%%(minute).2d_%%(slug)s")
    return found


def _upgrade(connection: Connection, settings: Config) -> None:
    if connection.dialect.name == "postgresql":
        # A second process waits here for the first, however long that takes; only then is waiting for tables limited.
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
    _refuse_newer(connection, settings)
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")


def _refuse_newer(connection: Connection, settings: Config) -> None:
    known = {revision.revision for revision in ScriptDirectory.from_config(settings).walk_revisions()}
    present = MigrationContext.configure(connection).get_current_revision()
    if present is not None and present not in known:
        raise StartupError(f"データベースがこのプログラムより新しい形です（{present}）。新しい版のプログラムで動かしてください")


async def upgrade(engine: AsyncEngine) -> None:
    """Bring the database to the newest shape in one transaction.

    :class:`StartupError` when it cannot be reached, or is newer than the program.
    """
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade, config())
    except (OSError, asyncpg.PostgresError, DBAPIError) as error:
        cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
        raise StartupError(
            f"データベースを使えません（{type(cause).__name__}: {str(cause).splitlines()[0] if str(cause) else ''}）。"
            "TSUNAGI_DATABASE_URL と TSUNAGI_DATA_DIR、データベースが動いているかを確かめてください"
        ) from error


async def shape(engine: AsyncEngine) -> tuple[Any, Any]:
    """Return the revision of the database and the newest one of the program."""

    def look(connection: Connection) -> Any:
        return MigrationContext.configure(connection).get_current_revision()

    async with engine.connect() as connection:
        return await connection.run_sync(look), ScriptDirectory.from_config(config()).get_current_head()


def _is_missing_file(engine: AsyncEngine) -> bool:
    return engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists()


async def check_shape(engine: AsyncEngine) -> None:
    """Refuse a database that is not in the newest shape, without changing it."""
    if _is_missing_file(engine):
        raise StartupError("データベースがまだありません。tsunagi setup で用意してください")  # Opening the file would make it.
    try:
        present, newest = await shape(engine)
    except (OSError, asyncpg.PostgresError, DBAPIError) as error:
        raise StartupError(f"データベースを開けません（{type(error).__name__}）。まだなら tsunagi setup で用意してください") from error
    if present != newest:
        raise StartupError(f"データベースが古い形か、まだありません（{present}、最新 {newest}）。tsunagi setup を実行してください")
