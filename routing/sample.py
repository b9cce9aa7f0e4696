"""The 見本 overlay of the demo: invented numbers and hours over the real names of one city. Never loaded outside the demo."""

from dataclasses import replace
from pathlib import Path

from routing import schema
from routing.city import City, DeskWindow, Opening, Phone
from routing.findings import DirectoryError, Finding
from routing.rows import read_districts, read_openings, read_phones
from routing.rules import DATA
from routing.table import Row, Table, read_table
from routing.values import parse_date

_COLUMNS = {
    schema.WINDOWS: ("窓口ID", "公開", "確認日", "確認者", "備考"),
    schema.PHONES: schema.COLUMNS[schema.PHONES],
    schema.HOURS: schema.COLUMNS[schema.HOURS],
    schema.DISTRICTS: schema.COLUMNS[schema.DISTRICTS],
    schema.MUNICIPALITY: schema.COLUMNS[schema.MUNICIPALITY],
}


def lay_sample(city: City) -> City:
    """Return the city with the overlay on its windows, each marked ``sample``; a city without an overlay is returned as it is."""
    folder = DATA / "sample" / city.key
    if not folder.is_dir():
        return city
    tables = _read(folder)
    phones, openings = read_phones(tables[schema.PHONES]), read_openings(tables[schema.HOURS])
    districts = read_districts(tables[schema.DISTRICTS])
    windows = dict(city.windows)
    for row in tables[schema.WINDOWS].rows:
        identifier = row["窓口ID"]
        if identifier in windows:
            laid = _lay(windows[identifier], row, phones.get(identifier, ()), openings.get(identifier, ()))
            own = districts.get(identifier)
            windows[identifier] = replace(laid, **own._asdict()) if own else laid
    items = {row["項目"]: row["値"] for row in tables[schema.MUNICIPALITY].rows}
    return replace(city, windows=windows, desk_phone=items.get("市の代表電話", ""), version=f"{city.version}-sample", sample=True)


def _lay(window: DeskWindow, row: Row, phones: tuple[Phone, ...], openings: tuple[Opening, ...]) -> DeskWindow:
    checked_on = parse_date(row["確認日"])
    return replace(window, phones=phones, openings=openings, confirmed=True, sample=True, checked_on=checked_on)


def _read(folder: Path) -> dict[str, Table]:
    tables = {name: read_table(folder / name, columns) for name, columns in _COLUMNS.items()}
    findings: list[Finding] = [finding for table in tables.values() for finding in table.findings]
    if findings:
        raise DirectoryError(f"見本 {folder.name}", findings)
    return tables
