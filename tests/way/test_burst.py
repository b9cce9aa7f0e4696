"""Several messages in a row: each is stored and answered once, and the last is read with those before it."""

import json
from collections.abc import Sequence
from functools import partial

import pytest
from sqlalchemy import select

from intake.conversations.models import Author, Message
from intake.conversations.receive import IntakeContext
from nlp import Context
from nlp.reading import Concern, Reading, Speaker
from tests.support.line import text_event, unsend_event
from tests.support.world import World

Read = list[tuple[str, ...]]


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> Read:
    """Record what is read together; any two messages together are about care."""
    seen: Read = []

    def read(_: str, context: Context) -> Reading:
        return Reading(speaker=context.speaker)

    def read_together(messages: Sequence[str], _: Context) -> Reading:
        seen.append(tuple(messages))
        return Reading(concerns=(Concern.CARE,), speaker=Speaker.FAMILY)

    monkeypatch.setattr("bot.runtime.read_message", read)
    monkeypatch.setattr("bot.runtime.IntakeContext", partial(IntakeContext, read_together=read_together))
    return seen


async def test_messages_that_wait_together_are_read_together_and_answered_one_by_one(world: World, together: Read) -> None:
    moment = world.clock.now()
    await world.hear(text_event("母が", moment), text_event("もう歩けなくて", moment), text_event("どうしたら", moment))
    assert together == [("母が", "もう歩けなくて"), ("母が", "もう歩けなくて", "どうしたら")]
    assert len(world.line.calls) == 3


async def test_the_reading_that_is_stored_is_that_of_the_message_alone(world: World, together: Read) -> None:
    await world.hear(text_event("母が", world.clock.now()), text_event("もう歩けなくて", world.clock.now()))
    assert together
    async with world.database.read() as session:
        written = (await session.scalars(select(Message).where(Message.author == Author.RESIDENT))).all()
    readings = [json.loads(world.ring.open(message.sealed_reading or b"", message.place("sealed_reading"))) for message in written]
    assert [reading["concerns"] for reading in readings] == [[], []]


async def test_what_came_more_than_a_minute_before_is_left(world: World, together: Read) -> None:
    await world.hear(text_event("母が", world.clock.now()))
    world.clock.advance(seconds=61)
    await world.hear(text_event("もう歩けなくて", world.clock.now()))
    world.clock.advance(seconds=59)
    await world.hear(text_event("どうしたら", world.clock.now()))
    assert together == [("もう歩けなくて", "どうしたら")]


async def test_words_taken_back_are_not_read_again(world: World, together: Read) -> None:
    await world.hear(text_event("母が", world.clock.now(), message_id="m-1"))
    await world.hear(unsend_event("m-1", world.clock.now()))
    await world.hear(text_event("もう歩けなくて", world.clock.now()))
    assert together == []


async def test_a_message_delivered_twice_is_read_with_nothing_twice(world: World, together: Read) -> None:
    first = text_event("母が", world.clock.now())
    await world.hear(first, first)
    await world.hear(text_event("もう歩けなくて", world.clock.now()), first)
    assert together == [("母が", "もう歩けなくて")]


async def test_a_burst_is_read_up_to_a_limit(world: World, together: Read) -> None:
    await world.hear(*(text_event(f"{number}" * 600, world.clock.now()) for number in range(6)))
    assert max(sum(map(len, messages)) for messages in together) <= 2_600
    assert together[-1][-1] == "5" * 600
