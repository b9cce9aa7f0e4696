"""The way of a text to its Reading: repair, scan, score, decide, and every span told in the offsets of the text as given."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from nlp.decide import decide
from nlp.language import language_of
from nlp.learned.features import row_features
from nlp.learned.model import Model, model
from nlp.lexicon.compiled import compiled
from nlp.lexicon.scan import Hit, Scan, telling_hits
from nlp.personal import find_personal_data
from nlp.proof import prove
from nlp.reading import Circumstance, Intent, PersonalDatum, Reading, Risk, Speaker
from nlp.repair import fold, repair
from nlp.tokens import Tokens, fresh_tokenizer

JAPANESE = "ja"
_CALM, _NOBODY = Risk.NONE, Speaker.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What earlier messages of the talk have shown. It fills in only where the text itself says nothing."""

    speaker: Speaker = Speaker.UNKNOWN


def read(text: str, context: Context | None = None) -> Reading:
    """Tell what a careful intake worker would understand from ``text``. Never raises for any string.

    A text over 10,000 characters is read by its head and tail, with ``truncated``. Spans are code points, half-open, in ``text``.
    Of another language only the danger that a row knows and the personal data are read.
    """
    repaired = repair(text)
    folded = fold(repaired.text)
    learned = model()
    look = learned.gate.look(folded)
    personal = find_personal_data(repaired, named=look.named)
    language = language_of(text)
    if look.intent is not None:
        return _small_talk(look.intent, personal, language, context)
    tokens = Tokens(repaired.text)
    hits = telling_hits(tokens, folded, compiled())
    if language == JAPANESE and not _name_need(hits) and (light := learned.gate.settle(look, tokens.norms)) is not None:
        return _small_talk(light, personal, language, context)
    if language != JAPANESE and not any(hit.row.level.rank >= Risk.URGENT.rank for hit in hits):
        return Reading(speaker=_known(context), personal_data=personal, language=language, truncated=repaired.truncated)
    return _read_on(Scan(repaired, folded, tokens, hits), personal, context, learned)


def warm_up() -> None:
    """Load dictionary, lexicon and weights now.

    Raises :class:`nlp.lexicon.LexiconError` when a lexicon file is wrong, :class:`nlp.learned.ModelError` when the weights do not fit.
    """
    with _uncollected():
        compiled()
        model()
    fresh_tokenizer()
    read("暖機のために、誰かに相談したいと書いてみます")


@contextmanager
def _uncollected() -> Iterator[None]:
    """Load without looks of the garbage collector: all that is loaded stays."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _name_need(hits: Sequence[Hit]) -> bool:
    """Whether a concern or a danger is named: then no weighing of words ends the reading, also where it is over or denied."""
    return bool([hit for hit in hits if hit.row.concerns or hit.row.level is not _CALM])


def _read_on(found: Scan, personal: tuple[PersonalDatum, ...], context: Context | None, learned: Model) -> Reading:
    rows = row_features(found.hits)
    weighed = learned.weigh(found.tokens.norms, found.folded, rows)
    decision = decide(weighed.scores, found.hits, learned, len(found.folded.strip()))
    return Reading(
        concerns=decision.concerns,
        candidates=decision.candidates,
        speaker=_known(context) if decision.speaker is _NOBODY else decision.speaker,
        intent=decision.intent,
        risk=decision.risk.level,
        risk_kinds=decision.risk.kinds,
        circumstances=tuple(_circumstances(found)),
        evidence=prove(found, decision, weighed, learned),
        personal_data=personal,
        scores=decision.scores,
        truncated=found.repaired.truncated,
    )


def _small_talk(intent: Intent, personal: tuple[PersonalDatum, ...], language: str, context: Context | None) -> Reading:
    if not personal and language == JAPANESE:
        return _plain(intent) if context is None else _plain(intent, context.speaker)
    return Reading(
        intent=intent if language == JAPANESE else Intent.OTHER, speaker=_known(context), personal_data=personal, language=language
    )


@cache
def _plain(intent: Intent, speaker: Speaker = Speaker.UNKNOWN) -> Reading:
    """Share the reading of everything that holds no more than small talk: it cannot be changed."""
    return Reading(intent=intent, speaker=speaker)


def _known(context: Context | None) -> Speaker:
    return context.speaker if context is not None else _NOBODY


def _circumstances(found: Scan) -> Iterator[Circumstance]:
    seen: set[tuple[str, int]] = set()
    for hit in found.hits:
        for kind in hit.row.of("circumstance"):
            start, end = found.repaired.original(hit.start, hit.end)
            if hit.speaks and (kind, start) not in seen:
                seen.add((kind, start))
                yield Circumstance(kind=kind, start=start, end=end)
