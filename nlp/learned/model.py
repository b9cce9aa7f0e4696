"""The model as loaded: tables, calibration and thresholds, tied to the dictionary and the rows that it was trained with."""

import hashlib
import json
import math
from array import array
from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from itertools import chain
from operator import add
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nlp.learned.features import SHAPES, row_feature, shape_features, shape_of, spoken
from nlp.learned.gate import Gate, Limits
from nlp.learned.table import SAFE, UNIT, Table, pack
from nlp.learned.words import Letters, Words
from nlp.lexicon.compiled import Compiled, compiled
from nlp.lexicon.guard import guards_of
from nlp.lexicon.model import Row
from nlp.reading import Concern, Intent, Risk, RiskKind, Speaker

FOLDER = Path(__file__).parent
CONCERNS = tuple(str(concern) for concern in Concern)
SPEAKERS = tuple(f"speaker:{speaker}" for speaker in Speaker)
INTENTS = tuple(f"intent:{intent}" for intent in Intent)
LEVELS = tuple(f"level:{level}" for level in (Risk.WATCH, Risk.URGENT, Risk.EMERGENCY))
KINDS = tuple(f"risk:{kind}" for kind in RiskKind)
COLUMNS = (*CONCERNS, *SPEAKERS, *INTENTS, *LEVELS, *KINDS)
"""What the model scores. ``level:X`` means at least X."""
SUGGESTED = 0.12
"""A concern below its threshold but at least so likely is offered as a quick reply."""
NAMED = 0.16
"""A concern that a row names in plain words is decided when it is at least so likely, also below its threshold."""
DENIED = 0.9
"""Where danger is named only to be denied or told as over, the weights must be so sure to call somebody all the same."""
_SUREST = 40.0
"""Logits beyond which nobody can tell a probability from certainty."""
STAFF_WEIGHT = {"decided": 128, "candidate": 40}
"""Sixteenths of a logit that a row of the lexicon has before the model was trained with it: a staff rule always shows."""


class ModelError(ValueError):
    """The learned tables cannot be used. The message says what differs and how to go on."""


def _likely(logits: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-_SUREST, min(_SUREST, logits))))


class Calibration(BaseModel):
    """Turns a score into a probability: ``1 / (1 + exp(-(slope * score + offset)))``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    slope: Annotated[float, Field(gt=0)]
    offset: float

    def probability(self, score: float) -> float:
        """Return the calibrated probability of a score."""
        return _likely(self.slope * score + self.offset)

    def score(self, probability: float) -> float:
        """Return the score whose probability this is: the other way round."""
        kept = min(max(probability, 1e-9), 1 - 1e-9)
        return (math.log(kept / (1 - kept)) - self.offset) / self.slope


_UNCHANGED = Calibration(slope=1, offset=0)


class Settings(BaseModel):
    """``model.json``: everything of the model that is one number per column, and what it was made with."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    dictionary: str
    tokenizer: str
    columns: tuple[str, ...]
    bias: tuple[float, ...]
    calibration: dict[str, Calibration]
    thresholds: dict[str, Annotated[float, Field(ge=0, le=1)]]
    gate_bias: tuple[float, ...]
    gate_limits: tuple[float, float]
    temperature: dict[str, Annotated[float, Field(gt=0)]]
    rows: dict[str, str]
    noisy_rows: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Which scores decide what. Arrays hold one score for each concern, or each kind of danger, in their order."""

    deciding: Sequence[float]
    suggesting: Sequence[float]
    naming: Sequence[float]
    lowest: Sequence[float]
    """The lower of the two that decide and suggest."""
    kinds: Sequence[float]
    watch: float
    urgent: float
    emergency: float
    row_urgent: float
    """From here on danger is possible, so that a row may call somebody that fires on calm messages too."""
    denied_urgent: float
    warmth_of_speakers: float
    warmth_of_intents: float
    """By how much the scores of labels that exclude each other are divided."""

    @classmethod
    def of(cls, settings: Settings) -> "Bars":
        """Turn probabilities into scores, so that no score need be turned into a probability to decide something."""
        curves, limits = settings.calibration, settings.thresholds
        deciding, kinds = (array("d", [curves[name].score(limits[name]) for name in names]) for names in (CONCERNS, KINDS))
        suggesting, named = (array("d", [curves[name].score(likely) for name in CONCERNS]) for likely in (SUGGESTED, NAMED))
        watch, urgent, emergency = (curves[name].score(limits[name]) for name in LEVELS)
        danger = curves["level:urgent"]
        return cls(
            deciding=deciding,
            suggesting=suggesting,
            naming=array("d", map(min, deciding, named)),
            lowest=array("d", map(min, deciding, suggesting)),
            kinds=kinds,
            watch=watch,
            urgent=urgent,
            emergency=emergency,
            row_urgent=danger.score(limits["row:urgent"]),
            denied_urgent=danger.score(DENIED),
            warmth_of_speakers=settings.temperature["speaker"],
            warmth_of_intents=settings.temperature["intent"],
        )


@dataclass(frozen=True, slots=True)
class Weighed:
    """The scores of a text, one a column, with the packed weights of its words (three lists) and of letters by their offsets."""

    scores: list[float]
    words: tuple[Sequence[int], Sequence[int], Sequence[int]]
    letters: Sequence[tuple[int, int]]

    def by_word(self, begins: Sequence[int]) -> list[int]:
        """Give every word, told by where it begins, its own weights and those of the letters in it; the end's go to the last one."""
        if not begins:
            return []
        alone, pairs, kinds = self.words
        *moved, end = map(add, map(add, pairs, kinds), [*alone, 0])
        moved[-1] += end
        for at, packed in self.letters:
            moved[max(bisect(begins, at) - 1, 0)] += packed
        return moved


class Model:
    """Scores for the features of one text. Immutable once loaded."""

    __slots__ = (
        "_letters",
        "_offsets",
        "_shapes",
        "_slopes",
        "bars",
        "gate",
        "known_rows",
        "noisy",
        "rules",
        "settings",
        "words",
    )

    def __init__(self, folder: Path, lexicon: Compiled) -> None:
        self.settings = _settings(folder / "model.json")
        _check_versions(self.settings)
        width = len(COLUMNS)
        self.words = Words.load(folder)
        self._letters = Letters.load(folder)
        learned = Table.load(width, folder / "rows.tsv")
        self.known_rows = frozenset(row.id for row in lexicon.rows if self.settings.rows.get(row.id) == fingerprint(row))
        self.rules = Table(width, dict(_rule_weights(lexicon.rows, self.known_rows, learned)))
        guards = guards_of(lexicon.rows, self._is_new)
        small, words = self.settings.gate_limits
        self.gate = Gate(folder, self.settings.gate_bias, Limits(small=small, words=words), guards)
        shapes = {shape: self.rules.unpack(learned.total(shape_features(shape))) for shape in SHAPES}
        self._shapes = {
            shape: array("d", [bias + weight * UNIT for bias, weight in zip(self.settings.bias, weights, strict=True)])
            for shape, weights in shapes.items()
        }
        curves = [self.settings.calibration.get(name, _UNCHANGED) for name in COLUMNS]
        self._slopes, self._offsets = array("d", [curve.slope for curve in curves]), array("d", [curve.offset for curve in curves])
        self.bars = Bars.of(self.settings)
        self.noisy = frozenset(self.settings.noisy_rows)

    def _is_new(self, row: Row) -> bool:
        """Whether a row has a label that no weight knows from it yet."""
        return row.id not in self.known_rows and any(label in COLUMNS for label in row.labels)

    def weigh(self, norms: Sequence[str], folded: str, rows: Sequence[str]) -> Weighed:
        """Score a text by its words (spaces are none), its letters, its shape and the rows that fired."""
        norms = spoken(norms)
        shape = shape_of(folded)
        words = self.words.weigh(norms)
        letters = self._letters.weigh(folded) if shape[-1] else ()
        facts: Iterable[float] = self._shapes[shape]
        if rows:
            facts = [fact + weight * UNIT for fact, weight in zip(facts, self.rules.unpack(self.rules.total(rows)), strict=True)]
        scale = UNIT / math.sqrt(len(norms) + 2)
        sums = self._added_up([*chain(*words), *[packed for _, packed in letters]])
        return Weighed([fact + weight * scale for fact, weight in zip(facts, sums, strict=True)], words, letters)

    def _added_up(self, weights: Sequence[int]) -> Sequence[int]:
        """Add up packed weights, few enough at a time for their bits."""
        if len(weights) <= SAFE:
            return self.rules.unpack(sum(weights))
        parts = [self.rules.unpack(sum(weights[at : at + SAFE])) for at in range(0, len(weights), SAFE)]
        return list(map(sum, zip(*parts, strict=True)))

    def probability(self, column: int, score: float) -> float:
        """Return the calibrated probability of a score of a column, by its place in :data:`COLUMNS`."""
        return _likely(self._slopes[column] * score + self._offsets[column])


def fingerprint(row: Row) -> str:
    """Tell two versions of a row apart by what they match."""
    words = repr((row.labels, row.level, row.match, row.terms, row.variants, row.blocks, row.inflection, row.subject, row.polarity))
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def default_weights(row: Row) -> int:
    """Packed weights of a row that the model does not know yet."""
    weight = STAFF_WEIGHT[row.strength]
    labels = [label for label in row.labels if label in COLUMNS]
    levels = [f"level:{level}" for level in (Risk.WATCH, Risk.URGENT, Risk.EMERGENCY) if level.rank <= row.level.rank]
    return pack((COLUMNS.index(label), weight) for label in (*labels, *levels))


def _rule_weights(rows: Sequence[Row], known: frozenset[str], learned: Table) -> list[tuple[str, int]]:
    weights = []
    for row in rows:
        for speaks in (True, False):
            key = row_feature(row.id, speaks=speaks)
            if row.id in known:
                weights.append((key, learned.rows.get(key, 0)))
            elif speaks:
                weights.append((key, default_weights(row)))
    return weights


def _settings(path: Path) -> Settings:
    try:
        settings = Settings.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise ModelError(
            f"{path.name}: 学習済みの表が読めません（{type(error).__name__}）。`tsunagi nlp train` で作り直してください"
        ) from error
    if settings.columns != COLUMNS:
        raise ModelError(f"{path.name}: columns: ラベルの並びが今の版と違います。`tsunagi nlp train` で作り直してください")
    return settings


def _check_versions(settings: Settings) -> None:
    for name, made_with in (("sudachidict_core", settings.dictionary), ("sudachipy", settings.tokenizer)):
        found = version(name)
        if found != made_with:
            raise ModelError(
                f"model.json: {name} {made_with} で学習した表を {found} では使えません。`tsunagi nlp train` で作り直してください"
            )


@cache
def model() -> Model:
    """Load the project's own model, once. Raises :class:`ModelError` when it does not fit the dictionary."""
    return Model(FOLDER, compiled())


def write_json(path: Path, settings: Settings) -> None:
    """Write ``model.json`` in a stable order, so that a change can be read as a difference."""
    plain = settings.model_dump(mode="json")
    path.write_text(json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
