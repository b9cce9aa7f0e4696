"""Turns HSDS 3.0 services back into the tables of a directory. What another program has written is read as far as it says it."""

import json
import re
from collections.abc import Mapping
from typing import Any

from routing import schema
from routing.exchange import hsds_names as names
from routing.exchange.unreadable import UnreadableError
from routing.table import Table, build_table

Object = Mapping[str, Any]
Cells = dict[str, str]
_NUMBER = re.compile(r"[0-9]{1,6}")
_TIME = re.compile(r"([0-9]{2}:[0-9]{2})(:00)?(\+09:00)?")
_LAST = 1_000_000
"""Rows without a place of their own come after the others."""


def from_page(page: Any) -> dict[str, Table]:
    """Return the tables that the page holds; our own tables only where it has them. Raises UnreadableError when it is no such page."""
    services = _objects({"contents": page} if isinstance(page, list) else _object(page, "全体"), "contents")
    if not services and not (isinstance(page, Mapping) and any(key in page for key in names.OWN_TABLES.values())):
        raise UnreadableError("サービス（contents）が一つもありません。HSDS 3.0 のファイルを指定してください")
    found: dict[str, list[tuple[int, Cells]]] = {name: [] for name in (schema.WINDOWS, schema.PHONES, schema.HOURS, schema.DISTRICTS)}
    for service in services:
        window = _text(service, "jp_window_id")
        found[schema.WINDOWS].append((_place(service), _window(service)))
        phones = (*_objects(service, "phones"), *_objects(service, "jp_contact_points"))
        found[schema.PHONES] += [(_place(phone), _phone(window, phone)) for phone in phones]
        found[schema.HOURS] += [(_place(one), _hours(window, one)) for one in _objects(service, "schedules")]
        found[schema.DISTRICTS] += [(_place(area), _area(window, area)) for area in _objects(service, "service_areas")]
    tables = {name: _table(name, [cells for _, cells in sorted(rows, key=lambda row: row[0])]) for name, rows in found.items()}
    for name, key in names.OWN_TABLES.items():
        if isinstance(page, Mapping) and key in page:
            tables[name] = _table(name, [{column: _text(row, column) for column in row} for row in _objects(page, key)])
    return tables


def _table(name: str, rows: list[Cells]) -> Table:
    columns = schema.columns_of([name])[name]
    header = list(dict.fromkeys((*columns, *(column for cells in rows for column in cells))))
    return build_table(name, header, enumerate(([cells.get(column, "") for column in header] for cells in rows), start=2), columns)


def _window(service: Object) -> Cells:
    contact, place = _first(service, "contacts"), _member(_first(service, "service_at_locations"), "location")
    return {
        **_named(names.SERVICE, service),
        "別名": _text(service, "jp_aliases") or _text(service, "alternate_name"),
        "年齢下限": _text(service, "minimum_age") or _text(service, "jp_minimum_age"),
        "確認者": _text(service, "assurer_email") or _text(service, "jp_assured_by"),
        "状態": _state(service),
        "事業名": _text(_member(service, "program"), "name"),
        "所管課": _text(contact, "department"),
        **_organization(service),
        **_address(place),
        **{column: _list(service, taxonomy, own) for taxonomy, (column, own, _) in names.TAXONOMIES.items()},
        **_more(service),
        **_welcome(service),
    }


def _welcome(service: Object) -> Cells:
    """Return what others may have written where we have no column; what they took away is gone from the added column too."""
    told = {column: _text(service, prop) for column, prop in names.WELCOME.items()}
    return {column: text for column, text in told.items() if text or column in _more(service)}


def _state(service: Object) -> str:
    """Return our own word for the state as long as it still says what the status says."""
    own, status = _text(service, "jp_state"), _text(service, "status")
    return own if names.STATUS.get(own, status) == status else names.STATE.get(status, status)


def _organization(service: Object) -> Cells:
    organization = _member(service, "organization")
    numbers = (one for one in _objects(organization, "organization_identifiers") if one.get("identifier_type") == names.CORPORATE_TYPE)
    if not service.get("jp_commissioned_by"):
        return {"委託先": "", "委託先_法人番号": _text(service, "jp_contractor_number")}
    return {"委託先": _text(organization, "name"), "委託先_法人番号": _text(next(numbers, {}), "identifier")}


def _address(place: Object) -> Cells:
    address = _first(place, "addresses")
    if not address:
        return _named(names.PLACE, place)
    short, written = _text(address, "address_1"), _text(address, "jp_address")
    return {
        "郵便番号": _text(address, "postal_code"),
        "町字ID": _text(place, "jp_town_id"),
        "所在地": written if written.endswith(short) and written else short,
        "建物": _text(address, "address_2"),
    }


def _list(service: Object, taxonomy: str, own: str) -> str:
    terms = [_member(one, "taxonomy_term") for one in _objects(service, "attributes")]
    return _text(service, own) or ";".join(_text(term, "code") for term in terms if term.get("taxonomy") == taxonomy)


def _phone(window: str, phone: Object) -> Cells:
    kind = _text(phone, "jp_kind") or ("FAX" if phone.get("type") == "fax" else "相談")
    return {**_named(names.PHONE, phone), "窓口ID": window, "種別": kind, **_more(phone)}


def _hours(window: str, schedule: Object) -> Cells:
    opens, closes = (_TIME.sub(r"\1", _text(schedule, prop)) for prop in ("opens_at", "closes_at"))
    return {
        **_named(names.SCHEDULE, schedule),
        "窓口ID": window,
        "曜日": _text(schedule, "jp_weekdays") or names.days_of(_text(schedule, "byday")),
        "開始": opens,
        "終了": _text(schedule, "jp_closes_at") if closes == "00:00" and schedule.get("jp_closes_at") else closes,
        **_more(schedule),
    }


def _area(window: str, area: Object) -> Cells:
    cells = {**_named(names.AREA, area), "窓口ID": window, **_more(area)}
    return cells if cells["地区名"] or cells["町字名"] else {**cells, "地区名": _text(area, "name")}


def _named(columns: Mapping[str, str], found: Object) -> Cells:
    return {column: _text(found, prop) for column, prop in columns.items()}


def _more(found: Object) -> Cells:
    own = found.get(names.MORE, {})
    try:
        own = json.loads(own) if isinstance(own, str) and own else own or {}
    except ValueError as error:
        raise UnreadableError(f"{names.MORE} が「見出し: 値」の形ではありません") from error
    more = _object(own, names.MORE)
    return {column: _text(more, column) for column in more}


def _place(found: Object) -> int:
    text = _text(found, names.ORDER)
    return int(text) if _NUMBER.fullmatch(text) else _LAST


def _text(found: Object, prop: str) -> str:
    value = found.get(prop)
    if value is None:
        return ""
    if isinstance(value, list | Mapping):
        raise UnreadableError(f"{prop} が文字でも数でもありません")
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _objects(found: Object, prop: str) -> list[Object]:
    value = found.get(prop) or []
    if not isinstance(value, list):
        raise UnreadableError(f"{prop} が並び（[ ]）ではありません")
    return [_object(one, prop) for one in value]


def _first(found: Object, prop: str) -> Object:
    return next(iter(_objects(found, prop)), {})


def _member(found: Object, prop: str) -> Object:
    return _object(found.get(prop) or {}, prop)


def _object(value: Any, prop: str) -> Object:
    if not isinstance(value, Mapping):
        raise UnreadableError(f"{prop} が HSDS の形（{{ }}）ではありません")
    return value
