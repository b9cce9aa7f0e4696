"""Risk from the hits: the highest level that the text holds, its kinds, and why. A denial lowers a level and never silences it."""

from collections.abc import Sequence
from dataclasses import dataclass

from nlp.lexicon.model import Cue
from nlp.lexicon.scan import Hit
from nlp.reading import Polarity, Risk, RiskKind

NEVER_SILENT = frozenset([RiskKind.SUICIDE, RiskKind.SELF_HARM, RiskKind.VIOLENCE, RiskKind.ABUSE])
"""Kinds that stay at least ``watch`` when denied or told as over."""
_KINDS = tuple(RiskKind)
_NONE, _WATCH, _URGENT, _EMERGENCY = Risk
_ASSERTED, _BLOCKED = Polarity.ASSERTED, Polarity.BLOCKED


@dataclass(frozen=True, slots=True)
class RiskFound:
    """The level with its kinds in their order."""

    level: Risk
    kinds: tuple[RiskKind, ...]


def level_of(hit: Hit) -> Risk:
    """Weigh one hit under its polarity."""
    if hit.speaks:
        return hit.row.level
    kept = hit.polarity is not _BLOCKED and not NEVER_SILENT.isdisjoint(hit.row.risk_kinds)
    return _WATCH if kept else _NONE


def rule_risk(hits: Sequence[Hit]) -> RiskFound:
    """Take the highest level of all hits; a wish to die with the means at hand now is an emergency."""
    level = _NONE
    kinds: set[RiskKind] = set()
    asserted_wish = False
    for hit in hits:
        weight = level_of(hit)
        if weight is _NONE:
            continue
        if weight.rank > level.rank:
            level = weight
        found = hit.row.risk_kinds
        kinds |= found
        asserted_wish |= weight is _URGENT and hit.polarity is _ASSERTED and RiskKind.SUICIDE in found
    if asserted_wish and {Cue.MEANS, Cue.NOW} <= {cue for hit in hits if hit.speaks for cue in hit.row.of("cue")}:
        level = _EMERGENCY
    return RiskFound(level, tuple([kind for kind in _KINDS if kind in kinds]) if kinds else ())
