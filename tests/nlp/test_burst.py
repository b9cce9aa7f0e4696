"""Several messages are read together as well as one by one."""

from hypothesis import given, settings
from hypothesis import strategies as st

import nlp
from nlp.reading import Circumstance, Evidence, Intent, PersonalDatum, Risk

STORY = ["おはようございます", "母のことなんですが", "夜中に三回起こされて", "私もう腕あがらなくて", "仕事も休みがちで"]


def test_one_message_is_read_as_itself() -> None:
    assert nlp.read_burst(["家賃が払えません"]) == nlp.read("家賃が払えません")


def test_a_household_story_shows_at_least_what_each_piece_shows() -> None:
    together = nlp.read_burst(STORY)
    assert {concern for piece in STORY for concern in nlp.read(piece).concerns} <= set(together.concerns)
    assert together.risk.rank >= max(nlp.read(piece).risk.rank for piece in STORY)


def test_danger_in_one_piece_is_not_drowned_by_the_others() -> None:
    assert nlp.read_burst(["きょうは晴れてよかったです", "死にたい", "カレー作りました"]).risk.rank >= Risk.URGENT.rank


def test_a_request_in_one_piece_stands() -> None:
    assert nlp.read_burst(["夫のことで悩んでいます", "さっきの全部消してください"]).intent is Intent.ERASE


def test_spans_point_into_the_joined_text() -> None:
    messages = ["こんにちは", "借金が返せないです", "電話は090-0000-0000です"]
    text = "\n".join(messages)
    reading = nlp.read_burst(messages)
    assert "借金が返せない" in [text[proof.start : proof.end] for proof in reading.evidence]
    assert [text[found.start : found.end] for found in reading.personal_data] == ["090-0000-0000"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=5))
def test_any_burst_is_read_with_spans_inside_it(messages: list[str]) -> None:
    text = "\n".join(messages)
    reading = nlp.read_burst(messages)
    spans: list[Evidence | Circumstance | PersonalDatum] = [*reading.evidence, *reading.circumstances, *reading.personal_data]
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
