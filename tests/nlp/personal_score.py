"""Scores of the personal-data finder over a labelled set: exact spans, and spans of the right kind that overlap."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from nlp.personal import find_personal_data
from nlp.repair import repair

HERE = Path(__file__).resolve().parent / "personal"
Span = tuple[str, int, int]


@dataclass
class Score:
    """Counts over a set. ``wrong`` tells each message that differs, for whoever works on the finder."""

    gold: int = 0
    found: int = 0
    exact: int = 0
    gold_touched: int = 0
    found_touching: int = 0
    kinds: dict[str, list[int]] = field(default_factory=dict)
    wrong: list[tuple[str, list[Span], list[Span]]] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.exact / self.gold

    @property
    def precision(self) -> float:
        return self.exact / self.found

    @property
    def loose_recall(self) -> float:
        return self.gold_touched / self.gold

    @property
    def loose_precision(self) -> float:
        return self.found_touching / self.found


def spans_of(text: str) -> list[Span]:
    return [(str(item.kind), item.start, item.end) for item in find_personal_data(repair(text))]


def _touches(one: Span, others: list[Span]) -> bool:
    return any(one[0] == other[0] and one[1] < other[2] and other[1] < one[2] for other in others)


def score(name: str) -> Score:
    """Score the set ``name`` of tests/nlp/personal."""
    total = Score()
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        gold = [(span["kind"], span["start"], span["end"]) for span in row["spans"]]
        found = spans_of(row["text"])
        same = set(gold) & set(found)
        total.gold += len(gold)
        total.found += len(found)
        total.exact += len(same)
        total.gold_touched += sum(_touches(span, found) for span in gold)
        total.found_touching += sum(_touches(span, gold) for span in found)
        for place, spans in enumerate((gold, found, same)):
            for kind, _, _ in spans:
                total.kinds.setdefault(kind, [0, 0, 0])[place] += 1
        if len(same) != len(gold) or len(same) != len(found):
            total.wrong.append((row["text"], sorted(set(gold) - same), sorted(set(found) - same)))
    return total
