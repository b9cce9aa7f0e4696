"""A thing that is named may be denied, over, told by another, asked, supposed, wished or only a figure of speech."""

import pytest

from nlp.lexicon.compiled import Compiled, compile_rows
from nlp.lexicon.model import Row
from nlp.lexicon.scan import scan
from nlp.reading import Polarity
from tests.nlp.polarity_table import KNOWN_MISSES, sentences

CONCEPTS = {
    "risk:suicide": (["死にたい", "死ぬしかない", "死にたがる"], ["しにたく", "しにたか"]),
    "debt": (["借金"], []),
    "risk:violence": (["殴る", "殴られる"], ["なぐられ", "なぐる"]),
    "care": (["介護"], ["かいご"]),
    "mental": (["眠れない"], ["ねれない", "ねむれなく"]),
}
FLOOR = 0.90


@pytest.fixture(scope="module")
def lexicon() -> Compiled:
    rows = [
        Row.model_validate(
            {
                "id": f"test.{label.replace(':', '_')}",
                "labels": [label],
                "level": "urgent" if label.startswith("risk:") else "none",
                "terms": terms,
                "variants": variants,
                "positive": terms[:1],
                "owner": "試験",
                "source": "試験",
                "date": "2026-04-01",
                "status": "active",
            }
        )
        for label, (terms, variants) in CONCEPTS.items()
    ]
    return compile_rows(rows)


def marks_of(sentence: str) -> list[pytest.MarkDecorator]:
    return [pytest.mark.xfail(strict=True, reason=KNOWN_MISSES[sentence])] if sentence in KNOWN_MISSES else []


@pytest.mark.parametrize(
    ("sentence", "polarity"),
    [pytest.param(sentence, polarity, marks=marks_of(sentence), id=f"{polarity}:{sentence}") for sentence, polarity in sentences()],
)
def test_a_sentence_holds_what_it_names_as_its_reader_would(sentence: str, polarity: Polarity, lexicon: Compiled) -> None:
    assert [hit.polarity for hit in scan(sentence, lexicon).hits][:1] == [polarity]


def test_the_table_is_broad_and_nearly_all_of_it_is_read() -> None:
    known = [sentence for sentence, _ in sentences()]
    assert len(known) >= 150
    assert len(known) == len(set(known))
    assert set(KNOWN_MISSES) <= set(known)
    assert 1 - len(KNOWN_MISSES) / len(known) >= FLOOR
