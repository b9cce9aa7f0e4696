"""Statistics from the command line: making the roll-ups anew."""

import asyncio
import json
import sys
from typing import Annotated

import typer

from bot.runtime import open_runtime
from bot.settings import Settings, load_settings
from handoff.statistics.rebuild import rebuild
from intake.base.errors import StartupError

statistics_app = typer.Typer(no_args_is_help=True, help="統計")


@statistics_app.callback()
def statistics() -> None:
    """統計を扱います。"""


@statistics_app.command(name="rebuild")
def rebuild_all(
    municipality: Annotated[str, typer.Option(help="自治体の記号（例 aizuwakamatsu）。書かなければすべて")] = "",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="結果をJSONで出します")] = False,
) -> None:
    """事実の記録から、統計の集計を作り直します。動いているサービスのそばで走らせてかまいません。

    例: tsunagi statistics rebuild --municipality aizuwakamatsu
    """
    done = asyncio.run(_rebuild(load_settings(), municipality))
    if as_json:
        print(json.dumps(done, ensure_ascii=False))
    else:
        for key, count in done.items():
            print(f"{key}：{count:,} 件の相談を数え直しました。")


async def _rebuild(settings: Settings, municipality: str) -> dict[str, int]:
    async with open_runtime(settings, prepare=False, checkpoints=False) as runtime:
        if municipality and municipality not in runtime.cities:
            raise StartupError(f"自治体「{municipality}」はありません。使えるのは {'、'.join(sorted(runtime.cities))} です")
        keys = [municipality] if municipality else sorted(runtime.cities)
        return {
            key: await rebuild(runtime.database, key, runtime.clock, progress=lambda words: print(words, file=sys.stderr)) for key in keys
        }
