"""Turns the tables of a directory into HSDS 3.0 objects: one service per window, each with all that belongs to it."""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from nlp.reading import Concern
from routing import schema
from routing.exchange import hsds_names as names
from routing.exchange.hsds_names import uid
from routing.rules import load_rules
from routing.staff_hours import parse_days
from routing.table import Row, Table

Object = dict[str, Any]
_AGE = re.compile(r"0|[1-9][0-9]{0,2}")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def to_page(tables: Mapping[str, Table]) -> Object:
    """Return the page of services as the HSDS API gives it, with our own tables beside it."""
    writer = _Writer(tables)
    services = [writer.service(row) for row in tables[schema.WINDOWS].rows]
    own = {key: [dict(row.cells) for row in tables[name].rows] for name, key in names.OWN_TABLES.items() if name in tables}
    page = {"total_items": len(services), "total_pages": 1, "page_number": 1, "size": len(services)}
    page |= {"first_page": True, "last_page": True, "empty": not services}
    return {"version": names.VERSION, **page, "contents": services, **own}


class _Writer:
    """Holds what the services of one municipality share."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        items = {row["項目"]: row["値"] for row in tables[schema.MUNICIPALITY].rows}
        self._city, self._prefecture, self._code = (items.get(item, "") for item in ("自治体名", "都道府県", "自治体コード"))
        self._children = {name: _by_window(tables[name]) for name in (schema.PHONES, schema.HOURS, schema.DISTRICTS)}

    def service(self, row: Row) -> Object:
        """Return the service of a window."""
        key = uid(self._code, row["窓口ID"])
        phones = self._children[schema.PHONES][row["窓口ID"]]
        called = [(at, phone) for at, phone in phones if phone["種別"] in names.PHONE_TYPES]
        other = [(at, phone) for at, phone in phones if phone["種別"] not in names.PHONE_TYPES]
        hours = self._children[schema.HOURS][row["窓口ID"]]
        areas = self._children[schema.DISTRICTS][row["窓口ID"]]
        return _filled(
            {
                "id": key,
                "status": names.STATUS.get(row["状態"], "inactive"),
                "jp_state": row["状態"],
                "application_process": names.APPLICATION.get(row["受け付ける人"], ""),
                names.ORDER: row.number,
                **_named(names.SERVICE, row),
                **{prop: row.cells.get(column, "") for column, prop in names.WELCOME.items()},
                **_aliases(row["別名"]),
                **_age(row["年齢下限"]),
                **_assurer(row["確認者"]),
                **self._organization(row),
                "program": self._program(row["事業名"]),
                "contacts": [{"id": uid(key, "contact"), "department": row["所管課"]}] if row["所管課"] else [],
                "phones": [_phone(key, at, phone) for at, phone in called],
                "jp_contact_points": [_contact_point(key, at, phone) for at, phone in other],
                "schedules": [_schedule(key, at, hour) for at, hour in hours],
                "service_areas": [_area(key, at, area) for at, area in areas],
                "service_at_locations": self._places(key, row),
                **_attributes(key, row),
                names.MORE: _more(schema.WINDOWS, row),
            }
        )

    def _organization(self, row: Row) -> Object:
        """Return who runs the service: the contractor, or the municipality itself."""
        name, number = row["委託先"], row["委託先_法人番号"]
        if not name:
            key = uid(self._code, "municipality")
            about = f"{self._prefecture}の市町村" if self._prefecture else "市町村"
            city: Object = {"id": key, "name": self._city, "description": about}
            city |= {"organization_identifiers": _identifier(key, names.CODE_TYPE, self._code)}
            return {"organization": city, "jp_contractor_number": number}
        key = uid(self._code, "contractor", name, number)
        contractor: Object = {"id": key, "name": name, "description": f"{self._city}から委託を受けて相談支援を行う団体"}
        contractor |= {"organization_identifiers": _identifier(key, names.CORPORATE_TYPE, number)}
        return {"organization": _filled(contractor), "jp_commissioned_by": self._city or self._code or "市町村"}

    def _program(self, name: str) -> Object:
        return {"id": uid(self._code, "program", name), "name": name, "description": name} if name else {}

    def _places(self, key: str, row: Row) -> list[Object]:
        if not any(row[column] for column in names.PLACE):
            return []
        place: Object = {"id": uid(key, "location"), "location_type": "physical", "name": row["建物"] or row["窓口名"]}
        if row["郵便番号"] and row["所在地"]:
            place |= {"jp_town_id": row["町字ID"], "addresses": [self._address(key, row)]}
        else:
            # HSDS knows no address without a postal code, and we invent none.
            place |= _named(names.PLACE, row)
        return [{"id": uid(key, "place"), "location": _filled(place)}]

    def _address(self, key: str, row: Row) -> Object:
        written = row["所在地"]
        short = written.removeprefix(self._prefecture).removeprefix(self._city) or written
        return _filled(
            {
                "id": uid(key, "address"),
                "address_1": short,
                "address_2": row["建物"],
                "city": self._city,
                "state_province": self._prefecture,
                "postal_code": row["郵便番号"],
                "country": "JP",
                "address_type": "physical",
                "jp_address": written if short != written else "",
            }
        )


def _by_window(table: Table) -> dict[str, list[tuple[int, Row]]]:
    found: dict[str, list[tuple[int, Row]]] = defaultdict(list)
    for row in table.rows:
        found[row["窓口ID"]].append((row.number, row))
    return found


def _named(columns: Mapping[str, str], row: Row) -> Object:
    return {prop: row[column] for column, prop in columns.items()}


def _filled(found: Object) -> Object:
    """Leave out what is empty: HSDS says nothing about what is unknown."""
    return {prop: value for prop, value in found.items() if value not in ("", [], {})}


def _more(table: str, row: Row) -> Object:
    return {column: value for column, value in row.cells.items() if column not in schema.COLUMNS[table]}


def _aliases(cell: str) -> Object:
    first = cell.split(";", maxsplit=1)[0]
    return {"alternate_name": first, "jp_aliases": cell if first != cell else ""}


def _age(cell: str) -> Object:
    return {"minimum_age": int(cell)} if _AGE.fullmatch(cell) else {"jp_minimum_age": cell}


def _assurer(cell: str) -> Object:
    return {"assurer_email": cell} if _EMAIL.fullmatch(cell) else {"jp_assured_by": cell}


def _identifier(key: str, kind: str, identifier: str) -> list[Object]:
    return [{"id": uid(key, kind), "identifier_type": kind, "identifier": identifier}] if identifier else []


def _phone(key: str, at: int, row: Row) -> Object:
    own = {names.ORDER: at, names.MORE: _more(schema.PHONES, row)}
    return _filled({"id": uid(key, "phone", str(at)), "type": names.PHONE_TYPES[row["種別"]], **_named(names.PHONE, row), **own})


def _contact_point(key: str, at: int, row: Row) -> Object:
    own = {names.ORDER: at, names.MORE: _more(schema.PHONES, row)}
    return _filled({"id": uid(key, "contact-point", str(at)), **_named(names.PHONE, row), **own})


def _schedule(key: str, at: int, row: Row) -> Object:
    days, weeks = parse_days(row["曜日"]) or (frozenset(), frozenset())
    marks = [str(week) for week in sorted(weeks)] or [""]
    byday = ",".join(mark + names.DAYS[day] for mark in marks for day in sorted(days))
    midnight = row["終了"] == "24:00"
    return _filled(
        {
            "id": uid(key, "schedule", str(at)),
            "freq": "MONTHLY" if weeks else "WEEKLY",
            "byday": byday,
            "jp_weekdays": row["曜日"] if names.days_of(byday) != row["曜日"] else "",
            "opens_at": row["開始"] + names.OFFSET,
            "closes_at": ("00:00" if midnight else row["終了"]) + names.OFFSET,
            "jp_closes_at": row["終了"] if midnight else "",
            **_named(names.SCHEDULE, row),
            names.ORDER: at,
            names.MORE: _more(schema.HOURS, row),
        }
    )


def _area(key: str, at: int, row: Row) -> Object:
    name = row["町字名"] or row["地区名"]
    own = {"id": uid(key, "area", str(at)), "name": name, "extent": name, "extent_type": "text", names.ORDER: at}
    return _filled({**own, **_named(names.AREA, row), names.MORE: _more(schema.DISTRICTS, row)})


def _attributes(key: str, row: Row) -> Object:
    found: Object = {"attributes": []}
    for taxonomy, (column, own, _) in names.TAXONOMIES.items():
        codes = list(filter(None, row[column].split(";")))
        found["attributes"] += [_attribute(key, taxonomy, at, code) for at, code in enumerate(codes)]
        found[own] = row[column] if ";".join(codes) != row[column] else ""
    return found


def _attribute(key: str, taxonomy: str, at: int, code: str) -> Object:
    kind, _, about = names.TAXONOMIES[taxonomy]
    label = load_rules().concerns[Concern(code)].label if taxonomy == names.CONCERN_TAXONOMY and code in set(Concern) else code
    detail = {"id": uid("taxonomy", taxonomy), "name": taxonomy, "description": about}
    term = {"id": uid("taxonomy", taxonomy, code), "code": code, "name": label, "description": label, "taxonomy": taxonomy}
    link = {"id": uid(key, taxonomy, str(at)), "link_id": key, "link_type": kind, "link_entity": "service"}
    return {**link, "value": code, "taxonomy_term": {**term, "taxonomy_detail": detail}}
