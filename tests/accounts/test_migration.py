"""The revision that brought roles and second factors keeps what was there."""

import pytest
from alembic import command
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.migrations.run import config
from intake.base.database import Database

_NOW = {True: "1775523600000000", False: "now()"}


def _go(connection: Connection, revision: str, *, down: bool = False) -> None:
    settings = config()
    settings.attributes["connection"] = connection
    (command.downgrade if down else command.upgrade)(settings, revision)


async def _at_0003(database: Database) -> None:
    async with database.writer.begin() as connection:
        await connection.run_sync(_go, "0003", down=True)
        for login, role in (("chief", "supervisor"), ("worker", "counsellor")):
            await connection.execute(
                text(
                    "INSERT INTO staff (id, municipality, login, display_name, role, password_hash, demo, single_keys, created_at) "  # noqa: S608 - fixed words
                    f"VALUES (:login, 'a', :login, :login, :role, '-', false, true, {_NOW[database.is_sqlite]})"
                ),
                {"login": login, "role": role},
            )
            await connection.execute(text("INSERT INTO staff_window (staff_id, window_id) VALUES (:login, 'w')"), {"login": login})


async def test_who_was_called_supervisor_is_the_manager_and_keeps_the_windows(database: Database) -> None:
    await _at_0003(database)
    async with database.writer.begin() as connection:
        await connection.run_sync(_go, "head")
    async with database.reader.connect() as connection:
        roles = (await connection.execute(text("SELECT login, role FROM staff ORDER BY login"))).all()
        windows = await connection.scalar(text("SELECT count(*) FROM staff_window"))
    assert [tuple(row) for row in roles] == [("chief", "manager"), ("worker", "counsellor")]
    assert windows == 2


async def test_the_new_roles_are_taken_and_an_unknown_one_is_refused_also_by_an_open_connection(database: Database) -> None:
    await _at_0003(database)
    async with database.writer.begin() as connection:
        await connection.run_sync(_go, "head")
    async with database.writer.begin() as connection:
        await connection.execute(text("UPDATE staff SET role = 'coordinator' WHERE login = 'worker'"))
    with pytest.raises(IntegrityError):
        async with database.writer.begin() as connection:
            await connection.execute(text("UPDATE staff SET role = 'emperor' WHERE login = 'worker'"))


async def test_a_sqlite_file_is_whole_afterwards(database: Database) -> None:
    await _at_0003(database)
    async with database.writer.begin() as connection:
        await connection.run_sync(_go, "head")
    if database.is_sqlite:
        async with database.writer.connect() as connection:
            assert await connection.scalar(text("PRAGMA integrity_check")) == "ok"
            assert (await connection.execute(text("PRAGMA foreign_key_check"))).all() == []


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET details = 'x'", "DELETE FROM audit_entry"])
async def test_the_database_refuses_to_change_the_record(database: Database, statement: str) -> None:
    async with database.writer.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO audit_entry (municipality, seq, at, actor, action, subject, details, chain) "  # noqa: S608 - fixed words
                f"VALUES ('a', 1, {_NOW[database.is_sqlite]}, '', 'exported', '', '', '')"
            )
        )
    with pytest.raises(DBAPIError, match="only appended"):
        async with database.writer.begin() as connection:
            await connection.execute(text(statement))
