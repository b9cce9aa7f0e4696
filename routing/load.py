"""Loads a municipality from its folder. A folder with an error is refused as a whole, naming file, row and column."""

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

from nlp.reading import Concern
from routing import schema
from routing.belief import load_beliefs
from routing.check import check_tables, read_folder
from routing.city import City, CrisisLine, DeskWindow, NightMode, Opening, Phone, State
from routing.city_rules import FILE as RULES
from routing.city_rules import read_city_rules
from routing.confirmed import only_confirmed
from routing.findings import DirectoryError, Finding, Level
from routing.leaning import load_leanings
from routing.load_lines import load_lines
from routing.rows import Districts, read_districts, read_openings, read_own_closed_days, read_phones
from routing.rules import DATA, kind_rule, load_rules
from routing.sample import lay_sample
from routing.staff_hours import parse_staff_hours
from routing.table import Row, Table
from routing.values import parse_date

KEYS = ("semboku", "sakata", "nonoichi", "oshu", "aizuwakamatsu")


def load_cities(*, sample: bool = False, data_dir: Path | None = None, today: date | None = None) -> dict[str, City]:
    """All five municipalities by key; ``sample`` lays the 見本 overlay over those that have one."""
    return {key: load_city(key, sample=sample, data_dir=data_dir, today=today) for key in KEYS}


def load_city(
    key: str, *, sample: bool = False, data_dir: Path | None = None, today: date | None = None, confirmed_on: date | None = None
) -> City:
    """Load one municipality, from ``data_dir/directory/KEY`` when a clerk keeps a copy there, else from the project.

    With ``confirmed_on`` only the windows that the city has confirmed by that day are in it. Raises DirectoryError when any
    file is wrong on every date, and KeyError for a key that is not one of ``KEYS``.
    """
    load_beliefs()
    load_leanings()
    folder = city_folder(key, data_dir)
    tables = read_folder(folder)
    errors = [finding for finding in check_tables(tables, today) if finding.level is Level.ERROR]
    if errors:
        raise DirectoryError(key, errors)
    own_rules = _rules_file(key, folder)
    city = _city(key, tables, _version(folder, own_rules))
    city = replace(city, rules=read_city_rules(own_rules, city.windows))
    laid = lay_sample(city) if sample else city
    return only_confirmed(laid, confirmed_on) if confirmed_on else laid


def city_folder(key: str, data_dir: Path | None = None) -> Path:
    """Return the folder that counts for ``key``: the clerk's own where it exists, else the project's."""
    if key not in KEYS:
        raise KeyError(key)
    own = data_dir / "directory" / key if data_dir else None
    return own if own and own.is_dir() else DATA / "municipalities" / key


def _rules_file(key: str, folder: Path) -> Path:
    """Return the clerk's own rules where the clerk keeps any, else the project's."""
    own = folder / RULES
    return own if own.is_file() else DATA / "municipalities" / key / RULES


def _city(key: str, tables: dict[str, Table], version: str) -> City:
    items = {row["項目"]: row["値"] for row in tables[schema.MUNICIPALITY].rows}
    coordinators = tables[schema.COORDINATORS].rows
    return City(
        key=key,
        name=items["自治体名"],
        prefecture=items["都道府県"],
        code=items["自治体コード"],
        version=version,
        desk_name=items["市の代表窓口"],
        desk_phone=items.get("市の代表電話", ""),
        night=NightMode(items["夜間の扱い"]),
        staff_hours=parse_staff_hours(items["職員が読む時間"]),
        answer_within_minutes=int(items["返信の約束"]),
        coordinator=coordinators[0]["役割名"] if coordinators else "",
        windows=_windows(tables, items["自治体名"]),
        lines=_lines(items["都道府県"]),
        closed_days=frozenset(filter(None, (parse_date(row["日付"]) for row in tables[schema.CLOSED_DAYS].rows if not row["窓口ID"]))),
        urgent_contact=items.get("緊急連絡先", ""),
        intake_mode=items["相談の入口"].split(";")[0],
        priorities=frozenset(Concern(word) for word in items.get("重点とする相談", "").split(";") if word),
    )


def _lines(prefecture: str) -> dict[str, CrisisLine]:
    """Return the lines of the prefecture; a rule that points to a line that does not exist stops the start."""
    lines = load_lines(prefecture)
    missing = sorted(set(load_rules().lines.values()) - set(lines))
    if missing:
        text = f"lines の「{'・'.join(missing)}」は crisis-lines.csv にありません"
        raise DirectoryError("kinds.yaml", [Finding(level=Level.ERROR, file="kinds.yaml", row=0, column="lines", text=text)])
    return lines


def _windows(tables: dict[str, Table], municipality: str) -> dict[str, DeskWindow]:
    phones, openings, districts = (
        read_phones(tables[schema.PHONES]),
        read_openings(tables[schema.HOURS]),
        read_districts(tables[schema.DISTRICTS]),
    )
    closed = read_own_closed_days(tables[schema.CLOSED_DAYS])
    return {
        row["窓口ID"]: _window(
            row,
            municipality=municipality,
            phones=phones.get(row["窓口ID"], ()),
            openings=openings.get(row["窓口ID"], ()),
            districts=districts.get(row["窓口ID"], Districts()),
            closed_days=closed.get(row["窓口ID"], frozenset()),
        )
        for row in tables[schema.WINDOWS].rows
    }


def _window(
    row: Row,
    *,
    municipality: str,
    phones: tuple[Phone, ...],
    openings: tuple[Opening, ...],
    districts: Districts,
    closed_days: frozenset[date],
) -> DeskWindow:
    fields = _words(row["分野"])
    rule = kind_rule(" ".join((row["窓口名"], row["別名"], row["事業名"])), fields)
    return DeskWindow(
        id=row["窓口ID"],
        name=row["窓口名"],
        kind=rule.kind,
        fields=fields,
        concerns=frozenset(Concern(tag) for tag in _words(row["相談内容タグ"])),
        state=State(row["状態"]),
        programme=row["事業名"],
        target=row["支援対象者"],
        division=row["所管課"],
        operator=row["委託先"],
        address=" ".join(filter(None, (row["所在地"], f"（{row['建物']}内）" if row["建物"] else ""))),
        accepts=row["受け付ける人"],
        record=row["種類"],
        phones=phones,
        openings=openings,
        municipality=municipality,
        **districts._asdict(),
        by_area=rule.by_area,
        central=rule.central,
        strict=rule.strict,
        aliases=_words(row["別名"]),
        valid_from=parse_date(row["有効開始日"]),
        valid_to=parse_date(row["有効終了日"]),
        confirmed=row["公開"] == "可" and bool(row["確認日"] and row["確認者"]),
        checked_on=parse_date(row["確認日"]),
        closed_days=closed_days,
        source=f"{row['出典']} {row['出典行']}行" if row["出典行"] else row["出典"],
    )


def _words(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, cell.split(";")))


def _version(folder: Path, own_rules: Path) -> str:
    """Return a hash of names and contents; files are taken in order so that it is the same on every machine."""
    digest = hashlib.sha256()
    for path in (*(folder / name for name in sorted(schema.COLUMNS)), *([own_rules] if own_rules.is_file() else [])):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def problems(data_dir: Path | None = None) -> list[str]:
    """Every error of the five directories, the rules and the crisis lines, one line each; empty when all may be used."""
    found: list[str] = []
    for key in KEYS:
        try:
            load_city(key, data_dir=data_dir)
            load_city(key, data_dir=data_dir, sample=True)
        except DirectoryError as error:
            found.append(str(error))
    return list(dict.fromkeys("\n".join(found).splitlines()))
