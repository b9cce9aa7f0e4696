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
    MURDER_SUICIDE = "murder_suicide"
    THREAT_TO_KILL = "threat_to_kill"
    SEXUAL_VIOLENCE = "sexual_violence"
    CHILD_WITNESS = "child_witness"
    CHILD_ALONE = "child_alone"
    OVERDOSE = "overdose"
    FAREWELL = "farewell"
    LIFELINE_CUT = "lifeline_cut"
    NO_FOOD_TODAY = "no_food_today"
    NO_PLACE_TONIGHT = "no_place_tonight"


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


class Inflection(StrEnum):
    """Forms of a verb that change what it says: 死のう, 死んだら and 死ねない all have the normal form 死ぬ."""

    VOLITIONAL = "意志形"
    CONDITIONAL = "仮定形"
    POTENTIAL = "可能形"
    IMPERATIVE = "命令形"


class Subject(StrEnum):
    """Whom a row is about. ``any`` does not look."""

    SELF = "self"
    FAMILY = "family"
    NEIGHBOUR = "neighbour"
    ANY = "any"


class Policy(StrEnum):
    """What a denial or a "long ago" does to a hit: lower it, nothing, or cancel it as if it were not there."""

    LOWER = "lower"
    KEEP = "keep"
    CANCEL = "cancel"


KNOWN_LABELS = frozenset(
    [
        *Concern,
        *(f"risk:{kind}" for kind in RiskKind),
        *(f"intent:{intent}" for intent in Intent),
        *(f"speaker:{speaker}" for speaker in Speaker),
        *(f"circumstance:{kind}" for kind in CircumstanceKind),
        *(f"cue:{cue}" for cue in Cue),
    ]
)

_PEOPLE = {
    f"cue:{Cue.MYSELF}": Subject.SELF,
    **dict.fromkeys([f"cue:{cue}" for cue in (Cue.RELATIVE, Cue.PARTNER, Cue.PARENT, Cue.CHILD, Cue.ELDER)], Subject.FAMILY),
    **dict.fromkeys([f"cue:{Cue.OUTSIDER}", f"speaker:{Speaker.NEIGHBOUR}"], Subject.NEIGHBOUR),
}

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
    they overlap. ``strength: candidate`` only suggests its concern. ``inflection`` lets terms count only in one of these forms.
    ``subject`` silences a hit whose nearest person is somebody else. ``polarity`` says what a denial or a "long ago" does.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)+$")]
    labels: Annotated[tuple[str, ...], Field(min_length=1)]
    level: Risk = Risk.NONE
    strength: Literal["decided", "candidate"] = "decided"
    match: Literal["token", "surface"] = "token"
    terms: tuple[Phrase, ...] = ()
    variants: tuple[Phrase, ...] = ()
    blocks: tuple[Phrase, ...] = ()
    inflection: tuple[Inflection, ...] = ()
    subject: Subject = Subject.ANY
    polarity: Policy = Policy.LOWER
    positive: Annotated[tuple[Phrase, ...], Field(min_length=1)]
    negative: tuple[Phrase, ...] = ()

    @field_validator("labels")
    @classmethod
    def check_labels(cls, labels: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse a label that no reading knows."""
        unknown = [label for label in labels if label not in KNOWN_LABELS]
        if unknown:
            raise ValueError(f"「{unknown[0]}」というラベルはありません（docs/labels.md にあるものを書いてください）")
        return labels

    @model_validator(mode="after")
    def check_whole(self) -> "Row":
        """Refuse a row that could never speak, a risk without a level, the same word twice, and a form that no term could have."""
        words = [*self.terms, *self.variants]
        if not words:
            raise ValueError("terms か variants に、言葉を一つ以上書いてください")
        twice = [word for word in words if words.count(word) > 1]
        if twice:
            raise ValueError(f"「{twice[0]}」が二度書かれています。一つにしてください")
        if any(label.startswith("risk:") for label in self.labels) and self.level is Risk.NONE:
            raise ValueError("risk: のラベルには level（watch・urgent・emergency）が要ります")
        if self.inflection and (self.match == "surface" or not self.terms):
            raise ValueError("inflection は match: token の terms にだけ使えます")
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
    def is_cue(self) -> bool:
        """Whether the row only tells who, when and with what. Alone it decides nothing, so nobody need ask how it is held."""
        return all(label.startswith("cue:") for label in self.labels)

    @cached_property
    def asks(self) -> bool:
        """Whether cues beside the row change what it says: who is meant, or whether somebody who wishes to die has the means now."""
        return self.subject is not Subject.ANY or (self.level is Risk.URGENT and RiskKind.SUICIDE in self.risk_kinds)

    @cached_property
    def person(self) -> Subject | None:
        """Whom the words of this row name; None when they name nobody."""
        return next((_PEOPLE[label] for label in self.labels if label in _PEOPLE), None)

    @cached_property
    def risk_kinds(self) -> frozenset[RiskKind]:
        """The kinds of danger that this row tells of."""
        return frozenset(map(RiskKind, self.of("risk")))

    @cached_property
    def concerns(self) -> tuple[Concern, ...]:
        """The labels that are concerns."""
        return tuple(Concern(label) for label in self.labels if ":" not in label)
