import pytest
from pydantic import ValidationError

from nlp.evaluate import Record, compare
from nlp.reading import Concern, Intent, Reading, Risk, Speaker


def record(*concerns: Concern, risk: Risk = Risk.NONE) -> Record:
    return Record(id="1", text="…", concerns=concerns, speaker=Speaker.SELF, intent=Intent.DISCLOSE, risk=risk)


def reading(*concerns: Concern, risk: Risk = Risk.NONE) -> Reading:
    return Reading(concerns=concerns, speaker=Speaker.SELF, intent=Intent.OTHER, risk=risk)


def test_concerns_are_counted_label_by_label() -> None:
    scores = compare([(record(Concern.DEBT), reading(Concern.DEBT, Concern.FOOD)), (record(Concern.DEBT, Concern.CARE), reading())])
    assert (scores.concerns[Concern.DEBT].precision, scores.concerns[Concern.DEBT].recall) == (1.0, 0.5)
    assert scores.concerns[Concern.FOOD].precision == 0
    assert scores.macro_f1 == pytest.approx((2 / 3 + 0) / 2)
    assert scores.micro_f1 == pytest.approx(2 / 5)


def test_alarms_are_counted_from_urgent_upwards() -> None:
    scores = compare(
        [
            (record(risk=Risk.EMERGENCY), reading(risk=Risk.URGENT)),
            (record(risk=Risk.URGENT), reading(risk=Risk.WATCH)),
            (record(risk=Risk.NONE), reading(risk=Risk.URGENT)),
            (record(risk=Risk.NONE), reading(risk=Risk.NONE)),
        ]
    )
    assert (scores.urgent_recall, scores.urgent_precision) == (0.5, 0.5)
    assert (scores.emergency_as_urgent, scores.alarms_on_none, scores.risk_accuracy) == (1.0, 0.5, 0.25)


def test_speaker_and_intent_are_shares_of_all() -> None:
    scores = compare([(record(), reading())])
    assert (scores.speaker_accuracy, scores.intent_accuracy) == (1.0, 0.0)


def test_nothing_to_compare_scores_nothing() -> None:
    assert compare([]).macro_f1 == 0


def test_a_misspelt_label_is_refused() -> None:
    with pytest.raises(ValidationError):
        Record.model_validate({"id": "1", "text": "", "concerns": ["debts"], "speaker": "self", "intent": "other", "risk": "none"})
