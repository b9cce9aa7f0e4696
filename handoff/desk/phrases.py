"""Sentences for staff: the question of consent, templates of first answers and endings, and procedures. Data, approved by name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from handoff.desk.record_models import TemplateUse
from intake.base.errors import StartupError

VARIABLES = ("窓口", "名乗り", "返信の時刻", "受付時間")
_VARIABLE = re.compile(r"\{([^{}]*)\}")
_FILE = Path(__file__).resolve().parent / "data" / "phrases.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A sentence with variables, and when it is used."""

    key: str
    use: TemplateUse
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """What to do, step by step, beside the talk."""

    title: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """All of them."""

    approved_by: str
    approved_on: date
    consent_lead: str
    consent_title: str
    consent_what: str
    consent_kept: str
    consent_yes: str
    consent_no: str
    consent_alt: str
    templates: tuple[Template, ...]
    procedures: Mapping[str, Procedure]


@cache
def load_phrases(path: Path = _FILE) -> Phrases:
    """Load and check the file; a wrong one stops the start and says where it is wrong."""
    try:
        return _phrases(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (KeyError, TypeError, ValueError) as error:
        raise StartupError(f"{path.name}: {error} が正しくありません") from error


def _phrases(raw: Mapping[str, Any]) -> Phrases:
    approved, consent = raw["approved"], raw["consent"]
    templates = tuple(
        Template(key=key, use=TemplateUse(value["use"]), title=value["title"], text=checked(value["text"]))
        for key, value in raw["templates"].items()
    )
    if not approved["by"] or not isinstance(approved["date"], date):
        message = "approved"
        raise ValueError(message)
    return Phrases(
        approved_by=approved["by"],
        approved_on=approved["date"],
        templates=templates,
        procedures={key: Procedure(title=one["title"], steps=tuple(one["steps"])) for key, one in raw["procedures"].items()},
        **{f"consent_{name}": consent[name] for name in ("lead", "title", "what", "kept", "yes", "no", "alt")},
    )


def checked(text: str) -> str:
    """Return a template's text; refuse a variable that nobody fills."""
    filled(text, dict.fromkeys(VARIABLES, ""))
    return text


def filled(text: str, values: Mapping[str, str]) -> str:
    """Put values into a template. An unknown variable is a mistake, and is named."""
    unknown = sorted(set(_VARIABLE.findall(text)) - set(values))
    if unknown:
        message = f"使えない変数「{unknown[0]}」（使えるのは {'・'.join(VARIABLES)}）"
        raise ValueError(message)
    return _VARIABLE.sub(lambda found: values[found[1]], text)
