"""``tsunagi directory``: for the clerk who keeps the tables of a municipality."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.settings import load_settings
from intake.base.clock import SystemClock
from routing.check import check_folder
from routing.findings import Finding, Level
from routing.hours import TOKYO
from routing.load import KEYS, city_folder

directory_app = typer.Typer(help="窓口一覧の表を確かめます。", no_args_is_help=True)


@directory_app.callback()
def directory() -> None:
    """窓口一覧の表を確かめます。"""


@directory_app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="確かめる表のあるフォルダ")] = None,
    municipality: Annotated[str | None, typer.Option(help=f"自治体の鍵: {'・'.join(KEYS)}")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSONで出します")] = False,
) -> None:
    """表の誤りを、ファイル・行・列とともに一覧にします。誤りがあれば終了コードは1です。

    例: tsunagi directory check --municipality nonoichi
    """
    today = SystemClock().now().astimezone(TOKYO).date()
    findings = {path: check_folder(path, today) for path in _folders(folder, municipality)}
    errors = sum(finding.level is Level.ERROR for found in findings.values() for finding in found)
    if as_json:
        typer.echo(json.dumps([_as_json(path, finding) for path, found in findings.items() for finding in found], ensure_ascii=False))
    else:
        for path, found in findings.items():
            wrong = sum(finding.level is Level.ERROR for finding in found)
            typer.echo(f"{path.name}: エラー {wrong}件、注意 {len(found) - wrong}件")
            for finding in found:
                typer.echo(f"  {finding}")
    raise typer.Exit(1 if errors else 0)


def _folders(folder: Path | None, municipality: str | None) -> list[Path]:
    if folder is not None and municipality is not None:
        raise typer.BadParameter("フォルダと --municipality はどちらか一方にしてください")
    if folder is not None:
        if not folder.is_dir():
            raise typer.BadParameter(f"フォルダ {folder} がありません")
        return [folder]
    if municipality is not None and municipality not in KEYS:
        raise typer.BadParameter(f"「{municipality}」はありません。{'・'.join(KEYS)} のどれかです", param_hint="--municipality")
    return [city_folder(key, load_settings().data_dir) for key in ([municipality] if municipality else KEYS)]


def _as_json(path: Path, finding: Finding) -> dict[str, str | int]:
    return {
        "folder": path.name,
        "level": finding.level,
        "file": finding.file,
        "row": finding.row,
        "column": finding.column,
        "text": finding.text,
    }
