"""How far a reading is believed: figures that staff can read, and what they do to a story."""

from dataclasses import replace
from pathlib import Path

import pytest

from nlp.reading import Concern, Reading, Risk, Score
from routing import story
from routing.belief import FILE, Beliefs, Signs, load_beliefs
from routing.findings import DirectoryError
from routing.rules import DATA
from routing.story import read_story
from tests.routing.households import households

_PLAIN = Signs(whole=0.9, decided=True, sentences=1.2, plainly=1, beside=1)
_TWO = ("母の介護で困っています。", "夜も眠れません。")


def _beliefs(**changes: float) -> Beliefs:
    return Beliefs(bar=0.3, parts=(0.5, 0.5, 1.0, 0.1, -1.0), concerns={concern: changes.get(concern, 0.0) for concern in Concern})


def _even(figure: float) -> Beliefs:
    return Beliefs(bar=0.3, parts=(1.0, 0.0, 0.0, 0.0, 0.0), concerns=dict.fromkeys(Concern, figure))


def test_what_is_read_surely_and_in_more_sentences_is_believed_more() -> None:
    beliefs = load_beliefs()
    for concern in Concern:
        sure = beliefs.believed(concern, _PLAIN)
        assert 0 < beliefs.believed(concern, replace(_PLAIN, whole=0.2)) < sure < 1
        assert beliefs.believed(concern, replace(_PLAIN, sentences=0.1, plainly=0)) < sure
        assert beliefs.believed(concern, replace(_PLAIN, beside=6)) < sure


def test_what_is_not_believed_leaves_the_story_and_may_be_asked() -> None:
    usual = read_story(_TWO)
    assert {Concern.CARE, Concern.MENTAL} <= set(usual.concerns)
    doubting = read_story(_TWO, beliefs=_beliefs(mental=-9.0))
    assert Concern.MENTAL not in doubting.concerns
    assert Concern.CARE in doubting.concerns
    assert Concern.MENTAL in doubting.candidates


def test_the_likeliest_that_the_whole_showed_stays_where_nothing_is_believed() -> None:
    assert len(read_story(_TWO, beliefs=_even(-9.0)).concerns) == 1


def test_a_story_that_shows_nothing_is_about_the_likeliest_of_what_it_hints_at(monkeypatch: pytest.MonkeyPatch) -> None:
    hints = Reading(scores=(Score(label="care", probability=0.3), Score(label="mental", probability=0.2)))
    monkeypatch.setattr(story, "read_burst", lambda *_: hints)
    monkeypatch.setattr(story, "read", lambda *_: Reading())
    assert read_story(_TWO, beliefs=_even(-0.9)).concerns == (Concern.CARE,)
    assert read_story(_TWO, beliefs=_even(-9.0)).concerns == ()


def test_violence_that_was_read_stays_however_little_it_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    hurt = Reading(concerns=(Concern.DV, Concern.CARE), risk=Risk.URGENT, scores=(Score(label="dv", probability=0.2),))
    monkeypatch.setattr(story, "read_burst", lambda *_: hurt)
    monkeypatch.setattr(story, "read", lambda *_: Reading())
    assert Concern.DV in read_story(_TWO, beliefs=_beliefs(dv=-9.0)).concerns


@pytest.mark.parametrize(
    ("old", "new"), [("bar: 0.25", "bar: 25"), ("  care:", "  caring:"), ("  whole:", "  all:"), ("parts:", "parts: ["), ("bar:", "limit:")]
)
def test_a_wrong_table_of_beliefs_stops_the_start_with_the_name_of_the_file(tmp_path: Path, old: str, new: str) -> None:
    text = (DATA / FILE).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / FILE).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DirectoryError, match=FILE):
        load_beliefs(tmp_path)


def test_the_table_that_is_learned_can_be_read_again(tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="`make train` installs what learning needs")
    from tests.routing.fit_beliefs import learned, written  # noqa: PLC0415 - needs the trainer's libraries

    found = learned(households("tuned")[:12])
    (tmp_path / FILE).write_text(written(found), encoding="utf-8")
    assert load_beliefs(tmp_path) == found
