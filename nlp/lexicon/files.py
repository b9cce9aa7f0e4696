"""Loads the lexicon's YAML files. What is wrong stops the start, with file, line and key."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from nlp.lexicon.model import Row

FOLDER = Path(__file__).parent
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class LexiconError(ValueError):
    """A lexicon file cannot be used. The message is ``file:line: key: what is wrong``, one line for each fault."""


def read_file(path: Path) -> list[tuple[Row, int]]:
    """Read the rows of one file with their line numbers. Raises :class:`LexiconError` naming every fault of the file."""
    root, plain = _parse(path)
    if not isinstance(root, yaml.MappingNode) or set(plain) != {"defaults", "rows"} or not isinstance(plain["rows"], list):
        raise LexiconError(f"{path.name}:1: rows: a lexicon file holds `defaults` and a list `rows`, nothing else")
    nodes = next(value for key, value in root.value if key.value == "rows").value
    defaults = plain["defaults"] or {}
    rows: list[tuple[Row, int]] = []
    faults: list[str] = []
    for node, values in zip(nodes, plain["rows"], strict=True):
        line = node.start_mark.line + 1
        try:
            rows.append((Row.model_validate({**defaults, **values}), line))
        except ValidationError as error:
            lines = {key.value: key.start_mark.line + 1 for key, _ in node.value}
            faults += [_fault(path, line, lines, fault) for fault in error.errors()]
        except TypeError:
            faults.append(f"{path.name}:{line}: row: must be a mapping of keys")
    if faults:
        raise LexiconError("\n".join(faults))
    return rows


def _parse(path: Path) -> tuple[yaml.Node | None, Any]:
    try:
        text = path.read_text(encoding="utf-8")
        return yaml.compose(text, Loader=_Loader), yaml.load(text, Loader=_Loader)  # noqa: S506 - _Loader is a safe loader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise LexiconError(f"{path.name}:{line}: yaml: {error.problem}") from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise LexiconError(f"{path.name}:1: yaml: {error}") from error


def _fault(path: Path, line: int, lines: dict[str, int], fault: Any) -> str:
    key = str(fault["loc"][0]) if fault["loc"] else "row"
    return f"{path.name}:{lines.get(key, line)}: {key}: {fault['msg']}"


def read_folder(folder: Path) -> tuple[Row, ...]:
    """All active rows of a folder's ``*.yaml`` files. Raises :class:`LexiconError` when a file or an id is wrong, or nothing is there."""
    rows: list[Row] = []
    seen: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        for row, line in read_file(path):
            if row.id in seen:
                raise LexiconError(f"{path.name}:{line}: id: {row.id} already stands in {seen[row.id]}")
            seen[row.id] = f"{path.name}:{line}"
            if row.status == "active":
                rows.append(row)
    if not rows:
        raise LexiconError(f"{folder.name}:1: rows: no active row was found")
    return tuple(rows)


@cache
def load() -> tuple[Row, ...]:
    """Read the project's own rows, once."""
    return read_folder(FOLDER)
