"""Scores of the reader against labelled records: what it finds, what it misses, what it invents. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from nlp.reading import Concern, Intent, Reading, Risk, RiskKind, Speaker


class Record(BaseModel):
    """One labelled message. Unknown keys are an error: a misspelt label must not count as none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    text: str
    concerns: tuple[Concern, ...]
    speaker: Speaker
    intent: Intent
    risk: Risk
    risk_kinds: tuple[RiskKind, ...] = ()
    note: str = ""


class LabelScore(BaseModel):
    """Precision, recall and F1 of one label, each 0 where nothing could be divided."""

    model_config = ConfigDict(frozen=True)

    precision: float
    recall: float
    f1: float
    support: Annotated[int, Field(ge=0)]


class Scores(BaseModel):
    """All scores of one set of records. ``macro_f1`` is over the labels that occur in the records."""

    model_config = ConfigDict(frozen=True)

    records: int
    concerns: dict[Concern, LabelScore]
    macro_f1: float
    micro_f1: float
    speaker_accuracy: float
    intent_accuracy: float
    risk_accuracy: float
    urgent_recall: float
    urgent_precision: float
    emergency_as_urgent: float
    alarms_on_none: float


@dataclass(slots=True)
class _Count:
    right: int = 0
    invented: int = 0
    missed: int = 0

    def score(self) -> LabelScore:
        precision = share(self.right, self.right + self.invented)
        recall = share(self.right, self.right + self.missed)
        f1 = share(2 * self.right, 2 * self.right + self.invented + self.missed)
        return LabelScore(precision=precision, recall=recall, f1=f1, support=self.right + self.missed)


def share(part: int, whole: int) -> float:
    """``part`` of ``whole``, 0 when there is nothing."""
    return part / whole if whole else 0.0


def compare(pairs: Sequence[tuple[Record, Reading]]) -> Scores:
    """Compare readings with what people labelled."""
    counts = _count_concerns(pairs)
    labels = {concern: count.score() for concern, count in counts.items()}
    present = [score.f1 for score in labels.values() if score.support]
    total = _Count(
        sum(count.right for count in counts.values()),
        sum(count.invented for count in counts.values()),
        sum(count.missed for count in counts.values()),
    )
    return Scores(
        records=len(pairs),
        concerns=labels,
        macro_f1=sum(present) / len(present) if present else 0.0,
        micro_f1=total.score().f1,
        speaker_accuracy=share(sum(record.speaker == reading.speaker for record, reading in pairs), len(pairs)),
        intent_accuracy=share(sum(record.intent == reading.intent for record, reading in pairs), len(pairs)),
        **_risk_scores([(record.risk, reading.risk) for record, reading in pairs]),
    )


def _count_concerns(pairs: Sequence[tuple[Record, Reading]]) -> Mapping[Concern, _Count]:
    counts = {concern: _Count() for concern in Concern}
    for record, reading in pairs:
        gold, found = set(record.concerns), set(reading.concerns)
        for concern in gold | found:
            count = counts[concern]
            count.right += concern in gold & found
            count.invented += concern not in gold
            count.missed += concern not in found
    return counts


def _risk_scores(risks: Sequence[tuple[Risk, Risk]]) -> dict[str, float]:
    urgent = Risk.URGENT.rank
    alarms = [gold for gold, found in risks if found.rank >= urgent]
    crises = [found for gold, found in risks if gold.rank >= urgent]
    emergencies = [found for gold, found in risks if gold is Risk.EMERGENCY]
    calm = [found for gold, found in risks if gold is Risk.NONE]
    return {
        "risk_accuracy": share(sum(gold is found for gold, found in risks), len(risks)),
        "urgent_recall": share(sum(found.rank >= urgent for found in crises), len(crises)),
        "urgent_precision": share(sum(gold.rank >= urgent for gold in alarms), len(alarms)),
        "emergency_as_urgent": share(sum(found.rank >= urgent for found in emergencies), len(emergencies)),
        "alarms_on_none": share(sum(found.rank >= urgent for found in calm), len(calm)),
    }
