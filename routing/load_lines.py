"""Loads the crisis lines and checks them: 110, 119 and 189 must be there, whatever else a clerk edits."""

from collections.abc import Iterator
from datetime import time
from functools import cache
from pathlib import Path

from nlp.reading import RiskKind
from routing.city import CrisisLine, Foreign
from routing.findings import DirectoryError, Finding, Level
from routing.rules import DATA
from routing.staff_hours import parse_staff_hours
from routing.table import Row, Table, read_table
from routing.values import (
    choice_problem,
    date_problem,
    parse_date,
    parse_time,
    parse_weekdays,
    phone_problem,
    time_problem,
    weekdays_problem,
)

FILE = "crisis-lines.csv"
COLUMNS = (
    "鍵",
    "名称",
    "番号",
    "番号の補足",
    "曜日",
    "開始",
    "終了",
    "追加の時間",
    "時間の説明",
    "都道府県",
    "対象外の都道府県",
    "年齢",
    "危険の種類",
    "外国語",
    "手段",
    "通話料",
    "対象",
    "年末年始",
    "期間限定",
    "期間の開始",
    "期間の終了",
    "確認日",
    "見直し日",
    "出典",
    "備考",
)
ALWAYS = frozenset({"police", "ambulance", "child189"})
"""Lines that never expire: 110, 119 and 189."""
_CHOICES = {
    "年齢": ("", "18歳まで", "15歳以上", "15歳未満"),
    "外国語": tuple(Foreign),
    "通話料": ("無料", "有料", "不明"),
    "年末年始": ("", "休"),
    "期間限定": ("", "○"),
}
_LIMITS = ("都道府県", "対象外の都道府県", "年齢", "年末年始", "期間限定", "期間の開始", "期間の終了")
"""Columns that would take 110, 119 or 189 from somebody."""
_FREE = {"無料": True, "有料": False}


def load_lines(prefecture: str, path: Path = DATA / FILE) -> dict[str, CrisisLine]:
    """Return the lines that hold in ``prefecture``, in the order of the file, which is the order of preference."""
    return {
        row["鍵"]: _line(row)
        for row in _rows(path)
        if prefecture not in _words(row["対象外の都道府県"]) and (not row["都道府県"] or prefecture in _words(row["都道府県"]))
    }


@cache
def _rows(path: Path) -> tuple[Row, ...]:
    table = read_table(path, COLUMNS)
    findings = [*table.findings, *line_findings(table)]
    if findings:
        raise DirectoryError("相談先", findings)
    return table.rows


def line_findings(table: Table) -> Iterator[Finding]:
    """Return what is wrong with the lines on every date."""
    seen: set[str] = set()
    for row in table.rows:
        for column, problem in _row_problems(row):
            yield Finding(level=Level.ERROR, file=FILE, row=row.number, column=column, text=problem)
        if row["鍵"] in seen:
            yield Finding(level=Level.ERROR, file=FILE, row=row.number, column="鍵", text=f"「{row['鍵']}」が重複しています")
        seen.add(row["鍵"])
    if table.rows and (missing := ALWAYS - seen):
        yield Finding(level=Level.ERROR, file=FILE, row=0, column="鍵", text=f"{'・'.join(sorted(missing))} の行は消せません")


def _row_problems(row: Row) -> Iterator[tuple[str, str]]:
    """Give each problem of a row with its column."""
    judged = [(column, "" if row[column] else "空です") for column in ("鍵", "名称", "番号", "時間の説明", "出典")]
    judged.append(("番号", "" if row["手段"] == "チャット" else phone_problem(row["番号"])))
    judged += _time_problems(row)
    judged += [(column, choice_problem(row[column], allowed)) for column, allowed in _CHOICES.items()]
    judged += [("危険の種類", choice_problem(kind, list(RiskKind))) for kind in _words(row["危険の種類"])]
    judged += [(column, date_problem(row[column])) for column in ("期間の開始", "期間の終了", "確認日", "見直し日") if row[column]]
    judged += _review_problems(row)
    judged += [(column, "110・119・189 は、いつでもだれにでも示します。空にしてください") for column in _barred(row)]
    return ((column, problem) for column, problem in judged if problem)


def _barred(row: Row) -> list[str]:
    return [column for column in _LIMITS if row[column]] if row["鍵"] in ALWAYS else []


def _review_problems(row: Row) -> Iterator[tuple[str, str]]:
    """Hold a checked line to a day on which it is checked again, and a season to the order of its ends."""
    checked, review = parse_date(row["確認日"]), parse_date(row["見直し日"])
    if checked and review is None:
        yield "見直し日", "確認日を入れた行には、次に確かめる日も入れてください"
    if checked and review and review <= checked:
        yield "見直し日", "確認日より後の日にしてください"
    start, end = parse_date(row["期間の開始"]), parse_date(row["期間の終了"])
    if start and end and end < start:
        yield "期間の終了", "期間の開始より前です"


def _time_problems(row: Row) -> list[tuple[str, str]]:
    if row["追加の時間"] and not parse_staff_hours(row["追加の時間"]):
        return [("追加の時間", f"「{row['追加の時間']}」は「土 09:00-17:00」「毎月10日 08:00-翌08:00」の形ではありません")]
    given = [bool(row[column]) for column in ("曜日", "開始", "終了")]
    if not any(given):
        return []
    if not all(given):
        return [("開始", "曜日・開始・終了は三つとも入れるか、三つとも空にしてください")]
    return [("曜日", weekdays_problem(row["曜日"])), ("開始", time_problem(row["開始"])), ("終了", time_problem(row["終了"]))]


def _line(row: Row) -> CrisisLine:
    known = bool(row["開始"])
    return CrisisLine(
        key=row["鍵"],
        name=row["名称"],
        number=row["番号"],
        number_note=row["番号の補足"],
        kinds=frozenset(RiskKind(kind) for kind in _words(row["危険の種類"])),
        weekdays=parse_weekdays(row["曜日"]),
        opens=parse_time(row["開始"]) or time(0) if known else None,
        closes=parse_time(row["終了"]) or time(0) if known else None,
        hours_text=row["時間の説明"],
        prefectures=frozenset(_words(row["都道府県"])),
        ages=row["年齢"],
        channel=row["手段"],
        free=_FREE.get(row["通話料"]),
        audience=row["対象"],
        checked_on=parse_date(row["確認日"]),
        review_on=parse_date(row["見直し日"]),
        year_end_closed=row["年末年始"] == "休",
        seasonal=row["期間限定"] == "○",
        valid_from=parse_date(row["期間の開始"]),
        valid_to=parse_date(row["期間の終了"]),
        more_hours=parse_staff_hours(row["追加の時間"]) if row["追加の時間"] else (),
        foreign=Foreign(row["外国語"]),
        source=row["出典"],
        note=row["備考"],
    )


def _words(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, cell.split(";")))
