"""The directory as staff read it: every window with what residents are told of it, and what the city still has to fill in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from routing.card import contact_confirmed
from routing.check import OLD_DAYS
from routing.city import City, CrisisLine, DeskWindow, NightMode, Opening, Phone, State
from routing.hours import TOKYO, say_opening
from routing.lines import describe_line, usable_on
from routing.referral import Kind
from routing.values import WEEKDAYS

FIELD_TITLES = {"高齢": "高齢", "障がい": "障がい", "子ども": "子ども", "困窮": "生活困窮", "他": "そのほか"}
SEVERAL = "分野をまたぐ窓口"
NIGHT_WORDS = {
    NightMode.UNREAD: "夜間・休日は読まない",
    NightMode.DUTY_OFFICER: "夜間・休日は宿日直が受ける",
    NightMode.CONTRACTED: "委託先が24時間受ける",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One window. ``told`` is what residents are told of it: ``all``, ``name`` or ``nothing``, with ``told_words`` to read."""

    window: DeskWindow
    told: str
    told_words: str
    today: str
    week: tuple[str, ...]
    phones: tuple[Phone, ...]
    checked: str
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The windows of one field."""

    key: str
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineEntry:
    """One national or prefectural line, and whether it is shown to anybody today."""

    line: CrisisLine
    words: str
    shown: bool
    checked: str
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The whole page. ``counts`` tells how many windows there are of each value of ``told``."""

    groups: tuple[Group, ...]
    lines: tuple[LineEntry, ...]
    counts: dict[str, int]
    desk_today: str
    desk_week: tuple[str, ...]
    closed_days: tuple[date, ...]


def list_city(city: City, offered: City, now: datetime) -> Listing:
    """Lay out a directory. ``offered`` is the part of it that residents are told of."""
    groups: dict[str, list[Entry]] = {key: [] for key in ("several", *FIELD_TITLES)}
    for window in city.windows.values():
        key = "several" if len(window.fields) > 1 else (window.fields or ("他",))[0]
        groups[key].append(_entry(city, offered, window, now))
    found = [entry for entries in groups.values() for entry in entries]
    today = now.astimezone(TOKYO).date()
    return Listing(
        groups=tuple(
            Group(key=f"field-{number}", title=FIELD_TITLES.get(key, SEVERAL), entries=tuple(entries))
            for number, (key, entries) in enumerate(groups.items())
            if entries
        ),
        lines=tuple(_line(line, now) for line in city.lines.values()),
        counts={told: sum(entry.told == told for entry in found) for told in ("all", "name", "nothing")},
        desk_today=say_opening(city.staff_hours, city.closed_days, now),
        desk_week=week_words(city.staff_hours, today),
        closed_days=tuple(day for day in sorted(city.closed_days) if day >= today)[:6],
    )


def _entry(city: City, offered: City, window: DeskWindow, now: datetime) -> Entry:
    today = now.astimezone(TOKYO).date()
    told, words = _told(offered, window, today)
    checked, overdue = _checked(window.checked_on if window.confirmed else None, None, today)
    return Entry(
        window=window,
        told=told,
        told_words=words,
        today=say_opening(window.openings, city.closed_days | window.closed_days, now),
        week=week_words(window.openings, today),
        phones=tuple(phone for phone in window.phones if _holds(phone.valid_from, phone.valid_to, today)),
        checked=checked,
        overdue=overdue,
    )


def _told(offered: City, window: DeskWindow, today: date) -> tuple[str, str]:
    """Say what residents are told of a window, and why no more."""
    if window.state is not State.RUNNING:
        return "nothing", f"案内しません（状態が「{window.state}」）"
    if window.record == "人" or window.kind is Kind.COORDINATOR:
        return "nothing", "案内しません（職員のための役割）"
    if not _holds(window.valid_from, window.valid_to, today):
        return "nothing", "案内しません（有効期間の外）"
    if window.id not in offered.windows:
        return "nothing", "出していません（確認するまで名前も出さない設定）"
    only = "支援機関だけに、" if window.accepts == "機関" else ""
    if contact_confirmed(window, today):
        return "all", f"{only}電話・時間・所在地まで案内"
    stale = "確認から2年を過ぎたため、" if window.confirmed else ""
    return "name", f"{only}{stale}名前と所管課だけ案内（連絡先は確認中）"


def _checked(checked_on: date | None, review_on: date | None, today: date) -> tuple[str, bool]:
    """Say when something was confirmed and by when again; the second value tells that it is due."""
    if checked_on is None:
        return "まだ確認していません", True
    review = review_on or checked_on + timedelta(days=OLD_DAYS)
    if review < today:
        return f"{_day(checked_on)}（見直しの期限 {_day(review)} を過ぎています）", True
    return f"{_day(checked_on)}（次の見直しは {_day(review)} まで）", False


def _line(line: CrisisLine, now: datetime) -> LineEntry:
    checked, overdue = _checked(line.checked_on, line.review_on, now.astimezone(TOKYO).date())
    return LineEntry(line=line, words=describe_line(line, now), shown=usable_on(line, now), checked=checked, overdue=overdue)


def week_words(openings: Iterable[Opening], today: date) -> tuple[str, ...]:
    """Return the regular hours that hold today, such as 「月〜金 8:30〜17:15（祝日は休み）」."""
    return tuple(_opening(opening) for opening in openings if _holds(opening.valid_from, opening.valid_to, today))


def _opening(opening: Opening) -> str:
    weeks = "第" + "・".join(str(week) for week in sorted(opening.weeks)) if opening.weeks else ""
    days = "毎月" + "・".join(f"{day}日" for day in sorted(opening.month_days)) + "の" if opening.month_days else ""
    hours = "24時間" if opening.opens == opening.closes else f"{_clock(opening.opens)}〜{_clock(opening.closes, ends=True)}"
    return f"{days}{weeks}{_weekdays(opening.weekdays)} {hours}（{'祝日も' if opening.holidays else '祝日は休み'}）"


def _weekdays(days: frozenset[int]) -> str:
    """「月〜金」, 「毎日」, or 「月・水・金」 where the days do not follow on each other."""
    ordered = sorted(days)
    if len(ordered) == len(WEEKDAYS):
        return "毎日"
    run = len(ordered) > 2 and ordered[-1] - ordered[0] == len(ordered) - 1  # noqa: PLR2004 - two days are named, not spanned
    return f"{WEEKDAYS[ordered[0]]}〜{WEEKDAYS[ordered[-1]]}" if run else "・".join(WEEKDAYS[day] for day in ordered)


def _clock(moment: time, *, ends: bool = False) -> str:
    return "24:00" if ends and moment == time(0) else f"{moment.hour}:{moment.minute:02d}"


def _holds(start: date | None, end: date | None, today: date) -> bool:
    return (start is None or start <= today) and (end is None or today <= end)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
