from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.outbox.models import OutboxStatus
from intake.outbox.policy import Answer, Attempt, Way, choose_way, judge

NOW = datetime(2026, 4, 7, 1, 0, tzinfo=UTC)


def attempt(
    *, reply_left: float | None = None, reply_tried: bool = False, pushed_ago: float | None = None, age: float = 1, tries: int = 0
) -> Attempt:
    return Attempt(
        created_at=NOW - timedelta(seconds=age),
        reply_until=None if reply_left is None else NOW + timedelta(seconds=reply_left),
        reply_tried_at=NOW - timedelta(seconds=1) if reply_tried else None,
        first_push_at=None if pushed_ago is None else NOW - timedelta(seconds=pushed_ago),
        attempts=tries,
    )


@pytest.mark.parametrize(
    ("state", "way"),
    [
        (attempt(reply_left=49), Way.REPLY),
        (attempt(reply_left=10, reply_tried=True), Way.REPLY),
        (attempt(reply_left=0), Way.PUSH),
        (attempt(), Way.PUSH),
        (attempt(reply_left=-1, reply_tried=True), Way.GIVE_UP_UNCERTAIN),
        (attempt(pushed_ago=22 * 3600), Way.PUSH),
        (attempt(pushed_ago=23 * 3600), Way.GIVE_UP_LATE),
        (attempt(age=23 * 3600), Way.GIVE_UP_LATE),
    ],
)
def test_a_fresh_token_replies_and_what_a_reply_may_have_carried_is_never_pushed(state: Attempt, way: Way) -> None:
    assert choose_way(state, NOW) is way


@pytest.mark.parametrize(
    ("way", "answer", "tried", "status"),
    [
        (Way.REPLY, Answer.ACCEPTED, False, OutboxStatus.ACCEPTED),
        (Way.REPLY, Answer.REFUSED, True, OutboxStatus.ACCEPTED),
        (Way.REPLY, Answer.REFUSED, False, OutboxStatus.WAITING),
        (Way.REPLY, Answer.UNKNOWN, False, OutboxStatus.WAITING),
        (Way.PUSH, Answer.REFUSED, False, OutboxStatus.FAILED),
        (Way.PUSH, Answer.UNKNOWN, False, OutboxStatus.WAITING),
        (Way.PUSH, Answer.THROTTLED, False, OutboxStatus.WAITING),
        (Way.PUSH, Answer.UNAUTHORISED, False, OutboxStatus.WAITING),
    ],
)
def test_each_answer_has_its_meaning(way: Way, answer: Answer, tried: bool, status: OutboxStatus) -> None:
    assert judge(way, answer, attempt(reply_left=30, reply_tried=tried), chance=0.5).status is status


def test_a_token_refused_at_its_first_use_gives_way_to_a_push() -> None:
    verdict = judge(Way.REPLY, Answer.REFUSED, attempt(reply_left=30), chance=0.5)
    assert verdict.drop_token
    assert verdict.pause == timedelta(0)


def test_a_reply_without_an_answer_keeps_its_doubt() -> None:
    verdict = judge(Way.REPLY, Answer.UNKNOWN, attempt(reply_left=30), chance=0.5)
    assert not verdict.reply_untried
    assert not verdict.drop_token


@given(tries=st.integers(0, 60), chance=st.floats(0, 1, exclude_max=True))
def test_pauses_grow_but_never_beyond_five_minutes(tries: int, chance: float) -> None:
    pause = judge(Way.PUSH, Answer.UNKNOWN, attempt(tries=tries), chance=chance).pause
    assert timedelta(0) < pause <= timedelta(minutes=5, seconds=1)
