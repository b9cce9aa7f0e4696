"""Concerns from the hits: decided ones, candidates for quick replies, and why."""

from collections.abc import Sequence

from nlp.lexicon.model import Cue
from nlp.lexicon.scan import Hit
from nlp.reading import Concern, Intent
from nlp.violence import violent_concerns

MAX_CANDIDATES = 3


def decide_concerns(
    hits: Sequence[Hit], folded: str, intent: Intent, cues: frozenset[Cue]
) -> tuple[tuple[Concern, ...], tuple[Concern, ...]]:
    """Decide the concerns and at most three candidates, each in the order of :class:`Concern`.

    A message that thanks and says that the matter is settled, or only complains about us, has none.
    """
    if intent is Intent.THANKS and Cue.RESOLVED in cues:
        return (), ()
    decided: set[Concern] = set(violent_concerns(hits, folded).values())
    suggested: set[Concern] = set()
    for hit in hits:
        if hit.speaks:
            (decided if hit.row.strength == "decided" else suggested).update(hit.row.concerns)
    if len(decided) > 1:
        # Papers and procedures are named in many stories; the tag is for messages that hold nothing else.
        decided.discard(Concern.ADMIN_OTHER)
    return _ordered(decided), _ordered(suggested - decided)[:MAX_CANDIDATES]


def _ordered(concerns: set[Concern]) -> tuple[Concern, ...]:
    return tuple(concern for concern in Concern if concern in concerns) if concerns else ()
