"""Shows the words that moved a reading: the rows that fired, and where none did, the tokens with the greatest weight."""

from collections.abc import Iterator, Sequence

from nlp.decide import Decision
from nlp.learned.features import SPACES
from nlp.learned.model import COLUMNS, Model, Weighed
from nlp.learned.table import UNIT
from nlp.lexicon.scan import Hit, Scan
from nlp.reading import Evidence, Intent, Polarity, Risk, Speaker

MOST = 3
"""So many spans are shown for a label that only weights speak for."""
LEAST = 0.3
"""A span must move its label by so many logits, before the length of the message is weighed."""
_CALM = Risk.NONE
_HELD_BACK = (Polarity.NEGATED, Polarity.PAST, Polarity.BLOCKED)
_SILENT = (Speaker.UNKNOWN, Speaker.SELF, Intent.OTHER, Intent.DISCLOSE)
"""What is taken where nothing says otherwise; no single word speaks for it."""
_COLUMN = {label: at for at, label in enumerate(COLUMNS)}


def prove(found: Scan, decision: Decision, weighed: Weighed, learned: Model) -> tuple[Evidence, ...]:
    """Show what speaks for the labels of a reading, and what was named only to be denied, told as over, or figuratively."""
    if not found.hits and decision.is_plain:
        return ()
    named = [str(concern) for concern in (*decision.concerns, *decision.candidates)]
    kinds = [f"risk:{kind}" for kind in decision.risk.kinds]
    said = [f"speaker:{decision.speaker}", f"intent:{decision.intent}"]
    rows = list(_rows(found, named, said)) if found.hits else []
    told = [proof.label for proof in rows if proof.polarity not in _HELD_BACK]
    open_ones = [label for label, value in zip(said, (decision.speaker, decision.intent), strict=True) if value not in _SILENT]
    columns = sorted([_COLUMN[label] for label in (*named, *kinds, *open_ones) if label not in told])
    return (*rows, *_weights(found, columns, weighed, learned)) if columns else tuple(rows)


def _rows(found: Scan, named: Sequence[str], said: Sequence[str]) -> Iterator[Evidence]:
    for hit in found.hits:
        start, end = found.repaired.original(hit.start, hit.end)
        for label in hit.row.labels:
            if _is_shown(label, hit, named) or (label in said and hit.speaks):
                yield Evidence(start=start, end=end, label=label, rule=hit.row.id, polarity=hit.polarity)


def _is_shown(label: str, hit: Hit, named: Sequence[str]) -> bool:
    """Whether a hit is evidence for danger or a concern: danger always, a concern where it is decided or told as not there."""
    if label.startswith("risk:"):
        return hit.row.level is not _CALM
    return label in named or (hit.polarity in _HELD_BACK and ":" not in label)


def _weights(found: Scan, columns: Sequence[int], weighed: Weighed, learned: Model) -> Iterator[Evidence]:
    """Show the tokens that moved each column most."""
    places = found.tokens.words(SPACES)
    begins = found.tokens.begins
    moved = learned.rules.unpack_all(weighed.by_word([begins[at] for at in places]))
    scale = UNIT / (len(places) + 2) ** 0.5
    least = LEAST / scale
    for column in columns:
        for weight, first, last in sorted(_runs(moved[column :: len(COLUMNS)], least), reverse=True)[:MOST]:
            start, end = begins[places[first]], begins[places[last] + 1]
            if start < end:
                start, end = found.repaired.original(start, end)
                yield Evidence(start=start, end=end, label=COLUMNS[column], rule=f"weight:{weight * scale:+.2f}")


def _runs(weights: Sequence[int], least: float) -> list[tuple[int, int, int]]:
    """Return neighbouring tokens that pull the same way, as (weight, first, last)."""
    runs: list[tuple[int, int, int]] = []
    for at, weight in enumerate(weights):
        if weight >= least:
            if runs and runs[-1][2] == at - 1:
                total, first, _ = runs.pop()
                runs.append((total + weight, first, at))
            else:
                runs.append((weight, at, at))
    return runs
