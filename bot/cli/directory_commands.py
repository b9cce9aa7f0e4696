"""``tsunagi directory``: for the clerk who keeps the tables of a municipality: check, take out, take in."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.directory_files import read_source, refuse_package, replace_folder, write_new
from bot.settings import load_settings
from intake.base.clock import SystemClock
from routing import schema
from routing.check import check_folder, check_tables, read_folder
from routing.exchange.changes import TableChange, changes
from routing.exchange.csv_files import from_csv, to_csv
from routing.exchange.hsds_json import to_hsds
from routing.exchange.hsds_package import DESCRIPTOR, to_package
from routing.exchange.incoming import read_incoming
from routing.exchange.sheets import title
from routing.exchange.xlsx_write import to_xlsx
from routing.findings import Finding, Level
from routing.hours import TOKYO
from routing.load import KEYS, city_folder
from routing.table import Table

directory_app = typer.Typer(help="窓口一覧の表を確かめ、書き出し、取り込みます。", no_args_is_help=True)


class Format(StrEnum):
    """The forms in which a directory leaves."""

    CSV = "csv"
    XLSX = "xlsx"
    HSDS = "hsds"
    PACKAGE = "hsds-package"


_WRITERS: dict[Format, Callable[[Mapping[str, Table]], bytes | dict[str, bytes]]] = {
    Format.CSV: to_csv,
    Format.XLSX: to_xlsx,
    Format.HSDS: to_hsds,
    Format.PACKAGE: to_package,
}
Key = Annotated[str, typer.Argument(metavar="鍵", help=f"自治体の鍵: {'・'.join(KEYS)}")]


@directory_app.callback()
def directory() -> None:
    """窓口一覧の表を確かめ、書き出し、取り込みます。"""


@directory_app.command()
def check(
    path: Annotated[Path | None, typer.Argument(help="確かめる表のあるフォルダ、または書き出したファイル")] = None,
    municipality: Annotated[str | None, typer.Option(help=f"自治体の鍵: {'・'.join(KEYS)}")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSONで出します")] = False,
) -> None:
    """表の誤りを、ファイル・行・列とともに一覧にします。誤りがあれば終了コードは1です。

    例: tsunagi directory check --municipality nonoichi
    """
    today = SystemClock().now().astimezone(TOKYO).date()
    findings = _findings(path, municipality, today)
    errors = sum(finding.level is Level.ERROR for found in findings.values() for finding in found)
    if as_json:
        typer.echo(json.dumps([_as_json(place, finding) for place, found in findings.items() for finding in found], ensure_ascii=False))
    else:
        for place, found in findings.items():
            wrong = sum(finding.level is Level.ERROR for finding in found)
            typer.echo(f"{place.name}: エラー {wrong}件、注意 {len(found) - wrong}件")
            for finding in found:
                typer.echo(f"  {finding}")
    raise typer.Exit(1 if errors else 0)


@directory_app.command(name="export")
def export_directory(
    key: Key,
    out: Annotated[Path, typer.Argument(help="書き出す先（csv と hsds-package はフォルダ）")],
    form: Annotated[Format, typer.Option("--format", help="書き出す形")],
    *,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="同じ名前のものがあれば置き換えます")] = False,
) -> None:
    """窓口一覧を、Excel・CSV・HSDS 3.0 の形で書き出します。

    例: tsunagi directory export nonoichi --format xlsx 窓口一覧.xlsx
    """
    tables = read_folder(_city_folder(key))
    errors = [finding for finding in check_tables(tables) if finding.level is Level.ERROR]
    if errors:
        _tell(errors)
        typer.echo("書き出していません。上の誤りを直してから、もう一度実行してください。", err=True)
        raise typer.Exit(1)
    write_new(out, _WRITERS[form](tables), overwrite=overwrite)
    hidden = sum(row["公開"] != "可" for row in tables[schema.WINDOWS].rows)
    typer.echo(f"{out} に書き出しました（窓口 {len(tables[schema.WINDOWS].rows)}件）。")
    if hidden:
        typer.echo(f"公開が「不可」の窓口が {hidden}件あります。市の外へ渡す前に、載せてよいか確かめてください。")


@directory_app.command(name="import")
def import_directory(
    key: Key,
    file: Annotated[Path, typer.Argument(help="取り込むファイルかフォルダ（.xlsx・.csv・.json・フォルダ）")],
    out: Annotated[Path | None, typer.Option("--out", help="データの場所の代わりに、このフォルダへ書きます")] = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="確かめずに取り込みます")] = False,
) -> None:
    """直した窓口一覧を取り込みます。何が変わるかを見せ、確かめてから書きます。

    例: tsunagi directory import nonoichi 窓口一覧.xlsx
    """
    used = _city_folder(key)
    folder = out or load_settings().data_dir / "directory" / key
    refuse_package(folder)
    current = read_folder(folder if (folder / schema.WINDOWS).is_file() else used)
    name, files = read_source(file)
    incoming = read_incoming(name, files, current, SystemClock().now().astimezone(TOKYO).date())
    _tell(incoming.findings)
    if incoming.refused:
        typer.echo("取り込んでいません。いまの一覧はそのままです。「エラー」のところを直して、もう一度実行してください。", err=True)
        raise typer.Exit(1)
    found = changes(current, incoming.tables)
    if not found and out is None:
        typer.echo("変わるところはありません。")
        return
    for change in found:
        _tell_change(change)
    if not yes and not typer.confirm("取り込みますか"):
        typer.echo("取り込んでいません。いまの一覧はそのままです。")
        raise typer.Exit(1)
    before = replace_folder(folder, to_csv(incoming.tables))
    typer.echo(f"{folder} に取り込みました。" + (f"前の表は {before} にあります。" if before else ""))
    if out is None:
        typer.echo("動いているつなぎは、10秒ほどで新しい表を使います。動かし直さなくてかまいません。")


def _tell(findings: Iterable[Finding]) -> None:
    for finding in findings:
        typer.echo(str(finding), err=finding.level is Level.ERROR)


def _tell_change(change: TableChange) -> None:
    """Show one table: how many rows of each kind, then each of them."""
    counts = {"加わる": len(change.added), "変わる": len(change.changed), "なくなる": len(change.removed)}
    told = [f"{word}行 {count}" for word, count in counts.items() if count] + ["行の並びが変わります"] * change.reordered
    typer.echo(f"{title(change.table)}: {'、'.join(told)}")
    for row in change.added:
        typer.echo(f"  ＋ {row.name}（{'、'.join(f'{column} {new}' for column, _, new in row.cells)}）")
    for row in change.changed:
        typer.echo(f"  ～ {row.name}")
        for column, old, new in row.cells:
            typer.echo(f"      {column}: {_cell(old)} → {_cell(new)}")
    for row in change.removed:
        typer.echo(f"  － {row.name}（{'、'.join(f'{column} {old}' for column, old, _ in row.cells)}）")


def _cell(value: str) -> str:
    return f"「{value}」" if value else "（空）"


def _city_folder(key: str) -> Path:
    if key not in KEYS:
        raise typer.BadParameter(f"「{key}」はありません。{'・'.join(KEYS)} のどれかです", param_hint="鍵")
    return city_folder(key, load_settings().data_dir)


def _findings(path: Path | None, municipality: str | None, today: date) -> dict[Path, Sequence[Finding]]:
    """Judge one folder, one file (laid over the directory of ``municipality`` where it holds only a part), or what is in use."""
    if path is None:
        folders = [_city_folder(key) for key in ([municipality] if municipality else KEYS)]
        return {folder: check_folder(folder, today) for folder in folders}
    if path.is_dir() and municipality is not None:
        raise typer.BadParameter("フォルダと --municipality はどちらか一方にしてください")
    if path.is_dir() and not (path / DESCRIPTOR).exists():
        return {path: check_folder(path, today)}
    name, files = read_source(path)
    return {path: read_incoming(name, files, read_folder(_city_folder(municipality)) if municipality else from_csv({}), today).findings}


def _as_json(path: Path, finding: Finding) -> dict[str, str | int]:
    return {
        "folder": path.name,
        "level": finding.level,
        "file": finding.file,
        "row": finding.row,
        "column": finding.column,
        "text": finding.text,
    }
