import dataclasses
import json

import pytest

from intake.dialogue.codec import dump_state, load_state
from intake.dialogue.turn import Controller, EffectKind, EventKind, Step, TalkEvent, TalkState
from intake.wording.bubbles import CardBubble, Utterance
from intake.wording.taste import faults, first_line_faults
from nlp.reading import Risk
from tests.dialogue.player import Line, Played, Script, load_scripts, play, play_line

SCRIPTS = load_scripts()
every_script = pytest.mark.parametrize("script", SCRIPTS, ids=[script.name for script in SCRIPTS])
_ASKS = ("ask_", "confirm_")


@every_script
def test_the_conversation_goes_as_its_script_says(script: Script) -> None:
    for played in play(script):
        told = f"{script.name}: {played.line.event} -> {played.keys} {played.turn.state.step} {played.turn.effects}"
        _check_replies(played, told)
        _check_state(played, told)
        expected = played.line.expected
        if "effects" in expected:
            assert [effect.kind.value for effect in played.turn.effects] == expected["effects"], told
        shown = [reply.params["window"] for reply in played.turn.replies if reply.key == "window_card"]
        assert set(expected.get("windows", [])) <= set(shown), told


def _check_replies(played: Played, told: str) -> None:
    expected = played.line.expected
    if "replies" in expected:
        assert played.keys == expected["replies"], told
    if "reply" in expected:
        assert expected["reply"] in played.keys, told
    assert expected.get("silent", False) == (not played.keys), told
    for words in expected.get("says", []):
        assert words in played.words, f"{told}\n{played.words}"
    for words in expected.get("never_says", []):
        assert words not in played.words, f"{told}\n{played.words}"


def _check_state(played: Played, told: str) -> None:
    expected, state = played.line.expected, dump_state(played.turn.state)
    assert state["step"] == expected.get("step", state["step"]), told
    assert state["controller"] == expected.get("controller", state["controller"]), told
    for name, value in expected.get("slots", {}).items():
        assert state[name] == value, f"{told}: {name}"


@every_script
def test_there_is_a_reply_unless_people_hold_the_talk_or_it_was_acknowledged(script: Script) -> None:
    for played in play(script):
        held = played.before.controller is Controller.STAFF
        acknowledged = played.before.controller is Controller.WAITING and played.before.waiting_told
        assert played.turn.replies or held or acknowledged, played.line.event


@every_script
def test_a_death_wish_wins_at_every_step(script: Script) -> None:
    for played in play(script):
        wish = Line(event=_typed("もう死にたい", played), now=played.line.now, expected={})
        answered = play_line(script, played.turn.state, wish)
        assert answered is not None
        assert EffectKind.ALARM_RAISED in {effect.kind for effect in answered.turn.effects}
        if played.turn.state.controller is Controller.STAFF:
            assert answered.turn.replies == ()
        else:
            assert answered.keys[0].startswith("urgent_")
            assert "risk_lines" in answered.keys
            assert "0120-279-" in answered.words
            assert answered.turn.state.controller is Controller.WAITING


@every_script
def test_an_attempt_shows_its_lines_at_every_step_also_while_people_hold_the_talk(script: Script) -> None:
    for played in play(script):
        line = Line(event=_typed("薬をたくさん飲んだ", played), now=played.line.now, expected={})
        answered = play_line(script, played.turn.state, line)
        assert answered is not None
        assert answered.reading.risk is Risk.EMERGENCY
        assert {"risk_lines", "held_lines"} & set(answered.keys)
        assert "119" in answered.words
        assert EffectKind.ALARM_RAISED in {effect.kind for effect in answered.turn.effects}


def _typed(text: str, played: Played) -> TalkEvent:
    assert played.line.event is not None
    return TalkEvent(kind=EventKind.TEXT, occurred_at=played.line.now, text=text)


@every_script
def test_a_state_that_went_through_json_answers_the_same(script: Script) -> None:
    for played in play(script):
        restored = load_state(json.loads(json.dumps(dump_state(played.before))))
        again = play_line(script, restored, played.line)
        assert again is not None
        assert (again.turn, again.said) == (played.turn, played.said)


@every_script
def test_the_same_script_twice_says_the_same(script: Script) -> None:
    assert [(played.turn, played.said) for played in play(script)] == [(played.turn, played.said) for played in play(script)]


@every_script
def test_a_window_or_a_person_with_a_time_is_offered_by_the_third_message(script: Script) -> None:
    for played in play(script):
        state = played.turn.state
        over = state.step in {Step.ENDED, Step.CONFIRMING_ERASE} or state.controller is not Controller.BOT or not played.turn.replies
        assert state.steps < 3 or state.offered or over or EffectKind.RECORDS_ERASED in {effect.kind for effect in played.turn.effects}


@every_script
def test_no_turn_is_a_dead_end(script: Script) -> None:
    for played in play(script):
        state = played.turn.state
        ways = {choice.value for choice in played.said.choices}
        person = "v1:staff" in ways
        asked = state.step is Step.CONFIRMING_ERASE and bool(ways)
        assert not played.turn.replies or person or asked or state.controller is not Controller.BOT or state.step is Step.ENDED


@every_script
def test_every_utterance_keeps_to_the_limits_and_to_good_taste(script: Script) -> None:
    for played in play(script):
        _check_limits(played.said)
        assert len(played.turn.replies) <= 5
        assert sum(key.startswith(_ASKS) for key in played.keys) <= 1, played.keys
        own = [bubble.text for bubble in played.said.bubbles if bubble.type == "text"]
        assert faults("\n".join(own)) == []
        assert [fault for text in own for fault in first_line_faults(text)] == []
        assert played.said.silent == (bool(played.turn.replies) and played.turn.state.unsafe_contact)


def _check_limits(said: Utterance) -> None:
    assert len(said.bubbles) <= 5
    assert len(said.choices) <= 13
    buttons = [*said.choices, *(button for bubble in said.bubbles if isinstance(bubble, CardBubble) for button in bubble.buttons)]
    assert all(0 < len(button.label) <= 20 and 0 < len(button.value) <= 300 and len(button.say) <= 300 for button in buttons)
    for bubble in said.bubbles:
        if isinstance(bubble, CardBubble):
            assert bubble.alt in {"窓口のご案内", "ごあんない"}
        else:
            assert len(bubble.text.encode("utf-16-le")) // 2 <= 5000
            assert "{" not in bubble.text


@every_script
def test_a_question_can_be_left_unanswered(script: Script) -> None:
    for played in play(script):
        if any(key.startswith("ask_") for key in played.keys):
            assert "v1:skip" in {choice.value for choice in played.said.choices}


def test_all_five_municipalities_are_talked_through() -> None:
    assert {script.city.key for script in SCRIPTS} == {"semboku", "sakata", "nonoichi", "oshu", "aizuwakamatsu"}
    assert len(SCRIPTS) >= 45


def test_a_burst_within_twenty_seconds_counts_once() -> None:
    script = SCRIPTS[0]
    at = script.lines[0].now
    events = [TalkEvent(kind=EventKind.TEXT, occurred_at=at.replace(second=second), text="あの") for second in (0, 15, 30, 59)]
    state = TalkState()
    steps = []
    for event in events:
        played = play_line(script, state, Line(event=event, now=event.occurred_at, expected={}))
        assert played is not None
        state = played.turn.state
        steps.append(state.steps)
    assert steps == [1, 1, 1, 2]


def test_stale_values_in_a_state_do_not_stop_the_talk() -> None:
    state = dataclasses.replace(TalkState(), step=Step.CRISIS, offered=("closed-window",), declined=("gone",), asked=("old_key",))
    line = Line(
        event=TalkEvent(kind=EventKind.POSTBACK, occurred_at=SCRIPTS[0].lines[0].now, data="v1:other"),
        now=SCRIPTS[0].lines[0].now,
        expected={},
    )
    played = play_line(SCRIPTS[0], state, line)
    assert played is not None
    assert played.keys[0] == "ask_unfit"
