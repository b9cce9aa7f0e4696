"""The rules that staff can read: which concern goes to which kind of window, and how a window's kind is told from its row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from nlp.reading import Concern
from routing.findings import DirectoryError, Finding, Level
from routing.members import GROUPS, PATTERNS, STANDINGS
from routing.referral import Kind

_Rule = TypeVar("_Rule")
DATA = Path(__file__).resolve().parent / "data"
FORM_ITEMS = (
    "病気や健康、障害のこと",
    "住まいについて",
    "収入・生活費のこと",
    "家賃やローンの支払いのこと",
    "税金や公共料金等の支払いについて",
    "債務について",
    "仕事探し、就職について",
    "仕事上の不安やトラブル",
    "地域との関係について",
    "家族との関係について",
    "子育てのこと",
    "介護のこと",
    "ひきこもり・不登校",
    "DV・虐待",
    "食べるものがない",
    "その他",
)
FIELDS = ("高齢", "障がい", "子ども", "困窮", "他")


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """What holds instead of the common rule where the person stands as its key in ``when`` says."""

    kinds: tuple[Kind, ...]
    weight: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernRule:
    """Where one concern goes. ``kinds`` is in order of preference; its first is the kind of the need."""

    label: str
    item: str
    field: str
    kinds: tuple[Kind, ...]
    also: tuple[Kind, ...] = ()
    also_with: Mapping[Concern, tuple[Kind, ...]]
    by_person: Mapping[str, tuple[Kind, ...]]
    also_person: Mapping[str, tuple[Kind, ...]]
    also_household: Mapping[str, tuple[Kind, ...]]
    """Kinds that are involved because somebody of that group lives in the household."""
    when: Mapping[str, Variant]
    """By one of ``STANDINGS``."""
    keep_kind: bool = False
    first: bool = False
    weight_person: Mapping[str, float]
    """What counts instead of ``weight`` for a person of that group."""
    weight: float = 1
    """How much the concern counts when the main window is chosen among several needs."""
    light: bool = False
    """True for what mostly comes along with other needs: it decides the main window only where nothing else does."""
    source: str = ""
    """Where the rule stands: ``concerns.yaml:care``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternRule:
    """Kinds that an overlap in the household involves, and why."""

    kinds: tuple[Kind, ...]
    why: str
    leads: Kind | None = None
    """The kind of window that goes before the one of ``over`` in such a household."""
    over: Kind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRule:
    """How to tell the kind of a window from the words of its row."""

    kind: Kind
    any: str = ""
    field: str = ""
    central: bool = False
    by_area: bool = False
    strict: bool = False

    def fits(self, words: str, fields: tuple[str, ...]) -> bool:
        """Whether the row with these ``words`` (names and programme) and ``fields`` is of this kind."""
        return self.any in words if self.any else self.field in fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All tables, and the national line that stands in for a kind that a directory does not hold."""

    concerns: Mapping[Concern, ConcernRule]
    patterns: Mapping[str, PatternRule]
    kinds: tuple[KindRule, ...]
    lines: Mapping[Kind, str]
    labels: Mapping[Kind, str]
    stands_for: Mapping[Kind, Concern]
    """The difficulty that stands for a kind to which a story leans although none was read that needs it."""


@cache
def load_rules(data: Path = DATA) -> Rules:
    """Read and check ``concerns.yaml``, ``patterns.yaml`` and ``kinds.yaml``; raises DirectoryError naming file and key."""
    concerns, patterns, kinds = (_read(data / name) for name in ("concerns.yaml", "patterns.yaml", "kinds.yaml"))
    _same_keys("concerns.yaml", set(Concern), concerns)
    _same_keys("patterns.yaml", set(PATTERNS), patterns)
    try:
        return Rules(
            concerns={Concern(key): _keyed("concerns.yaml", key, _concern_rule, raw) for key, raw in concerns.items()},
            patterns={key: _keyed("patterns.yaml", key, _pattern_rule, raw) for key, raw in patterns.items()},
            kinds=tuple(_keyed("kinds.yaml", f"rules[{place}]", _kind_rule, raw) for place, raw in enumerate(kinds["rules"], 1)),
            lines={Kind(kind): str(key) for kind, key in kinds["lines"].items()},
            labels={kind: str(kinds["labels"][kind]) for kind in Kind},
            stands_for={Kind(kind): Concern(concern) for kind, concern in kinds["stands_for"].items()},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DirectoryError(str(data.name), [_finding("kinds.yaml", str(error))]) from error


def kind_rule(words: str, fields: tuple[str, ...]) -> KindRule:
    """Return the first rule that fits a window; a window that none fits belongs to the city's desk."""
    return next((rule for rule in load_rules().kinds if rule.fits(words, fields)), KindRule(kind=Kind.CITY_DESK, strict=True))


def _keyed(file: str, key: str, make: Callable[[str, dict[str, Any]], _Rule], raw: dict[str, Any]) -> _Rule:
    try:
        return make(key, raw)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DirectoryError(file, [_finding(file, f"{key}: {error}", key)]) from error


def _concern_rule(key: str, raw: dict[str, Any]) -> ConcernRule:
    unknown = set(raw) - {field.name for field in fields(ConcernRule)} | {"source"} & set(raw)
    by_group = ("by_person", "also_person", "also_household", "weight_person")
    groups = {group for name in by_group for group in raw.get(name, {})} - set(GROUPS)
    groups |= set(raw.get("when", {})) - set(STANDINGS)
    if unknown or groups or raw["item"] not in FORM_ITEMS or raw["field"] not in FIELDS or not raw["kinds"]:
        raise ValueError(f"{raw}: 知らない項目・分野・列・人があるか、kinds が空です")
    return ConcernRule(
        label=raw["label"],
        item=raw["item"],
        field=raw["field"],
        kinds=_kinds(raw["kinds"]),
        also=_kinds(raw.get("also", [])),
        also_with={Concern(other): _kinds(kinds) for other, kinds in raw.get("also_with", {}).items()},
        by_person={group: _kinds(kinds) for group, kinds in raw.get("by_person", {}).items()},
        also_person={group: _kinds(kinds) for group, kinds in raw.get("also_person", {}).items()},
        also_household={group: _kinds(kinds) for group, kinds in raw.get("also_household", {}).items()},
        when={standing: _variant(found) for standing, found in raw.get("when", {}).items()},
        keep_kind=bool(raw.get("keep_kind", False)),
        first=bool(raw.get("first", False)),
        weight_person={group: float(weight) for group, weight in raw.get("weight_person", {}).items()},
        weight=float(raw.get("weight", 1)),
        light=bool(raw.get("light", False)),
        source=f"concerns.yaml:{key}",
    )


def _variant(raw: dict[str, Any]) -> Variant:
    if not {"kinds"} <= set(raw) <= {"kinds", "weight"} or not raw["kinds"]:
        raise ValueError("when の段には kinds と、要るときだけ weight を書きます")
    return Variant(kinds=_kinds(raw["kinds"]), weight=float(raw["weight"]) if "weight" in raw else None)


def _pattern_rule(key: str, raw: dict[str, Any]) -> PatternRule:
    if not {"kinds", "why"} <= set(raw) <= {"kinds", "why", "leads", "over"} or ("leads" in raw) != ("over" in raw):
        raise ValueError(f"「{key}」には kinds と why と、要るときだけ leads と over を書きます")
    leads, over = (Kind(raw[name]) if name in raw else None for name in ("leads", "over"))
    return PatternRule(kinds=_kinds(raw["kinds"]), why=str(raw["why"]), leads=leads, over=over)


def _kind_rule(_key: str, raw: dict[str, Any]) -> KindRule:
    return KindRule(**{**raw, "kind": Kind(raw["kind"])})


def _kinds(names: list[str]) -> tuple[Kind, ...]:
    return tuple(Kind(name) for name in names)


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise DirectoryError(path.name, [_finding(path.name, f"読めません: {error}")]) from error
    if not isinstance(content, dict):
        raise DirectoryError(path.name, [_finding(path.name, "中身がありません")])
    return content


def _same_keys(file: str, expected: set[Any], found: dict[str, Any]) -> None:
    missing, unknown = expected - set(found), set(found) - expected
    if missing or unknown:
        text = f"足りないタグ: {'・'.join(sorted(missing)) or 'なし'}／知らないタグ: {'・'.join(sorted(map(str, unknown))) or 'なし'}"
        raise DirectoryError(file, [_finding(file, text)])


def _finding(file: str, text: str, key: str = "") -> Finding:
    return Finding(level=Level.ERROR, file=file, row=0, column=key, text=text)
