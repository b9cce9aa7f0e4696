"""Check-ins in the pure talk: whatever stands and whatever is tapped, the answer is kind, short and within the limits."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.checkins.rhythm import OWN_DAYS, CheckinSettings, Hours, Rhythm, Sender, Style
from intake.checkins.standing import Standing, dump_standing, load_standing, pack, unpack
from intake.dialogue.codec import dump_state, load_state
from intake.dialogue.next_turn import next_turn
from intake.dialogue.turn import Controller, EffectKind, EventKind, Step, TalkEvent, TalkState
from intake.wording.keys import POSTBACK_VERSION, Choice
from intake.wording.speak import speak
from intake.wording.taste import faults, first_line_faults
from nlp.reading import Reading
from tests.checkins.people import START
from tests.dialogue.player import city_of, reading_of

CITY = city_of("aizuwakamatsu", sample=True)
TAPS = [choice for choice in Choice if choice.startswith("checkin")]
OFTEN = st.sampled_from([rhythm for rhythm in Rhythm if rhythm is not Rhythm.OWN])
rest = {"hours": st.sampled_from(Hours), "sender": st.sampled_from(Sender), "style": st.sampled_from(Style)}
chosen = st.builds(CheckinSettings, rhythm=OFTEN, **rest) | st.builds(
    CheckinSettings, rhythm=st.just(Rhythm.OWN), every_days=st.sampled_from(OWN_DAYS), **rest
)
standings = st.none() | st.builds(
    Standing,
    settings=st.none() | chosen,
    paused=st.booleans(),
    answering=st.booleans(),
    agreed_safe=st.booleans(),
    window_id=st.none() | st.sampled_from(sorted(CITY.windows)),
    heavy=st.booleans(),
)
states = st.builds(
    TalkState,
    controller=st.sampled_from(Controller),
    checkins=standings,
    checkin_draft=st.just(()) | chosen.map(pack),
    unsafe_contact=st.booleans(),
    plain_kana=st.booleans(),
    greeted=st.booleans(),
    step=st.sampled_from([Step.NEW, Step.OPEN, Step.ENDED, Step.REFERRED]),
)


def tap(choice: str) -> TalkEvent:
    return TalkEvent(kind=EventKind.POSTBACK, occurred_at=START, data=POSTBACK_VERSION + choice)


def typed(text: str) -> TalkEvent:
    return TalkEvent(kind=EventKind.TEXT, occurred_at=START, text=text)


@given(states, st.sampled_from(TAPS))
def test_every_tap_on_check_ins_is_answered_within_the_limits(state: TalkState, choice: str) -> None:
    turn = next_turn(state, tap(choice), Reading(), CITY, START)
    said = speak(turn.replies, CITY, START)
    assert 1 <= len(turn.replies) <= 5
    assert len(said.choices) <= 13
    assert all(0 < len(button.label) <= 20 for button in said.choices)
    words = [bubble.text for bubble in said.bubbles if bubble.type == "text"]
    assert faults("\n".join(words)) == []
    assert [fault for text in words for fault in first_line_faults(text)] == []
    assert said.silent == state.unsafe_contact


@given(states, st.lists(st.sampled_from(TAPS), min_size=1, max_size=6))
def test_only_a_yes_to_a_card_is_a_consent_and_never_from_an_unsafe_phone(state: TalkState, choices: list[str]) -> None:
    for choice in choices:
        before = state
        turn = next_turn(state, tap(choice), Reading(), CITY, START)
        agreed = [effect for effect in turn.effects if effect.kind is EffectKind.CHECKIN_AGREED]
        state = turn.state
        if not agreed:
            continue
        assert choice == Choice.CHECKIN_YES
        assert agreed[0].checkin == unpack(before.checkin_draft)
        assert not before.unsafe_contact or (before.checkins or Standing()).agreed_safe


@given(states)
def test_a_state_with_check_ins_comes_back_from_json(state: TalkState) -> None:
    assert load_state(json.loads(json.dumps(dump_state(state)))) == state
    if state.checkins is not None:
        assert load_standing(json.loads(json.dumps(dump_standing(state.checkins)))) == state.checkins


@pytest.mark.parametrize("damaged", [None, 1, "x", [], {"settings": ["often"]}, {"settings": ["own", "", "morning", "window", "ordinary"]}])
def test_a_damaged_standing_is_none_or_not_enrolled_never_an_error(damaged: object) -> None:
    standing = load_standing(damaged)
    assert standing is None or not standing.enrolled


ENROLLED = TalkState(greeted=True, step=Step.OPEN, checkins=Standing(settings=CheckinSettings()))


@pytest.mark.parametrize(
    ("words", "effect"),
    [
        ("もう大丈夫", EffectKind.CHECKIN_ENDED),
        ("もう大丈夫です。ありがとうございました", None),
        ("だいじょうぶです", EffectKind.CHECKIN_ENDED),
        ("声かけはもういりません", EffectKind.CHECKIN_ENDED),
        ("おたよりを やめてください", EffectKind.CHECKIN_ENDED),
        ("そっとしておいて", EffectKind.CHECKIN_PAUSED),
        ("お便りを少し休みたい", EffectKind.CHECKIN_PAUSED),
        ("お知らせを止めて", EffectKind.NOTICES_STOPPED),
        ("大丈夫じゃないです", None),
        ("もう大丈夫じゃない", None),
        ("家賃が払えなくて困っています", None),
        ("母が休みの日にお便りをくれました。どうしたらいいでしょうか、ずっと迷っています。誰にも言えません", None),
    ],
)
def test_a_wish_in_words_is_taken_and_nothing_else_is(words: str, effect: EffectKind | None) -> None:
    turn = next_turn(ENROLLED, typed(words), reading_of(words), CITY, START)
    found = {kind for kind in (one.kind for one in turn.effects) if kind.startswith("checkin") or kind is EffectKind.NOTICES_STOPPED}
    assert found == ({effect} if effect else set())


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("お便りを減らしてほしい", CheckinSettings()),
        ("お便りを月に1回にしてください", CheckinSettings(rhythm=Rhythm.MONTHLY)),
        ("お便りは2週間に1回がいいです", CheckinSettings(rhythm=Rhythm.FORTNIGHTLY)),
        ("声かけを10日に1回に変えてください", CheckinSettings(rhythm=Rhythm.OWN, every_days=10)),
        ("声かけを三か月に一回に変えて", CheckinSettings(rhythm=Rhythm.OWN, every_days=84)),
        ("お便りの時間を午後に変えたい", CheckinSettings(hours=Hours.AFTERNOON)),
        ("おたよりは ひらがなで おねがい", CheckinSettings(style=Style.PLAIN)),
        ("お便りを1日に1回にして", CheckinSettings()),
    ],
)
def test_a_change_in_words_shows_the_card_and_a_yes_to_it_changes(words: str, meant: CheckinSettings) -> None:
    shown = next_turn(ENROLLED, typed(words), reading_of(words), CITY, START)
    assert [reply.key for reply in shown.replies] == ["confirm_checkin"]
    assert not [effect for effect in shown.effects if effect.kind.startswith("checkin")]
    agreed = next_turn(shown.state, tap(Choice.CHECKIN_YES), Reading(), CITY, START)
    assert [effect.checkin for effect in agreed.effects] == [meant]


def test_an_own_interval_can_be_written_and_the_card_says_it() -> None:
    asked = next_turn(TalkState(greeted=True, step=Step.OPEN, checkins=Standing()), tap(Choice.CHECKIN_OWN), Reading(), CITY, START)
    early = next_turn(asked.state, tap(Choice.CHECKIN_YES), Reading(), CITY, START)
    assert not early.effects, "a yes before the card is none"
    shown = next_turn(asked.state, typed("10日に1回"), reading_of("10日に1回"), CITY, START)
    (bubble,) = speak(shown.replies, CITY, START).bubbles
    assert bubble.type == "text"
    assert "10日に1回（半年からは、倍の間をあけます）" in bubble.text


@pytest.mark.parametrize("words", ["10日に1回", "月に1回病院に行きます", "午後から眠いです"])
def test_without_a_question_about_check_ins_such_words_are_about_something_else(words: str) -> None:
    turn = next_turn(ENROLLED, typed(words), reading_of(words), CITY, START)
    assert not {reply.key for reply in turn.replies} & {"confirm_checkin", "checkin_card"}


def test_what_is_stored_leads_to_check_ins_and_back() -> None:
    shown = next_turn(ENROLLED, tap(Choice.STORED), Reading(), CITY, START)
    assert Choice.CHECKIN in speak(shown.replies, CITY, START).choices[2].value


@settings(max_examples=30)
@given(st.sampled_from(["もう死にたい", "薬をたくさん飲んだ", "声かけはもういりません。死にたい", "もう大丈夫、薬をたくさん飲んだから"]))
def test_danger_comes_before_every_wish_about_check_ins(words: str) -> None:
    answering = replace(ENROLLED, checkins=Standing(settings=CheckinSettings(), answering=True))
    turn = next_turn(answering, typed(words), reading_of(words), CITY, START)
    assert EffectKind.ALARM_RAISED in {effect.kind for effect in turn.effects}
    assert not any(effect.kind.startswith("checkin") for effect in turn.effects)
    assert "risk_lines" in {reply.key for reply in turn.replies}
