"""Many at once: a hundred consoles whose lines break at random, and two people who take the same talks at the same moments."""

import asyncio
import random
import re
from collections.abc import Sequence

import pytest
from sqlalchemy import func, select

from handoff.accounts.models import Role
from handoff.accounts.viewer import Viewer
from handoff.console.edge import Parts
from handoff.console.stream.routes import frames
from handoff.desk.errors import ConflictError
from handoff.desk.reply import ReplyForm, reply
from intake.conversations.models import Author, Conversation, Message
from tests.handoff.support import World
from tests.handoff.test_fence import form
from tests.handoff.test_stream import head

_SEQ = re.compile(rb"id: (\d+)\nevent: change")
_CURSOR = re.compile(rb"id: (\d+)\n")


async def console(parts: Parts, viewer: Viewer, start: int, last: asyncio.Future[int], dice: random.Random, drop: float) -> Sequence[int]:
    """Hear everything up to the last event, over a line that breaks at random."""
    heard: list[int] = []
    cursor = start
    while not (last.done() and cursor >= last.result()):
        watcher = parts.hub.join(viewer)
        stream = frames(parts.hub, watcher, cursor)
        async for chunk in stream:
            heard += [int(found) for found in _SEQ.findall(chunk)]
            cursor = int(_CURSOR.findall(chunk)[-1])
            if dice.random() < drop or (last.done() and cursor >= last.result()):
                break
        await stream.aclose()  # type: ignore[attr-defined]
        parts.hub.leave(watcher)
        if dice.random() < drop:
            await asyncio.sleep(dice.random() * 0.05)
    return heard


@pytest.mark.parametrize("events", [30, pytest.param(4_000, marks=pytest.mark.soak)])
async def test_a_hundred_consoles_with_breaking_lines_miss_double_and_misplace_nothing(world: World, events: int) -> None:
    """Each line breaks after one in six of what it brings. Four thousand events are more breaks than an hour of one in five seconds."""
    dice = random.Random(5)
    viewers = [await world.viewer(await world.staff(f"{number}", Role.RECEPTION)) for number in range(100)]
    talks = [await world.talk() for _ in range(5)]
    start, last = await head(world), asyncio.get_running_loop().create_future()
    parts: Parts = world.app.state.parts
    consoles = [asyncio.create_task(console(parts, viewer, start, last, dice, 0.17)) for viewer in viewers]
    for number in range(events):
        await world.says(dice.choice(talks), f"{number}")
        await asyncio.sleep(dice.random() * 0.01)
    last.set_result(await head(world))
    told = list(range(start + 1, last.result() + 1))
    assert len(told) >= events
    assert all(heard == told for heard in await asyncio.gather(*consoles))


@pytest.mark.parametrize("count", [40, pytest.param(10_000, marks=pytest.mark.soak)])
async def test_of_two_people_who_answer_the_same_talks_each_talk_has_one_owner_and_one_answerer(world: World, count: int) -> None:
    pair = [await world.viewer(await world.staff(login)) for login in ("a", "b")]
    talks = [await world.talk() for _ in range(count)]

    async def answer(viewer: Viewer, talk: Conversation, sent: ReplyForm) -> bool:
        try:
            async with world.database.write() as session:
                await reply(session, world.ring, viewer, talk.id, sent, now=world.clock.now())
        except ConflictError:
            return False
        return True

    for talk in talks:
        outcomes = await asyncio.gather(*(answer(viewer, talk, form()) for viewer in pair))
        assert sorted(outcomes) == [False, True]
    theirs = select(
        Message.conversation_id, func.count(Message.staff_id.distinct()).label("people"), func.min(Message.staff_id).label("who")
    )
    query = theirs.where(Message.author == Author.STAFF).group_by(Message.conversation_id)
    async with world.database.read() as session:
        answered = {row.conversation_id: (row.people, row.who) for row in await session.execute(query)}
        owners = {row.id: row.owner for row in await session.scalars(select(Conversation))}
    assert answered == {talk.id: (1, owners[talk.id]) for talk in talks}
