"""What the trainer chooses by counting. None of it needs the trainer's libraries, which a machine that runs the program does not have."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from nlp.evaluate import Record
from nlp.learned.features import row_feature
from nlp.learned.model import Calibration
from nlp.learned.table import HEAVIEST, UNIT, Table, packed
from nlp.lexicon.model import Row
from nlp.reading import Concern, Intent, Risk, RiskKind, Speaker
from nlp.training.choices import ALARMS, CHAT_ALARMS, FEW, expected_error, lowest_bar, noisy_rows, told, writable
from nlp.training.examples import DEALT, Example, groups, read_corpus, row_examples
from nlp.training.limits import MISSED_DANGER, MISSES, limits, quantile
from nlp.training.order import OF_LETTERS, OF_WORDS, by_use

SOURCE = {"owner": "福祉課", "source": "試験", "date": "2026-04-01", "status": "active"}
LIKELY = st.floats(0, 1)


def row(**keys: object) -> Row:
    return Row.model_validate({"id": "test.row", "terms": ["殴る"], "positive": ["殴られる"], **SOURCE, **keys})


def record(text: str = "こんにちは", **keys: object) -> Record:
    plain = {"id": "1", "text": text, "concerns": [], "speaker": "unknown", "intent": "other", "risk": "none", "risk_kinds": []}
    return Record.model_validate(plain | keys)


def example(writer: str, **keys: object) -> Example:
    return Example(writer, record("こんにちは", **keys), (), "", ())


@given(st.dictionaries(st.integers(0, 53), st.floats(-20, 20), max_size=54))
def test_written_weights_are_read_back_to_the_nearest_sixteenth(weights: dict[int, float]) -> None:
    read = Table(54, {}).unpack(packed(told(sorted(weights.items()), least=1)))
    assert list(read) == [max(-HEAVIEST, min(HEAVIEST, round(weights.get(column, 0.0) / UNIT))) for column in range(54)]


def test_weights_that_move_nothing_are_not_written() -> None:
    assert told([(0, 2 * UNIT), (1, 3 * UNIT), (2, -3 * UNIT), (3, 0.0)]) == "1:3 2:-3"
    assert told([(0, 15 * UNIT), (1, -16 * UNIT)], least=16) == "1:-16"
    assert told([]) == ""


@pytest.mark.parametrize(("key", "may"), [("家賃", True), ("a b", True), ("a\tb", False), ("a\nb", False), ("a\rb", False)])
def test_a_key_that_would_break_a_line_is_not_written(key: str, may: bool) -> None:
    assert writable(key) is may


@given(st.floats(0.2, 3), st.floats(-4, 4), st.floats(0.001, 0.999))
def test_a_score_and_its_probability_are_two_ways_to_say_the_same(slope: float, offset: float, probability: float) -> None:
    curve = Calibration(slope=slope, offset=offset)
    assert curve.probability(curve.score(probability)) == pytest.approx(probability, abs=1e-6)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_more_of_a_score_is_never_less_likely_and_none_is_out_of_bounds(one: float, other: float) -> None:
    curve = Calibration(slope=0.8, offset=-1.4)
    low, high = sorted((one, other))
    assert 0 <= curve.probability(low) <= curve.probability(high) <= 1


@given(st.lists(LIKELY, min_size=1, max_size=60), st.lists(LIKELY, min_size=1, max_size=60))
def test_the_bar_of_danger_leaves_the_calm_in_peace_and_no_lower_bar_does(calm: list[float], chat: list[float]) -> None:
    def peaceful(bar: float) -> bool:
        alarms, idle = (sum(one >= bar for one in said) / len(said) for said in (calm, chat))
        return alarms <= ALARMS and idle <= CHAT_ALARMS

    bar = lowest_bar(calm, chat)
    assert bar == 1 or peaceful(bar)
    assert bar == 0.05 or not peaceful(round(min(bar, 0.95) - 0.005, 3))


def test_probabilities_that_come_true_as_often_as_they_say_have_no_error() -> None:
    assert expected_error([0.25] * 4 + [1.0, 0.0], [True, False, False, False, True, False]) == pytest.approx(0)
    assert expected_error([0.9, 0.9], [False, False]) == pytest.approx(0.9)
    assert expected_error([0.9, 0.1], [False, False]) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("level", "calm", "grave", "noisy"),
    [
        ("urgent", FEW, 0, True),
        ("urgent", FEW - 1, 0, False),
        ("urgent", 3, 7, False),
        ("urgent", 4, 6, True),
        ("watch", FEW, 0, False),
    ],
)
def test_a_row_of_danger_that_fires_on_calm_messages_needs_weights(level: str, calm: int, grave: int, noisy: bool) -> None:
    spoken, held = ([row_feature("test.row", speaks=speaks)] for speaks in (True, False))
    fired = [(spoken, Risk.NONE)] * calm + [(spoken, Risk.URGENT)] * grave + [(held, Risk.NONE)] * 50
    assert noisy_rows(fired, [row(labels=["risk:violence"], level=level)]) == ["test.row"] * noisy


def test_a_row_that_calls_a_person_in_any_case_is_never_noisy() -> None:
    wish = row(id="risk.suicide.vanish", labels=["risk:suicide"], level="urgent")
    assert noisy_rows([([row_feature(wish.id, speaks=True)], Risk.NONE)] * 50, [wish]) == []


def test_writers_are_held_out_whole_and_everyday_talk_is_dealt_out() -> None:
    names = groups([example("w01"), example("w02"), example("w01"), *[example("e08")] * (2 * DEALT)])
    assert names[:3] == ["w01", "w02", "w01"]
    assert sorted(names[3:]) == sorted([f"e08-{number}" for number in range(DEALT)] * 2)


def test_a_row_teaches_its_own_labels_and_nothing_else() -> None:
    rows = [
        row(labels=["dv", "risk:violence"], level="urgent"),
        row(id="test.ask", labels=["intent:ask_window"], terms=["どこですか"], positive=["窓口はどこですか"]),
        row(id="test.maybe", labels=["food"], strength="candidate"),
        row(id="test.cue", labels=["cue:now"]),
    ]
    danger, ask = row_examples(rows)
    assert (danger.teaches, danger.record.concerns, danger.record.risk) == (frozenset(["concern", "level"]), (Concern.DV,), Risk.URGENT)
    assert (danger.record.risk_kinds, danger.record.speaker) == ((RiskKind.VIOLENCE,), Speaker.UNKNOWN)
    assert (ask.teaches, ask.record.intent, ask.record.concerns) == (frozenset(["intent"]), Intent.ASK_WINDOW, ())


@pytest.mark.parametrize(
    ("keys", "light"),
    [
        ({}, True),
        ({"intent": "thanks"}, True),
        ({"intent": "ask_window"}, False),
        ({"concerns": ["food"]}, False),
        ({"risk": "watch"}, False),
    ],
)
def test_only_what_asks_nobody_for_anything_is_light(keys: dict[str, object], light: bool) -> None:
    assert example("w01", **keys).is_light is light


def test_a_file_of_the_corpus_is_a_writer_and_a_wrong_line_is_refused(tmp_path: Path) -> None:
    (tmp_path / "w01.jsonl").write_text(record("借金が返せない").model_dump_json() + "\n", encoding="utf-8")
    [read] = read_corpus(tmp_path)
    assert (read.writer, read.record.text, "借金" in read.norms) == ("w01", "借金が返せない", True)
    (tmp_path / "w02.jsonl").write_text('{"id": "1"}\n', encoding="utf-8")
    with pytest.raises(ValidationError):
        read_corpus(tmp_path)


def test_a_quantile_lies_between_two_values_in_proportion_and_never_in_infinity() -> None:
    assert quantile([4.0, 0.0, 2.0, 6.0], 0.5) == pytest.approx(3)
    assert quantile([1.0], 0.02) == 1
    assert quantile([1.0, math.inf], 0.5) == 1
    assert quantile([-math.inf, 1.0], 0.5) == -math.inf


SCORE = st.integers(-900, 900).map(lambda hundredths: hundredths / 100)
KEPT_OPEN = (math.inf, math.inf)


@given(st.lists(st.tuples(st.one_of(st.tuples(SCORE, SCORE), st.just(KEPT_OPEN)), st.booleans()), min_size=20, max_size=150))
def test_the_gate_loses_no_more_than_its_share_of_what_the_weights_would_find(drawn: list[tuple[tuple[float, float], bool]]) -> None:
    scores = [score for score, _ in drawn]
    danger = [True, *(grave for _, grave in drawn[1:])]
    small, words = limits(scores, [True] * len(scores), danger)

    def lost(score: tuple[float, float], looks: int) -> bool:
        return score[0] < small or (looks > 1 and score[1] < words)

    for looks in (1, 2):
        share = sum(lost(score, looks) for score in scores) / len(scores)
        grave = [lost(score, looks) for score, is_grave in zip(scores, danger, strict=True) if is_grave]
        assert share <= MISSES[looks - 1] + 1 / len(scores)
        assert sum(grave) / len(grave) <= MISSED_DANGER[looks - 1] + 1 / len(grave)
        assert not lost(KEPT_OPEN, looks)


def test_a_table_begins_with_what_is_said_most_and_keeps_every_line(tmp_path: Path) -> None:
    for name in OF_LETTERS:
        (tmp_path / f"{name}.tsv").write_text("ああ\t0:1\nいい\t0:2\nうう\t0:3\n", encoding="utf-8")
    for name in OF_WORDS:
        (tmp_path / f"{name}.tsv").write_text("犬␟猫\t0:4\n猫␟犬\t1:5 2:-6\n", encoding="utf-8")
    by_use(tmp_path, [Example("w01", record(), ("鳥", "猫", "犬"), "いいいいうう", ())], {})
    for name in OF_LETTERS:
        assert (tmp_path / f"{name}.tsv").read_text(encoding="utf-8") == "いい\t0:2\nうう\t0:3\nああ\t0:1\n"
    for name in OF_WORDS:
        assert (tmp_path / f"{name}.tsv").read_text(encoding="utf-8") == "猫␟犬\t1:5 2:-6\n犬␟猫\t0:4\n"
