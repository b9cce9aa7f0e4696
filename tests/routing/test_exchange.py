"""What leaves in any form comes back unchanged, and what cannot be read is said kindly."""

import csv
import io
import json
from collections.abc import Callable, Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routing import schema
from routing.check import read_folder
from routing.exchange.csv_files import from_csv, to_csv
from routing.exchange.hsds_json import from_hsds, to_hsds
from routing.exchange.hsds_package import from_package, to_package
from routing.exchange.incoming import read_incoming
from routing.exchange.unreadable import UnreadableError
from routing.exchange.xlsx_read import from_xlsx
from routing.exchange.xlsx_write import to_xlsx
from routing.findings import Level
from routing.load import KEYS, city_folder
from routing.table import Table, guard, unguard
from tests.routing.exchange_rows import TEXT, directories

Tables = Mapping[str, Table]
TRIPS: dict[str, Callable[[Tables], Tables]] = {
    "csv": lambda tables: from_csv(to_csv(tables)),
    "xlsx": lambda tables: from_xlsx(to_xlsx(tables)),
    "hsds": lambda tables: from_hsds(to_hsds(tables)),
    "hsds-package": lambda tables: from_package(to_package(tables)),
}


@pytest.mark.parametrize("form", TRIPS)
@pytest.mark.parametrize("key", KEYS)
def test_every_city_comes_back_as_it_left(key: str, form: str) -> None:
    tables = read_folder(city_folder(key))
    assert TRIPS[form](tables) == tables


@pytest.mark.parametrize("form", TRIPS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(tables=directories())
def test_any_rows_come_back_as_they_left(form: str, tables: Tables) -> None:
    back = TRIPS[form](tables)
    for name, table in tables.items():
        assert back[name].rows == table.rows


@settings(max_examples=200, deadline=None)
@given(cell=TEXT)
def test_no_csv_cell_begins_like_a_formula_and_each_reads_back(cell: str) -> None:
    assert guard(cell)[:1] not in {"=", "+", "-", "@", "＝", "＋", "－", "＠"}
    assert unguard(guard(cell)) == cell


def test_a_csv_opens_in_excel_and_calculates_nothing() -> None:
    tables = dict(read_folder(city_folder("semboku")))
    rows = [dict(row.cells) for row in tables[schema.WINDOWS].rows]
    rows[0]["備考"] = '=HYPERLINK("http://example.invalid","押す")'
    raw = to_csv({**tables, schema.WINDOWS: _with(tables[schema.WINDOWS], rows)})[schema.WINDOWS]
    assert raw.startswith(b"\xef\xbb\xbf")
    read = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert read[0]["備考"].startswith("'=HYPERLINK")
    assert read[0]["自治体コード"] == "052159"


def _with(table: Table, rows: list[dict[str, str]]) -> Table:
    return Table(
        name=table.name,
        columns=table.columns,
        rows=tuple(type(row)(number=row.number, cells=cells) for row, cells in zip(table.rows, rows, strict=True)),
    )


@pytest.mark.parametrize("raw", [b"{}", b"[]", b'{"contents": []}'])
def test_a_page_without_any_service_is_refused(raw: bytes) -> None:
    assert read_incoming("a.json", {"a.json": raw}, read_folder(city_folder("semboku"))).refused


@settings(max_examples=150, deadline=None)
@given(raw=st.binary(max_size=200))
@pytest.mark.parametrize("name", ["a.xlsx", "a.json", "窓口.csv", "a.txt", "datapackage.json", "a.xls"])
def test_any_bytes_are_refused_with_words_and_never_an_exception(name: str, raw: bytes) -> None:
    incoming = read_incoming(name, {name: raw}, read_folder(city_folder("semboku")))
    assert incoming.refused
    assert all(finding.text for finding in incoming.findings)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("contents", "phones", "schedules", "program", "jp_more", "name", "jp_municipality", "attributes")), inner
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(page=JSON)
def test_any_json_becomes_tables_or_a_refusal_in_words(page: object) -> None:
    incoming = read_incoming("a.json", {"a.json": json.dumps({"contents": page}).encode()}, read_folder(city_folder("semboku")))
    assert incoming.tables
    assert all(finding.file for finding in incoming.findings)


def test_a_package_without_its_services_says_which_file_is_missing() -> None:
    files = to_package(read_folder(city_folder("oshu")))
    del files["services.csv"]
    with pytest.raises(UnreadableError, match=r"services\.csv がありません"):
        from_package(files)


def test_a_package_file_with_a_short_row_is_named_with_its_row() -> None:
    files = to_package(read_folder(city_folder("oshu")))
    files["services.csv"] += b"only-an-id\r\n"
    with pytest.raises(UnreadableError, match=r"services\.csv 16行"):
        from_package(files)


def test_one_csv_alone_replaces_its_table_and_leaves_the_others() -> None:
    current = read_folder(city_folder("nonoichi"))
    header = ",".join(schema.COLUMNS[schema.PHONES])
    raw = f"{header}\r\nnonoichi-w01,000-0000-0001,相談,,,,\r\n".encode("utf-8-sig")
    incoming = read_incoming(schema.PHONES, {schema.PHONES: raw}, current)
    assert not incoming.refused
    assert [row["電話番号"] for row in incoming.tables[schema.PHONES].rows] == ["000-0000-0001"]
    assert incoming.tables[schema.WINDOWS] == current[schema.WINDOWS]


def test_a_directory_of_another_city_is_refused() -> None:
    files = to_csv(read_folder(city_folder("oshu")))
    incoming = read_incoming("表", files, read_folder(city_folder("sakata")))
    assert [finding.text for finding in incoming.findings if finding.level is Level.ERROR] == [
        "別の自治体（032158）の表です。いまの一覧は 062049 です。鍵とファイルを確かめてください"
    ]


def test_a_folder_without_any_table_is_refused() -> None:
    incoming = read_incoming("表", {"メモ.txt": b""}, read_folder(city_folder("sakata")))
    assert "表がありません" in incoming.findings[0].text
