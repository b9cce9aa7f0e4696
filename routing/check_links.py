"""Checks what only several rows together can show: rows that point nowhere, clashing phones, overlapping districts, missing contacts."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from routing import schema
from routing.findings import Finding, Level
from routing.table import Row, Table
from routing.values import parse_date

_LISTED = 10
"""So many names are listed in one finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """A row that claims something (a phone for a use, a 町字) for a span of days."""

    row: int
    window: str
    value: str
    start: date
    end: date


def link_findings(tables: dict[str, Table], today: date | None) -> Iterator[Finding]:
    """Everything that concerns the relation of rows to each other."""
    windows = {row["窓口ID"]: row for row in tables[schema.WINDOWS].rows}
    for name in (schema.PHONES, schema.HOURS, schema.DISTRICTS, schema.CLOSED_DAYS):
        for row in tables[name].rows:
            yield from _target(name, row, windows)
    yield from _phone_clashes(tables[schema.PHONES])
    yield from _district_overlaps(tables[schema.DISTRICTS], windows)
    yield from _uncovered(tables[schema.DISTRICTS], windows, today)
    yield from _contacts(tables, today)


def _target(name: str, row: Row, windows: dict[str, Row]) -> Iterator[Finding]:
    identifier = row["窓口ID"]
    if not identifier:
        return
    if identifier not in windows:
        yield _error(name, row.number, "窓口ID", f"「{identifier}」は窓口.csvにありません")
    elif windows[identifier]["種類"] == "箇所数のみ" and name == schema.PHONES:
        yield _error(name, row.number, "窓口ID", "箇所数のみの窓口に電話は付けられません")


def _phone_clashes(phones: Table) -> Iterator[Finding]:
    claims: dict[tuple[str, str, str], list[_Claim]] = defaultdict(list)
    for row in phones.rows:
        claim = _claim(row, row["電話番号"])
        key = (row["窓口ID"], row["種別"], row["用途"])
        for other in claims[key]:
            # A clerk who adds a 備考 column may say there why two numbers stand beside each other.
            if _same_days(claim, other) and claim.value != other.value and not row.cells.get("備考"):
                yield _error(schema.PHONES, row.number, "電話番号", f"{other.row}行と同じ期間・用途なのに番号が違います")
        claims[key].append(claim)


def _district_overlaps(districts: Table, windows: dict[str, Row]) -> Iterator[Finding]:
    claims: dict[tuple[str, str, str], list[_Claim]] = defaultdict(list)
    for row in districts.rows:
        window = windows.get(row["窓口ID"])
        if window is None:
            continue
        if not row["町字名"]:
            text = f"「{row['地区名']}」は地区名だけです。住民がその地区名を書いたときだけ使います"
            yield Finding(level=Level.WARNING, file=schema.DISTRICTS, row=row.number, column="町字名", text=text)
            continue
        claim = _claim(row, row["町字名"])
        for field in window["分野"].split(";"):
            key = (field, window["事業名"], row["町字名"])
            for other in claims[key]:
                if _same_days(claim, other) and claim.window != other.window:
                    text = f"「{row['町字名']}」は{other.row}行の窓口（{other.window}）と重なっています"
                    yield _error(schema.DISTRICTS, row.number, "町字名", text)
            claims[key].append(claim)


def _uncovered(districts: Table, windows: dict[str, Row], today: date | None) -> Iterator[Finding]:
    """List 町字 that the table knows and that one of the divided programmes leaves out, on ``today`` or at any time."""
    covered: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in districts.rows:
        window = windows.get(row["窓口ID"])
        if window is not None and row["町字名"]:
            for field in window["分野"].split(";"):
                covered[field, window["事業名"]].update({row["町字名"]} if _holds(row, today) else ())
    towns = list(dict.fromkeys(row["町字名"] for row in districts.rows if row["町字名"]))
    for (field, programme), names in covered.items():
        missing = [town for town in towns if town not in names]
        if missing:
            listed = "、".join(missing[:_LISTED]) + (f" ほか{len(missing) - _LISTED}件" if missing[_LISTED:] else "")
            text = f"「{programme or field}」の窓口が決まっていない町字があります: {listed}。市の窓口で受け付けます"
            yield Finding(level=Level.WARNING, file=schema.DISTRICTS, row=0, column="町字名", text=text)


def _contacts(tables: dict[str, Table], today: date | None) -> Iterator[Finding]:
    """Return a published window needs at least one way to be reached."""
    ways = [row for row in tables[schema.PHONES].rows if row["種別"] != "FAX"]
    ever, today_too = {row["窓口ID"] for row in ways}, {row["窓口ID"] for row in ways if _holds(row, today)}
    for row in tables[schema.WINDOWS].rows:
        if row["公開"] != "可" or row["所管課"] or row["窓口ID"] in today_too:
            continue
        if row["窓口ID"] in ever:
            text = "載っている電話はどれも期間の外です。電話なしで案内します"
            yield Finding(level=Level.WARNING, file=schema.WINDOWS, row=row.number, column="公開", text=text)
        else:
            yield _error(schema.WINDOWS, row.number, "公開", "公開するには電話・フォーム・所管課のどれかが必要です")


def _holds(row: Row, today: date | None) -> bool:
    claim = _claim(row, "")
    return today is None or claim.start <= today <= claim.end


def _claim(row: Row, value: str) -> _Claim:
    start = parse_date(row["有効開始日"]) or date.min
    return _Claim(row=row.number, window=row["窓口ID"], value=value, start=start, end=parse_date(row["有効終了日"]) or date.max)


def _same_days(one: _Claim, other: _Claim) -> bool:
    return one.start <= other.end and other.start <= one.end


def _error(name: str, row: int, column: str, text: str) -> Finding:
    return Finding(level=Level.ERROR, file=name, row=row, column=column, text=text)
