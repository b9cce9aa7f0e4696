import asyncio
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from bot.migrations.run import config, shape, upgrade
from bot.migrations.tables import metadata
from intake.base.database import Database, sqlite_url
from intake.base.errors import StartupError
from intake.events.models import EventName
from intake.events.service import last_seq, record_event


async def driver_threads_end() -> None:
    """Wait for the threads of connections that never opened; the driver ends them in its own time, and they still need the loop."""
    for thread in threading.enumerate():
        if "_connection_worker_thread" in thread.name:
            await asyncio.to_thread(thread.join, 20)


async def test_models_are_what_the_migrations_make(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with database.writer.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_migrating_twice_changes_nothing(database: Database) -> None:
    await upgrade(database.writer)
    present, newest = await shape(database.writer)
    assert present == newest


async def test_the_way_down_leaves_nothing_and_the_way_up_the_same_tables(database: Database) -> None:
    def down(connection: Connection) -> None:
        settings = config()
        settings.attributes["connection"] = connection
        command.downgrade(settings, "base")

    def tables(connection: Connection) -> set[str]:
        return set(inspect(connection).get_table_names())

    async with database.writer.connect() as connection:
        before = await connection.run_sync(tables)
    async with database.writer.begin() as connection:
        await connection.run_sync(down)
    async with database.writer.connect() as connection:
        assert await connection.run_sync(tables) == {"alembic_version"}
    await upgrade(database.writer)
    async with database.writer.connect() as connection:
        assert await connection.run_sync(tables) == before
    async with database.write() as session:
        record_event(session, EventName.NOTE_WRITTEN, municipality="a", at=datetime(2026, 4, 7, tzinfo=UTC))
    async with database.read() as reading:
        assert await last_seq(reading) == 1


async def test_a_database_of_a_newer_program_is_refused_and_left_alone(database: Database) -> None:
    async with database.writer.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StartupError, match="新しい版のプログラムで動かしてください"):
        await upgrade(database.writer)
    assert (await shape(database.writer))[0] == "9999"


async def test_a_limit_of_the_migration_does_not_stay_on_its_connection(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite has no such setting")
    await upgrade(database.writer)
    async with database.writer.connect() as connection:
        assert await connection.scalar(text("SHOW lock_timeout")) == "0"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_two_processes_that_start_at_once_migrate_one_after_the_other(database_url: str) -> None:
    databases = [Database(database_url) for _ in range(3)]
    async with databases[0].writer.begin() as connection:
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))
    await asyncio.gather(*(upgrade(database.writer) for database in databases))
    assert len(set(await shape(databases[0].writer))) == 1
    for database in databases:
        await database.close()


@pytest.mark.parametrize(
    "url", ["postgresql+asyncpg://tsunagi:himitsu@127.0.0.1:1/none", "sqlite+aiosqlite:////nowhere/at/all.db"], ids=["postgresql", "sqlite"]
)
async def test_a_database_that_cannot_be_reached_is_named_in_a_kind_word_without_its_password(url: str) -> None:
    database = Database(url)
    with pytest.raises(StartupError, match="データベースを使えません") as refused:
        await upgrade(database.writer)
    assert "himitsu" not in str(refused.value)
    await database.close()
    await driver_threads_end()


async def test_a_file_that_is_no_database_is_refused_in_a_kind_word(tmp_path: Path) -> None:
    (tmp_path / "tsunagi.db").write_bytes(b"no database at all" * 100)
    database = Database(sqlite_url(tmp_path / "tsunagi.db"))
    with pytest.raises(StartupError, match="データベースを使えません"):
        await upgrade(database.writer)
    await database.close()
    await driver_threads_end()
