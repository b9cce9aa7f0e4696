"""What is missing of hours, districts and crisis lines: each gap with what the service does in its place."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from routing import schema
from routing.city import City, DeskWindow
from routing.findings import Finding, Level
from routing.hours import HORIZON_DAYS, TOKYO, is_open, next_opening
from routing.lines import usable_on
from routing.load_lines import ALWAYS, FILE
from routing.place_names import postal_codes
from routing.runs import runs

_NAMED = 3
_SOON = timedelta(days=30)
_MEDICAL = {"adult7119": "#7119", "child8000": "#8000"}


def hours_gaps(city: City, now: datetime) -> Iterator[Finding]:
    """Find windows whose hours have run out, and a calendar without the city's own closing days."""
    today = now.astimezone(TOKYO).date()
    ended = [window for window in _offered(city, today) if window.openings and not _opens_again(city, window, now)]
    if ended:
        text = f"{len(ended)}件の窓口で、これから{HORIZON_DAYS}日のうちに開く時間がありません（{_names(ended)}）。時間なしで案内します"
        yield _warning(schema.HOURS, "有効終了日", text)
    if not any(day >= today for day in city.closed_days):
        text = "これから先の市の休みが入っていません。祝日と12月29日〜1月3日だけを休みとします"
        yield _warning(schema.CLOSED_DAYS, "日付", text)


def district_gaps(city: City, now: datetime) -> Iterator[Finding]:
    """Find divided programmes without named places, without 町字, and names without reading and postal code."""
    today = now.astimezone(TOKYO).date()
    divided = [window for window in _offered(city, today) if window.by_area and not window.central]
    unnamed = [window for window in divided if window.record not in {"窓口", "課"}]
    if unnamed:
        text = f"地区ごとの窓口の名前がありません（{_names(unnamed)}）。事業の名前と所管課で案内します"
        yield _warning(schema.WINDOWS, "種類", text)
    named = [window for window in divided if window.districts]
    townless = [window for window in named if set(window.districts) <= set(window.areas)]
    if townless:
        text = f"{len(townless)}件の窓口で未記入です（{_names(townless)}）。地区名を書かれたときだけ決め、ほかは市の窓口で受け付けます"
        yield _warning(schema.DISTRICTS, "町字名", text)
    for column, said, postal in (("読み", "かなで書かれたとき", False), ("郵便番号", "郵便番号で答えられたとき", True)):
        bare = [window for window in named if not all(_has(words, postal=postal) for words in _words(window))]
        if bare:
            yield _warning(schema.DISTRICTS, column, f"{len(bare)}件の窓口で未記入です（{_names(bare)}）。{said}は市の窓口で受け付けます")


def _has(words: tuple[str, ...], *, postal: bool) -> bool:
    """Whether a name has a postal code, or a reading, among its other ways of writing."""
    return any(bool(postal_codes(word)) is postal for word in words)


def line_gaps(city: City, now: datetime) -> Iterator[Finding]:
    """Find lines that nobody has checked, that are not shown any more or soon will not be, and lines whose hours nobody knows."""
    lines = city.lines.values()
    unchecked = [line for line in lines if line.checked_on is None]
    if unchecked:
        yield _warning(FILE, "確認日", f"{len(unchecked)}件の相談先で未記入です。公開前に公式の案内と照合してください")
    kept = [line for line in lines if line.key not in ALWAYS]
    expired = [line.name for line in kept if not line.seasonal and not usable_on(line, now)]
    if expired:
        yield _warning(FILE, "見直し日", f"期限を過ぎたため示していません: {'、'.join(expired)}")
    soon = [line.name for line in kept if usable_on(line, now) and not usable_on(line, now + _SOON)]
    if soon:
        yield _warning(FILE, "見直し日", f"{_SOON.days}日のうちに期限が来ます: {'、'.join(soon)}")
    out_of_season = [line.name for line in kept if line.seasonal and not usable_on(line, now)]
    if out_of_season:
        yield _warning(FILE, "期間の開始", f"期間が未記入か期間の外のため示していません: {'、'.join(out_of_season)}")
    varying = [line.name for line in kept if line.opens is None and not line.seasonal]
    if varying:
        yield _warning(FILE, "開始", f"時間が場所により違うため「受付中」とは言いません: {'、'.join(varying)}")
    absent = [number for key, number in _MEDICAL.items() if key not in city.lines]
    if absent:
        yield _warning(FILE, "都道府県", f"{city.prefecture}の {'・'.join(absent)} は未記入です。急な病気やけがには119だけを示します")


def _offered(city: City, today: date) -> list[DeskWindow]:
    return [window for window in city.windows.values() if runs(window, today)]


def _opens_again(city: City, window: DeskWindow, now: datetime) -> bool:
    closed = city.closed_days | window.closed_days
    return is_open(window.openings, closed, now) or next_opening(window.openings, closed, now) is not None


def _words(window: DeskWindow) -> tuple[tuple[str, ...], ...]:
    return window.district_words or ((),) * len(window.districts)


def _names(windows: Iterable[DeskWindow]) -> str:
    names = [window.name for window in windows]
    return "、".join(names[:_NAMED]) + ("ほか" if names[_NAMED:] else "")


def _warning(file: str, column: str, text: str) -> Finding:
    return Finding(level=Level.WARNING, file=file, row=0, column=column, text=text)
