"""Accounts of staff from the command line: how the first person gets in."""

import asyncio
import json
import sys
from typing import Annotated

import typer

from handoff.accounts.config import AccountsConfig
from handoff.accounts.errors import AccountDataError
from handoff.accounts.models import Role
from handoff.accounts.staff import add_staff, check_new_staff, check_windows, tidy_login

staff_app = typer.Typer(no_args_is_help=True, help="職員のアカウント")


@staff_app.callback()
def staff() -> None:
    """職員のアカウントを扱います。"""


@staff_app.command()
def add(
    name: Annotated[str, typer.Argument(help="ログインID")],
    municipality: Annotated[str, typer.Option(help="自治体の記号（例 aizuwakamatsu）")],
    role: Annotated[Role, typer.Option(help="役割")],
    window: Annotated[list[str] | None, typer.Option(help="担当の窓口の記号。いくつでも")] = None,
    display_name: Annotated[str, typer.Option(help="職員と住民に見える名前（書かなければログインIDと同じ）")] = "",
    *,
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="パスワードを標準入力の1行目から読みます")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="結果をJSONで出します")] = False,
) -> None:
    """職員を加えます。

    例: echo 'ながい合言葉' | tsunagi staff add tanaka --municipality aizuwakamatsu --window WINDOW --role reception --password-stdin
    """
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = typer.prompt("パスワード", hide_input=True, confirmation_prompt="もう一度")
    login = tidy_login(name)
    check_new_staff(login, display_name or login, password, AccountsConfig())
    staff_id = asyncio.run(_add(login, display_name or login, municipality, role, window or [], password))
    told = {"id": staff_id, "login": login, "municipality": municipality, "role": role.value, "windows": window or []}
    print(json.dumps(told, ensure_ascii=False) if as_json else f"職員「{login}」を加えました。")


async def _add(login: str, display_name: str, municipality: str, role: Role, windows: list[str], password: str) -> str:
    from bot.runtime import open_runtime  # noqa: PLC0415 - heavy, and only this command needs it
    from bot.settings import load_settings  # noqa: PLC0415 - as above
    from handoff.accounts.passwords import Passwords  # noqa: PLC0415 - as above

    async with open_runtime(load_settings(), checkpoints=False) as runtime:
        city = runtime.listed.get(municipality)
        if city is None:
            raise AccountDataError(f"自治体「{municipality}」はありません。使えるのは {'、'.join(sorted(runtime.listed))} です。")
        check_windows(city, role, windows)
        hashed = await Passwords().hash(password)
        async with runtime.database.write() as session:
            staff_row = await add_staff(
                session,
                municipality=municipality,
                login=login,
                display_name=display_name,
                role=role,
                window_ids=windows,
                password_hash=hashed,
                now=runtime.clock.now(),
            )
        return staff_row.id
