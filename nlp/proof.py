"""Shows the words that moved a reading: the rows that fired, and where none did, the tokens with the greatest weight."""

from collections.abc import Iterator, Sequence

from nlp.decide import Decision
from nlp.learned.features import SPACES
from nlp.learned.model import COLUMNS, Model, Weighed
from nlp.learned.table import UNIT
from nlp.lexicon.scan import Scan
from nlp.reading import Evidence, Polarity, Risk

MOST = 3
"""So many spans are shown for a label that only weights speak for."""
LEAST = 0.3
"""A span must move its label by so many logits, before the length of the message is weighed."""
_CALM = Risk.NONE
_HELD_BACK = (Polarity.NEGATED, Polarity.PAST, Polarity.BLOCKED)


def prove(found: Scan, decision: Decision, weighed: Weighed, learned: Model) -> tuple[Evidence, ...]:
    """Show what speaks for the labels of a reading, and what was named only to be denied, told as over, or figuratively."""
    columns = decision.columns
    if not found.hits:
        return tuple(_weights(found, columns, weighed, learned)) if columns else ()
    proofs = _rows(found, decision)
    told = {proof.label for proof in proofs if proof.polarity not in _HELD_BACK}
    columns = [at for at in columns if COLUMNS[at] not in told]
    return (*proofs, *_weights(found, columns, weighed, learned)) if columns else tuple(proofs)


def _rows(found: Scan, decision: Decision) -> list[Evidence]:
    """Show the rows that fired: for danger always, for a concern where it is decided or told as not there, else for what is said."""
    proofs: list[Evidence] = []
    named = (*decision.concerns, *decision.candidates)
    said = (f"speaker:{decision.speaker}", f"intent:{decision.intent}")
    for hit in found.hits:
        start, end = found.repaired.original(hit.start, hit.end)
        held_back = hit.polarity in _HELD_BACK
        for label in hit.row.labels:
            danger = label.startswith("risk:") and hit.row.level is not _CALM
            concern = ":" not in label and (held_back or label in named)
            if danger or concern or (label in said and not held_back):
                proofs.append(Evidence(start=start, end=end, label=label, rule=hit.row.id, polarity=hit.polarity))
    return proofs


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
                whole, hundredths = divmod(round(100 * scale * weight), 100)  # Far sooner than the way by a float's own digits.
                yield Evidence(start=start, end=end, label=COLUMNS[column], rule=f"weight:+{whole}.{hundredths:02}")


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
