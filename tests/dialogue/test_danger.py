from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from intake.dialogue.next_turn import next_turn
from intake.dialogue.own_violence import tells_own_violence
from intake.dialogue.turn import Controller, EffectKind, EventKind, TalkEvent, TalkState
from intake.wording.speak import speak
from nlp.reading import Concern, Reading, Risk, RiskKind
from routing.referral import Need
from tests.dialogue.player import city_of, reading_of

NOON = datetime(2026, 11, 20, 3, tzinfo=UTC)
CITY = city_of("oshu", sample=False)


@pytest.mark.parametrize("text", ["子どもに手をあげてしまいそう", "妻を殴ってしまった", "たたいてしまう", "また娘を叩きそうになる"])
def test_own_violence_is_told_in_the_active_voice(text: str) -> None:
    assert tells_own_violence(text, Reading(risk=Risk.URGENT, risk_kinds=(RiskKind.ABUSE,)))


@pytest.mark.parametrize("text", ["夫に殴られる", "夫が子どもを叩いてしまう", "父に殴られてしまいそう", "隣の人が犬を蹴ってしまう"])
def test_violence_of_others_is_not_taken_for_the_writers_own(text: str) -> None:
    assert not tells_own_violence(text, Reading(risk=Risk.URGENT, risk_kinds=(RiskKind.VIOLENCE,)))


def test_words_without_read_violence_are_no_violence() -> None:
    assert not tells_own_violence("ドラムを叩いてしまう", Reading())


def test_when_every_other_line_is_past_its_review_119_still_stands() -> None:
    lines = {key: replace(line, review_on=date(2020, 1, 1)) for key, line in CITY.lines.items()}
    city = replace(CITY, lines=lines)
    event = TalkEvent(kind=EventKind.TEXT, occurred_at=NOON, text="食べるものがない")
    turn = next_turn(TalkState(), event, reading_of(event.text), city, NOON)
    said = speak(turn.replies, city, NOON)
    assert "119" in "".join(bubble.text for bubble in said.bubbles if bubble.type == "text")


def test_a_sticker_whose_words_are_a_death_wish_is_read_like_typed_words() -> None:
    event = TalkEvent(kind=EventKind.STICKER, occurred_at=NOON, text="もう死にたい")
    turn = next_turn(TalkState(), event, reading_of(event.text), CITY, NOON)
    assert turn.replies[0].key == "urgent_suicide"


def test_an_emergency_shows_at_most_three_lines_and_only_open_ones() -> None:
    at = datetime(2026, 11, 20, 17, tzinfo=UTC)
    for kind in RiskKind:
        reading = Reading(risk=Risk.EMERGENCY, risk_kinds=(kind,))
        turn = next_turn(TalkState(), TalkEvent(kind=EventKind.TEXT, occurred_at=at, text="x"), reading, CITY, at)
        (listed,) = [reply.params["lines"] for reply in turn.replies if reply.key == "risk_lines"]
        assert isinstance(listed, list)
        assert 1 <= len(listed) <= 3
        assert all(CITY.lines[key].opens == CITY.lines[key].closes for key in listed)


@pytest.mark.parametrize("risk", [Risk.URGENT, Risk.EMERGENCY])
@pytest.mark.parametrize("kinds", [(), *((kind,) for kind in RiskKind)])
def test_no_danger_is_answered_with_a_list_alone(risk: Risk, kinds: tuple[RiskKind, ...]) -> None:
    reading = Reading(risk=risk, risk_kinds=kinds)
    turn = next_turn(TalkState(), TalkEvent(kind=EventKind.TEXT, occurred_at=NOON, text="x"), reading, CITY, NOON)
    assert turn.replies[0].key.startswith(("crisis_", "urgent_"))
    assert {EffectKind.ALARM_RAISED, EffectKind.HANDOFF_REQUESTED} <= {effect.kind for effect in turn.effects}
    assert turn.state.controller is Controller.WAITING


def test_the_handoff_carries_the_time_that_the_resident_was_told() -> None:
    event = TalkEvent(kind=EventKind.POSTBACK, occurred_at=NOON, data="v1:staff")
    turn = next_turn(TalkState(needs=(Need(concern=Concern.DEBT),)), event, Reading(), CITY, NOON)
    (effect,) = turn.effects
    assert effect.promised_by is not None
    assert turn.state.promised_by == effect.promised_by
    assert effect.promised_by.isoformat() in {reply.params.get("promise") for reply in turn.replies}


@pytest.mark.parametrize("risk", [Risk.URGENT, Risk.EMERGENCY])
def test_a_danger_read_in_another_language_is_answered_with_lines_and_in_that_language(risk: Risk) -> None:
    reading = Reading(risk=risk, risk_kinds=(RiskKind.SUICIDE,), language="zh")
    turn = next_turn(TalkState(), TalkEvent(kind=EventKind.TEXT, occurred_at=NOON, text="我想死"), reading, CITY, NOON)
    assert [str(reply.key) for reply in turn.replies][1:3] == ["other_language", "risk_lines"]
    said = "".join(bubble.text for bubble in speak(turn.replies, CITY, NOON).bubbles if bubble.type == "text")
    assert "请拨打110" in said
    assert "しにたい" in said


def test_staff_are_told_which_language_it_is() -> None:
    reading = Reading(language="vi")
    turn = next_turn(TalkState(), TalkEvent(kind=EventKind.TEXT, occurred_at=NOON, text="Cứu tôi với"), reading, CITY, NOON)
    (referral,) = [effect.referral for effect in turn.effects if effect.referral is not None]
    assert [reason.text for reason in referral.reasons] == ["日本語以外のことば（ベトナム語）"]
