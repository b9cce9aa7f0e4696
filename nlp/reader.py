"""The way of a text to its Reading: repair, scan, score, decide, and every span told in the offsets of the text as given."""

from collections.abc import Iterator
from dataclasses import dataclass

from nlp.decide import decide
from nlp.language import language_of
from nlp.learned.features import letter_features, plain_features, row_feature, shape_features, token_features
from nlp.learned.model import Model, model
from nlp.lexicon.compiled import compiled
from nlp.lexicon.scan import Hit, Scan, find_hits
from nlp.personal import find_personal_data
from nlp.proof import prove
from nlp.reading import Circumstance, PersonalDatum, Reading, Risk, Speaker
from nlp.repair import fold, repair
from nlp.tokens import Tokens

JAPANESE = "ja"


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
    personal = find_personal_data(repaired)
    tokens = Tokens(repaired.text)
    folded = fold(repaired.text)
    learned = model()
    hits = find_hits(tokens, folded, compiled())
    if not hits or not any(_opens(hit, learned) for hit in hits):
        language = language_of(text)
        if language != JAPANESE or learned.is_small_talk(plain_features(tokens.norms)):
            return Reading(personal_data=personal, language=language, truncated=repaired.truncated, speaker=_known(context))
    return _read_on(Scan(repaired, folded, tokens, hits), personal, context, learned)


def warm_up() -> None:
    """Load dictionary, lexicon and weights now.

    Raises :class:`nlp.lexicon.LexiconError` when a lexicon file is wrong, :class:`nlp.learned.ModelError` when the weights do not fit.
    """
    compiled()
    model()
    read("暖機のために、誰かに相談したいと書いてみます")


def _opens(hit: Hit, learned: Model) -> bool:
    """Whether a row is worth a full reading: danger, a fact that matters, or a word that the weights do not know yet."""
    row = hit.row
    return row.level is not Risk.NONE or bool(row.of("circumstance")) or row.id not in learned.known_rows


def _read_on(found: Scan, personal: tuple[PersonalDatum, ...], context: Context | None, learned: Model) -> Reading:
    values = _scores(found, learned)
    decision = decide(values, found.hits, learned)
    return Reading(
        concerns=decision.concerns,
        candidates=decision.candidates,
        speaker=_known(context) if decision.speaker is Speaker.UNKNOWN else decision.speaker,
        intent=decision.intent,
        risk=decision.risk.level,
        risk_kinds=decision.risk.kinds,
        circumstances=tuple(_circumstances(found)),
        evidence=prove(found, decision, learned),
        personal_data=personal,
        scores=decision.scores,
        truncated=found.repaired.truncated,
    )


def _scores(found: Scan, learned: Model) -> list[float]:
    norms = found.tokens.norms
    rows = dict.fromkeys(row_feature(hit.row.id, speaks=hit.speaks) for hit in found.hits)
    return learned.scores(
        learned.tokens.total(token_features(norms, learned.classes)),
        learned.characters.total(letter_features(found.folded)),
        learned.rules.total([*shape_features(found.folded), *rows]),
        len(norms),
    )


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
