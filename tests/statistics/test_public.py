"""All public boards of two years laid beside each other, months beside their year, parts beside the whole: no small number comes out."""

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType

import pytest

from bot.bench.statistics_fill import fill
from handoff.statistics import suppress
from handoff.statistics.ask import known_values
from handoff.statistics.board import Audience, Board, Compare, Order, TooFewError, load_board
from handoff.statistics.outside import PublicError
from handoff.statistics.periods import Period, Span, month_of, week_of, year_of
from handoff.statistics.tables import TOTAL, Table
from intake.base.database import Database, ReadSession
from tests.statistics.attacker import Attacker
from tests.support.world import CITIES, CITY

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
YEARS = (year_of(date(2025, 4, 1)), year_of(date(2026, 4, 1)))
THRESHOLD = 5
NO_FILTERS: Mapping[str, str] = MappingProxyType({})
WHOLES = {"相談・件": "相談（延べ）", "対応・件": "対応（職員への引き継ぎ）", "返信・件": "職員の返信"}
"""What a reader knows: the total of a table in this unit is that line of the overview."""
TOGETHER = {"unfit_window": "unfit"}
OF_WHICH = {"多機関協働の検討対象": ("うち職員が担当した", "うちまだ担当していない")}
TREND = (("計", "overview", "相談（延べ）"), ("時間外", "office", "時間外"), ("職員のいる時間", "office", "職員のいる時間"))


@pytest.fixture(params=[150, 2_000])
async def filled(database: Database, request: pytest.FixtureRequest) -> Database:
    await fill(database, CITIES[CITY], request.param, end=NOW, progress=lambda _: None)
    return database


async def ask(
    session: ReadSession, period: Period, filters: Mapping[str, str] = NO_FILTERS, audience: Audience = Audience.PUBLIC
) -> Board | None:
    order = Order(municipality=CITY, period=period, compare=Compare.NONE, filters=filters, audience=audience)
    try:
        return await load_board(session, CITIES[CITY], order)
    except TooFewError:
        return None


def key_of(table: Table, row: int, column: int, period: str) -> Hashable:
    """What a cell is, whichever table it stands in."""
    label, unit = table.rows[row].label, table.unit
    if label == TOTAL and not table.across:
        name = WHOLES.get(unit)
        return ("overview", name, "", period) if name else (f"all of {TOGETHER.get(table.key, table.key)}", "", "", period)
    column_label = "" if len(table.columns) == 1 else table.columns[column]
    return (table.key, label, column_label, period)


def take(attacker: Attacker, board: Board) -> None:
    """Read a board as people would, with the sums that it states."""
    period = board.order.period.value
    for table in (table for section in board.sections for table in section.tables if table.counts):
        keys = [
            [attacker.cell(key_of(table, row, column, period), table.shown(row, column)) for column in range(len(table.columns))]
            for row in range(len(table.rows))
        ]
        if table.adds_up and len(keys) > 1:
            for column in range(len(table.columns)):
                attacker.total(keys[-1][column], [row[column] for row in keys[:-1]])
        if table.across:
            for row in keys:
                attacker.total(row[-1], row[:-1])
        by_label = {row.label: keys[place][0] for place, row in enumerate(table.rows)}
        for whole, parts in OF_WHICH.items():
            if whole in by_label:
                attacker.total(by_label[whole], [by_label[part] for part in parts])


def add_time(attacker: Attacker, year: Period) -> None:
    """Note that twelve months are a year, and that the trend shows the months once more."""
    months = [month.value for month in year.months()]
    for table, label, column, period in [key for key in {*attacker.shown, *attacker.unknown} if isinstance(key, tuple)]:
        if period == year.value:
            attacker.total((table, label, column, period), [(table, label, column, month) for month in months])
    for month in year.months():
        name = f"{month.first.year}年{month.first.month}月"
        for column, *other in TREND:
            attacker.total(("trend", name, column, year.value), [(*other, "", month.value)])


def truth(board: Board) -> dict[Hashable, int]:
    period = board.order.period.value
    return {
        key_of(table, row, column, period): int(table.rows[row].values[column] or 0)
        for section in board.sections
        for table in section.tables
        if table.counts
        for row in range(len(table.rows))
        for column in range(len(table.columns))
    }


async def attacked(session: ReadSession, year: Period, filters: Mapping[str, str] = NO_FILTERS) -> tuple[Attacker, dict[Hashable, int]]:
    attacker, true = Attacker(), {}
    for period in (year, *year.months()):
        exact = await ask(session, period, filters, Audience.INSIDE)
        assert exact is not None
        true.update(truth(exact))
        board = await ask(session, period, filters)
        if board is not None:
            take(attacker, board)
    add_time(attacker, year)
    return attacker, true


def opened(attacker: Attacker, true: dict[Hashable, int]) -> list[Hashable]:
    """Small numbers that come out, exactly or nearly so."""
    small = {key for key in attacker.unknown if 0 < true.get(key, 0) < THRESHOLD}
    narrow = {key for key, (low, high) in attacker.bounds().items() if high - low < THRESHOLD - 2}
    return sorted((small & (attacker.determined() | narrow)), key=str)


async def test_nothing_small_comes_out_of_a_year_its_months_and_all_their_tables(filled: Database) -> None:
    async with filled.read() as session:
        for year in YEARS:
            attacker, true = await attacked(session, year)
            assert len(attacker.unknown) > 100
            assert {key: value for key, value in attacker.shown.items() if true.get(key, value) != value} == {}
            assert {key: value for key, value in attacker.shown.items() if 0 < value < THRESHOLD} == {}
            assert opened(attacker, true) == []


async def test_nothing_small_comes_out_when_a_window_is_taken_from_the_whole(filled: Database) -> None:
    async with filled.read() as session:
        window = (await known_values(session, CITY))["window"][0]
        whole, _ = await attacked(session, YEARS[0])
        part, true = await attacked(session, YEARS[0], {"window": window})
        assert opened(part, true) == []
        rests = {key: whole.shown[key] - value for key, value in part.shown.items() if key in whole.shown}
        assert {key: rest for key, rest in rests.items() if 0 < rest < THRESHOLD} == {}


async def test_the_attacker_finds_what_is_hidden_table_by_table_only(filled: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def hide_alone(system: suppress.System, threshold: int, _also: object = ()) -> suppress.Hidden:
        small = frozenset(name for name, value in system.values.items() if 0 < value < threshold)
        return suppress.Hidden(names=small | system.unseen, groups=frozenset())

    monkeypatch.setattr("handoff.statistics.public.hide", hide_alone)
    monkeypatch.setattr("handoff.statistics.outside._kept", OrderedDict())
    async with filled.read() as session:
        attacker, true = await attacked(session, YEARS[0])
        assert opened(attacker, true) != []


@pytest.mark.parametrize(
    ("period", "filters"),
    [
        (week_of(date(2026, 5, 4)), {}),
        (Period(span=Span.DAYS, first=date(2026, 5, 1), last=date(2026, 5, 9)), {}),
        (month_of(date(2026, 5, 1)), {"age": "elder"}),
        (month_of(date(2026, 5, 1)), {"window": "desk", "field": "高齢"}),
    ],
)
async def test_what_could_be_subtracted_from_a_public_board_is_refused_in_clear_words(
    database: Database, period: Period, filters: dict[str, str]
) -> None:
    async with database.read() as session:
        with pytest.raises(PublicError, match="引き算で少ない数が分かる"):
            await ask(session, period, filters)
