"""The record of who looked at what, from the command line of the server."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from handoff.audit.verify import Verdict

audit_app = typer.Typer(no_args_is_help=True, help="閲覧と操作の記録")


@audit_app.callback()
def audit() -> None:
    """閲覧と操作の記録を扱います。"""


@audit_app.command()
def verify(
    municipality: Annotated[str, typer.Option(help="自治体の記号。書かなければすべて")] = "",
    anchor: Annotated[str, typer.Option(help="前に控えた「番号:しるし」。記録の終わりが切り取られていないことも確かめます")] = "",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="結果をJSONで出します")] = False,
) -> None:
    """記録が書いたときのままかを、はじめから終わりまで確かめます。違っていれば 1 で終わります。

    出た「番号:しるし」を別の所に控えておくと、次に --anchor で使えます。

    例: tsunagi audit verify --municipality aizuwakamatsu --anchor 1042:9f2c…
    """
    verdicts = asyncio.run(_verify(municipality, anchor))
    for verdict in verdicts:
        if as_json:
            print(json.dumps(asdict(verdict), ensure_ascii=False))
        elif verdict.fault:
            print(f"誤り {verdict.municipality}: {verdict.fault}")
        else:
            print(f"良い {verdict.municipality}: {verdict.entries}件。控え {verdict.head}")
    if any(verdict.fault for verdict in verdicts):
        raise typer.Exit(1)


async def _verify(municipality: str, anchor: str) -> Sequence[Verdict]:
    from bot.runtime import open_runtime  # noqa: PLC0415 - heavy, and only this command needs it
    from bot.settings import load_settings  # noqa: PLC0415 - as above
    from handoff.audit.verify import municipalities, verify  # noqa: PLC0415 - as above

    async with (
        open_runtime(load_settings(), prepare=False, checkpoints=False, fall_back=True) as runtime,
        runtime.database.read() as session,
    ):
        keys = [municipality] if municipality else await municipalities(session)
        return [await verify(session, runtime.ring, key, anchor=anchor) for key in keys]
