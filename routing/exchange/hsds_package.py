"""HSDS 3.0 as a tabular data package: one CSV per object, and datapackage.json that says what is in them."""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from routing import schema
from routing.exchange import hsds_names as names
from routing.exchange.csv_files import csv_bytes
from routing.exchange.hsds_json import load_json
from routing.exchange.hsds_read import from_page
from routing.exchange.hsds_write import to_page
from routing.exchange.unreadable import UnreadableError
from routing.table import Table, unguard

DESCRIPTOR = "datapackage.json"
Objects = dict[str, dict[str, dict[str, Any]]]
_NUMBERS = frozenset({"minimum_age", names.ORDER})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    """Where one kind of object hangs on another. The column ``key`` stands with the child when there may be many."""

    prop: str
    child: str
    key: str
    many: bool = True


_FILES = {
    "service": "services.csv",
    "organization": "organizations.csv",
    "organization_identifier": "organization_identifiers.csv",
    "program": "programs.csv",
    "phone": "phones.csv",
    "schedule": "schedules.csv",
    "service_area": "service_areas.csv",
    "contact": "contacts.csv",
    "service_at_location": "service_at_location.csv",
    "location": "locations.csv",
    "address": "addresses.csv",
    "attribute": "attributes.csv",
    "taxonomy_term": "taxonomy_terms.csv",
    "taxonomy": "taxonomies.csv",
    "jp_contact_point": "jp_contact_points.csv",
}
_LINKS: dict[str, tuple[_Link, ...]] = {
    "service": (
        _Link(prop="organization", child="organization", key="organization_id", many=False),
        _Link(prop="program", child="program", key="program_id", many=False),
        _Link(prop="phones", child="phone", key="service_id"),
        _Link(prop="jp_contact_points", child="jp_contact_point", key="service_id"),
        _Link(prop="schedules", child="schedule", key="service_id"),
        _Link(prop="service_areas", child="service_area", key="service_id"),
        _Link(prop="contacts", child="contact", key="service_id"),
        _Link(prop="service_at_locations", child="service_at_location", key="service_id"),
        _Link(prop="attributes", child="attribute", key="link_id"),
    ),
    "organization": (_Link(prop="organization_identifiers", child="organization_identifier", key="organization_id"),),
    "service_at_location": (_Link(prop="location", child="location", key="location_id", many=False),),
    "location": (_Link(prop="addresses", child="address", key="location_id"),),
    "attribute": (_Link(prop="taxonomy_term", child="taxonomy_term", key="taxonomy_term_id", many=False),),
    "taxonomy_term": (_Link(prop="taxonomy_detail", child="taxonomy", key="taxonomy_id", many=False),),
}


def to_package(tables: Mapping[str, Table]) -> dict[str, bytes]:
    """Return the files of the package by name."""
    page = to_page(tables)
    flat: Objects = {kind: {} for kind in _FILES}
    for service in page["contents"]:
        _lay_flat(flat, "service", service)
    files: dict[str, bytes] = {}
    resources: list[dict[str, Any]] = []
    for kind, objects in flat.items():
        header = list(dict.fromkeys(("id", *(prop for found in objects.values() for prop in found))))
        files[_FILES[kind]] = csv_bytes(header, [[_cell(found.get(prop, "")) for prop in header] for found in objects.values()])
        resources.append(_resource(kind, _FILES[kind], header))
    for table, key in names.OWN_TABLES.items():
        if table not in tables:
            continue
        header = list(tables[table].columns or schema.columns_of([table])[table])
        files[f"{key}.csv"] = csv_bytes(header, [[row[column] for column in header] for row in page[key]])
        resources.append(_resource(key, f"{key}.csv", header))
    files[DESCRIPTOR] = _descriptor(resources)
    return files


def from_package(files: Mapping[str, bytes]) -> dict[str, Table]:
    """Read such a package. Raises UnreadableError naming the file that is missing or broken."""
    descriptor = load_json(files.get(DESCRIPTOR, b""))
    if not isinstance(descriptor, Mapping) or not isinstance(descriptor.get("resources"), list):
        raise UnreadableError(f"{DESCRIPTOR} がデータパッケージの形ではありません")
    if _FILES["service"] not in files:
        raise UnreadableError(f"{_FILES['service']} がありません")
    rows = {kind: _rows(file, files[file]) for kind, file in _FILES.items() if file in files}
    page: dict[str, Any] = {"contents": _Tree(rows).objects("service")}
    for key in names.OWN_TABLES.values():
        if f"{key}.csv" in files:
            page[key] = _rows(f"{key}.csv", files[f"{key}.csv"], keep_empty=True)
    return from_page(page)


def _lay_flat(flat: Objects, kind: str, found: Mapping[str, Any], **keys: str) -> None:
    """Put an object into its file once, and everything that hangs on it into theirs."""
    own = dict(found) | keys
    for link in _LINKS.get(kind, ()):
        children = own.pop(link.prop, None)
        if link.many:
            for child in children or ():
                _lay_flat(flat, link.child, child, **{link.key: found["id"]})
        elif children:
            own[link.key] = children["id"]
            _lay_flat(flat, link.child, children)
    flat[kind].setdefault(found["id"], own)


class _Tree:
    """Puts the rows of a package back under the objects to which they belong."""

    def __init__(self, rows: Mapping[str, list[dict[str, str]]]) -> None:
        self._rows = rows
        self._by_key: dict[tuple[str, str], dict[str, list[dict[str, str]]]] = {}

    def objects(self, kind: str) -> list[dict[str, Any]]:
        """Return all objects of a kind, each with what hangs on it."""
        return [self._whole(kind, row) for row in self._rows.get(kind, [])]

    def _whole(self, kind: str, row: Mapping[str, str]) -> dict[str, Any]:
        found: dict[str, Any] = dict(row)
        for link in _LINKS.get(kind, ()):
            key, value = (link.key, row.get("id", "")) if link.many else ("id", row.get(link.key, ""))
            children = [self._whole(link.child, child) for child in self._find(link.child, key, value)]
            if children:
                found[link.prop] = children if link.many else children[0]
        return found

    def _find(self, kind: str, key: str, value: str) -> list[dict[str, str]]:
        if (kind, key) not in self._by_key:
            index: dict[str, list[dict[str, str]]] = defaultdict(list)
            for row in self._rows.get(kind, []):
                index[row.get(key, "")].append(row)
            self._by_key[kind, key] = index
        return self._by_key[kind, key].get(value, []) if value else []


def _rows(name: str, raw: bytes, *, keep_empty: bool = False) -> list[dict[str, str]]:
    try:
        records = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableError(f"{name} を UTF-8 の CSV として読めません") from error
    header = [unguard(cell) for cell in records[0]] if records else []
    wrong = [number for number, record in enumerate(records, start=1) if record and len(record) != len(header)]
    if wrong:
        raise UnreadableError(f"{name} {wrong[0]}行 の列の数が、見出しと合いません")
    return [dict(_cells(header, record, keep_empty=keep_empty)) for record in records[1:] if record]


def _cells(header: list[str], record: list[str], *, keep_empty: bool) -> Iterator[tuple[str, str]]:
    return ((column, unguard(cell)) for column, cell in zip(header, record, strict=True) if cell or keep_empty)


def _cell(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def _resource(name: str, path: str, header: list[str]) -> dict[str, Any]:
    fields = [{"name": column, "type": "number" if column in _NUMBERS else "string"} for column in header]
    shape = {"profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
    keys = {"primaryKey": "id"} if "id" in header else {}
    return {"name": name, "path": path, **shape, "schema": {"fields": fields, **keys}}


def _descriptor(resources: list[dict[str, Any]]) -> bytes:
    about = {
        "profile": "tabular-data-package",
        "name": "tsunagi-directory",
        "title": "窓口一覧",
        "description": f"Open Referral HSDS {names.VERSION}。jp_ で始まる列と表は独自の拡張です。= + - @ で始まる値には ' を付けています。",
        "resources": resources,
    }
    return (json.dumps(about, ensure_ascii=False, indent=2) + "\n").encode()
