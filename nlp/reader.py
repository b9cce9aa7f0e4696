"""The way of a text to its Reading: repair, scan, decide, and every span told in the offsets of the text as given."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlp.concerns import decide_concerns
from nlp.intent import decide_intent, is_story
from nlp.lexicon.compiled import compiled
from nlp.lexicon.model import Cue
from nlp.lexicon.scan import Hit, Scan, scan
from nlp.personal import find_personal_data
from nlp.reading import Circumstance, Concern, Evidence, Intent, Polarity, Reading, Risk, Speaker
from nlp.risk import decide_risk
from nlp.speaker import decide_speaker
from nlp.violence import is_violent, violent_concerns


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What earlier messages of the talk have shown. It fills in only where the text itself says nothing."""

    speaker: Speaker = Speaker.UNKNOWN


def read(text: str, context: Context | None = None) -> Reading:
    """Tell what a careful intake worker would understand from ``text``. Never raises for any string.

    A text over 5,000 characters is read by its head and tail, with ``truncated``. Spans are code points, half-open, in ``text``.
    """
    found = scan(text)
    personal = find_personal_data(found.repaired)
    hits = found.hits
    cues = frozenset(Cue(cue) for hit in hits if hit.speaks for cue in hit.row.of("cue"))
    risk = decide_risk(hits, cues)
    plain = not any(label.startswith("intent:") for hit in hits if hit.speaks for label in hit.row.labels)
    speaker = decide_speaker(hits, found.folded, tells=plain and is_story(found.repaired.text))
    intent = decide_intent(hits, found.repaired.text, speaker, risk.level)
    concerns, candidates = decide_concerns(hits, found.folded, intent, cues)
    return Reading(
        concerns=concerns,
        candidates=candidates,
        speaker=_known(context) if speaker is Speaker.UNKNOWN else speaker,
        intent=intent,
        risk=risk.level,
        risk_kinds=risk.kinds,
        circumstances=tuple(_circumstances(found)),
        evidence=tuple(_evidence(found, {*concerns, *candidates}, intent, speaker)),
        personal_data=personal,
        truncated=found.repaired.truncated,
    )


def warm_up() -> None:
    """Load dictionary and lexicon now. Raises :class:`nlp.lexicon.LexiconError` when a lexicon file is wrong."""
    compiled()
    read("暖機")


def _known(context: Context | None) -> Speaker:
    return context.speaker if context is not None else Speaker.UNKNOWN


def _circumstances(found: Scan) -> Iterator[Circumstance]:
    seen: set[tuple[str, int]] = set()
    for hit in found.hits:
        for kind in hit.row.of("circumstance"):
            start, end = found.repaired.original(hit.start, hit.end)
            if hit.speaks and (kind, start) not in seen:
                seen.add((kind, start))
                yield Circumstance(kind=kind, start=start, end=end)


def _evidence(found: Scan, shown: set[Concern], intent: Intent, speaker: Speaker) -> Iterator[Evidence]:
    """Show what speaks for the labels of the reading, and what was named only to be denied, told as over, or figuratively."""
    violent = violent_concerns(found.hits, found.folded)
    for hit in found.hits:
        start, end = found.repaired.original(hit.start, hit.end)
        for label in _labels(hit, shown, intent, speaker):
            yield Evidence(start=start, end=end, label=label, rule=hit.row.id, polarity=hit.polarity)
        concern = violent.get(hit.start) if is_violent(hit) else None
        if concern in shown and concern not in hit.row.concerns:
            yield Evidence(start=start, end=end, label=str(concern), rule=hit.row.id, polarity=hit.polarity)


def _labels(hit: Hit, shown: set[Concern], intent: Intent, speaker: Speaker) -> Sequence[str]:
    held_back = hit.polarity in (Polarity.NEGATED, Polarity.PAST, Polarity.BLOCKED)
    concerns = [concern for concern in hit.row.concerns if held_back or concern in shown]
    risks = [f"risk:{kind}" for kind in hit.row.of("risk")] if hit.row.level is not Risk.NONE else []
    intents = [f"intent:{name}" for name in hit.row.of("intent") if hit.speaks and name == intent]
    speakers = [f"speaker:{name}" for name in hit.row.of("speaker") if hit.speaks and name == speaker]
    return [*concerns, *risks, *intents, *speakers]
