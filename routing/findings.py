"""What is wrong with a directory file, said so that a clerk finds the cell: file, row, column, what, and how to mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """``エラー`` is wrong on every date and stops the start; ``注意`` became wrong by time or is a gap."""

    ERROR = "エラー"
    WARNING = "注意"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to mend. ``row`` counts as Excel does (the header is 1); 0 means the whole file."""

    level: Level
    file: str
    row: int
    column: str
    text: str

    def __str__(self) -> str:
        """Read as 「窓口.csv 3行 自治体コード: …」."""
        place = [self.file, f"{self.row}行" if self.row else "", self.column]
        return f"{self.level} {' '.join(part for part in place if part)}: {self.text}"


class DirectoryError(Exception):
    """A directory that must not be used. Its text names every error, one per line."""

    def __init__(self, where: str, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(f"{where} {finding}" for finding in self.findings))
