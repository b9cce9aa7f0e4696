"""The form of a verb, from Sudachi's part of speech. Asked for only where a row that cares about forms was found."""

from collections.abc import Iterator

from nlp.lexicon.model import Inflection
from nlp.tokens import Tokens

_TYPE, _FORM = 4, 5
_FORMS = {"意志推量形": Inflection.VOLITIONAL, "仮定形": Inflection.CONDITIONAL, "命令形": Inflection.IMPERATIVE}


def has_form(tokens: Tokens, at: int, wanted: tuple[Inflection, ...]) -> bool:
    """Whether token ``at``, or the auxiliary right behind it (死ん + だら, 死ん + じゃおう), stands in one of the wanted forms."""
    return any(form in wanted for form in _forms(tokens, at))


def _forms(tokens: Tokens, at: int) -> Iterator[Inflection]:
    verb, auxiliary = tokens.part_of_speech(at), tokens.part_of_speech(at + 1)
    if verb and verb[_FORM].startswith("仮定形") and tokens.norms[at + 1 : at + 2] == ["ます"]:
        yield Inflection.POTENTIAL  # 死ねません: no conditional stands before ます, whatever the dictionary says.
        return
    words = [verb, auxiliary] if auxiliary[:1] == ("助動詞",) else [verb]
    for word in words:
        form = _FORMS.get(word[_FORM].partition("-")[0]) if word else None
        if form is not None:
            yield form
    if verb and _is_potential(tokens.norms[at], verb[_TYPE]):
        yield Inflection.POTENTIAL


def _is_potential(norm: str, conjugation: str) -> bool:
    """Whether a verb conjugates as 下一段 though its normal form does not: 死ねる is written back to 死ぬ, 殴れる to 殴る."""
    kind, _, line = conjugation.partition("-")
    return kind == "下一段" and (not norm.endswith("る") or (line == "ラ行" and not norm.endswith("れる")))
