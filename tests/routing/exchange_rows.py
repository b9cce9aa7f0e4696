"""Directories made by Hypothesis: any text that a cell may hold, above all what spreadsheets like to change."""

from typing import Any

from hypothesis import strategies as st

from nlp.reading import Concern
from routing import schema
from routing.table import Table, build_table

TRAPS = (
    "=1+1",
    "+81-3",
    "-",
    "@line",
    "'=x",
    "''+1",
    "'a",
    "＝A1",
    "_x0041_",
    "_x005F_",
    "0120",
    "007",
    "1E5",
    "TRUE",
    "2026-04-01",
    "a;b",
    ";",
    '"',
    ",",
)
ALPHABET = st.characters(exclude_categories=("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"))
TEXT = st.one_of(st.just(""), st.sampled_from(TRAPS), st.text(ALPHABET, max_size=12).map(str.strip))
NAME = TEXT.map(lambda text: text or "名")
DAYS = st.lists(st.sampled_from("月火水木金土日"), min_size=1, unique=True).map("".join)
TIME = st.sampled_from(("00:00", "08:30", "17:15", "24:00"))
OWN_COLUMN = "市のメモ"


def _words(allowed: Any) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(sorted(allowed)), min_size=1, max_size=3).map(";".join)


_SPECIAL: dict[tuple[str, str], st.SearchStrategy[str]] = {
    (schema.WINDOWS, "窓口ID"): NAME,
    (schema.WINDOWS, "窓口名"): NAME,
    (schema.WINDOWS, "分野"): _words(schema.CLOSED_LISTS[schema.WINDOWS, "分野"]),
    (schema.WINDOWS, "相談内容タグ"): st.one_of(st.just(""), _words(Concern)),
    (schema.HOURS, "曜日"): DAYS,
    (schema.HOURS, "開始"): TIME,
    (schema.HOURS, "終了"): TIME,
    (schema.DISTRICTS, "地区名"): NAME,
}
_SPECIAL |= {key: st.sampled_from(sorted(words)) for key, words in schema.CLOSED.items()}
_FIRST = {name: columns[0] for name, columns in schema.COLUMNS.items()}


def _row(name: str, columns: tuple[str, ...]) -> st.SearchStrategy[dict[str, str]]:
    first = {_FIRST[name]: NAME}
    return st.fixed_dictionaries({column: _SPECIAL.get((name, column), first.get(column, TEXT)) for column in columns})


@st.composite
def directories(draw: st.DrawFn) -> dict[str, Table]:
    """Return ten tables whose smaller ones belong to the windows of the first, some with a column of the clerk's own."""
    made: dict[str, list[dict[str, str]]] = {}
    own = draw(st.booleans())
    for name, columns in schema.COLUMNS.items():
        wanted = (*columns, OWN_COLUMN) if own else columns
        if name == schema.WINDOWS:
            made[name] = draw(st.lists(_row(name, wanted), min_size=1, max_size=4))
            for at, row in enumerate(made[name]):
                row["窓口ID"] += str(at)
            continue
        made[name] = draw(st.lists(_row(name, wanted), max_size=3))
        if name in (schema.PHONES, schema.HOURS, schema.DISTRICTS):
            for row in made[name]:
                row["窓口ID"] = draw(st.sampled_from([window["窓口ID"] for window in made[schema.WINDOWS]]))
    return {name: table(name, rows) for name, rows in made.items()}


def table(name: str, rows: list[dict[str, str]]) -> Table:
    header = list(rows[0]) if rows else list(schema.COLUMNS[name])
    return build_table(name, header, enumerate(([row[column] for column in header] for row in rows), start=2), schema.COLUMNS[name])
