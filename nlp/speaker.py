"""Speaker from the hits: who writes, seen from the person in difficulty."""

from collections.abc import Sequence

from nlp.lexicon.model import Cue
from nlp.lexicon.scan import Hit
from nlp.reading import Concern, Risk, Speaker
from nlp.violence import is_violent

_TOPIC = ("が", "は", "も", "の", "、", "を", "って", " ", "\u3000")


def decide_speaker(hits: Sequence[Hit], folded: str, *, tells: bool) -> Speaker:
    """Decide by plain cues: introductions, neighbours, a relative as the subject, else the writer; unknown when nothing is told."""
    spoken = [hit for hit in hits if hit.speaks]
    named = {Speaker(name) for hit in spoken for name in hit.row.of("speaker")}
    if Speaker.SUPPORTER in named:
        return Speaker.SUPPORTER
    if Speaker.NEIGHBOUR in named:
        return Speaker.NEIGHBOUR
    tells = tells or any(hit.row.concerns or hit.row.level is not Risk.NONE for hit in hits)
    cues = {cue for hit in spoken for cue in hit.row.of("cue")}
    if tells and _is_about_relative(spoken, folded, cues):
        return Speaker.FAMILY
    if tells or Cue.MYSELF in cues:
        return Speaker.SELF
    return Speaker.UNKNOWN


def _is_about_relative(spoken: Sequence[Hit], folded: str, cues: set[str]) -> bool:
    """Tell whether a relative is the subject: no burden of the writer's own, no violence of the relative against the writer."""
    relatives = [hit for hit in spoken if Cue.RELATIVE in hit.row.of("cue") and folded.startswith(_TOPIC, hit.end)]
    if not relatives or Cue.BURDEN in cues or Cue.MYSELF in cues:
        return False
    own = {Concern.YOUNG_CARER, Concern.FAMILY, Concern.DV}
    if any(own & set(hit.row.concerns) for hit in spoken):
        return False
    return not any(is_violent(hit) for hit in spoken) or any(folded.startswith("を", hit.end) for hit in relatives)
