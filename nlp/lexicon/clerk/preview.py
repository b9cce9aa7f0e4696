"""What a change of the lexicon would do to labelled messages, told before it is saved."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import nlp
from nlp.evaluate import Record
from nlp.lexicon.clerk.overlay import use_rows
from nlp.lexicon.model import Row
from nlp.reading import Reading, Risk

CORPUS = Path(nlp.__file__).parent / "corpus"
SAMPLE = 2_000
SHOWN = 10
ALARM = "alarm"
"""Stands for a level of at least ``urgent``, which calls staff."""
_UNJUDGED = ("circumstance:", "candidate:")
"""Labels that the corpus does not hold."""


@dataclass(frozen=True, slots=True)
class Effect:
    """How many messages get and lose one label, and for how many of those that is right."""

    label: str
    gained: int
    gained_right: int
    lost: int
    lost_right: int
    judged: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A message that would be read otherwise."""

    text: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    right: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Preview:
    """The whole effect. ``alarms`` counts messages that would newly call staff, or no longer."""

    messages: int
    changed: int
    effects: tuple[Effect, ...]
    alarms: Effect
    examples: tuple[Change, ...]
    own: Mapping[str, Reading]


def development_set(*, whole: bool = False, folder: Path = CORPUS) -> list[Record]:
    """Read the shipped corpus; without ``whole`` a sample of :data:`SAMPLE`, the same every time and spread over all writers."""
    lines = [line for path in sorted(folder.glob("*.jsonl")) for line in path.read_bytes().splitlines()]
    if not whole:
        lines = sorted(lines, key=lambda line: hashlib.sha256(line).digest())[:SAMPLE]
    return [Record.model_validate_json(line) for line in lines]


def preview(present: Sequence[Row], new: Row, records: Sequence[Record]) -> Preview:
    """Read ``records`` without and with ``new``, and compare with what people labelled. The process keeps the rows of ``present``."""
    use_rows(present)
    before = [labels_of(nlp.read(record.text)) for record in records]
    try:
        use_rows([*present, new])
        after = [labels_of(nlp.read(record.text)) for record in records]
        own = {example: nlp.read(example) for example in (*new.positive, *new.negative)}
    finally:
        use_rows(present)
    return _compare(records, before, after, own)


def labels_of(reading: Reading) -> frozenset[str]:
    """Write a reading as labels."""
    return _labels(reading) | {f"circumstance:{spot.kind}" for spot in reading.circumstances} | {
        f"candidate:{concern}" for concern in reading.candidates
    }  # fmt: skip


def _labels(told: Reading | Record) -> frozenset[str]:
    level = {f"level:{told.risk}"} if told.risk is not Risk.NONE else set()
    alarm = {ALARM} if told.risk.rank >= Risk.URGENT.rank else set()
    kinds = {f"risk:{kind}" for kind in told.risk_kinds}
    return frozenset(
        {str(concern) for concern in told.concerns} | {f"speaker:{told.speaker}", f"intent:{told.intent}"} | level | alarm | kinds
    )


def _compare(
    records: Sequence[Record], before: Sequence[frozenset[str]], after: Sequence[frozenset[str]], own: Mapping[str, Reading]
) -> Preview:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    changes: list[Change] = []
    for record, old, new in zip(records, before, after, strict=True):
        if old == new:
            continue
        gold = _labels(record)
        gained, lost = new - old, old - new
        _count(counts, gained, "gained", gold)
        _count(counts, lost, "lost", gold)
        judged = [(label in gold) is (label in gained) for label in gained | lost if _is_judged(label)]
        changes.append(Change(record.text, tuple(sorted(gained)), tuple(sorted(lost)), sum(judged), len(judged) - sum(judged)))
    effects = {label: _effect(label, count) for label, count in sorted(counts.items())}
    alarms = effects.pop(ALARM, _effect(ALARM, Counter()))
    worst_first = sorted(changes, key=lambda change: (ALARM not in (*change.gained, *change.lost), -change.wrong))
    return Preview(len(records), len(changes), tuple(effects.values()), alarms, tuple(worst_first[:SHOWN]), own)


def _count(counts: dict[str, Counter[str]], labels: Iterable[str], kind: str, gold: frozenset[str]) -> None:
    for label in labels:
        counts[label][kind] += 1
        counts[label][f"{kind}_right"] += (label in gold) is (kind == "gained")


def _effect(label: str, count: Counter[str]) -> Effect:
    return Effect(
        label=label,
        gained=count["gained"],
        gained_right=count["gained_right"],
        lost=count["lost"],
        lost_right=count["lost_right"],
        judged=_is_judged(label),
    )


def _is_judged(label: str) -> bool:
    return not label.startswith(_UNJUDGED)
