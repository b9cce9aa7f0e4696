"""HSDS 3.0: what the standard requires is there, nothing is invented for it, and what others change in it is taken."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from routing import schema
from routing.check import read_folder
from routing.exchange.hsds_json import from_hsds, to_hsds
from routing.exchange.hsds_package import to_package
from routing.exchange.incoming import read_incoming
from routing.findings import Level
from routing.load import KEYS, city_folder
from routing.table import Table
from tests.routing.exchange_rows import table

REQUIRED = {
    "": {"id", "name", "status"},
    "organization": {"id", "name", "description"},
    "organization_identifiers": {"id", "identifier_type", "identifier"},
    "program": {"id", "name", "description"},
    "location": {"id", "location_type"},
    "addresses": {"id", "address_1", "city", "state_province", "postal_code", "country", "address_type"},
    "phones": {"id", "number"},
    "schedules": {"id"},
    "service_areas": {"id"},
    "contacts": {"id"},
    "attributes": {"id"},
    "service_at_locations": {"id"},
    "taxonomy_term": {"id", "name", "description"},
    "taxonomy_detail": {"id", "name", "description"},
}
"""What HSDS 3.0 requires of each object, by the property under which it stands."""


def tables(key: str = "semboku", **changed: list[dict[str, str]]) -> dict[str, Table]:
    found = dict(read_folder(city_folder(key)))
    return found | {f"{name}.csv": table(f"{name}.csv", [_whole(f"{name}.csv", row) for row in rows]) for name, rows in changed.items()}


def _whole(name: str, row: dict[str, str]) -> dict[str, str]:
    return {column: row.get(column, "") for column in schema.COLUMNS[name]}


def page(found: dict[str, Table]) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(to_hsds(found))
    return made


def service(found: dict[str, Table], window: str) -> dict[str, Any]:
    return next(one for one in page(found)["contents"] if one["jp_window_id"] == window)


def back(changed: dict[str, Any]) -> dict[str, Table]:
    return from_hsds(json.dumps(changed).encode())


def objects(prop: str, found: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the object and every HSDS object in it."""
    yield prop, found
    for name, value in found.items():
        if name in REQUIRED:
            for inner in value if isinstance(value, list) else [value]:
                yield from objects(name, inner)


def full() -> dict[str, Table]:
    """Return a city whose tables hold something everywhere."""
    return tables(
        電話=[
            {"窓口ID": "semboku-w01", "電話番号": "000-0000-0001", "種別": "相談", "用途": "昼"},
            {"窓口ID": "semboku-w01", "電話番号": "000-0000-0002", "種別": "FAX"},
            {"窓口ID": "semboku-w01", "電話番号": "@semboku", "種別": "LINE"},
        ],
        受付時間=[{"窓口ID": "semboku-w01", "曜日": "月火金", "開始": "08:30", "終了": "24:00", "祝日": "不可", "備考": "夜も"}],
        担当地区=[{"窓口ID": "semboku-w01", "地区名": "角館", "町字名": "角館町", "町字ID": "0001001"}],
    )


@pytest.mark.parametrize("key", KEYS)
def test_every_object_has_what_the_standard_requires_and_ids_are_uuids(key: str) -> None:
    found = full() if key == "semboku" else tables(key)
    for one in page(found)["contents"]:
        for prop, inner in objects("", one):
            assert REQUIRED[prop] <= set(inner), prop
            assert UUID(inner["id"]).version == 5
            assert "" not in inner.values()
        assert one["status"] in {"active", "inactive", "defunct", "temporarily closed"}


def test_ids_are_the_same_on_every_export_and_differ_between_objects() -> None:
    first, second = (to_hsds(full()) for _ in range(2))
    assert first == second
    ids = [one["id"] for one in json.loads(first)["contents"]]
    assert len(set(ids)) == len(ids)


def test_no_address_is_made_where_the_postal_code_is_unknown() -> None:
    services = page(tables("aizuwakamatsu"))["contents"]
    places = [place["location"] for one in services for place in one.get("service_at_locations", [])]
    assert len(places) > 40
    assert not [place for place in places if "addresses" in place]
    assert all(place["jp_address"] for place in places)


def test_an_address_with_its_postal_code_is_split_as_the_standard_wants() -> None:
    place = service(tables(), "semboku-w12")["service_at_locations"][0]["location"]
    address = place["addresses"][0]
    assert (address["state_province"], address["city"], address["address_1"]) == ("秋田県", "仙北市", "角館町中菅沢81番地8")
    assert (address["postal_code"], address["country"], address["address_type"]) == ("014-0392", "JP", "physical")


def test_phones_hours_and_districts_stand_where_the_standard_has_them() -> None:
    one = service(full(), "semboku-w01")
    assert [(phone["number"], phone["type"]) for phone in one["phones"]] == [("000-0000-0001", "voice"), ("000-0000-0002", "fax")]
    assert [point["number"] for point in one["jp_contact_points"]] == ["@semboku"]
    hours = one["schedules"][0]
    assert (hours["freq"], hours["byday"], hours["opens_at"], hours["closes_at"]) == ("WEEKLY", "MO,TU,FR", "08:30+09:00", "00:00+09:00")
    area = one["service_areas"][0]
    assert (area["name"], area["extent_type"], area["uri"]) == ("角館町", "text", "0001001")


def test_a_contractor_is_the_organization_and_the_city_commissions() -> None:
    one = service(tables(), "semboku-w05")
    assert (one["organization"]["name"], one["jp_commissioned_by"]) == ("仙北市社会福祉協議会", "仙北市")
    own = service(tables(), "semboku-w01")["organization"]
    assert own["name"] == "仙北市"
    assert [(number["identifier_type"], number["identifier"]) for number in own["organization_identifiers"]] == [
        ("全国地方公共団体コード", "052159")
    ]


@pytest.mark.parametrize(
    ("state", "status"),
    [("実施", "active"), ("休止中", "temporarily closed"), ("未実施", "inactive"), ("予定", "inactive"), ("廃止", "defunct")],
)
def test_each_state_has_its_status_and_comes_back(state: str, status: str) -> None:
    rows = [dict(row.cells) for row in tables()[schema.WINDOWS].rows]
    rows[0]["状態"] = state
    found = tables(窓口=rows)
    assert service(found, "semboku-w01")["status"] == status
    assert back(page(found))[schema.WINDOWS].rows[0]["状態"] == state


def test_what_another_program_changes_is_taken_over() -> None:
    made = page(full())
    one = made["contents"][0]
    one |= {"name": "新しい名前", "status": "temporarily closed", "minimum_age": 60, "organization": None}
    one["phones"][0]["number"] = "000-0000-0009"
    one["schedules"][0] |= {"byday": "MO", "closes_at": "17:15:00+09:00", "opens_at": "09:00"}
    found = back(made)
    row, hours = found[schema.WINDOWS].rows[0], found[schema.HOURS].rows[0]
    assert (row["窓口名"], row["状態"], row["年齢下限"]) == ("新しい名前", "休止中", "60")
    assert found[schema.PHONES].rows[0]["電話番号"] == "000-0000-0009"
    assert (hours["曜日"], hours["開始"], hours["終了"]) == ("月", "09:00", "17:15")


def test_hsds_without_our_own_tables_keeps_those_in_use() -> None:
    made = page(tables())
    only = json.dumps(made["contents"]).encode()
    incoming = read_incoming("a.json", {"a.json": only}, tables())
    assert not incoming.refused
    assert incoming.tables[schema.MUNICIPALITY] == tables()[schema.MUNICIPALITY]


def test_a_mistake_in_hsds_is_named_by_the_object_and_the_column() -> None:
    made = page(tables())
    made["contents"][2]["assured_date"] = "2026/04/01"
    incoming = read_incoming("a.json", {"a.json": json.dumps(made).encode()}, tables())
    assert [str(finding) for finding in incoming.findings if finding.level is Level.ERROR] == [
        "エラー a.json 窓口 3件目 確認日: 「2026/04/01」は 2026-04-01 と書いてください（Excel が書きかえるときは、列を「文字列」にします）"
    ]


def test_the_package_describes_every_file_and_column_and_links_hold() -> None:
    files = to_package(full())
    described = {resource["path"]: resource for resource in json.loads(files.pop("datapackage.json"))["resources"]}
    assert set(described) == set(files)
    rows = {name: list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))) for name, raw in files.items()}
    for name, raw in files.items():
        header = next(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
        assert [field["name"] for field in described[name]["schema"]["fields"]] == header
    services = {row["id"] for row in rows["services.csv"]}
    for name in ("phones.csv", "schedules.csv", "service_areas.csv", "service_at_location.csv"):
        assert {row["service_id"] for row in rows[name]} <= services
    assert {row["organization_id"] for row in rows["services.csv"]} == {row["id"] for row in rows["organizations.csv"]}
    assert {row["location_id"] for row in rows["addresses.csv"]} <= {row["id"] for row in rows["locations.csv"]}
    assert {row["taxonomy_term_id"] for row in rows["attributes.csv"]} == {row["id"] for row in rows["taxonomy_terms.csv"]}
    assert len({row["id"] for row in rows["taxonomy_terms.csv"]}) == len(rows["taxonomy_terms.csv"])
