"""What a municipality has not filled in or confirmed yet, for ``tsunagi doctor`` and the console. None of it stops the start."""

from collections.abc import Iterator
from datetime import datetime

from routing import schema
from routing.check import OLD_DAYS, STALE_DAYS
from routing.city import City, DeskWindow, State
from routing.city_rules import FILE as RULES
from routing.city_rules import inactive_rules
from routing.findings import Finding, Level
from routing.gaps_tables import district_gaps, hours_gaps, line_gaps
from routing.hours import TOKYO

_TABLES = {"電話": schema.PHONES, "受付時間": schema.HOURS, "担当地区": schema.DISTRICTS}
"""Where a clerk fills in what is missing; everything else stands in the table of windows."""


def gaps(city: City, now: datetime) -> list[Finding]:
    """Return one warning per kind of gap, with how many windows or lines it concerns and which."""
    found = (
        _window_gaps(city),
        _review_gaps(city, now),
        hours_gaps(city, now),
        district_gaps(city, now),
        _rule_gaps(city, now),
        line_gaps(city, now),
    )
    return [finding for each in found for finding in each]


def _window_gaps(city: City) -> Iterator[Finding]:
    places = [window for window in city.windows.values() if window.state is State.RUNNING and window.record in {"窓口", "課"}]
    missing: dict[str, list[DeskWindow]] = {
        "確認日・確認者": [window for window in places if not window.confirmed],
        "電話": [window for window in places if not window.phones],
        "受付時間": [window for window in places if not window.openings],
        "担当地区": [
            window for window in places if window.by_area and not window.central and not window.districts and _divided(window, places)
        ],
    }
    for column, windows in missing.items():
        if windows:
            names = _names(windows)
            yield _warning(_TABLES.get(column, schema.WINDOWS), column, f"{len(windows)}件の窓口で未記入です（{names}）")
    if not city.desk_phone:
        yield _warning(schema.MUNICIPALITY, "市の代表電話", "未記入です。電話なしで市の窓口を案内します")
    if not city.urgent_contact:
        yield _warning(schema.MUNICIPALITY, "緊急連絡先", "未記入です。夜間の連絡先を市で決めてください")


def _review_gaps(city: City, now: datetime) -> Iterator[Finding]:
    """Windows whose confirmation has grown old: first it is due again, then nothing of their contacts is shown any more."""
    today = now.astimezone(TOKYO).date()
    ages = [(window, (today - window.checked_on).days) for window in city.windows.values() if window.confirmed and window.checked_on]
    due = [window for window, days in ages if OLD_DAYS < days <= STALE_DAYS]
    stale = [window for window, days in ages if days > STALE_DAYS]
    if due:
        yield _warning(schema.WINDOWS, "確認日", f"{len(due)}件の窓口で確認から1年を過ぎました。確認し直してください（{_names(due)}）")
    if stale:
        yield _warning(
            schema.WINDOWS, "確認日", f"{len(stale)}件の窓口は確認から2年を過ぎたため、電話と時間を出していません（{_names(stale)}）"
        )


def _names(windows: list[DeskWindow]) -> str:
    return "、".join(window.name for window in windows[:3]) + ("ほか" if windows[3:] else "")


def _rule_gaps(city: City, now: datetime) -> Iterator[Finding]:
    for rule, windows in inactive_rules(city, now.astimezone(TOKYO).date()):
        text = f"「{'・'.join(windows)}」はどれもいま案内できない窓口です。市の窓口で受け付けます"
        yield Finding(level=Level.WARNING, file=RULES, row=rule.row, column="つなぐ先", text=text)


def _divided(window: DeskWindow, places: list[DeskWindow]) -> bool:
    """Whether windows of this kind divide the city: a single one needs no district."""
    return sum(other.by_area and other.kind is window.kind for other in places) > 1


def _warning(file: str, column: str, text: str) -> Finding:
    return Finding(level=Level.WARNING, file=file, row=0, column=column, text=text)
