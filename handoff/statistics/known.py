"""What was reached of a target, where the system knows it: from the roll-ups, or from the figures that people keep by the fiscal year."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from handoff.statistics.ask import Figures, Question, ask
from handoff.statistics.hand import FIELDS, Hand, load_hand
from handoff.statistics.models import HandKey
from handoff.statistics.percentiles import waits
from handoff.statistics.periods import year_of
from intake.base.database import ReadSession

_APRIL, _WHOLE = 4, 100
COUNTED, KEPT = "システムの記録", "手で入れる数字"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What was reached, in what, and who counted it."""

    amount: int
    words: str
    source: str
    names: tuple[str, ...]
    """The figures that it is made of, by their paths: where these are not told to the public, it is not either."""


def _of(figure: str) -> Callable[[Figures], int | None]:
    return lambda figures: figures.total[figure]


def _within_hour(figures: Figures) -> int | None:
    episodes = figures.total["episode"]
    return waits(figures.minutes("answer")).within_hour * _WHOLE // episodes if episodes else None


_LINE = r"LINE(?:で|に|から|による|を|の|相談|での|によるの|・|チャット|窓口|\s)*"
_Count = Callable[[Figures], int | None]
_COUNTED: tuple[tuple[re.Pattern[str], str, tuple[str, ...], _Count], ...] = (
    (re.compile(_LINE + r"実人数"), "実人数 {}人", ("first/year",), _of("first/year")),
    (re.compile(_LINE + r"(?:相談)?(?:の)?(?:受付)?(?:延べ)?(?:件数|回数)"), "相談（延べ） {}件", ("contact",), _of("contact")),
    (re.compile(_LINE + r"(?:職員|人)(?:への引き?継ぎ|の?対応)(?:の)?件数"), "職員の対応 {}件", ("episode",), _of("episode")),
    (re.compile(_LINE + r"応答率"), "60分以内の応答率 {}％", ("within_hour", "episode"), _within_hour),
)
_HELD: tuple[tuple[re.Pattern[str], HandKey], ...] = (
    (re.compile(r"情報共有会議"), HandKey.MEETINGS_SHARE),
    (re.compile(r"重層的支援会議"), HandKey.MEETINGS_CASE),
    (re.compile(r"(?<!重層的)支援会議"), HandKey.MEETINGS_SUPPORT),
    (re.compile(r"多機関協働.{0,8}受理"), HandKey.ACCEPTED),
    (re.compile(r"プラン.{0,3}(?:作成|策定)"), HandKey.PLANS),
    (re.compile(r"支援機関の職員に向けた研修|分野(?:をまたぐ|横断的?な?)研修"), HandKey.TRAININGS),
    (re.compile(r"LINE.{0,10}友だち"), HandKey.FRIENDS),
)


async def known_actuals(session: ReadSession, municipality: str, indicators: Iterable[str], fiscal_year: int) -> Mapping[str, Known]:
    """Return what is known of each indicator by its words; those that name nothing the system counts are left out."""
    year = year_of(date(fiscal_year, _APRIL, 1))
    figures = await ask(session, Question(municipality=municipality, period=year))
    hand = await load_hand(session, municipality, fiscal_year)
    found = {indicator: known_of(indicator, figures, hand) for indicator in indicators}
    return {indicator: known for indicator, known in found.items() if known is not None}


def known_of(indicator: str, figures: Figures, hand: Hand) -> Known | None:
    """Return what is known of an indicator by its words, None where they name nothing that is counted."""
    for pattern, words, names, count in _COUNTED:
        if pattern.search(indicator):
            amount = count(figures)
            return None if amount is None else Known(amount=amount, words=words.format(f"{amount:,}"), source=COUNTED, names=names)
    for pattern, key in _HELD:
        if pattern.search(indicator):
            field, amount = FIELDS[key], hand.get(key)
            words, names = f"{field.label} {amount or 0:,}{field.unit}", (f"hand/{key}",) if field.people else ()
            return None if amount is None else Known(amount=amount, words=words, source=KEPT, names=names)
    return None
