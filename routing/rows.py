"""Turns the rows of the smaller tables into what hangs on a window: phones, hours, districts, closing days."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from routing.city import Opening, Phone
from routing.table import Table
from routing.values import parse_date, parse_time, parse_weekdays

Span = tuple[date | None, date | None]


class Districts(NamedTuple):
    """District names of one window, and the days on which each holds."""

    names: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()


def read_phones(table: Table) -> dict[str, tuple[Phone, ...]]:
    """Voice numbers by window; FAX, mail and forms are kept in the file but not offered as a number to call."""
    found: dict[str, list[Phone]] = defaultdict(list)
    for row in table.rows:
        if row["種別"] in {"代表", "相談"}:
            span = {"valid_from": parse_date(row["有効開始日"]), "valid_to": parse_date(row["有効終了日"])}
            found[row["窓口ID"]].append(Phone(number=row["電話番号"], use=row["用途"], **span))
    return {identifier: tuple(phones) for identifier, phones in found.items()}


def read_openings(table: Table) -> dict[str, tuple[Opening, ...]]:
    """Weekly hours by window."""
    found: dict[str, list[Opening]] = defaultdict(list)
    for row in table.rows:
        opens, closes = parse_time(row["開始"]), parse_time(row["終了"])
        if opens is not None and closes is not None:
            opening = Opening(
                weekdays=parse_weekdays(row["曜日"]),
                opens=opens,
                closes=closes,
                holidays=row["祝日"] == "可",
                valid_from=parse_date(row["有効開始日"]),
                valid_to=parse_date(row["有効終了日"]),
            )
            found[row["窓口ID"]].append(opening)
    return {identifier: tuple(openings) for identifier, openings in found.items()}


def read_districts(table: Table) -> dict[str, Districts]:
    """Return the names of districts and of 町字 by window, each with the days on which it holds."""
    found: dict[str, dict[tuple[str, Span], None]] = defaultdict(dict)
    for row in table.rows:
        span = (parse_date(row["有効開始日"]), parse_date(row["有効終了日"]))
        found[row["窓口ID"]].update(dict.fromkeys((name, span) for name in (row["地区名"], row["町字名"]) if name))
    return {
        identifier: Districts(names=tuple(name for name, _ in kept), spans=tuple(span for _, span in kept))
        for identifier, kept in found.items()
    }


def read_own_closed_days(table: Table) -> dict[str, frozenset[date]]:
    """Return closing days of single windows."""
    found: dict[str, set[date]] = defaultdict(set)
    for row in table.rows:
        day = parse_date(row["日付"])
        if row["窓口ID"] and day:
            found[row["窓口ID"]].add(day)
    return {identifier: frozenset(days) for identifier, days in found.items()}
