"""The first account comes from the command line."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.staff_commands import staff_app
from bot.runtime import open_runtime
from bot.settings import load_settings
from handoff.accounts.errors import AccountDataError
from handoff.accounts.manage import homes_of
from handoff.accounts.models import Organisation, OrganisationKind
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


def test_who_is_added_to_a_body_belongs_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def a_body() -> None:
        async with open_runtime(load_settings(), checkpoints=False) as runtime, runtime.database.write() as session:
            place = {"municipality": CITY, "kind": OrganisationKind.ENTRUSTED, "created_at": runtime.clock.now()}
            session.add(Organisation(id="body", name="みどり会", **place))

    async def homes() -> list[str]:
        async with open_runtime(load_settings(), checkpoints=False) as runtime, runtime.database.read() as session:
            return [home.name for home in (await homes_of(session, CITY)).values()]

    monkeypatch.setenv("TSUNAGI_DATA_DIR", str(tmp_path))
    asyncio.run(a_body())
    told = add(tmp_path, monkeypatch, "--organisation", " みどり会", "--json")
    assert isinstance(told, dict)
    assert told["organisation"] == " みどり会"
    assert asyncio.run(homes()) == ["みどり会"]


@pytest.mark.parametrize(
    "options", [("--window", "nothing-here"), ("--role", "counsellor"), ("--municipality", "tokyo"), ("--organisation", "x")]
)
def test_what_cannot_be_an_account_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]) -> None:
    with pytest.raises(AccountDataError):
        add(tmp_path, monkeypatch, *options)


def test_a_short_password_is_refused_before_anything_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AccountDataError, match="10文字以上"):
        add(tmp_path, monkeypatch, password="short")
    assert list(tmp_path.iterdir()) == []
