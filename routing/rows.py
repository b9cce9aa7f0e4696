"""Turns the rows of the smaller tables into what hangs on a window: phones, hours, districts, closing days."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from routing.city import Opening, Phone
from routing.staff_hours import parse_days
from routing.table import Table
from routing.values import parse_date, parse_time

DISTRICT_WORDS = ("読み", "郵便番号")
"""Columns that a clerk may add to 担当地区.csv: other ways in which residents write a name."""
Span = tuple[date | None, date | None]


class Districts(NamedTuple):
    """The districts of one window, as a :class:`DeskWindow` holds them."""

    districts: tuple[str, ...] = ()
    district_validity: tuple[Span, ...] = ()
    district_words: tuple[tuple[str, ...], ...] = ()
    areas: tuple[str, ...] = ()


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
        days = parse_days(row["曜日"])
        if opens is not None and closes is not None and days:
            opening = Opening(
                weekdays=days[0],
                weeks=days[1],
                opens=opens,
                closes=closes,
                holidays=row["祝日"] == "可",
                valid_from=parse_date(row["有効開始日"]),
                valid_to=parse_date(row["有効終了日"]),
            )
            found[row["窓口ID"]].append(opening)
    return {identifier: tuple(openings) for identifier, openings in found.items()}


def read_districts(table: Table) -> dict[str, Districts]:
    """Return the names of districts and of 町字 by window, each with the days on which it holds.

    A clerk may add columns 読み (kana) and 郵便番号: they belong to the 町字 of the row, or to its 地区 where it names none.
    """
    found: dict[str, dict[tuple[str, Span], dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    areas: dict[str, dict[str, None]] = defaultdict(dict)
    for row in table.rows:
        span = (parse_date(row["有効開始日"]), parse_date(row["有効終了日"]))
        words = [word for column in DISTRICT_WORDS for word in row.cells.get(column, "").split(";") if word]
        for name in filter(None, (row["地区名"], row["町字名"])):
            own = words if name == (row["町字名"] or row["地区名"]) else []
            found[row["窓口ID"]][name, span].update(dict.fromkeys(own))
        areas[row["窓口ID"]][row["地区名"]] = None
    return {
        identifier: Districts(
            districts=tuple(name for name, _ in kept),
            district_validity=tuple(span for _, span in kept),
            district_words=tuple(tuple(words) for words in kept.values()),
            areas=tuple(areas[identifier]),
        )
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
