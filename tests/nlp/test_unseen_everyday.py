"""Everyday messages that no weight was learned from: what a reader that has only learned its own lines by heart would fail."""

from pathlib import Path

import nlp
from nlp.evaluate import Record
from nlp.reading import Risk

LINES = [
    Record.model_validate_json(line) for line in (Path(__file__).parent / "unseen_everyday.jsonl").read_text(encoding="utf-8").splitlines()
]


def test_everyday_talk_that_was_never_learned_calls_nobody() -> None:
    called = [record.text for record in LINES if nlp.read(record.text).risk.rank >= Risk.URGENT.rank]
    assert len(called) <= len(LINES) // 100


def test_everyday_talk_that_was_never_learned_is_seldom_taken_for_a_need() -> None:
    plain = [record.text for record in LINES if not record.concerns]
    taken = [text for text in plain if nlp.read(text).concerns]
    assert len(taken) <= len(plain) // 10
