"""Reads a whole story, of one message or of several: what it shows as a whole, and what one sentence of it shows plainly enough."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from nlp import Context, read, read_burst
from nlp.reading import Concern, Evidence, Reading, Risk, Score
from routing.fitting import fits, may_bear
from routing.household import Mention, mentions_in, sentences_in

NEARLY_SURE = 0.4
"""How likely a sentence by itself must make a concern that the whole story does not show."""
MOST_SENTENCES = 16
_ALONE = 0.5
"""What one sentence shows counts for half beside what the whole shows."""
_ONLY_WHOLE = frozenset({Concern.ABUSE, Concern.DV, Concern.ADMIN_OTHER})
"""Violence is not put into a story by one sentence of it, and a procedure is not another difficulty beside one."""
_DOUBTED = 0.6
"""Abuse that is less likely than this, in a story that shows no danger at all, is only a candidate."""


class _Hint(NamedTuple):
    likely: float
    evidence: tuple[Evidence, ...]


def read_story(messages: Sequence[str], context: Context | None = None) -> Reading:
    r"""Read ``messages`` as one story. Spans are told in ``"\n".join(messages)``.

    In a story of two sentences or more a concern that only one sentence shows is added behind those that the whole shows, and
    one that nobody of the household could have is left out. Risk, intent and speaker are those of the whole.
    """
    whole = read_burst(messages, context)
    text = "\n".join(messages)
    spans = list(sentences_in(text))
    if whole.truncated or whole.language != "ja" or not 1 < len(spans) <= MOST_SENTENCES:
        return whole
    mentions = mentions_in(text)
    kept = tuple(concern for concern in whole.concerns if fits(concern, mentions, text) and not _is_doubted(concern, whole))
    added = {concern: hint for concern, hint in _hints(text, spans, mentions).items() if concern not in whole.concerns}
    if not added and kept == whole.concerns:
        return whole
    likely = _likely(whole) | {concern: hint.likely for concern, hint in added.items()}
    return replace(
        whole,
        concerns=(*kept, *added),
        candidates=tuple(concern for concern in whole.candidates if concern not in added),
        evidence=(*whole.evidence, *(proof for hint in added.values() for proof in hint.evidence)),
        scores=tuple(Score(label=label, probability=round(probability, 4)) for label, probability in likely.items()),
    )


def read_message(text: str, context: Context | None = None) -> Reading:
    """Read one message as a story."""
    return read_story((text,), context)


def _hints(text: str, spans: Sequence[tuple[int, int]], mentions: Sequence[Mention]) -> Mapping[Concern, _Hint]:
    """Return what single sentences show plainly enough for the people who are in the story."""
    found: dict[Concern, _Hint] = {}
    for start, end in spans:
        alone = read(text[start:end])
        likely = _likely(alone)
        for concern in (*alone.concerns, *alone.candidates):
            sure = likely.get(concern, 0.0)
            bar = NEARLY_SURE if not may_bear(concern, mentions) else 0.0
            decided = concern in alone.concerns or not bar
            if decided and sure >= bar and concern not in _ONLY_WHOLE and fits(concern, mentions, text):
                known = found.get(concern, _Hint(0.0, ()))
                found[concern] = _Hint(max(known.likely, sure * _ALONE), (*known.evidence, *_moved(alone, concern, start)))
    return found


def _is_doubted(concern: Concern, whole: Reading) -> bool:
    return concern is Concern.ABUSE and whole.risk is Risk.NONE and _likely(whole).get(concern, 0.0) < _DOUBTED


def _likely(reading: Reading) -> dict[str, float]:
    return {score.label: score.probability for score in reading.scores}


def _moved(alone: Reading, concern: Concern, by: int) -> Iterator[Evidence]:
    for proof in alone.evidence:
        if proof.label == concern:
            yield replace(proof, start=proof.start + by, end=proof.end + by)
