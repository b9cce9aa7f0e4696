"""Why a message was read as it was: the repaired text, its tokens, the rows, and for each label the words with their weights."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlp.learned.features import SPACES, row_features
from nlp.learned.model import COLUMNS, INTENTS, SPEAKERS, Model, model
from nlp.learned.table import UNIT
from nlp.lexicon.scan import Hit, Scan, scan
from nlp.reader import read
from nlp.reading import Reading, Risk

LIKELY = 0.05
MOST_WORDS = 5
LEAST_WEIGHT = 0.1
"""A word is shown when it moves its label by so many logits."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word as written and as compared."""

    surface: str
    norm: str


@dataclass(frozen=True, slots=True)
class Found:
    """A row that was found. Offsets are those of the text as given; ``counts`` is false for what is denied, over or figurative."""

    rule: str
    text: str
    start: int
    end: int
    polarity: str
    counts: bool
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Likely:
    """How likely a label is."""

    label: str
    probability: float


@dataclass(frozen=True, slots=True)
class Weight:
    """A row or a word, with the logits by which it moved a label."""

    source: str
    weight: float


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a label was decided."""

    label: str
    rows: tuple[Weight, ...]
    words: tuple[Weight, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """All of it. ``likely`` and ``reasons`` are empty for small talk and other languages, which are not weighed label by label."""

    text: str
    repaired: str
    tokens: tuple[Token, ...]
    found: tuple[Found, ...]
    likely: tuple[Likely, ...]
    reasons: tuple[Reason, ...]
    reading: Reading


def explain(text: str) -> Explanation:
    """Read ``text`` and show the way to the reading. Never raises for any string."""
    seen, reading = scan(text), read(text)
    tokens = tuple(
        Token(surface=seen.repaired.text[slice(*seen.tokens.span(at, at + 1))], norm=norm) for at, norm in enumerate(seen.tokens.norms)
    )
    likely, reasons = _weighed(seen, reading) if reading.scores else ((), ())
    return Explanation(text, seen.repaired.text, tokens, tuple(_found(hit, seen) for hit in seen.hits), likely, reasons, reading)


def _surface(seen: Scan, at: int) -> str:
    start, end = seen.tokens.span(at, at + 1)
    return seen.repaired.text[start:end]


def _found(hit: Hit, seen: Scan) -> Found:
    start, end = seen.repaired.original(hit.start, hit.end)
    return Found(hit.row.id, seen.repaired.text[hit.start : hit.end], start, end, str(hit.polarity), hit.speaks, hit.row.labels)


def _weighed(seen: Scan, reading: Reading) -> tuple[tuple[Likely, ...], tuple[Reason, ...]]:
    learned = model()
    fired = row_features(seen.hits)
    weighed = learned.weigh(seen.tokens.norms, seen.folded, fired)
    likely = [Likely(label, round(sure, 4)) for label, sure in _probabilities(weighed.scores, learned) if sure > LIKELY]
    places = seen.tokens.words(SPACES)
    words = [_surface(seen, at) for at in places], weighed.by_word([seen.tokens.begins[at] for at in places])
    reasons = tuple(_reason(label, words, fired, learned) for label in _decided(reading))
    return tuple(sorted(likely, key=lambda one: -one.probability)), reasons


def _probabilities(scores: Sequence[float], learned: Model) -> Iterator[tuple[str, float]]:
    values = dict(zip(COLUMNS, scores, strict=True))
    places = {label: at for at, label in enumerate(COLUMNS)}
    for family, labels in (("speaker", SPEAKERS), ("intent", INTENTS)):
        powers = {label: math.exp(min(40.0, values.pop(label) / learned.settings.temperature[family])) for label in labels}
        yield from ((label, power / sum(powers.values())) for label, power in powers.items())
    yield from ((label, learned.probability(places[label], value)) for label, value in values.items())


def _decided(reading: Reading) -> list[str]:
    level = [f"level:{reading.risk}"] if reading.risk is not Risk.NONE else []
    kinds = [f"risk:{kind}" for kind in reading.risk_kinds]
    return [*map(str, reading.concerns), *level, *kinds, f"speaker:{reading.speaker}", f"intent:{reading.intent}"]


def _reason(label: str, words: tuple[Sequence[str], Sequence[int]], fired: Sequence[str], learned: Model) -> Reason:
    column = COLUMNS.index(label)
    surfaces, packed = words
    rows = learned.rules.unpack_all(learned.rules.total([key]) for key in fired)[column :: len(COLUMNS)]
    moved = learned.rules.unpack_all(packed)[column :: len(COLUMNS)]
    scale = UNIT / math.sqrt(len(packed) + 2)
    return Reason(
        label,
        _strongest([Weight(key.removeprefix("row:"), weight * UNIT) for key, weight in zip(fired, rows, strict=True)]),
        _strongest([Weight(surface, weight * scale) for surface, weight in zip(surfaces, moved, strict=True)]),
    )


def _strongest(weights: Sequence[Weight]) -> tuple[Weight, ...]:
    found = sorted((weight for weight in weights if weight.weight >= LEAST_WEIGHT), key=lambda weight: -weight.weight)
    return tuple(Weight(weight.source, round(weight.weight, 2)) for weight in found[:MOST_WORDS])
