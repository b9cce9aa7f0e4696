"""What a row of the lexicon is. Unknown keys are an error, so that a slip of the pen cannot silence a rule."""

from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from nlp.reading import Concern, Intent, Risk, RiskKind, Speaker


class CircumstanceKind(StrEnum):
    """Facts that raise the order of work."""

    CHILD_WRITER = "child_writer"
    INFANT = "infant"
    FRAIL_PERSON = "frail_person"
    PREGNANCY_NO_DOCTOR = "pregnancy_no_doctor"
    WINTER_NO_HEAT = "winter_no_heat"
    DEADLINE = "deadline"
    MEDICINE_OUT = "medicine_out"
    NOT_SEEN = "not_seen"
    MISSING_PERSON = "missing_person"
    ALONE_NOW = "alone_now"
    WEAPON = "weapon"


class Cue(StrEnum):
    """Words that decide nothing alone but tell who, when and with what."""

    PARTNER = "partner"
    PARENT = "parent"
    CHILD = "child"
    ELDER = "elder"
    RELATIVE = "relative"
    OUTSIDER = "outsider"
    BULLY = "bully"
    MYSELF = "myself"
    NOW = "now"
    MEANS = "means"
    RESOLVED = "resolved"
    BURDEN = "burden"


_KNOWN_LABELS = frozenset(
    [
        *Concern,
        *(f"risk:{kind}" for kind in RiskKind),
        *(f"intent:{intent}" for intent in Intent),
        *(f"speaker:{speaker}" for speaker in Speaker),
        *(f"circumstance:{kind}" for kind in CircumstanceKind),
        *(f"cue:{cue}" for cue in Cue),
    ]
)

Phrase = Annotated[str, Field(min_length=1, max_length=60)]


class Source(BaseModel):
    """Who answers for a row, where it comes from, and since when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    owner: Annotated[str, Field(min_length=1)]
    source: Annotated[str, Field(min_length=1)]
    date: date
    status: Literal["active", "draft"]


class Row(Source):
    """One concept: its labels, the words that show it, the words that only look like it, and examples that prove both.

    ``terms`` are compared by normal form (``match: token``) or as written (``match: surface``); ``…`` in a term stands for
    up to five tokens. ``variants`` are always compared as written (kana, slang, dialect). ``blocks`` cancel a hit that
    they overlap. ``strength: candidate`` only suggests its concern.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)+$")]
    labels: Annotated[tuple[str, ...], Field(min_length=1)]
    level: Risk = Risk.NONE
    strength: Literal["decided", "candidate"] = "decided"
    match: Literal["token", "surface"] = "token"
    terms: tuple[Phrase, ...] = ()
    variants: tuple[Phrase, ...] = ()
    blocks: tuple[Phrase, ...] = ()
    positive: Annotated[tuple[Phrase, ...], Field(min_length=1)]
    negative: tuple[Phrase, ...] = ()

    @field_validator("labels")
    @classmethod
    def check_labels(cls, labels: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse a label that no reading knows."""
        unknown = [label for label in labels if label not in _KNOWN_LABELS]
        if unknown:
            raise ValueError(f"unknown label {unknown[0]!r}")
        return labels

    @model_validator(mode="after")
    def check_whole(self) -> "Row":
        """Refuse a row that could never speak, a risk without a level, and the same word twice."""
        words = [*self.terms, *self.variants]
        if not words:
            raise ValueError("a row needs terms or variants")
        twice = [word for word in words if words.count(word) > 1]
        if twice:
            raise ValueError(f"{twice[0]} stands twice")
        if any(label.startswith("risk:") for label in self.labels) and self.level is Risk.NONE:
            raise ValueError("a risk label needs a level")
        return self

    def of(self, family: str) -> tuple[str, ...]:
        """Return the labels of one family (``risk``, ``intent``, ``speaker``, ``circumstance``, ``cue``), without the family's name."""
        return self._families.get(family, ())

    @cached_property
    def _families(self) -> dict[str, tuple[str, ...]]:
        families: dict[str, list[str]] = {}
        for family, mark, name in (label.partition(":") for label in self.labels):
            if mark:
                families.setdefault(family, []).append(name)
        return {family: tuple(names) for family, names in families.items()}

    @cached_property
    def concerns(self) -> tuple[Concern, ...]:
        """The labels that are concerns."""
        return tuple(Concern(label) for label in self.labels if ":" not in label)
