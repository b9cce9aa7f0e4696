from datetime import UTC, datetime

import pytest

from intake.dialogue.next_turn import next_turn
from intake.dialogue.together import context_of, with_earlier
from intake.dialogue.turn import EventKind, TalkEvent, TalkState
from nlp.reading import Concern, Evidence, Intent, Reading, Risk, RiskKind, Speaker
from routing.referral import Actor, Need
from tests.dialogue.player import city_of

DEBT, CARE = Concern.DEBT, Concern.CARE
NOON = datetime(2026, 11, 20, 3, tzinfo=UTC)


def test_a_concern_that_only_all_messages_show_is_added_with_its_own_words() -> None:
    whole = Reading(concerns=(CARE, DEBT), evidence=(_proof(2, 5, DEBT), _proof(12, 15, DEBT)), speaker=Speaker.FAMILY)
    told = with_earlier(Reading(intent=Intent.DISCLOSE), whole, TalkState(needs=(Need(concern=CARE, person="mother"),)), start=10)
    assert told.concerns == (DEBT,)
    assert told.evidence == (_proof(2, 5, DEBT),)
    assert told.speaker is Speaker.FAMILY


def test_what_was_answered_before_is_not_told_again() -> None:
    whole = Reading(concerns=(CARE,), risk=Risk.URGENT, risk_kinds=(RiskKind.SUICIDE,), intent=Intent.ERASE)
    before = TalkState(needs=(Need(concern=CARE),), risk=Risk.URGENT)
    alone = Reading(intent=Intent.OTHER)
    assert with_earlier(alone, whole, before, start=8) == alone


@pytest.mark.parametrize("intent", [Intent.ACCEPT, Intent.DECLINE, Intent.THANKS, Intent.ERASE, Intent.TALK_TO_HUMAN])
def test_a_wish_is_taken_as_it_stands(intent: Intent) -> None:
    alone = Reading(intent=intent)
    assert with_earlier(alone, Reading(concerns=(DEBT,), speaker=Speaker.FAMILY), TalkState(), start=4) == alone


@pytest.mark.parametrize("intent", [Intent.OTHER, Intent.ACCEPT])
def test_a_danger_that_only_all_messages_show_is_answered_at_once(intent: Intent) -> None:
    whole = Reading(risk=Risk.URGENT, risk_kinds=(RiskKind.SUICIDE,))
    told = with_earlier(Reading(intent=intent), whole, TalkState(risk=Risk.WATCH), start=4)
    assert (told.risk, told.risk_kinds) == (Risk.URGENT, (RiskKind.SUICIDE,))


def test_a_message_in_another_language_stays_what_it_is() -> None:
    alone = Reading(language="vi")
    assert with_earlier(alone, Reading(concerns=(DEBT,), risk=Risk.WATCH), TalkState(), start=4) == alone


@pytest.mark.parametrize(
    ("state", "speaker"),
    [
        (TalkState(), Speaker.UNKNOWN),
        (TalkState(actor=Actor.MINSEI), Speaker.SUPPORTER),
        (TalkState(about="family"), Speaker.FAMILY),
        (TalkState(needs=(Need(concern=CARE, person="mother"),)), Speaker.FAMILY),
        (TalkState(needs=(Need(concern=CARE, person="mother"), Need(concern=DEBT))), Speaker.UNKNOWN),
        (TalkState(needs=(Need(concern=CARE, person="other"),)), Speaker.UNKNOWN),
    ],
)
def test_who_writes_is_known_from_the_talk(state: TalkState, speaker: Speaker) -> None:
    assert context_of(state).speaker is speaker


@pytest.mark.parametrize("actor", [Actor.MINSEI, Actor.AGENCY])
def test_who_said_once_what_they_are_stays_that(actor: Actor) -> None:
    event = TalkEvent(kind=EventKind.TEXT, occurred_at=NOON, text="先日の件です")
    turn = next_turn(TalkState(actor=actor), event, Reading(speaker=Speaker.SUPPORTER), city_of("oshu", sample=False), NOON)
    assert turn.state.actor is actor


def _proof(start: int, end: int, concern: Concern) -> Evidence:
    return Evidence(start=start, end=end, label=concern, rule="test")
