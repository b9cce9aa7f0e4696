"""Parts of a labelled set that are hard in their own way, so that an average cannot hide them."""

import re
from collections.abc import Callable, Mapping, Sequence

from nlp.evaluate import Record, Scores, compare
from nlp.reading import Polarity, Reading, Speaker

_DIALECT = re.compile(
    r"だべ|んだ(?:べ|ども|が)|(?<![なる])べ(?:か|な|さ)|ねぁ|でね(?:え|$|、|。)|らんね|いがね|さねば|だっちゃ|なじょ|おっかね|こえく?て|がや|げん|がいね|"
    r"がに|やちゃ|まっし|のぉ|すけ|なだ|けろ|たごと|らった|えだ|やねん|へん(?:$|、|。|の|ね)|ばい|たい(?:ね|！)|けん(?:$|、)|とる|しとん"
)
_KANJI = re.compile("[一-龥々]")
_SHORT, _LONG = 15, 40

Test = Callable[[Record, Reading], bool]


def _has(polarity: Polarity) -> Test:
    return lambda _, reading: any(proof.polarity is polarity for proof in reading.evidence)


SLICES: Mapping[str, Test] = {
    "kana": lambda record, _: not _KANJI.search(record.text),
    "dialect": lambda record, _: _DIALECT.search(record.text) is not None,
    "short": lambda record, _: len(record.text) < _SHORT,
    "middle": lambda record, _: _SHORT <= len(record.text) <= _LONG,
    "long": lambda record, _: len(record.text) > _LONG,
    "burst": lambda record, _: "\n" in record.text,
    "third person": lambda record, _: record.speaker in (Speaker.FAMILY, Speaker.NEIGHBOUR, Speaker.SUPPORTER),
    "negated": _has(Polarity.NEGATED),
    "past": _has(Polarity.PAST),
    "figurative": _has(Polarity.BLOCKED),
}
"""Named by what makes them hard. Dialect, and what is negated, past or figurative, are found by rules, not by hand."""


def by_slice(pairs: Sequence[tuple[Record, Reading]]) -> dict[str, Scores]:
    """Score every slice that holds a record."""
    parts = {name: [(record, reading) for record, reading in pairs if test(record, reading)] for name, test in SLICES.items()}
    return {name: compare(part) for name, part in parts.items() if part}
