"""What a card says about a window: only what the directory says and the city has confirmed."""

from dataclasses import dataclass
from datetime import date, datetime

from routing.city import City, CrisisLine, DeskWindow, Opening, Phone
from routing.hours import TOKYO, is_open, say_opening
from routing.lines import describe_line, line_is_open
from routing.offer import DESK, LINE
from routing.referral import Destination, Kind
from routing.rules import load_rules

STALE_DAYS = 730


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowCard:
    """One card, ready to be rendered. Empty parts are left out; nothing is filled in."""

    window: str
    title: str
    kind: Kind
    field_words: str = ""
    target: str = ""
    operator: str = ""
    opening: str = ""
    """「受付中です（17:15まで）」 or 「次は明日（月）8:30からです」; empty where no hours are confirmed."""
    open_now: bool = False
    phones: tuple[Phone, ...] = ()
    address: str = ""
    note: str = ""
    source: str = ""
    sample: bool = False


def card_for(city: City, destination: Destination, now: datetime) -> WindowCard:
    """Return the card for a window of the directory, the city's desk (``desk``) or a national line (``line:KEY``).

    Raises KeyError for an id that the city does not hold.
    """
    if destination.window == DESK:
        return _desk(city, destination, now)
    if destination.window.startswith(LINE):
        return _line(city.lines[destination.window.removeprefix(LINE)], destination, now)
    return _window(city, city.windows[destination.window], destination, now)


def contact_confirmed(window: DeskWindow, day: date) -> bool:
    """Whether phone, hours and address may be shown: 公開=可 with 確認日 and 確認者, and confirmed within two years."""
    return window.confirmed and window.checked_on is not None and (day - window.checked_on).days <= STALE_DAYS


def _window(city: City, window: DeskWindow, destination: Destination, now: datetime) -> WindowCard:
    day = now.astimezone(TOKYO).date()
    confirmed = contact_confirmed(window, day)
    phones = tuple(phone for phone in window.phones if _holds(phone, day)) if confirmed else ()
    openings: tuple[Opening, ...] = window.openings if confirmed else ()
    closed = city.closed_days | window.closed_days
    return WindowCard(
        window=window.id,
        title=window.name,
        kind=destination.kind,
        field_words="・".join(window.fields),
        target=window.target,
        operator=_operator(window),
        opening=say_opening(openings, closed, now),
        open_now=is_open(openings, closed, now),
        phones=phones,
        address=window.address if confirmed else "",
        note=_note(city, window, phones=phones),
        source=window.source,
        sample=window.sample,
    )


def _operator(window: DeskWindow) -> str:
    operator = f"委託先 {window.operator}" if window.operator and window.operator not in window.name else ""
    return "／".join(filter(None, (f"所管 {window.division}" if window.division else "", operator)))


def _note(city: City, window: DeskWindow, *, phones: tuple[Phone, ...]) -> str:
    if window.sample:
        return "見本です。番号と時間はつくりものです。"
    if phones:
        return ""
    return f"電話番号は確認中です。{_place(city, window.division)}で受け付けます。"


def _place(city: City, division: str) -> str:
    """Return a division as part of the city, so that a resident knows whose it is."""
    if not division:
        return city.desk_name
    return division if division.startswith(city.name) else f"{city.name}の{division}"


def _desk(city: City, destination: Destination, now: datetime) -> WindowCard:
    return WindowCard(
        window=DESK,
        title=city.desk_name,
        kind=destination.kind,
        field_words="どの分野の相談も",
        opening=say_opening(city.staff_hours, city.closed_days, now),
        open_now=is_open(city.staff_hours, city.closed_days, now),
        phones=(Phone(number=city.desk_phone),) if city.desk_phone else (),
        note="見本です。番号と時間はつくりものです。"
        if city.sample
        else ""
        if city.desk_phone
        else "電話番号は確認中です。このLINEで職員が受け付けます。",
        sample=city.sample,
    )


def _line(line: CrisisLine, destination: Destination, now: datetime) -> WindowCard:
    return WindowCard(
        window=destination.window,
        title=line.name,
        kind=destination.kind,
        field_words=load_rules().labels[destination.kind],
        target=line.audience,
        opening=line.hours_text,
        open_now=line_is_open(line, now),
        phones=(Phone(number=line.number, use=line.number_note),),
        note=describe_line(line, now),
        source="全国の相談先の一覧",
    )


def _holds(phone: Phone, day: date) -> bool:
    return (phone.valid_from is None or phone.valid_from <= day) and (phone.valid_to is None or day <= phone.valid_to)
