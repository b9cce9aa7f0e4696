"""The rules that staff can read: which concern goes to which kind of window, and how a window's kind is told from its row."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from nlp.reading import Concern
from routing.findings import DirectoryError, Finding, Level
from routing.referral import Kind

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
class ConcernRule:
    """Where one concern goes. ``kinds`` is in order of preference; its first is the kind of the need."""

    label: str
    item: str
    field: str
    kinds: tuple[Kind, ...]
    also: tuple[Kind, ...] = ()
    also_with: Mapping[Concern, tuple[Kind, ...]]
    by_person: Mapping[str, tuple[Kind, ...]]
    keep_kind: bool = False
    first: bool = False


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
    """Both tables, and the national line that stands in for a kind that a directory does not hold."""

    concerns: Mapping[Concern, ConcernRule]
    kinds: tuple[KindRule, ...]
    lines: Mapping[Kind, str]
    labels: Mapping[Kind, str]


@cache
def load_rules(data: Path = DATA) -> Rules:
    """Read and check ``concerns.yaml`` and ``kinds.yaml``; raises DirectoryError naming file and key."""
    concerns = _read(data / "concerns.yaml")
    _same_keys(data / "concerns.yaml", concerns)
    kinds = _read(data / "kinds.yaml")
    try:
        return Rules(
            concerns={Concern(key): _concern_rule(raw) for key, raw in concerns.items()},
            kinds=tuple(KindRule(**{**raw, "kind": Kind(raw["kind"])}) for raw in kinds["rules"]),
            lines={Kind(kind): str(key) for kind, key in kinds["lines"].items()},
            labels={kind: str(kinds["labels"][kind]) for kind in Kind},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DirectoryError(str(data.name), [_finding("concerns.yaml・kinds.yaml", str(error))]) from error


def kind_rule(words: str, fields: tuple[str, ...]) -> KindRule:
    """Return the first rule that fits a window; a window that none fits belongs to the city's desk."""
    return next((rule for rule in load_rules().kinds if rule.fits(words, fields)), KindRule(kind=Kind.CITY_DESK, strict=True))


def _concern_rule(raw: dict[str, Any]) -> ConcernRule:
    unknown = set(raw) - {"label", "item", "field", "kinds", "also", "also_with", "by_person", "keep_kind", "first"}
    if unknown or raw["item"] not in FORM_ITEMS or raw["field"] not in FIELDS or not raw["kinds"]:
        raise ValueError(f"{raw}: 知らない項目・分野・列があるか、kinds が空です")
    return ConcernRule(
        label=raw["label"],
        item=raw["item"],
        field=raw["field"],
        kinds=_kinds(raw["kinds"]),
        also=_kinds(raw.get("also", [])),
        also_with={Concern(key): _kinds(kinds) for key, kinds in raw.get("also_with", {}).items()},
        by_person={str(person): _kinds(kinds) for person, kinds in raw.get("by_person", {}).items()},
        keep_kind=bool(raw.get("keep_kind", False)),
        first=bool(raw.get("first", False)),
    )


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


def _same_keys(path: Path, concerns: dict[str, Any]) -> None:
    missing, unknown = set(Concern) - set(concerns), set(concerns) - set(Concern)
    if missing or unknown:
        text = f"足りないタグ: {'・'.join(sorted(missing)) or 'なし'}／知らないタグ: {'・'.join(sorted(unknown)) or 'なし'}"
        raise DirectoryError(path.name, [_finding(path.name, text)])


def _finding(file: str, text: str) -> Finding:
    return Finding(level=Level.ERROR, file=file, row=0, column="", text=text)
