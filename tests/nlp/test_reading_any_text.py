"""Whatever is typed, a reading comes back and its spans lie in the text."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nlp
from nlp.reading import Circumstance, Evidence, PersonalDatum, Reading, Risk
from nlp.repair import LIMIT, repair
from nlp.tokens import _tokenizer, dictionary

ANYTHING = st.text(st.characters(codec=None), max_size=200)
PIECES = st.sampled_from(
    [
        "死にたい",
        "しに",
        "た〜い",
        "ﾀﾋ",
        "に たい",
        "夫に殴られる",
        "わけではない",
        "と言っている",
        "090-1234-5678",
        "\u200b",
        "\ud800",
        "\0",
        "ぁぁ",
        "ー〜",
        "。",
        "家賃",
        "㍿",
        "が\u3099",
        "○にたい",
    ]
)
TALK = st.lists(PIECES | st.text(max_size=5), max_size=20).map("".join)


def spans(reading: Reading) -> list[tuple[int, int]]:
    found: list[Evidence | Circumstance | PersonalDatum] = [*reading.evidence, *reading.circumstances, *reading.personal_data]
    return [(span.start, span.end) for span in found]


@settings(max_examples=150, deadline=None)
@given(ANYTHING | TALK)
def test_any_text_is_read_and_every_span_lies_within_it(text: str) -> None:
    assert all(0 <= start < end <= len(text) for start, end in spans(nlp.read(text)))


@settings(max_examples=150, deadline=None)
@given(TALK, TALK)
def test_spans_point_at_the_words_that_were_typed(before: str, after: str) -> None:
    text = f"{before}。もう死ぬしかない。{after}"
    found = [text[proof.start : proof.end] for proof in nlp.read(text).evidence if proof.rule.startswith("risk.suicide")]
    assert "死ぬしかない" in found


@pytest.mark.parametrize(
    "text", ["", "\0", "\ud800", "\ud83d\ude00"[:1], " ", "\n", "。", "😀" * 5000, "ﷺ" * 5000, "𠮷" * 5000, "ア" * 5000, "\u200b" * 9000]
)
def test_awkward_texts_are_read_without_alarm(text: str) -> None:
    assert nlp.read(text).risk is Risk.NONE


def test_words_between_surrogates_and_nul_are_still_read() -> None:
    reading = nlp.read("\ud800死に\0たい\udfff")
    assert reading.risk is Risk.URGENT
    assert (reading.evidence[0].start, reading.evidence[0].end) == (1, 6)


def test_up_to_ten_thousand_characters_are_read_whole() -> None:
    text = "あ" * 8_500 + "。死にたい。"
    text += "い" * (LIMIT - len(text))
    reading = nlp.read(text)
    assert (len(text), reading.truncated, reading.risk) == (10_000, False, Risk.URGENT)
    assert [text[found.start : found.end] for found in reading.evidence if found.label == "risk:suicide"] == ["死にたい"]


def test_what_lies_between_head_and_tail_is_not_read_and_that_is_told() -> None:
    reading = nlp.read("あ。" * 4_500 + "死にたい。" + "あ。" * 4_500)
    assert (reading.truncated, reading.risk) == (True, Risk.NONE)


def test_a_long_text_is_read_by_head_and_tail() -> None:
    text = "あ。" * LIMIT + "死にたい"
    reading = nlp.read(text)
    assert reading.truncated
    assert [text[found.start : found.end] for found in reading.evidence if found.label == "risk:suicide"] == ["死にたい"]
    assert not nlp.read("死にたい").truncated


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("もう死にたぁい", "死にたぁい"),
        ("もう死にた〜〜い…", "死にた〜〜い"),
        ("ﾓｳｼﾆﾀｲ", "ｼﾆﾀｲ"),
        ("もう、し に た い", "し に た い"),
        ("😀死に\u200bたい", "死に\u200bたい"),
        ("もう4にたい", "4にたい"),
        ("もうﾀﾋにたい", "ﾀﾋにたい"),
    ],
)
def test_repaired_spelling_is_shown_where_it_was_typed(typed: str, words: str) -> None:
    found = [typed[span.start : span.end] for span in nlp.read(typed).evidence if span.label == "risk:suicide"]
    assert words in found


def test_an_ordinary_text_needs_no_map() -> None:
    assert repair("家賃が払えません。どうすればいいですか？").starts is None


def test_each_thread_has_a_tokenizer_of_its_own_over_one_dictionary() -> None:
    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(1) as other:
        first, again, second = (pool.submit(lambda: (_tokenizer(), dictionary())).result() for pool in (one, one, other))
    assert first[0] is again[0]
    assert first[0] is not second[0]
    assert first[1] is second[1]


def test_threads_read_at_the_same_time() -> None:
    with ThreadPoolExecutor(4) as pool:
        readings = list(pool.map(nlp.read, ["夫に殴られる。もう死にたい"] * 200))
    assert set(readings) == {nlp.read("夫に殴られる。もう死にたい")}
