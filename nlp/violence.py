"""Whose violence it is: a partner's (``dv``), or one done to a child, an older or a disabled person (``abuse``)."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from nlp.lexicon.model import Cue
from nlp.lexicon.scan import Hit
from nlp.reading import Concern, Risk, RiskKind

_VICTIM_MARK = ("を", "に手", "への", "に暴力")
_NEAR = 25
"""A person within so many characters of the violent word is taken to belong to it."""
_VICTIMS = frozenset([Cue.CHILD, Cue.ELDER, Cue.PARENT])
_ELDERS = frozenset([Cue.PARENT, Cue.ELDER])
_PARTNERS = frozenset([Cue.PARTNER])


def is_violent(hit: Hit) -> bool:
    """Tell whether a hit speaks of violence that is there."""
    return hit.speaks and hit.row.level.rank >= Risk.URGENT.rank and RiskKind.VIOLENCE in hit.row.of("risk")


def violent_concerns(hits: Sequence[Hit], folded: str) -> dict[int, Concern]:
    """Find the concern that each violent word takes on from the people beside it, by the offset of the word."""
    violent = [hit for hit in hits if is_violent(hit)]
    if not violent:
        return {}
    people = [hit for hit in hits if hit.speaks and any(hit.row.of("cue"))]
    starts = [hit.start for hit in people]
    found: dict[int, Concern] = {}
    for hit in violent:
        near = people[bisect_left(starts, hit.start - _NEAR) : bisect_right(starts, hit.start + _NEAR)]
        concern = _concern(near, folded)
        if concern is not None:
            found[hit.start] = concern
    return found


def _concern(near: Sequence[Hit], folded: str) -> Concern | None:
    if any(folded.startswith(_VICTIM_MARK, hit.end) for hit in _named(near, _VICTIMS)):
        return Concern.ABUSE
    if any(_named(near, _PARTNERS)):
        return Concern.DV
    if any(_named(near, _ELDERS)):
        return Concern.ABUSE
    return None


def _named(near: Sequence[Hit], cues: frozenset[Cue]) -> Iterable[Hit]:
    return (hit for hit in near if any(cue in cues for cue in hit.row.of("cue")))
