"""A file that a clerk wants to take over: read in whatever form it comes, and judged before anything is changed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from routing import schema
from routing.check import check_tables
from routing.exchange import hsds_json, hsds_package, xlsx_read
from routing.exchange.csv_files import from_csv
from routing.exchange.sheets import title
from routing.exchange.unreadable import UnreadableError
from routing.findings import Finding, Level
from routing.table import Table, parse_table

_TABLES = schema.columns_of(schema.OPTIONAL)
_NAMES = "・".join(_TABLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """The directory as it would be, and what is wrong with it, each finding in the words of the file that was given."""

    tables: dict[str, Table]
    findings: tuple[Finding, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether any rule is broken: then nothing may be taken over."""
        return any(finding.level is Level.ERROR for finding in self.findings)


def read_incoming(name: str, files: Mapping[str, bytes], current: Mapping[str, Table], today: date | None = None) -> Incoming:
    """Read ``files``: one file called ``name``, or all files of the folder ``name``.

    A single CSV replaces that table of ``current`` alone; HSDS without our own tables leaves them as they are in
    ``current``. A directory of another municipality is refused.
    """
    try:
        tables = {**current, **_read(name, files)}
        extra = _unused_sheets(name, files)
    except UnreadableError as error:
        return Incoming(tables=dict(current), findings=(_finding(Level.ERROR, name, str(error)),))
    found = [*check_tables(tables, today), *_other_city(tables, current)]
    return Incoming(tables=tables, findings=(*(_placed(name, files, finding) for finding in found), *extra))


def _read(name: str, files: Mapping[str, bytes]) -> dict[str, Table]:
    if hsds_package.DESCRIPTOR in files:
        return hsds_package.from_package(files)
    if name in files:
        return _read_one(name, files[name])
    if not set(files) & set(schema.COLUMNS):
        raise UnreadableError(f"表がありません。{_NAMES} のあるフォルダか、書き出したファイルを指定してください")
    return dict(from_csv(files))


def _read_one(name: str, raw: bytes) -> dict[str, Table]:
    match name.lower().rpartition(".")[2]:
        case "xlsx" | "xlsm":
            return xlsx_read.from_xlsx(raw)
        case "json":
            return hsds_json.from_hsds(raw)
        case "csv" if name in _TABLES:
            return {name: parse_table(name, raw, _TABLES[name])}
        case "csv":
            raise UnreadableError(f"表の名前ではありません。{_NAMES} のどれかにしてください")
        case "xls":
            raise UnreadableError("古い形式です。Excel で開き「Excel ブック（.xlsx）」で保存し直してください")
        case _:
            raise UnreadableError("取り込めるのは .xlsx・.csv・.json（HSDS 3.0）と、表やデータパッケージのフォルダです")


def _unused_sheets(name: str, files: Mapping[str, bytes]) -> list[Finding]:
    if not name.lower().endswith((".xlsx", ".xlsm")) or name not in files:
        return []
    sheets = xlsx_read.other_sheets(files[name])
    return [_finding(Level.WARNING, f"{name} シート「{sheet}」", "使わないシートです。取り込みません") for sheet in sheets]


def _other_city(tables: Mapping[str, Table], current: Mapping[str, Table]) -> list[Finding]:
    old, new = _code(current), _code(tables)
    if not old or not new or old == new:
        return []
    text = f"別の自治体（{new}）の表です。いまの一覧は {old} です。鍵とファイルを確かめてください"
    return [_finding(Level.ERROR, schema.MUNICIPALITY, text)]


def _code(tables: Mapping[str, Table]) -> str:
    return next((row["値"] for row in tables[schema.MUNICIPALITY].rows if row["項目"] == "自治体コード"), "")


def _placed(name: str, files: Mapping[str, bytes], finding: Finding) -> Finding:
    """Say where the clerk finds it: the sheet of the book, or which object of the HSDS file."""
    if finding.file not in _TABLES or finding.file in files:
        return finding
    if name.lower().endswith((".xlsx", ".xlsm")):
        return replace(finding, file=f"{name} シート「{title(finding.file)}」")
    if hsds_package.DESCRIPTOR in files or name.lower().endswith(".json"):
        column = f"{finding.row - 1}件目 {finding.column}".strip() if finding.row > 1 else finding.column
        return replace(finding, file=f"{name} {title(finding.file)}", row=0, column=column)
    return finding


def _finding(level: Level, file: str, text: str) -> Finding:
    return Finding(level=level, file=file, row=0, column="", text=text)
