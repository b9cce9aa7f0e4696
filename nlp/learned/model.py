"""The model as loaded: tables, calibration and thresholds, tied to the dictionary and the rows that it was trained with."""

import hashlib
import json
import math
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nlp.learned.features import SHAPES, row_feature
from nlp.learned.table import HUNDREDTH, OFFSET, Table, pack
from nlp.lexicon.compiled import compiled
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
STAFF_WEIGHT = {"decided": 600, "candidate": 200}
"""Hundredths of a logit that a row of the lexicon has before the model was trained with it: a staff rule always shows."""


class ModelError(ValueError):
    """The learned tables cannot be used. The message says what differs and how to go on."""


class Calibration(BaseModel):
    """Turns a score into a probability: ``1 / (1 + exp(-(slope * score + offset)))``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    slope: float
    offset: float

    def probability(self, score: float) -> float:
        """Return the calibrated probability of a score."""
        return 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, self.slope * score + self.offset))))


class Settings(BaseModel):
    """``model.json``: everything of the model that is one number per column, and what it was made with."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    dictionary: str
    tokenizer: str
    columns: tuple[str, ...]
    bias: tuple[float, ...]
    calibration: dict[str, Calibration]
    thresholds: dict[str, Annotated[float, Field(ge=0, le=1)]]
    gate_bias: float
    gate_threshold: float
    temperature: dict[str, Annotated[float, Field(gt=0)]]
    rows: dict[str, str]


class Model:
    """Scores for the features of one text. Immutable but for rows of its tables that are parsed when first needed."""

    __slots__ = ("characters", "classes", "gate", "known_rows", "rules", "settings", "tokens")

    def __init__(self, folder: Path, rows: Sequence[Row]) -> None:
        self.settings = _settings(folder / "model.json")
        _check_versions(self.settings)
        width = len(COLUMNS)
        self.tokens = Table.load(width, folder / "tokens.tsv")
        self.characters = Table.load(width, folder / "letters.tsv")
        self.gate = {key: int(weight) for key, weight in _pairs(folder / "gate.tsv")}
        self.classes = dict(_pairs(folder / "classes.tsv"))
        learned = Table.load(width, folder / "rows.tsv")
        self.known_rows = frozenset(row.id for row in rows if self.settings.rows.get(row.id) == fingerprint(row))
        self.rules = Table(width, dict(_rule_weights(rows, self.known_rows, learned)))

    def is_small_talk(self, plain: Sequence[str]) -> bool:
        """Whether tokens and their pairs show nothing that a consultation is made of. Errs on the side of reading on."""
        gate = self.gate
        score = sum([gate[key] for key in plain if key in gate])
        return self.settings.gate_bias + HUNDREDTH * score / math.sqrt(len(plain) / 2 + 2) < self.settings.gate_threshold

    def scores(self, tokens: int, letters: int, rules: int, length: int) -> list[float]:
        """One score per column from packed sums; ``length`` is the number of tokens."""
        scale = HUNDREDTH / math.sqrt(length + 2)
        texts = self.tokens.unpack(tokens + letters)
        fired = self.rules.unpack(rules)
        return [
            bias + (text - OFFSET) * scale + (rule - OFFSET) * HUNDREDTH
            for bias, text, rule in zip(self.settings.bias, texts, fired, strict=True)
        ]

    def probability(self, column: str, score: float) -> float:
        """Return the calibrated probability of a column's score."""
        return self.settings.calibration[column].probability(score)


def fingerprint(row: Row) -> str:
    """Tell two versions of a row apart by what they match."""
    words = repr((row.labels, row.level, row.match, row.terms, row.variants, row.blocks))
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def default_weights(row: Row) -> int:
    """Packed weights of a row that the model does not know yet."""
    hundredths = STAFF_WEIGHT[row.strength]
    labels = [label for label in row.labels if label in COLUMNS]
    levels = [f"level:{level}" for level in (Risk.WATCH, Risk.URGENT, Risk.EMERGENCY) if level.rank <= row.level.rank]
    return pack((COLUMNS.index(label), hundredths) for label in (*labels, *levels))


def _rule_weights(rows: Sequence[Row], known: frozenset[str], learned: Table) -> list[tuple[str, int]]:
    weights = [(shape, learned.get(shape)) for shape in SHAPES]
    for row in rows:
        for speaks in (True, False):
            key = row_feature(row.id, speaks=speaks)
            if row.id in known:
                weights.append((key, learned.get(key)))
            elif speaks:
                weights.append((key, default_weights(row)))
    return weights


def _settings(path: Path) -> Settings:
    try:
        settings = Settings.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise ModelError(f"{path.name}: 学習済みの表が読めません（{type(error).__name__}）。`tsunagi nlp train` で作り直してください") from error
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


def _pairs(path: Path) -> list[tuple[str, str]]:
    pairs = []
    with path.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            key, _, value = line.rstrip("\n").partition("\t")
            pairs.append((key, value))
    return pairs


@cache
def model() -> Model:
    """Load the project's own model, once. Raises :class:`ModelError` when it does not fit the dictionary."""
    return Model(FOLDER, compiled().rows)


def write_json(path: Path, settings: Settings) -> None:
    """Write ``model.json`` in a stable order, so that a change can be read as a difference."""
    plain = settings.model_dump(mode="json")
    path.write_text(json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
