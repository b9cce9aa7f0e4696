"""Statistics from the command line: making the roll-ups anew, and counting two talks as one matter."""

import asyncio
import json
import sys
from typing import Annotated

import typer
from sqlalchemy import select

from bot.runtime import open_runtime
from bot.settings import Settings, load_settings
from handoff.statistics.rebuild import rebuild
from intake.base.errors import StartupError
from intake.facts.models import Fact
from intake.facts.service import join_units

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


@statistics_app.command(name="join")
def join(
    kept: Annotated[str, typer.Argument(help="のこす相談の番号（相談の画面のアドレスの終わり）")],
    joined: Annotated[str, typer.Argument(help="それに合わせる相談の番号")],
) -> None:
    """同じ世帯の同じ件と分かった二つの相談を、統計で1件と数えます。相談の記録は変わりません。元にはもどせません。

    例: tsunagi statistics join 01KB…（のこす） 01KC…（合わせる）
    """
    asyncio.run(_join(load_settings(), kept, joined))
    print("1件と数えます。数分のうちに、統計に出ます。")


async def _join(settings: Settings, kept: str, joined: str) -> None:
    async with open_runtime(settings, prepare=False, checkpoints=False) as runtime, runtime.database.write() as session:
        rows = (await session.execute(select(Fact.unit, Fact.municipality).where(Fact.unit.in_([kept, joined])).distinct())).all()
        homes = {row.unit: row.municipality for row in rows}
        if kept == joined or not {kept, joined} <= homes.keys() or len(set(homes.values())) != 1:
            raise StartupError("同じ自治体の、べつべつの二つの相談の番号を書いてください。記録を消去した相談は合わせられません")
        await join_units(session, homes[kept], kept=kept, joined=joined, now=runtime.clock.now())
