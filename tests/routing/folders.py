"""A clerk's folder for tests: a copy of a city's tables in which single cells are changed."""

import csv
import shutil
from pathlib import Path

from routing.load import city_folder


def copy_of(key: str, data_dir: Path) -> Path:
    """Copy the project's tables to where a clerk keeps the own ones."""
    folder = data_dir / "directory" / key
    shutil.copytree(city_folder(key), folder)
    return folder


def read(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


def write(path: Path, rows: list[list[str]], encoding: str = "utf-8-sig") -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)


def set_cell(path: Path, row: int, column: str, value: str) -> None:
    """Change the cell in ``row`` (as Excel counts) under ``column``."""
    rows = read(path)
    rows[row - 1][rows[0].index(column)] = value
    write(path, rows)


def add_row(path: Path, **cells: str) -> None:
    rows = read(path)
    rows.append([cells.get(column, "") for column in rows[0]])
    write(path, rows)
