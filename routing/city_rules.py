"""A municipality's own rules, 規則.csv: read and judged when the directory is loaded, and those in force on one day."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from nlp.reading import Concern
from routing import schema
from routing.city import City, CityRule, DeskWindow
from routing.findings import DirectoryError, Finding, Level
from routing.referral import Kind
from routing.rules import load_rules
from routing.runs import runs
from routing.table import Row, Table, read_table
from routing.values import choice_problem, date_problem, parse_date

FILE = schema.RULES
COLUMNS = schema.OPTIONAL[FILE]
GROUP_WORDS = {"": "", "子ども": "child", "高齢者": "elder", "大人": "adult", "本人": "self"}
"""How a rule names the persons for whom it holds; empty is everybody."""


def read_city_rules(path: Path, windows: Iterable[str]) -> tuple[CityRule, ...]:
    """Read the rules at ``path``; a municipality without the file has none.

    Raises DirectoryError with file, row and column when a rule names a window that does not exist or a word that is not known.
    """
    known = frozenset(windows)
    errors = rule_findings(path, known)
    if errors:
        raise DirectoryError(path.parent.name, errors)
    return tuple(_rule(row, known) for row in read_table(path, COLUMNS).rows) if path.is_file() else ()


def rule_findings(path: Path, windows: Iterable[str]) -> list[Finding]:
    """Everything that is wrong with the rules at ``path``; nothing where there is no such file."""
    return table_findings(read_table(path, COLUMNS), windows) if path.is_file() else []


def table_findings(table: Table, windows: Iterable[str]) -> list[Finding]:
    """Everything that is wrong with rules that are already read."""
    known = frozenset(windows)
    errors = [finding for finding in table.findings if finding.level is Level.ERROR]
    return errors or [finding for row in table.rows for finding in _wrong(row, known)]


def rules_on(city: City, day: date) -> tuple[CityRule, ...]:
    """Return the municipality's rules in force on ``day``, those for one group of persons before those for everybody."""
    return tuple(sorted((rule for rule in city.rules if _holds(rule, day)), key=lambda rule: rule.group == ""))


def inactive_rules(city: City, day: date) -> Iterator[tuple[CityRule, tuple[str, ...]]]:
    """Rules in force none of whose windows runs on ``day``, with these windows: their needs go to the city's desk meanwhile."""
    for rule in rules_on(city, day):
        if rule.windows and not any(is_running(city.windows, window, day) for window in rule.windows):
            yield rule, rule.windows


def is_running(windows: Mapping[str, DeskWindow], identifier: str, day: date) -> bool:
    """Whether the window is in the directory and may be offered on ``day``."""
    return identifier in windows and runs(windows[identifier], day)


def _holds(rule: CityRule, day: date) -> bool:
    return (rule.valid_from is None or rule.valid_from <= day) and (rule.valid_to is None or day <= rule.valid_to)


def _wrong(row: Row, windows: frozenset[str]) -> Iterator[Finding]:
    kinds = kinds_by_label()
    for column in ("つなぐ先", "合わせて示す"):
        for word in _words(row[column]):
            if word not in windows and word not in kinds:
                yield _error(row, column, f"「{word}」という窓口IDは窓口.csvになく、種別の名前（{'・'.join(kinds)}）でもありません")
    targets = _words(row["つなぐ先"])
    if not targets or len({word in windows for word in targets}) > 1:
        yield _error(row, "つなぐ先", "窓口IDか種別の名前の、どちらか一方を書いてください")
    for column, problem in (
        ("相談内容タグ", choice_problem(row["相談内容タグ"], frozenset(Concern))),
        ("相手", choice_problem(row["相手"], frozenset(GROUP_WORDS))),
        ("出典", "" if row["出典"] else "空です。だれが決めたかを書いてください"),
        *((column, date_problem(row[column])) for column in ("有効開始日", "有効終了日") if row[column]),
    ):
        if problem:
            yield _error(row, column, problem)


def _rule(row: Row, windows: frozenset[str]) -> CityRule:
    kinds = kinds_by_label()
    targets, beside = _words(row["つなぐ先"]), _words(row["合わせて示す"])
    return CityRule(
        row=row.number,
        concern=Concern(row["相談内容タグ"]),
        group=GROUP_WORDS[row["相手"]],
        windows=tuple(word for word in targets if word in windows),
        kinds=tuple(kinds[word] for word in targets if word not in windows),
        also_windows=tuple(word for word in beside if word in windows),
        also_kinds=tuple(kinds[word] for word in beside if word not in windows),
        why=row["理由"],
        valid_from=parse_date(row["有効開始日"]),
        valid_to=parse_date(row["有効終了日"]),
    )


def kinds_by_label() -> dict[str, Kind]:
    """Return the kinds that a rule may name, by the words for them."""
    hidden = {Kind.COORDINATOR, Kind.EMERGENCY}
    return {label: kind for kind, label in load_rules().labels.items() if kind not in hidden}


def _words(cell: str) -> list[str]:
    return [word for word in cell.split(";") if word]


def _error(row: Row, column: str, text: str) -> Finding:
    return Finding(level=Level.ERROR, file=FILE, row=row.number, column=column, text=text)
