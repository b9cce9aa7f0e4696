"""A municipality as routing holds it in memory: windows, phones, hours, districts, lines, and its own rules."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from nlp.reading import Concern, RiskKind
from routing.referral import Kind


class State(StrEnum):
    """Whether a window or programme runs. Only ``実施`` is ever offered; ``未実施`` does not mean that there is none."""

    RUNNING = "実施"
    PAUSED = "休止中"
    NOT_STARTED = "未実施"
    PLANNED = "予定"
    ENDED = "廃止"


class NightMode(StrEnum):
    """What happens to words that arrive when nobody is on duty, as the municipality has declared it."""

    UNREAD = "読まない"
    DUTY_OFFICER = "宿日直へ"
    CONTRACTED = "委託先24h"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """One way to reach a window."""

    number: str
    use: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Weekly hours. ``weekdays`` counts Monday as 0; ``holidays`` tells whether they also hold on public holidays.

    ``closes`` at or before ``opens`` means the following day: 00:00-00:00 is the whole day, 19:00-08:00 a night.
    """

    weekdays: frozenset[int]
    opens: time
    closes: time
    holidays: bool = False
    weeks: frozenset[int] = frozenset()
    """Which of these weekdays in a month (2 and 4: 第2・第4); empty means every week."""
    month_days: frozenset[int] = frozenset()
    """Days of the month (10: 毎月10日); empty means all."""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskWindow:
    """A 窓口 of the directory. What the directory does not say is empty, never guessed."""

    id: str
    name: str
    kind: Kind
    fields: tuple[str, ...]
    concerns: frozenset[Concern]
    state: State
    programme: str = ""
    target: str = ""
    division: str = ""
    operator: str = ""
    address: str = ""
    accepts: str = ""
    """``住民``, ``機関``, ``両方`` or empty."""
    record: str = "窓口"
    """``窓口``, ``課``, ``事業のみ``, ``箇所数のみ`` or ``人``."""
    phones: tuple[Phone, ...] = ()
    openings: tuple[Opening, ...] = ()
    districts: tuple[str, ...] = ()
    """District names by which residents may choose; empty where the directory gives none."""
    district_validity: tuple[tuple[date | None, date | None], ...] = ()
    """First and last day of each of ``districts``, in the same order; empty means that all hold without end."""
    district_words: tuple[tuple[str, ...], ...] = ()
    """Readings in kana and postal codes of each of ``districts``, in the same order; empty means none."""
    areas: tuple[str, ...] = ()
    """Those of ``districts`` that are 地区; the others are 町字."""
    municipality: str = ""
    """Name of the city, by which its place names are told from those of another."""
    by_area: bool = False
    """True where windows of this kind divide the city by district: one of several is chosen by district only."""
    central: bool = False
    """True for the window of its kind that serves the whole city and comes before the others."""
    strict: bool = False
    """True where the window answers only the concerns that it names."""
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    closed_days: frozenset[date] = frozenset()
    """Closing days of this window alone; those of the whole city stand in :class:`City`."""
    confirmed: bool = False
    """True when 公開=可 with 確認日 and 確認者: only then phone, hours, address and automatic assignment are used."""
    checked_on: date | None = None
    sample: bool = False
    """True for rows of the 見本 overlay of the demo; every card says so."""
    source: str = ""


class Foreign(StrEnum):
    """Whether a line answers in other languages than Japanese: not, also, or for nothing else."""

    NO = ""
    ALSO = "可"
    ONLY = "専用"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisLine:
    """A national or prefectural line. ``opens is None`` means that the hours vary: shown without "open now"."""

    key: str
    name: str
    number: str
    kinds: frozenset[RiskKind]
    weekdays: frozenset[int]
    opens: time | None
    closes: time | None
    hours_text: str
    prefectures: frozenset[str] = frozenset()
    ages: str = ""
    """``18歳まで``, ``15歳以上``, ``15歳未満`` or empty."""
    channel: str = "電話"
    free: bool | None = None
    audience: str = ""
    checked_on: date | None = None
    review_on: date | None = None
    number_note: str = ""
    """A second number, or what to press after the announcement."""
    year_end_closed: bool = False
    seasonal: bool = False
    """Open only between ``valid_from`` and ``valid_to``; without these dates it is never shown."""
    valid_from: date | None = None
    valid_to: date | None = None
    more_hours: tuple[Opening, ...] = ()
    """Hours beside the weekly ones: a Saturday, or one day of the month."""
    foreign: Foreign = Foreign.NO
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CityRule:
    """A row of 規則.csv: where this municipality sends a concern, in place of the common rule, while the row is valid."""

    row: int
    """As Excel counts; the reason of a referral names it."""
    concern: Concern
    group: str = ""
    """``child``, ``elder``, ``adult``, ``self``, or empty for everybody."""
    windows: tuple[str, ...] = ()
    """Ids in order of preference; empty where ``kinds`` says it."""
    kinds: tuple[Kind, ...] = ()
    also_windows: tuple[str, ...] = ()
    also_kinds: tuple[Kind, ...] = ()
    why: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """All that routing and the dialogue know of one municipality, loaded once from its files."""

    key: str
    name: str
    prefecture: str
    code: str
    version: str
    """Hash of the directory files; stored with each referral."""
    desk_name: str
    """The city's own desk, where everything may be brought."""
    desk_phone: str
    night: NightMode
    staff_hours: tuple[Opening, ...]
    answer_within_minutes: int
    """The promise: within staff hours a person answers within this many minutes."""
    coordinator: str
    """What the city calls the role of 多機関協働; for staff only."""
    windows: dict[str, DeskWindow]
    lines: dict[str, CrisisLine]
    closed_days: frozenset[date] = frozenset()
    urgent_contact: str = ""
    """Whom the city calls out of hours; empty until the city has decided."""
    intake_mode: str = "line_talk"
    """``line_talk``, ``room_for_detail`` or ``room_only``."""
    priorities: frozenset[Concern] = frozenset()
    """Concerns that the city's own plan puts first (会津若松: ひきこもり)."""
    rules: tuple[CityRule, ...] = ()
    """The municipality's own rules, in the order of its file; the first that fits a need and the day decides."""
    answer_times: tuple[time, ...] = ()
    """Where staff answer at fixed times of the day, between other duties: these. Empty means as soon as they can."""
    crowded: bool = False
    """True where so many wait at this moment that ``answer_within_minutes`` is longer than usual."""
    sample: bool = False
    """True when the 見本 overlay of the demo lies over this city."""
