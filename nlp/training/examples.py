"""The corpus as the trainer sees it: every message with its tokens and the rows that fire on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nlp.evaluate import Record
from nlp.learned.features import row_feature, spoken
from nlp.learned.model import LIGHT
from nlp.lexicon.scan import scan
from nlp.reading import Risk
from nlp.risk import rule_risk

EVERYDAY = "e"
"""Writers of everyday messages have names that begin so."""
DEALT = 8
CORPUS = Path(__file__).parent.parent / "corpus"


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled message, read as far as tokens and rows."""

    writer: str
    record: Record
    norms: tuple[str, ...]
    folded: str
    rows: tuple[str, ...]
    rule_level: Risk

    @property
    def is_light(self) -> bool:
        """Whether nothing in the labels asks anybody to do anything."""
        record = self.record
        return not record.concerns and record.risk is Risk.NONE and record.intent in LIGHT


def read_corpus(folder: Path = CORPUS) -> list[Example]:
    """Read every ``*.jsonl`` of a folder; the file's name is the writer. Raises ``ValidationError`` for a wrong line."""
    return [
        example(path.stem, Record.model_validate_json(line))
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_bytes().splitlines()
    ]


def example(writer: str, record: Record) -> Example:
    """Read one record."""
    found = scan(record.text)
    rows = dict.fromkeys(row_feature(hit.row.id, speaks=hit.speaks) for hit in found.hits)
    return Example(writer, record, tuple(spoken(found.tokens.norms)), found.folded, tuple(rows), rule_risk(found.hits).level)


def groups(examples: Sequence[Example]) -> list[str]:
    """Name what is held out together: whole writers. Everyday chat is dealt out, since no model may be judged that never saw any."""
    names = []
    for number, example in enumerate(examples):
        dealt = example.writer.startswith(EVERYDAY)
        names.append(f"{example.writer}-{number % DEALT}" if dealt else example.writer)
    return names
