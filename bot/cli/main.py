"""The entry of the command line. Heavy parts are loaded by the command that needs them, so that small ones start fast."""

import importlib
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from typer.core import TyperGroup

from bot.logs import set_up_logs
from bot.settings import Settings, load_settings
from intake.base.errors import AppError, StartupError

LATER = {
    "audit": ("bot.cli.audit_commands", "audit_app"),
    "directory": ("bot.cli.directory_commands", "directory_app"),
    "nlp": ("bot.cli.nlp_commands", "nlp_app"),
    "route": ("bot.cli.route_command", "route_app"),
    "staff": ("bot.cli.staff_commands", "staff_app"),
    "statistics": ("bot.cli.statistics_commands", "statistics_app"),
}


class Commands(TyperGroup):
    """The commands of this file, and those of :data:`LATER`, whose modules are loaded only when one of them is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands."""
        return sorted([*super().list_commands(ctx), *LATER])

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command by its name."""
        if cmd_name not in LATER:
            return super().get_command(ctx, cmd_name)
        module, name = LATER[cmd_name]
        command = typer.main.get_command(getattr(importlib.import_module(module), name))
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="つなぎ：自治体の包括的相談のためのLINE窓口",
)
_errors = Console(stderr=True)


def _settings() -> Settings:
    settings = load_settings()
    set_up_logs(settings.log_level)
    return settings


def _load(module: str) -> Any:
    return importlib.import_module(module)


@app.command()
def serve(*, demo: Annotated[bool, typer.Option("--demo", help="LINEの代わりと見本の市で動かします")] = False) -> None:
    """一つの場所ですべてを動かします（web・worker・予定）。

    例: tsunagi serve --demo
    """
    settings = _settings()
    parts = _load("bot.app").Parts()
    _load("bot.loop").run(_load("bot.serve").serve(settings, demo=demo, parts=parts))


@app.command()
def web() -> None:
    """画面とLINEの受け口だけを動かします（PostgreSQL のとき）。

    例: tsunagi web
    """
    settings = _settings()
    _load("bot.loop").run(_load("bot.serve").serve(settings, demo=False, parts=_load("bot.app").Parts(worker=False)))


@app.command()
def worker() -> None:
    """相談の処理と送信だけを動かします（PostgreSQL のとき）。

    例: tsunagi worker
    """
    _load("bot.loop").run(_load("bot.serve").work(_settings()))


@app.command()
def setup() -> None:
    """データの置き場・鍵・データベースを用意します。何度でも実行できます。

    例: tsunagi setup
    """
    _load("bot.loop").run(_load("bot.setup").set_up(_settings()))


@app.command(name="check-data")
def check_data() -> None:
    """辞書（データの置き場の lexicon も）・窓口・文言のデータを確かめます。

    例: tsunagi check-data
    """
    problems = _load("bot.checks").data_problems(_load("bot.data").lexicon_folder(_settings()))
    for problem in problems:
        _errors.print(problem, markup=False, highlight=False, soft_wrap=True)
    if problems:
        raise typer.Exit(1)
    typer.echo("データに誤りはありません")


@app.command()
def doctor() -> None:
    """設定・鍵・データベース・窓口データを点検します。一行に一つ。危ないものがあれば 1 で終わります。

    例: tsunagi doctor
    """
    findings = _load("bot.loop").run(_load("bot.doctor").examine(_settings()))
    for finding in findings:
        typer.echo(finding.line())
    if any(finding.unsafe for finding in findings):
        raise typer.Exit(1)


@app.command()
def bench(
    name: Annotated[str, typer.Argument(help="webhook、conversation、checkins、console、statistics または tagger")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="結果を最後の一行に JSON で出します")] = False,
    full: Annotated[bool, typer.Option("--full", help="長く測ります")] = False,
    messages: Annotated[int | None, typer.Option("--messages", min=1, help="tagger: 読ませる文章の数（初めは 2,000）")] = None,
    file: Annotated[Path | None, typer.Option("--file", help="tagger: 読ませる文章のファイル（一行に一つ）")] = None,
) -> None:
    """速さを測ります。

    例: tsunagi bench webhook --json

    例: tsunagi bench tagger --messages 2000 --json
    """
    raise typer.Exit(_load("bot.bench.run").run(name, as_json=as_json, full=full, messages=messages, file=file))


def run() -> None:
    """Run the command line; expected refusals become one kind line and exit code 2."""
    try:
        app()
    except (StartupError, AppError) as error:
        _errors.print(str(error), markup=False, highlight=False, soft_wrap=True)
        sys.exit(2)
