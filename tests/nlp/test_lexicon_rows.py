"""What inflection, subject and polarity of a row do to its hits."""

from typing import Any

import pytest

from nlp.lexicon.compiled import Compiled, compile_rows
from nlp.lexicon.files import load
from nlp.lexicon.model import Row
from nlp.lexicon.scan import scan
from nlp.reading import Polarity

SOURCE = {"owner": "福祉課", "source": "試験", "date": "2026-04-01", "status": "active", "positive": ["例"]}
DEATH = {"labels": ["risk:suicide"], "level": "urgent", "terms": ["死ぬ", "死んでしまう"]}


def lexicon(**keys: Any) -> Compiled:
    return compile_rows([*load(), Row.model_validate({"id": "test.row", **SOURCE, **keys})])


def polarities(text: str, rows: Compiled) -> list[Polarity]:
    return [hit.polarity for hit in scan(text, rows).hits if hit.row.id == "test.row"]


@pytest.mark.parametrize(
    ("form", "counted", "others"),
    [
        ("意志形", "死のう 死のうかな 死んでしまおう 死んじゃおうかな しのうかな", "死んだ 死ねない 死んだら 死にたい 死ぬ"),
        ("仮定形", "死んだら 死ねば 死ぬなら 死んでしまったら", "死のう 死んだ 死ねない 死ぬ"),
        ("可能形", "死ねない 死ねる 死ねます", "死のう 死んだら 死ぬ 死なない 死ねば"),
    ],
)
def test_a_row_with_an_inflection_hears_only_that_form(form: str, counted: str, others: str) -> None:
    rows = lexicon(**DEATH, inflection=[form], polarity="keep")
    assert [text for text in counted.split() if not polarities(text, rows)] == []
    assert [text for text in others.split() if polarities(text, rows)] == []


def test_a_verb_that_is_its_own_potential_is_none() -> None:
    rows = lexicon(labels=["debt"], terms=["殴る", "寝る", "受ける", "売れる"], inflection=["可能形"])
    texts = ["殴れる", "寝る", "寝ます", "受けます", "売れる", "売れない"]
    assert [text for text in texts if polarities(text, rows)] == ["殴れる"]


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("私が倒れたら", True),
        ("倒れたら困ります", True),
        ("父が倒れたら", False),
        ("父は元気です。倒れたら困ります", True),
        ("父の会社で倒れたら", True),
        ("隣の人が倒れたら", False),
    ],
)
def test_a_row_about_the_writer_is_silent_when_somebody_else_is_meant(text: str, speaks: bool) -> None:
    assert (polarities(text, lexicon(labels=["health"], terms=["倒れる"], subject="self")) != [Polarity.BLOCKED]) is speaks


@pytest.mark.parametrize(("policy", "held"), [("lower", Polarity.NEGATED), ("keep", Polarity.ASSERTED), ("cancel", Polarity.BLOCKED)])
def test_the_policy_of_a_row_decides_what_a_denial_does(policy: str, held: Polarity) -> None:
    assert polarities("借金はありません", lexicon(labels=["debt"], terms=["借金"], polarity=policy)) == [held]


@pytest.mark.parametrize(("policy", "held"), [("lower", Polarity.PAST), ("keep", Polarity.ASSERTED), ("cancel", Polarity.BLOCKED)])
def test_the_policy_of_a_row_decides_what_the_past_does(policy: str, held: Polarity) -> None:
    assert polarities("昔は借金がありました", lexicon(labels=["debt"], terms=["借金がある"], polarity=policy)) == [held]


def test_a_hearsay_is_heard_under_every_policy() -> None:
    for policy in ("lower", "keep", "cancel"):
        assert polarities("借金があると言っていた", lexicon(labels=["debt"], terms=["借金がある"], polarity=policy)) == [Polarity.HEARSAY]
