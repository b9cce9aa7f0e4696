"""Reads a whole story, of one message or of several: what it shows as a whole and in its sentences, and how far that is believed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from nlp import Context, read, read_burst
from nlp.reading import Concern, Evidence, Reading, Risk, Score
from routing.belief import Beliefs, Signs, load_beliefs
from routing.fitting import fits
from routing.household import mentions_in, sentences_in

MOST_SENTENCES = 16
_ONLY_WHOLE = frozenset({Concern.ABUSE, Concern.DV, Concern.ADMIN_OTHER})
"""Violence is not put into a story by one sentence of it, and a procedure is not another difficulty beside one."""
_KEPT = frozenset({Concern.ABUSE, Concern.DV})
"""Violence that was read stays in the story however little it is believed: what it does to the talk is not weighed here."""
_DOUBTED = 0.6
"""Abuse that is less likely than this, in a story that shows no danger at all, is only a candidate."""
_MOST_CANDIDATES = 3
_HINTED = 0.1
"""A story of which nothing is believed is still about the likeliest of what is hinted at, unless that is less likely than this."""


class _Sentence(NamedTuple):
    start: int
    alone: Reading


def read_story(messages: Sequence[str], context: Context | None = None, *, beliefs: Beliefs | None = None) -> Reading:
    r"""Read ``messages`` as one story. Spans are told in ``"\n".join(messages)``.

    In a story of two sentences or more each is read alone as well. A concern is there where what the whole and the sentences
    show of it is believed (``beliefs.yaml`` unless others are given) and somebody of the household could have it; ``scores``
    tell how far. Of what the whole showed the likeliest always stays. Risk, intent and speaker are those of the whole.
    """
    whole = read_burst(messages, context)
    text = "\n".join(messages)
    spans = list(sentences_in(text))
    if whole.truncated or whole.language != "ja" or not 1 < len(spans) <= MOST_SENTENCES:
        return whole
    sentences = [_Sentence(start, read(text[start:end])) for start, end in spans]
    known = beliefs or load_beliefs()
    signs = signs_in(whole, [sentence.alone for sentence in sentences])
    mentions = mentions_in(text)
    possible = [concern for concern in signs if _may_be_told(concern, whole) and fits(concern, mentions, text)]
    believed: dict[str, float] = {concern: known.believed(concern, signs[concern]) for concern in possible}
    concerns = _concerns(whole, believed, known.bar)
    return replace(
        whole,
        concerns=concerns,
        candidates=_candidates(whole, concerns, believed),
        evidence=(*whole.evidence, *_more_evidence(whole, concerns, sentences)),
        scores=tuple(Score(label=label, probability=round(sure, 4)) for label, sure in (_likely(whole) | believed).items()),
    )


def read_message(text: str, context: Context | None = None) -> Reading:
    """Read one message as a story."""
    return read_story((text,), context)


def signs_in(whole: Reading, sentences: Sequence[Reading]) -> Mapping[Concern, Signs]:
    """Return how a story shows each concern of which the whole or a sentence says anything."""
    likely, alone = _likely(whole), [_likely(sentence) for sentence in sentences]
    shown = {*whole.concerns, *likely, *(label for scores in alone for label in scores)}
    return {
        concern: Signs(
            whole=likely.get(concern, 0.0),
            decided=concern in whole.concerns,
            sentences=sum(scores.get(concern, 0.0) for scores in alone),
            plainly=sum(concern in sentence.concerns for sentence in sentences),
            beside=len(whole.concerns),
        )
        for concern in Concern
        if concern in shown
    }


def _concerns(whole: Reading, believed: Mapping[str, float], bar: float) -> tuple[Concern, ...]:
    """Return what is believed, in the order of the reader; where nothing is, the likeliest that the whole showed, or else hints at."""
    possible = [concern for concern in Concern if concern in believed]
    found = tuple(concern for concern in possible if believed[concern] >= bar or (concern in _KEPT and concern in whole.concerns))
    hinted = [concern for concern in possible if believed[concern] >= _HINTED]
    shown = [concern for concern in possible if concern in whole.concerns] or hinted
    return found or tuple(sorted(shown, key=lambda concern: -believed[concern])[:1])


def _may_be_told(concern: Concern, whole: Reading) -> bool:
    if concern in _ONLY_WHOLE and concern not in whole.concerns:
        return False
    return concern is not Concern.ABUSE or whole.risk is not Risk.NONE or _likely(whole).get(concern, 0.0) >= _DOUBTED


def _candidates(whole: Reading, concerns: Sequence[Concern], believed: Mapping[str, float]) -> tuple[Concern, ...]:
    """Return what the reader was unsure of, and what it had decided and is not believed: the resident may be asked."""
    unsure = {*whole.candidates, *whole.concerns} - set(concerns)
    return tuple(sorted(unsure, key=lambda concern: -believed.get(concern, 0.0))[:_MOST_CANDIDATES])


def _more_evidence(whole: Reading, concerns: Sequence[Concern], sentences: Sequence[_Sentence]) -> Iterator[Evidence]:
    """Yield the words of the sentences for what only they show, told in the offsets of the story."""
    for concern in concerns:
        for start, alone in sentences if concern not in whole.concerns else ():
            for proof in alone.evidence:
                if proof.label == concern:
                    yield replace(proof, start=proof.start + start, end=proof.end + start)


def _likely(reading: Reading) -> dict[str, float]:
    return {score.label: score.probability for score in reading.scores}
