"""Checks 自治体.csv: the items without which nobody can say when a person reads and answers."""

from collections.abc import Callable, Iterator

from nlp.reading import Concern
from routing import schema
from routing.city import NightMode
from routing.findings import Finding, Level
from routing.staff_hours import parse_staff_hours
from routing.table import Row, Table
from routing.values import choice_problem, code_problem, phone_problem

_LONGEST_PROMISE_MINUTES = 7 * 24 * 60


def city_findings(table: Table, windows: Table) -> Iterator[Finding]:
    """Find missing, repeated, unknown or unreadable items."""
    if table.findings:
        return
    seen: dict[str, Row] = {}
    for row in table.rows:
        if row["項目"] in seen:
            yield _error(row, "項目", f"「{row['項目']}」が{seen[row['項目']].number}行と重複しています")
        elif problem := choice_problem(row["項目"], (*schema.CITY_ITEMS, *schema.CITY_OPTIONAL)):
            yield _error(row, "項目", problem)
        seen[row["項目"]] = row
        yield from _value(row)
    for item in schema.CITY_ITEMS:
        if item not in seen:
            yield Finding(level=Level.ERROR, file=schema.MUNICIPALITY, row=0, column="項目", text=f"「{item}」の行がありません")
    yield from _one_code(seen.get("自治体コード"), windows)


def _value(row: Row) -> Iterator[Finding]:
    item, value = row["項目"], row["値"]
    if not value:
        if item in schema.CITY_ITEMS:
            yield _error(row, "値", f"「{item}」が空です")
        return
    judge = _JUDGES.get(item)
    problem = judge(value) if judge else ""
    if problem:
        yield _error(row, "値", problem)


def _one_code(row: Row | None, windows: Table) -> Iterator[Finding]:
    if row is None:
        return
    for window in windows.rows:
        if window["自治体コード"] and window["自治体コード"] != row["値"]:
            text = f"「{window['自治体コード']}」は自治体.csvの「{row['値']}」と違います"
            yield Finding(level=Level.ERROR, file=schema.WINDOWS, row=window.number, column="自治体コード", text=text)


def _minutes_problem(value: str) -> str:
    good = value.isascii() and value.isdigit() and 0 < int(value) <= _LONGEST_PROMISE_MINUTES
    return "" if good else f"「{value}」は分の数（例 60）ではありません"


def _staff_hours_problem(value: str) -> str:
    return "" if parse_staff_hours(value) else f"「{value}」は「月火水木金 08:30-17:15」の形ではありません（いくつかあるときは ; で区切る）"


def _concerns_problem(value: str) -> str:
    return next(filter(None, (choice_problem(word, list(Concern)) for word in value.split(";"))), "")


_JUDGES: dict[str, Callable[[str], str]] = {
    "自治体コード": code_problem,
    "夜間の扱い": lambda value: choice_problem(value, list(NightMode)),
    "職員が読む時間": _staff_hours_problem,
    "返信の約束": _minutes_problem,
    "市の代表電話": phone_problem,
    "緊急連絡先": phone_problem,
    "相談の入口": lambda value: choice_problem(value.split(";")[0], schema.INTAKE_MODES),
    "重点とする相談": _concerns_problem,
}


def _error(row: Row, column: str, text: str) -> Finding:
    return Finding(level=Level.ERROR, file=schema.MUNICIPALITY, row=row.number, column=column, text=text)
