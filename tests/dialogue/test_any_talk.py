"""Talks that nobody wrote down: mixed messages of every kind, in any order, in every municipality."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.dialogue.next_turn import next_turn
from intake.dialogue.turn import Controller, EffectKind, EventKind, Step, TalkEvent, TalkState, Turn
from intake.wording.keys import POSTBACK_VERSION, Choice
from intake.wording.speak import speak
from routing.city import City
from routing.load import KEYS
from tests.dialogue.player import city_of, reading_of

NOON = datetime(2026, 11, 20, 3, tzinfo=UTC)
NIGHT = datetime(2026, 11, 20, 14, tzinfo=UTC)
MIXED = (
    "",
    " ",
    "あ",
    "ｗｗｗ",
    "…",
    "😢",
    "はい",
    "いいえ",
    "こんにちは",
    "たすけて",
    "もうむり",
    "借金",
    "家賃が払えない",
    "母の介護",
    "介護保険って何ですか",
    "子どもが学校に行かない",
    "妊娠したかもしれない",
    "夫と離婚したい",
    "夫に殴られる",
    "妻を殴ってしまった",
    "隣の空き家の草がひどい",
    "隣の人がうるさい",
    "ごみの日はいつですか",
    "証明書がほしい",
    "明日の天気は",
    "好きな人がいる",
    "AIなんて信用できない",
    "どこに行っても断られる",
    "この窓口は合わない",
    "息子が20年ひきこもり",
    "認知症の父が家に帰ってこない",
    "電気を止められた",
    "食べるものがない",
    "今夜寝るところがない",
    "仕事をクビになった",
    "上司に怒鳴られる",
    "だまされてお金を払った",
    "手帳の手続き",
    "発達障害かもしれない",
    "おかあさんの かわりに ごはんを つくる",
    "がっこう いきたくない",
    "リスカした",
    "死にたい",
    "消えたい",
    "薬をたくさん飲んだ",
    "職員と話したい",
    "電話番号は090-0000-0000です",
    "記録を消して",
    "お知らせを止めて",
    "ありがとう",
    "話すだけでいいです",
    "a" * 3000,
    "富奥",
    "民生委員です。気になる世帯があります",
    "Hello, I need help",
    "\u0000\ud83d\ude00",
    "٣٤٥",
    "{promise}",
)
_kinds = [EventKind.STICKER, EventKind.MEDIA, EventKind.LOCATION, EventKind.FOLLOW, EventKind.UNKNOWN]
_taps = [POSTBACK_VERSION + choice for choice in Choice] + ["v1:concern:debt", "v1:concern:dv", "v1:district:富奥", "old", ""]
_events = (
    st.sampled_from(MIXED).map(lambda text: (EventKind.TEXT, text, ""))
    | st.sampled_from(_taps).map(lambda data: (EventKind.POSTBACK, "", data))
    | st.sampled_from(_kinds).map(lambda kind: (kind, "", ""))
)


def _answer(city: City, state: TalkState, event: TalkEvent, now: datetime) -> Turn:
    turn = next_turn(state, event, reading_of(event.text), city, now)
    said = speak(turn.replies, city, now)
    assert len(turn.replies) <= 5
    assert len(said.choices) <= 13
    assert all(0 < len(choice.label) <= 20 for choice in said.choices)
    held = state.controller is Controller.STAFF or (state.controller is Controller.WAITING and state.waiting_told)
    assert turn.replies or held
    ways = {choice.value for choice in said.choices}
    resting = turn.state.controller is not Controller.BOT or turn.state.step in {Step.ENDED, Step.CONFIRMING_ERASE}
    assert not turn.replies or "v1:staff" in ways or resting
    return turn


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("now", [NOON, NIGHT], ids=["noon", "night"])
def test_whatever_is_written_first_ends_in_a_window_a_person_or_being_heard(key: str, now: datetime) -> None:
    for text in MIXED:
        turn = _answer(city_of(key, sample=False), TalkState(), TalkEvent(kind=EventKind.TEXT, occurred_at=now, text=text), now)
        assert turn.state.greeted or turn.state.controller is Controller.WAITING, text


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(KEYS), st.sampled_from([NOON, NIGHT]), st.lists(_events, min_size=3, max_size=8), st.sampled_from([5, 60, 3000]))
def test_no_order_of_events_leads_to_an_error_or_a_dead_end(
    key: str, now: datetime, events: list[tuple[EventKind, str, str]], apart: int
) -> None:
    city, state = city_of(key, sample=False), TalkState()
    for kind, text, data in events:
        now += timedelta(seconds=apart)
        turn = _answer(city, state, TalkEvent(kind=kind, occurred_at=now, text=text, data=data), now)
        erased = EffectKind.RECORDS_ERASED in {effect.kind for effect in turn.effects}
        resting = turn.state.controller is not Controller.BOT or turn.state.step in {Step.ENDED, Step.CONFIRMING_ERASE} or erased
        assert turn.state.steps < 3 or turn.state.offered or resting
        if turn.state.unsafe_contact and turn.replies:
            assert speak(turn.replies, city, now).silent
        state = turn.state
