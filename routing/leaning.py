"""To which kind of window a story leans as a whole: by its difficulties, people and dangers together. Figures: ``data/leanings.yaml``."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from nlp.reading import Concern, RiskKind
from routing.findings import DirectoryError, Finding, Level
from routing.people import PERSONS
from routing.referral import Kind, Need, Profile, Stage

DATA = Path(__file__).resolve().parent / "data"
FILE = "leanings.yaml"
ALWAYS, PEOPLE = "always", "people"
SIGNS = (
    ALWAYS,
    PEOPLE,
    *(f"concern.{concern}" for concern in Concern),
    *(f"person.{person}" for person in PERSONS if person),
    *(f"stage.{stage}" for stage in Stage),
    *(f"risk.{kind}" for kind in RiskKind),
)
_MOST_PEOPLE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Leanings:
    """How much each of ``SIGNS`` speaks for each kind of window, or against it, in the weights of ``concerns.yaml``."""

    figures: Mapping[str, Mapping[Kind, float]]

    def towards(self, signs: Mapping[str, float]) -> Mapping[Kind, float]:
        """Return how much ``signs`` together speak for each kind."""
        found: defaultdict[Kind, float] = defaultdict(float)
        for sign, strength in signs.items():
            for kind, figure in self.figures.get(sign, {}).items():
                found[kind] += strength * figure
        return found


def signs_of(needs: Iterable[Need], profile: Profile) -> Mapping[str, float]:
    """Return which of ``SIGNS`` a story shows: a difficulty as sure as it was read, everything else as there or not."""
    signs = {ALWAYS: 1.0, PEOPLE: min(len(profile.household), _MOST_PEOPLE) / 2}
    for need in needs:
        sign = f"concern.{need.concern}"
        signs[sign] = max(signs.get(sign, 0.0), need.likely)
    for member in profile.household:
        signs[f"person.{member.person}"] = 1.0
        if member.stage is not None:
            signs[f"stage.{member.stage}"] = 1.0
    return signs | {f"risk.{kind}": 1.0 for kind in profile.risk_kinds}


def is_told(needs: Sequence[Need]) -> bool:
    """Whether any of the needs was read in a story. Where all were noted or chosen, they were put in order by who did so."""
    return any(need.likely < 1 for need in needs)


@cache
def load_leanings(data: Path = DATA) -> Leanings:
    """Read and check ``leanings.yaml``; raises DirectoryError naming the file and what is wrong."""
    try:
        return _leanings(yaml.safe_load((data / FILE).read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError) as error:
        finding = Finding(level=Level.ERROR, file=FILE, row=0, column="", text=f"読めません: {error}")
        raise DirectoryError(FILE, [finding]) from error


def _leanings(raw: dict[str, Any]) -> Leanings:
    unknown = set(raw) - set(SIGNS)
    if unknown:
        raise ValueError(f"しるし「{min(unknown)}」はありません")
    return Leanings(figures={sign: {Kind(kind): float(figure) for kind, figure in row.items()} for sign, row in raw.items()})
