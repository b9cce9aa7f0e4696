"""How times and weekly hours are said to residents. Ordinary writing is that of ``routing.hours``; plain kana is our own."""

from collections.abc import Sequence
from datetime import datetime, time

from routing.city import Opening
from routing.hours import TOKYO, say_when

_DAYS = "月火水木金土日"
_KANA_DAYS = ("げつ", "か", "すい", "もく", "きん", "ど", "にち")
_WORKDAYS = frozenset(range(5))


def say_time(moment: datetime, now: datetime, *, kana: bool = False) -> str:
    """Say when something happens: 「明日（火）9:30」, in plain kana 「あす（か）9:30」."""
    if not kana:
        return say_when(moment, now)
    there = moment.astimezone(TOKYO)
    weekday = f"（{_KANA_DAYS[there.weekday()]}）"
    match (there.date() - now.astimezone(TOKYO).date()).days:
        case 0:
            day = "きょう "
        case 1:
            day = f"あす{weekday}"
        case _:
            day = f"{there.month}がつ{there.day}にち{weekday}"
    return f"{day}{there.hour}:{there.minute:02}"


def say_clock_words(hour: time, *, kana: bool = False) -> str:
    """Say an hour of the day in words: 「15時」, 「15時30分」."""
    minutes = (f"{hour.minute}ふん" if kana else f"{hour.minute}分") if hour.minute else ""
    return f"{hour.hour}{'じ' if kana else '時'}{minutes}"


def say_hours(openings: Sequence[Opening], *, kana: bool = False) -> str:
    """Say weekly hours: 「平日の8:30から17:15」. Without any: the hours of the city hall, unnamed rather than guessed."""
    if not openings:
        return "やくしょの あいている じかん" if kana else "市役所の開いている時間"
    return "、".join(_one(opening, kana=kana) for opening in openings)


def _one(opening: Opening, *, kana: bool) -> str:
    closes = "24:00" if opening.closes == time(0) else f"{opening.closes:%-H:%M}"
    if opening.closes <= opening.opens and opening.closes != time(0):
        closes = f"つぎの ひの {closes}" if kana else f"翌日の{closes}"
    days = _say_dates(opening.month_days, kana=kana) if opening.month_days else _say_days(opening.weekdays, kana=kana)
    if opening.weeks:
        days = _say_weeks(opening.weeks, kana=kana) + days
    return f"{days} {opening.opens:%-H:%M}から {closes}" if kana else f"{days}の{opening.opens:%-H:%M}から{closes}"


def _say_weeks(weeks: frozenset[int], *, kana: bool) -> str:
    return "・".join(f"だい{week}" if kana else f"第{week}" for week in sorted(weeks)) + (" " if kana else "")


def _say_dates(days: frozenset[int], *, kana: bool) -> str:
    return ("まいつき " if kana else "毎月") + "・".join(str(day) for day in sorted(days)) + ("にち" if kana else "日")


def _say_days(days: frozenset[int], *, kana: bool) -> str:
    if days == _WORKDAYS:
        return "げつようびから きんようび" if kana else "平日"
    if len(days) == len(_DAYS):
        return "まいにち" if kana else "毎日"
    return "・".join(_KANA_DAYS[day] if kana else _DAYS[day] for day in sorted(days)) + ("ようび" if kana else "曜日")
