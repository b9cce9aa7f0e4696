"""YAML read with line numbers, so that every complaint names file, line and key."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml


class WordingError(ValueError):
    """The wording is wrong; the message lists every finding with file, line and key."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found wrong, in the order of finding."""

    lines: list[str] = field(default_factory=list)

    def add(self, path: Path, line: int, text: str) -> None:
        """Note one finding."""
        self.lines.append(f"{path.name}:{line}: {text}")


@dataclass(frozen=True, slots=True)
class Place:
    """A node with the file it stands in and the dotted key that leads to it."""

    path: Path
    key: str
    node: yaml.Node
    findings: Findings

    def complain(self, text: str) -> None:
        """Note a finding at this place."""
        self.findings.add(self.path, self.node.start_mark.line + 1, f"{self.key}: {text}")

    def entries(self) -> Iterator[tuple[str, "Place"]]:
        """Yield the entries of a mapping; anything else, and a key that stands twice, is a finding."""
        if not isinstance(self.node, yaml.MappingNode):
            self.complain("a mapping is expected here")
            return
        seen: set[str] = set()
        for name_node, value in self.node.value:
            name = str(name_node.value)
            place = Place(self.path, f"{self.key}.{name}".lstrip("."), value, self.findings)
            if name in seen:
                self.findings.add(self.path, name_node.start_mark.line + 1, f"{place.key}: stands twice")
                continue
            seen.add(name)
            yield name, place

    def fields(self, required: frozenset[str], optional: frozenset[str] = frozenset()) -> dict[str, "Place"]:
        """Return the entries by name; unknown and missing names are findings."""
        found = dict(self.entries())
        for name in found.keys() - required - optional:
            found.pop(name).complain("this key is not known here")
        for name in sorted(required - found.keys()):
            self.complain(f"{name} is missing")
        return found

    def text(self) -> str:
        """Return a scalar that is not empty."""
        if isinstance(self.node, yaml.ScalarNode) and str(self.node.value).strip():
            return str(self.node.value)
        self.complain("a text is expected here")
        return ""

    def texts(self) -> tuple["Place", ...]:
        """Return the places of a list that is not empty."""
        if isinstance(self.node, yaml.SequenceNode) and self.node.value:
            return tuple(Place(self.path, self.key, node, self.findings) for node in self.node.value)
        self.complain("a list of texts is expected here")
        return ()


def open_file(path: Path, findings: Findings) -> Place | None:
    """Read a YAML file to its root; an unreadable or empty file is a finding."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        findings.add(path, mark.line + 1 if mark else 1, f"cannot be read: {type(error).__name__}")
        return None
    if root is None:
        findings.add(path, 1, "the file is empty")
        return None
    return Place(path, "", root, findings)
