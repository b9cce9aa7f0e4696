"""What the reader is measured with is the same each time and is what its name says."""

from collections import Counter
from pathlib import Path

import pytest

from bot.bench.tagger_mix import corpus_rows, everyday_mix, lines_of, nasty_texts, typical
from intake.base.errors import StartupError


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "e01.jsonl").write_text("".join(f'{{"text":"晴れ{n}"}}\n' for n in range(90)), encoding="utf-8")
    (tmp_path / "w01.jsonl").write_text("".join(f'{{"text":"家賃{n}"}}\n' for n in range(10)), encoding="utf-8")
    return tmp_path


def test_the_shipped_mix_is_95_parts_everyday_and_5_parts_consultation() -> None:
    everyday = {row["text"] for row in corpus_rows(everyday=True)}
    mix = everyday_mix(2_000)
    assert len(mix) == 2_000
    assert sum(text in everyday for text in mix) == pytest.approx(1_900, abs=20)  # A few texts stand in both kinds.


def test_the_mix_is_the_same_each_time_and_well_stirred(corpus: Path) -> None:
    mix = everyday_mix(60, corpus)
    assert mix == everyday_mix(60, corpus)
    assert len(set(mix)) == 60
    kinds = Counter(text[:2] for text in mix[:30])
    assert kinds["晴れ"] > kinds["家賃"] > 0


def test_a_mix_larger_than_the_corpus_repeats_messages_as_often_as_each_other(corpus: Path) -> None:
    seen = Counter(everyday_mix(1_000, corpus)).values()
    assert sum(seen) == 1_000
    assert {5, 10, 11} >= set(seen)


def test_a_corpus_without_messages_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="文章がありません"):
        everyday_mix(10, tmp_path)


def test_the_lines_of_a_file_are_its_messages(tmp_path: Path) -> None:
    file = tmp_path / "own.txt"
    file.write_text("こんにちは\n\n眠れません\n", encoding="utf-8")
    assert lines_of(file, 10) == ["こんにちは", "眠れません"]
    assert lines_of(file, 1) == lines_of(file, 1)
    assert len(lines_of(file, 1)) == 1


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"\n \n", "文章がありません"), (b"\xff\xfe", "UTF-8"), ("あ".encode() * 5_001, "5,001 字の行")],
    ids=["empty", "not UTF-8", "longer than LINE sends"],
)
def test_a_file_that_cannot_be_measured_with_is_refused(tmp_path: Path, content: bytes, word: str) -> None:
    file = tmp_path / "own.txt"
    file.write_bytes(content)
    with pytest.raises(StartupError, match=word):
        lines_of(file, 10)


def test_typical_messages_are_those_nearest_to_47_characters() -> None:
    assert typical(["あ" * length for length in (1, 45, 47, 50, 200)], 3) == ["あ" * 47, "あ" * 45, "あ" * 50]


def test_nasty_texts_have_the_two_promised_lengths() -> None:
    assert {len(text) for text in nasty_texts().values()} == {5_000, 10_000}
