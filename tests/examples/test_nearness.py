"""A sentence written anew is not the resident's own with a letter changed."""

import pytest

from handoff.examples.nearness import is_near

SAID = "先月から家賃が払えなくて、大家さんに来月出て行ってと言われました"


@pytest.mark.parametrize(
    "text",
    [
        SAID,
        "先月から 家賃が払えなくて 大家さんに来月出て行ってと言われました。",
        "先月から家賃がはらえなくて、大家さんに来月でて行ってと言われました",
        "こんにちは。先月から家賃が払えなくて、大家さんに来月出て行ってと言われました。よろしくお願いします",
        "大家さんに来月出て行ってと言われました",
        "管理会社の話です。払えなくて、大家さんに来月出て行ってと、二回も",
    ],
    ids=["same", "spaces", "kana", "longer", "part", "quotation"],
)
def test_the_residents_words_stay_the_residents_words(text: str) -> None:
    assert is_near(text, ["こんばんは", SAID])


@pytest.mark.parametrize(
    "text",
    ["アパートの支払いが二か月たまっていて、引っ越してくれと管理会社の人が来た", "家賃が払えない", "こんばんは、子どもの学校のことで"],
)
def test_other_words_for_the_same_trouble_and_everybodys_words_are_free(text: str) -> None:
    assert not is_near(text, ["こんばんは", "家賃", SAID])


def test_nothing_is_near_to_nothing() -> None:
    assert not is_near("家賃が払えない", ["", "。。。", "😢"])
