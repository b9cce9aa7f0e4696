"""Loads the lexicon's YAML files. What is wrong stops the start, with file, line and key."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from nlp.lexicon.model import Row

FOLDER = Path(__file__).parent
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAY_BE_EMPTY = frozenset(["defaults", "rows"])


class LexiconError(ValueError):
    """A lexicon file cannot be used. The message is ``file:line: key: what is wrong``, one line for each fault."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A row with the place where it stands, so that a problem can be shown there."""

    row: Row
    path: Path
    line: int
    keys: Mapping[str, int]

    def at(self, key: str) -> str:
        """Name the place of a key of this row as ``file:line: key``; of a key from the defaults, the first line of the row."""
        return f"{self.path.name}:{self.keys.get(key, self.line)}: {key}"


def read_file(path: Path) -> list[Placed]:
    """Read the rows of one file with their places. Raises :class:`LexiconError` naming every fault of the file."""
    root, plain = _parse(path)
    if not isinstance(root, yaml.MappingNode) or set(plain) != _MAY_BE_EMPTY or not isinstance(plain["rows"], list):
        raise LexiconError(f"{path.name}:1: rows: ファイルには `defaults` と、一覧の `rows` だけを書いてください")
    nodes = next(value for key, value in root.value if key.value == "rows").value
    defaults = plain["defaults"] or {}
    rows: list[Placed] = []
    faults: list[str] = []
    for node, values in zip(nodes, plain["rows"], strict=True):
        line = node.start_mark.line + 1
        if not isinstance(values, dict):
            faults.append(f"{path.name}:{line}: row: 一つの行は「項目: 値」の集まりで書いてください")
            continue
        keys = {str(key.value): key.start_mark.line + 1 for key, _ in node.value}
        faults += [f"{path.name}:{keys[key]}: {key}: 同じ項目が二度書かれています" for key in _repeated(node)]
        try:
            rows.append(Placed(Row.model_validate({**defaults, **values}), path, line, keys))
        except ValidationError as error:
            faults += [_fault(path, line, keys, fault) for fault in error.errors()]
    if faults:
        raise LexiconError("\n".join(faults))
    return rows


def _repeated(node: yaml.MappingNode) -> list[str]:
    names = [str(key.value) for key, _ in node.value]
    return sorted({name for name in names if names.count(name) > 1})


def _parse(path: Path) -> tuple[yaml.Node | None, Any]:
    """Return the file as nodes, which know their lines, and as plain values; read once for both, since every start reads them all."""
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
        try:
            root = loader.get_single_node()
            return root, None if root is None else loader.construct_document(root)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise LexiconError(f"{path.name}:{line}: yaml: 書き方が読めません（{error.problem}）") from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise LexiconError(f"{path.name}:1: yaml: UTF-8 の YAML として読めません（{error}）") from error


_SAID = {
    "missing": "書かれていません",
    "enum": "{expected} のどれかにしてください",
    "literal_error": "{expected} のどれかにしてください",
    "string_too_long": "一つの言葉や例は {max_length} 文字までにしてください",
    "string_too_short": "空のままにしないでください",
    "too_short": "一つ以上書いてください",
    "string_pattern_mismatch": "英小文字・数字・_ を点でつないで書いてください（例: town.food.market）",
    "string_type": '文字で書いてください（数字や yes・no は " " で囲みます）',
    "tuple_type": "[ ] で囲んだ一覧で書いてください",
    "value_error": "{error}",
}


def _fault(path: Path, line: int, keys: Mapping[str, int], fault: ErrorDetails) -> str:
    key = str(fault["loc"][0]) if fault["loc"] else "row"
    if fault["type"] == "extra_forbidden":
        near = get_close_matches(key, Row.model_fields, n=1)
        said = "知らない項目です" + (f"（「{near[0]}」でしょうか）" if near else "")
    elif fault["type"].startswith("date"):
        said = "2026-04-01 のように書いてください"
    else:
        said = _SAID.get(fault["type"], fault["msg"]).format_map(fault.get("ctx", {}))
    return f"{path.name}:{keys.get(key, line)}: {key}: {said}"


def read_folders(*folders: Path) -> tuple[Placed, ...]:
    """Read the rows of all ``*.yaml`` files, folder by folder. Raises :class:`LexiconError` when a file or an id is wrong."""
    return unique([placed for folder in folders for path in sorted(folder.glob("*.yaml")) for placed in read_file(path)])


def unique(rows: Sequence[Placed]) -> tuple[Placed, ...]:
    """Return the rows as they are. Raises :class:`LexiconError` when two of them have the same id."""
    seen: dict[str, Placed] = {}
    faults = []
    for placed in rows:
        first = seen.setdefault(placed.row.id, placed)
        if first is not placed:
            faults.append(f"{placed.at('id')}: {placed.row.id} は {first.path.name}:{first.line} にもあります。別の名前にしてください")
    if faults:
        raise LexiconError("\n".join(faults))
    return tuple(rows)


def active(rows: Sequence[Placed]) -> Iterator[Row]:
    """Yield the rows that are in use; drafts say nothing."""
    return (placed.row for placed in rows if placed.row.status == "active")


def read_folder(folder: Path) -> tuple[Row, ...]:
    """All active rows of a folder's ``*.yaml`` files. Raises :class:`LexiconError` when a file or an id is wrong, or nothing is there."""
    rows = tuple(active(read_folders(folder)))
    if not rows:
        raise LexiconError(f"{folder.name}:1: rows: 使える行が一つもありません")
    return rows


_added: list[Row] = []


def add_rows(rows: Sequence[Row]) -> None:
    """Let :func:`load` give these rows after the project's own, in place of those added before. What was compiled stays as it was."""
    _added[:] = rows
    load.cache_clear()


def added_rows() -> tuple[Row, ...]:
    """Return the rows that :func:`add_rows` added."""
    return tuple(_added)


@cache
def load() -> tuple[Row, ...]:
    """Read the project's own rows, once, and after them those that were added."""
    return (*read_folder(FOLDER), *_added)
