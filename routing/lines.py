"""Which crisis lines to show: by kind of danger, age, language and time of day, at most three, open ones first."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from itertools import zip_longest

from nlp.reading import RiskKind
from routing.city import City, CrisisLine, Foreign, Opening
from routing.hours import TOKYO, YEAR_END, is_open, say_opening
from routing.load_lines import ALWAYS

MOST = 3
JAPANESE = "ja"
_MINORS = "18歳まで"
_ORDER = (RiskKind.MEDICAL, RiskKind.VIOLENCE, RiskKind.ABUSE, RiskKind.SUICIDE, RiskKind.SELF_HARM, RiskKind.DEPRIVATION)
_CHILD_NIGHT_FROM = time(21)
_CHILD_NIGHT_TO = time(6)
_ALL_DAYS = frozenset(range(7))


def lines_for(
    city: City, risk_kinds: Iterable[RiskKind], now: datetime, *, child: bool = False, language: str = JAPANESE
) -> tuple[CrisisLine, ...]:
    """At most three lines for these kinds of danger, open ones first; each kind has its turn before any has a second.

    Without a kind the lines for suicidal feelings are meant: they listen to everything. Expired lines and seasonal ones
    outside their dates are never shown; a child at night sees only lines that are open round the clock. Who writes in
    another ``language`` sees 110, 119 and 189 as everybody, and then first the lines that answer in other languages.
    """
    wanted = set(risk_kinds) or {RiskKind.SUICIDE}
    usable = [line for line in city.lines.values() if _shown(line, now, child=child, language=language)]
    if language != JAPANESE:
        usable.sort(key=lambda line: (line.key not in ALWAYS, line.foreign is Foreign.NO))
    columns = [[line for line in usable if kind in line.kinds] for kind in _ORDER if kind in wanted]
    in_turn = dict.fromkeys(line.key for turn in zip_longest(*columns) for line in turn if line is not None)
    ranked = sorted(in_turn, key=lambda key: _readiness(city.lines[key], now))
    return tuple(city.lines[key] for key in _once(ranked, city)[:MOST])


def line_is_open(line: CrisisLine, now: datetime) -> bool:
    """Whether the line is known to be open; False where its hours vary."""
    return is_open(_openings(line), _closed_days(line, now), now)


def usable_on(line: CrisisLine, now: datetime) -> bool:
    """Whether the line may be shown at all at ``now``: reviewed in time, and within its dates when it is seasonal."""
    if line.key in ALWAYS:
        return True
    today = now.astimezone(TOKYO).date()
    if line.review_on is not None and line.review_on < today:
        return False
    if line.seasonal and (line.valid_from is None or line.valid_to is None):
        return False
    return (line.valid_from is None or line.valid_from <= today) and (line.valid_to is None or today <= line.valid_to)


def describe_line(line: CrisisLine, now: datetime) -> str:
    """One short line: 「よりそいホットライン 0120-279-338（無料・24時間）」, with the day on which it was last checked."""
    cost = {True: "無料", False: "通話料がかかります", None: ""}[line.free]
    if line.free is False and line.number.startswith("0570"):
        cost = "通話料がかかります。IP電話ではつながらないことがあります"
    hours = "24時間" if _round_the_clock(line) else line.hours_text
    state = "" if _round_the_clock(line) else say_opening(_openings(line), _closed_days(line, now), now)
    details = "・".join(part for part in (line.ages, cost, hours, state, _said_checked(line)) if part)
    number = f"{line.number}／{line.number_note}" if line.number_note else line.number
    return f"{line.name} {number}（{details}）" if details else f"{line.name} {number}"


def _said_checked(line: CrisisLine) -> str:
    day = line.checked_on
    return f"{day.year}年{day.month}月{day.day}日確認" if day else ""


def _readiness(line: CrisisLine, now: datetime) -> int:
    """Return 0 for open, 1 where the hours vary by centre, 2 for closed."""
    if line_is_open(line, now):
        return 0
    return 2 if line.opens is not None else 1


def _shown(line: CrisisLine, now: datetime, *, child: bool, language: str) -> bool:
    if not usable_on(line, now) or (line.ages == _MINORS and not child):
        return False
    if line.foreign is Foreign.ONLY and language == JAPANESE:
        return False
    local = now.astimezone(TOKYO).time()
    night = local >= _CHILD_NIGHT_FROM or local < _CHILD_NIGHT_TO
    return not (child and night) or _round_the_clock(line)


def _round_the_clock(line: CrisisLine) -> bool:
    return line.opens is not None and line.opens == line.closes and line.weekdays == _ALL_DAYS and not line.year_end_closed


def _openings(line: CrisisLine) -> tuple[Opening, ...]:
    """Return the hours of the line. One that is open on all seven days is open on holidays too, unless it rests at the turn of the year."""
    if line.opens is None or line.closes is None:
        return line.more_hours
    every_day = line.weekdays == _ALL_DAYS
    return (Opening(weekdays=line.weekdays, opens=line.opens, closes=line.closes, holidays=every_day), *line.more_hours)


def _closed_days(line: CrisisLine, now: datetime) -> frozenset[date]:
    if not line.year_end_closed:
        return frozenset()
    years = range(now.year - 1, now.year + 2)
    return frozenset(date(year, month, day) for year in years for month, day in YEAR_END)


def _once(keys: Sequence[str], city: City) -> list[str]:
    """Keys without a second one for the same number."""
    by_number = {city.lines[key].number: key for key in reversed(keys)}
    return [key for key in keys if by_number[city.lines[key].number] == key]
