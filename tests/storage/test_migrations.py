from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from bot.migrations.run import shape, upgrade
from bot.migrations.tables import metadata
from intake.base.database import Database


async def test_models_are_what_the_migrations_make(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with database.writer.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_migrating_twice_changes_nothing(database: Database) -> None:
    await upgrade(database.writer)
    present, newest = await shape(database.writer)
    assert present == newest
