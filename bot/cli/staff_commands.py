"""Accounts of staff from the command line: how the first person gets in."""

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer
from sqlalchemy import select

from handoff.accounts.config import AccountsConfig
from handoff.accounts.errors import AccountDataError
from handoff.accounts.factor_models import InvitationKind
from handoff.accounts.invitations import make_link
from handoff.accounts.leaving import hand_on
from handoff.accounts.models import Role, Staff
from handoff.accounts.organisations import find_running, put_in
from handoff.accounts.staff import add_staff, check_new_staff, check_windows, disable_staff, find_staff, tidy_login
from handoff.audit.models import Action
from handoff.audit.record import SERVER, record_audit
from intake.base.database import WriteSession

if TYPE_CHECKING:
    from bot.runtime import Runtime

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
    organisation: Annotated[str, typer.Option(help="所属する団体の名前（書かなければ市の職員）")] = "",
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
    staff_id = asyncio.run(_add(login, display_name or login, municipality, role, window or [], password, organisation))
    told = {"id": staff_id, "login": login, "municipality": municipality, "role": role.value, "windows": window or []}
    told |= {"organisation": organisation} if organisation else {}
    print(json.dumps(told, ensure_ascii=False) if as_json else f"職員「{login}」を加えました。")


async def _add(login: str, display_name: str, municipality: str, role: Role, windows: list[str], password: str, organisation: str) -> str:
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
            _record(session, runtime, staff_row, Action.STAFF_ADDED, f"{role}:{','.join(sorted(windows))}")
            if organisation:
                home = await find_running(session, municipality, organisation)
                await put_in(session, runtime.ring, home, staff_row, actor=SERVER, now=runtime.clock.now())
        return staff_row.id


def _record(session: WriteSession, runtime: "Runtime", staff_row: Staff, action: Action, details: str = "") -> None:
    record_audit(
        session,
        runtime.ring,
        municipality=staff_row.municipality,
        actor=SERVER,
        action=action,
        subject=staff_row.id,
        details=details,
        now=runtime.clock.now(),
    )


@staff_app.command(name="list")
def list_staff(
    municipality: Annotated[str, typer.Option(help="自治体の記号（例 aizuwakamatsu）")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="結果をJSONで出します")] = False,
) -> None:
    """職員の一覧を出します。

    例: tsunagi staff list --municipality aizuwakamatsu
    """
    for row in asyncio.run(_list(municipality)):
        state = "停止中" if row["disabled"] else "二つ目の確認あり" if row["enrolled"] else "二つ目の確認なし"
        print(json.dumps(row, ensure_ascii=False) if as_json else f"{row['login']}\t{row['name']}\t{row['role']}\t{state}")


async def _list(municipality: str) -> list[dict[str, object]]:
    from bot.runtime import open_runtime  # noqa: PLC0415 - heavy, and only these commands need it
    from bot.settings import load_settings  # noqa: PLC0415 - as above

    async with open_runtime(load_settings(), checkpoints=False) as runtime, runtime.database.read() as session:
        rows = await session.scalars(select(Staff).where(Staff.municipality == municipality).order_by(Staff.login))
        return [
            {
                "login": row.login,
                "name": row.display_name,
                "role": row.role.value,
                "enrolled": row.enrolled_at is not None,
                "disabled": row.disabled_at is not None,
            }
            for row in rows
        ]


@staff_app.command()
def link(
    name: Annotated[str, typer.Argument(help="ログインID")],
    municipality: Annotated[str, typer.Option(help="自治体の記号（例 aizuwakamatsu）")],
    kind: Annotated[InvitationKind, typer.Option(help="account 招待、password パスワードの再設定、factor 二つ目の確認の再設定")],
) -> None:
    """本人に渡すリンクを作ります。入れる管理者がだれもいなくなったときのための道です。

    例: tsunagi staff link tanaka --municipality aizuwakamatsu --kind factor
    """
    print(f"/console/invitation/{asyncio.run(_link(name, municipality, kind))}")


async def _link(name: str, municipality: str, kind: InvitationKind) -> str:
    from bot.runtime import open_runtime  # noqa: PLC0415 - heavy, and only these commands need it
    from bot.settings import load_settings  # noqa: PLC0415 - as above

    async with open_runtime(load_settings(), checkpoints=False) as runtime, runtime.database.write() as session:
        row = await find_staff(session, municipality, tidy_login(name))
        if row is None or row.disabled_at is not None:
            raise AccountDataError(f"職員「{name}」はいないか、停止しています。")
        row.locked_until = None
        return await make_link(session, runtime.ring, AccountsConfig(), row, kind, made_by=None, now=runtime.clock.now())


@staff_app.command()
def close(
    name: Annotated[str, typer.Argument(help="ログインID")],
    municipality: Annotated[str, typer.Option(help="自治体の記号（例 aizuwakamatsu）")],
) -> None:
    """アカウントを停止し、担当中の相談を「待っている」一覧に戻します。

    例: tsunagi staff close tanaka --municipality aizuwakamatsu
    """
    print(f"停止しました。{asyncio.run(_close(name, municipality))}件の相談を一覧に戻しました。")


async def _close(name: str, municipality: str) -> int:
    from bot.runtime import open_runtime  # noqa: PLC0415 - heavy, and only these commands need it
    from bot.settings import load_settings  # noqa: PLC0415 - as above

    async with open_runtime(load_settings(), checkpoints=False) as runtime, runtime.database.write() as session:
        row = await find_staff(session, municipality, tidy_login(name))
        if row is None:
            raise AccountDataError(f"職員「{name}」はいません。")
        now = runtime.clock.now()
        moved = await hand_on(session, row, to=None, actor=SERVER, now=now)
        await disable_staff(session, row.id, now)
        _record(session, runtime, row, Action.STAFF_CLOSED)
        return moved
