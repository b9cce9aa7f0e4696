"""Everything we export obeys the schema of HSDS 3.0: types, formats, closed lists, and no property under a name of our own making."""

import copy
import json
from typing import Any

import pytest

from routing import schema
from routing.check import read_folder
from routing.exchange.hsds_json import from_hsds, to_hsds
from routing.exchange.hsds_package import from_package, to_package
from routing.exchange.incoming import read_incoming
from routing.findings import Level
from routing.load import KEYS, city_folder
from routing.table import Table
from tests.routing.exchange_rows import table
from tests.routing.hsds_schema import OBJECTS, faults

WINDOW = "semboku-w01"


def filled(**changes: str) -> dict[str, Table]:
    """A city whose first window has something everywhere that HSDS has a place for."""
    found = dict(read_folder(city_folder("semboku")))
    rows = [dict(row.cells) for row in found[schema.WINDOWS].rows]
    everywhere = {
        "支援対象者": "高齢者",
        "年齢下限": "65",
        "確認日": "2026-11-01",
        "確認者": "kakari@example.lg.jp",
        "別名": "みって;みつて",
    }
    everywhere |= {
        "郵便番号": "014-0392",
        "所在地": "角館町中菅沢81番地8",
        "建物": "市役所",
        "所管課": "長寿支援課",
        "受け付ける人": "両方",
    }
    rows[0] |= everywhere | changes
    phones = [{"電話番号": "000-0000-0001", "種別": "相談", "用途": "昼"}, {"電話番号": "000-0000-0002", "種別": "FAX"}]
    hours = [
        {
            "曜日": "月火金",
            "開始": "08:30",
            "終了": "24:00",
            "祝日": "不可",
            "備考": "夜も",
            "有効開始日": "2026-04-01",
            "有効終了日": "2027-03-31",
        },
        {"曜日": "第2・4土", "開始": "09:00", "終了": "12:00", "祝日": "可"},
    ]
    areas = [{"地区名": "角館", "町字名": "角館町", "町字ID": "0001001", "備考": "一部"}]
    tables = {schema.WINDOWS: rows, schema.PHONES: phones, schema.HOURS: hours, schema.DISTRICTS: areas}
    return found | {name: table(name, [_whole(name, row) for row in given]) for name, given in tables.items()}


def _whole(name: str, row: dict[str, str]) -> dict[str, str]:
    known = {"窓口ID": WINDOW} | row
    return {column: known.get(column, "") for column in schema.COLUMNS[name]}


def services(tables: dict[str, Table]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(to_hsds(tables))["contents"]
    return found


@pytest.mark.parametrize("key", KEYS)
def test_every_service_of_every_city_obeys_the_schema(key: str) -> None:
    found = services(dict(read_folder(city_folder(key))))
    assert found
    assert [fault for one in found for fault in faults("service", one)] == []


def test_a_window_with_something_everywhere_obeys_the_schema() -> None:
    one = next(one for one in services(filled()) if one["jp_window_id"] == WINDOW)
    assert list(faults("service", one)) == []
    present = (
        set(one) | set(one["service_at_locations"][0]["location"]["addresses"][0]) | {key for hour in one["schedules"] for key in hour}
    )
    assert present >= {"minimum_age", "assured_date", "assurer_email", "alternate_name", "address_2", "valid_from", "valid_to", "notes"}


@pytest.mark.parametrize("assured_by", ["福祉総務課 地域福祉係", "係@内線12", "a@b", "@"])
def test_a_name_that_is_no_mail_address_never_stands_as_one(assured_by: str) -> None:
    tables = filled(確認者=assured_by)
    one = next(one for one in services(tables) if one["jp_window_id"] == WINDOW)
    assert "assurer_email" not in one
    assert list(faults("service", one)) == []
    assert from_hsds(to_hsds(tables))[schema.WINDOWS].rows[0]["確認者"] == assured_by


def test_the_nth_weekday_of_a_month_is_monthly_and_comes_back() -> None:
    tables = filled()
    monthly = next(one for one in services(tables) if one["jp_window_id"] == WINDOW)["schedules"][1]
    assert (monthly["freq"], monthly["byday"]) == ("MONTHLY", "2SA,4SA")
    assert "jp_weekdays" not in monthly
    assert [row["曜日"] for row in from_hsds(to_hsds(tables))[schema.HOURS].rows] == ["月火金", "第2・4土"]


@pytest.mark.parametrize(("byday", "cell"), [("TU,MO", "月火"), ("1MO", "第1月"), ("1MO,3MO", "第1・3月"), ("2SA,2SU", "第2土日")])
def test_days_of_another_program_become_a_cell(byday: str, cell: str) -> None:
    made = json.loads(to_hsds(filled()))
    made["contents"][0]["schedules"][0]["byday"] = byday
    assert from_hsds(json.dumps(made).encode())[schema.HOURS].rows[0]["曜日"] == cell


@pytest.mark.parametrize("byday", ["1MO,2TU", "MO,2TU", "-1FR", "XX", ""])
def test_days_that_no_cell_can_say_are_refused_and_not_changed(byday: str) -> None:
    tables = filled()
    made = json.loads(to_hsds(tables))
    made["contents"][0]["schedules"][0] |= {"byday": byday}
    incoming = read_incoming("a.json", {"a.json": json.dumps(made).encode()}, tables)
    assert [finding.column.split()[-1] for finding in incoming.findings if finding.level is Level.ERROR] == ["曜日"]


@pytest.mark.parametrize("form", ["json", "package"])
def test_fees_and_descriptions_that_others_bring_are_taken_kept_and_given_back(form: str) -> None:
    made = json.loads(to_hsds(filled()))
    made["contents"][0] |= {"description": "相談員が話を聴きます。", "fees_description": "無料です。"}
    taken = from_hsds(json.dumps(made).encode())
    row = taken[schema.WINDOWS].rows[0]
    assert (row["説明"], row["料金"]) == ("相談員が話を聴きます。", "無料です。")
    again = from_hsds(to_hsds(taken)) if form == "json" else from_package(to_package(taken))
    assert again[schema.WINDOWS] == taken[schema.WINDOWS]
    one = services(again)[0]
    assert (one["description"], one["fees_description"]) == ("相談員が話を聴きます。", "無料です。")
    assert list(faults("service", one)) == []


def test_a_fee_that_others_take_away_is_gone_from_the_table_too() -> None:
    made = json.loads(to_hsds(filled()))
    made["contents"][0]["fees_description"] = "有料です。"
    given = json.loads(to_hsds(from_hsds(json.dumps(made).encode())))
    del given["contents"][0]["fees_description"]
    assert from_hsds(json.dumps(given).encode())[schema.WINDOWS].rows[0]["料金"] == ""


BREAKS = [
    (("id",), "not-a-uuid"),
    (("status",), "open"),
    (("minimum_age",), "65"),
    (("assured_date",), "2026/11/01"),
    (("assurer_email",), "係"),
    (("organization", "name"), ""),
    (("phones", 0, "type"), "landline"),
    (("schedules", 0, "freq"), "DAILY"),
    (("schedules", 0, "opens_at"), "8:30"),
    (("service_at_locations", 0, "location", "location_type"), "office"),
    (("service_at_locations", 0, "location", "addresses", 0, "country"), "日本"),
    (("service_areas", 0, "extent_type"), "名前"),
    (("attributes", 0, "link_id"), "x"),
    (("colour",), "blue"),
    (("phones",), {}),
]


@pytest.mark.parametrize(("path", "value"), BREAKS, ids=[".".join(map(str, path)) for path, _ in BREAKS])
def test_the_schema_finds_what_is_wrong(path: tuple[str | int, ...], value: object) -> None:
    one = copy.deepcopy(next(one for one in services(filled()) if one["jp_window_id"] == WINDOW))
    inner: Any = one
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    assert len(list(faults("service", one))) == 1


@pytest.mark.parametrize("kind", OBJECTS)
def test_the_schema_asks_for_every_required_property(kind: str) -> None:
    required, properties = OBJECTS[kind]
    assert required <= set(properties)
    assert len([fault for fault in faults(kind, {}) if "missing" in fault]) == len(required)
