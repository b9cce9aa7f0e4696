"""Whose violence it is: a partner's (``dv``), or one done to a child, an older or a disabled person (``abuse``)."""

from collections.abc import Iterable, Sequence

from nlp.lexicon.model import Cue
from nlp.lexicon.scan import Hit
from nlp.reading import Concern, Risk, RiskKind

_VICTIM_MARK = ("を", "に手", "への", "に暴力")
_NEAR = 25
"""A person within so many characters of the violent word is taken to belong to it."""


def is_violent(hit: Hit) -> bool:
    """Whether a hit tells of violence that is there."""
    return hit.speaks and hit.row.level.rank >= Risk.URGENT.rank and RiskKind.VIOLENCE in hit.row.of("risk")


def violent_concerns(hits: Sequence[Hit], folded: str) -> dict[Concern, list[Hit]]:
    """Find the concerns that violent words take on from the people beside them, each with the hits that show it."""
    found: dict[Concern, list[Hit]] = {}
    for hit in filter(is_violent, hits):
        near = [other for other in hits if other.speaks and abs(other.start - hit.start) <= _NEAR]
        concern = _concern(near, folded)
        if concern is not None:
            found.setdefault(concern, []).append(hit)
    return found


def _concern(near: Sequence[Hit], folded: str) -> Concern | None:
    if any(_is_victim(hit, folded) for hit in _people(near, Cue.CHILD, Cue.ELDER, Cue.PARENT)):
        return Concern.ABUSE
    if any(_people(near, Cue.PARTNER)):
        return Concern.DV
    if any(_people(near, Cue.PARENT, Cue.ELDER)):
        return Concern.ABUSE
    return None


def _people(near: Iterable[Hit], *cues: Cue) -> list[Hit]:
    return [hit for hit in near if any(cue in cues for cue in hit.row.of("cue"))]


def _is_victim(hit: Hit, folded: str) -> bool:
    return folded.startswith(_VICTIM_MARK, hit.end)
