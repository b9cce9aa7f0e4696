"""The corpus as the trainer sees it: every message with its tokens and the rows that fire on it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nlp.evaluate import Record
from nlp.learned.features import row_features, spoken
from nlp.learned.gate import LIGHT
from nlp.lexicon.model import Row
from nlp.lexicon.scan import scan
from nlp.reading import Intent, Risk, RiskKind, Speaker

EVERYDAY = "e"
"""Writers of everyday messages have names that begin so."""
DEALT = 8
ALL = frozenset(["concern", "level", "speaker", "intent"])
"""The questions that a message of the corpus answers."""
CORPUS = Path(__file__).parent.parent / "corpus"


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled message, read as far as tokens and rows."""

    writer: str
    record: Record
    norms: tuple[str, ...]
    folded: str
    rows: tuple[str, ...]
    teaches: frozenset[str] = ALL

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
    rows = row_features(found.hits)
    return Example(writer, record, tuple(spoken(found.tokens.norms)), found.folded, tuple(rows))


def row_examples(rows: Sequence[Row]) -> list[Example]:
    """Let every row teach by its own positive examples, so that plain words keep their weight among thousands of hints.

    A row knows its own labels and nothing else: a row of intents teaches no concern, and none tells who speaks.
    """
    found = []
    for row in rows:
        intents, levels = row.of("intent"), row.of("risk")
        teaches = {"intent"} if intents else {"concern", "level"} if levels else {"concern"} if row.concerns else set()
        if not teaches or row.strength == "candidate":
            continue
        for number, text in enumerate(row.positive):
            record = Record(
                id=f"{row.id}-{number}",
                text=text,
                concerns=row.concerns,
                speaker=Speaker.UNKNOWN,
                intent=Intent(intents[0]) if intents else Intent.DISCLOSE,
                risk=row.level,
                risk_kinds=tuple(RiskKind(kind) for kind in levels),
            )
            found.append(replace(example("lexicon", record), teaches=frozenset(teaches)))
    return found


def groups(examples: Sequence[Example]) -> list[str]:
    """Name what is held out together: whole writers. Everyday chat is dealt out, since no model may be judged that never saw any."""
    names = []
    for number, example in enumerate(examples):
        dealt = example.writer.startswith(EVERYDAY)
        names.append(f"{example.writer}-{number % DEALT}" if dealt else example.writer)
    return names
