"""Checks the folder of one municipality: the rules of the directory, each finding with file, row and column.

What is wrong on every date is an error and stops the start. What became wrong by the passing of time, or is merely not
filled in yet, is a warning: the service goes on, with the city's own desk in its place.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from routing import check_links, schema
from routing.check_city import city_findings
from routing.city_rules import table_findings
from routing.findings import Finding, Level
from routing.staff_hours import days_problem
from routing.table import Row, Table, read_table
from routing.values import (
    age_problem,
    choice_problem,
    code_problem,
    corporate_number_problem,
    date_problem,
    lines_problem,
    parse_date,
    parse_time,
    phone_problem,
    postal_problem,
    postals_problem,
    readings_problem,
    time_problem,
    town_problem,
    wide_problem,
)

OLD_DAYS = 365
STALE_DAYS = 730
"""A confirmation older than this is no longer used to show a phone or hours."""
_CODES: dict[tuple[str, str], Callable[[str], str]] = {
    (schema.WINDOWS, "窓口ID"): wide_problem,
    (schema.WINDOWS, "自治体コード"): code_problem,
    (schema.WINDOWS, "委託先_法人番号"): corporate_number_problem,
    (schema.WINDOWS, "郵便番号"): postal_problem,
    (schema.WINDOWS, "町字ID"): town_problem,
    (schema.WINDOWS, "年齢下限"): age_problem,
    (schema.WINDOWS, "出典行"): lines_problem,
    (schema.DISTRICTS, "町字ID"): town_problem,
    (schema.DISTRICTS, "読み"): readings_problem,
    (schema.DISTRICTS, "郵便番号"): postals_problem,
}
"""Columns of codes and readings, and who judges them; an empty cell is not known yet, and some columns may be left out."""


def read_folder(path: Path) -> dict[str, Table]:
    """Read the tables of a municipality, whatever state they are in; an optional one only where its file is."""
    kept = [name for name in schema.OPTIONAL if (path / name).is_file()]
    return {name: read_table(path / name, columns) for name, columns in schema.columns_of(kept).items()}


def check_folder(path: Path, today: date | None = None) -> list[Finding]:
    """Everything that is wrong with the folder, errors first. Without ``today`` only what is wrong on every date."""
    return check_tables(read_folder(path), today)


def check_tables(tables: dict[str, Table], today: date | None = None) -> list[Finding]:
    """Like :func:`check_folder`, for tables that are already read."""
    found = [finding for table in tables.values() for finding in table.findings]
    for name, table in tables.items():
        for row in table.rows:
            found += _cells(name, row)
    for row in tables[schema.WINDOWS].rows:
        found += _operation(row)
        found += _publication(row)
        found += _age(row, today)
    for row in tables[schema.PHONES].rows:
        found += _phone(row)
    for row in tables[schema.HOURS].rows:
        found += _hours(row)
    found += _unique_ids(tables[schema.WINDOWS])
    found += check_links.link_findings(tables, today)
    if schema.RULES in tables:
        found += table_findings(tables[schema.RULES], {row.cells.get("窓口ID", "") for row in tables[schema.WINDOWS].rows})
    found += city_findings(tables[schema.MUNICIPALITY], tables[schema.WINDOWS])
    return sorted(set(found), key=lambda finding: (finding.level is Level.WARNING, finding.file, finding.row, finding.column, finding.text))


def _cells(name: str, row: Row) -> Iterator[Finding]:
    """Judge what holds for a column wherever it stands: required, closed lists, dates and their order."""
    for column, problem in (*_words(name, row), *_codes(name, row), *_dates(name, row)):
        if problem:
            yield _error(name, row, column, problem)


def _words(name: str, row: Row) -> Iterator[tuple[str, str]]:
    for column in schema.REQUIRED[name]:
        if not row[column]:
            yield column, "出典の無い行は載せられません" if column.startswith("出典") else "空です"
    for (table, column), allowed in schema.CLOSED.items():
        if table == name:
            yield column, choice_problem(row[column], allowed)
    for (table, column), allowed in schema.CLOSED_LISTS.items():
        if table == name and row[column]:
            yield from ((column, choice_problem(word, allowed)) for word in row[column].split(";"))


def _codes(name: str, row: Row) -> Iterator[tuple[str, str]]:
    for (table, column), judge in _CODES.items():
        if table == name and (value := row.cells.get(column)):
            yield column, judge(value)


def _dates(name: str, row: Row) -> Iterator[tuple[str, str]]:
    for column in schema.DATES.get(name, ()):
        if row[column]:
            yield column, date_problem(row[column])
    if "有効終了日" in row.cells:
        start, end = parse_date(row["有効開始日"]), parse_date(row["有効終了日"])
        if start and end and end < start:
            yield "有効終了日", "有効開始日より前です"


def _operation(row: Row) -> Iterator[Finding]:
    if row["実施方式"] == "委託" and not row["委託先"] and "委託先未確認" not in row["備考"]:
        yield _error(schema.WINDOWS, row, "委託先", "委託なのに空です（分からなければ備考に「委託先未確認」と書いてください）")
    if row["実施方式"] == "直営" and row["委託先"]:
        yield _error(schema.WINDOWS, row, "委託先", "直営なのに委託先が入っています")
    if row["種類"] == "箇所数のみ" and (row["所在地"] or row["郵便番号"] or row["建物"]):
        yield _error(schema.WINDOWS, row, "所在地", "箇所数のみの行に所在地は書けません")
    if row["種類"] == "人" and not row["受け付ける人"]:
        yield _error(schema.WINDOWS, row, "受け付ける人", "役割（人）の行は住民・機関・両方のどれかを決めてください")


def _publication(row: Row) -> Iterator[Finding]:
    if row["公開"] != "可":
        return
    if row["状態"] != "実施":
        yield _error(schema.WINDOWS, row, "公開", f"状態が「{row['状態']}」の窓口は公開できません")
    for column in ("確認日", "確認者"):
        if not row[column]:
            yield _error(schema.WINDOWS, row, column, "公開するには必要です")


def _age(row: Row, today: date | None) -> Iterator[Finding]:
    checked = parse_date(row["確認日"])
    if today is None or checked is None:
        return
    days = (today - checked).days
    if days > STALE_DAYS:
        yield _warning(schema.WINDOWS, row, "確認日", f"{days}日前です。確認し直すまで電話や時間を表示しません")
    elif days > OLD_DAYS:
        yield _warning(schema.WINDOWS, row, "確認日", f"{days}日前です。確認し直してください")


def _phone(row: Row) -> Iterator[Finding]:
    if row["種別"] in {"代表", "相談", "FAX"} and row["電話番号"] and (problem := phone_problem(row["電話番号"])):
        yield _error(schema.PHONES, row, "電話番号", problem)


def _hours(row: Row) -> Iterator[Finding]:
    if problem := days_problem(row["曜日"]):
        yield _error(schema.HOURS, row, "曜日", problem)
    for column in ("開始", "終了"):
        if problem := time_problem(row[column]):
            yield _error(schema.HOURS, row, column, problem)
    opens, closes = parse_time(row["開始"]), parse_time(row["終了"])
    if opens is not None and closes is not None and row["開始"] >= row["終了"]:
        yield _error(
            schema.HOURS, row, "終了", "開始と同じか、開始より前です（夜をまたぐときは24:00までと翌日の00:00からの2行に分けてください）"
        )


def _unique_ids(windows: Table) -> Iterator[Finding]:
    counts = Counter(row["窓口ID"] for row in windows.rows)
    seen: set[str] = set()
    for row in windows.rows:
        identifier = row["窓口ID"]
        if identifier and counts[identifier] > 1 and identifier in seen:
            yield _error(schema.WINDOWS, row, "窓口ID", f"「{identifier}」が重複しています")
        seen.add(identifier)


def _error(name: str, row: Row, column: str, text: str) -> Finding:
    return Finding(level=Level.ERROR, file=name, row=row.number, column=column, text=text)


def _warning(name: str, row: Row, column: str, text: str) -> Finding:
    return Finding(level=Level.WARNING, file=name, row=row.number, column=column, text=text)
