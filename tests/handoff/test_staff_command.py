"""The first account comes from the command line."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.staff_commands import staff_app
from handoff.accounts.errors import AccountDataError
from handoff.accounts.passwords import Passwords
from handoff.accounts.staff import find_staff
from intake.base.database import Database, sqlite_url
from routing.load import load_city
from tests.handoff.support import CITY, PASSWORD


def add(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *options: str, password: str = PASSWORD) -> object:
    monkeypatch.setenv("TSUNAGI_DATA_DIR", str(tmp_path))
    command = ["add", "tanaka", "--municipality", CITY, "--role", "reception", "--password-stdin", *options]
    result = CliRunner().invoke(staff_app, command, input=f"{password}\n", catch_exceptions=False)
    return json.loads(result.stdout)


def test_the_account_can_log_in_with_the_password_from_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window = next(iter(load_city(CITY).windows))
    told = add(tmp_path, monkeypatch, "--window", window, "--display-name", "受付 田中", "--json")
    assert isinstance(told, dict)
    assert (told["login"], told["role"], told["windows"]) == ("tanaka", "reception", [window])

    async def fits() -> bool:
        database = Database(sqlite_url(tmp_path / "tsunagi.db"))
        async with database.read() as session:
            staff = await find_staff(session, CITY, "tanaka")
        await database.close()
        assert staff is not None
        assert staff.display_name == "受付 田中"
        return await Passwords().verify(staff.password_hash, PASSWORD)

    assert asyncio.run(fits())


@pytest.mark.parametrize("options", [("--window", "nothing-here"), ("--role", "counsellor"), ("--municipality", "tokyo")])
def test_what_cannot_be_an_account_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]) -> None:
    with pytest.raises(AccountDataError):
        add(tmp_path, monkeypatch, *options)


def test_a_short_password_is_refused_before_anything_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AccountDataError, match="10文字以上"):
        add(tmp_path, monkeypatch, password="short")
    assert list(tmp_path.iterdir()) == []
