"""Promises that nobody answered: broken when their time went by before the wait ended, void when the talk ended before it."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from handoff.accounts.viewer import Viewer
from handoff.desk import actions
from handoff.desk.effects import apply
from handoff.desk.timeline import timeline_of
from handoff.desk.words import CloseReason
from handoff.statistics.figures import items_of
from handoff.statistics.fold import fold
from intake.conversations.models import Conversation
from intake.conversations.receive import Received
from intake.conversations.service import close_conversation
from intake.facts.models import Fact, FactKind
from intake.facts.service import add_fact, add_taken_back
from tests.duty.test_owing import answer, fixed_hours, held, messages, released, says
from tests.duty.test_promise import at
from tests.handoff.support import CITY, WINDOW, World

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BEFORE, AFTER = 3, 8
"""Hours until the end of a wait: the window has promised the fourth hour after its resident wrote, and one more."""


async def owed(world: World) -> tuple[Conversation, Viewer]:
    """A talk that was answered once, whose resident has written again and was promised an answer by four o'clock."""
    await fixed_hours(world, WINDOW, "9:30、15:00")
    talk, viewer = await held(world)
    async with world.database.write() as session:
        add_fact(session, FactKind.HEARD, municipality=CITY, unit=talk.id, at=talk.opened_at)
    await says(world, talk)
    assert (await world.row(talk)).promised_by == at(16)
    return talk, viewer


async def closed(world: World, talk: Conversation, viewer: Viewer) -> None:
    epoch, now = (await world.row(talk)).epoch, world.clock.now()
    async with world.database.write() as session:
        await actions.close(session, viewer, talk.id, epoch=epoch, reason=CloseReason.ANSWERED, now=now)


async def ended(world: World, talk: Conversation) -> None:
    """The resident ends it, as the worker does it."""
    now = world.clock.now()
    async with world.database.write() as session:
        row = await session.get_one(Conversation, talk.id)
        close_conversation(session, row, reason="resident", now=now)
        await apply(session, Received(conversation=row), now=now)


async def counted(world: World, talk: Conversation, begins: str = "later") -> Counter[str]:
    async with world.database.read() as session:
        contact = fold((await session.scalars(select(Fact).where(Fact.unit == talk.id))).all())
    assert contact is not None
    total: Counter[str] = sum(items_of(contact).values(), Counter())
    return Counter({figure: count for figure, count in total.items() if figure.split("/")[0] == begins})


@pytest.mark.parametrize(("hours", "word"), [(BEFORE, "void"), (AFTER, "broken")])
async def test_a_promise_that_nobody_answers_before_staff_close_is_counted(world: World, hours: int, word: str) -> None:
    talk, viewer = await owed(world)
    assert await counted(world, talk) == {}
    world.clock.advance(hours=hours)
    await closed(world, talk, viewer)
    assert await counted(world, talk) == {"later": 1, f"later/{word}": 1}


@pytest.mark.parametrize(("hours", "word"), [(BEFORE, "void"), (AFTER, "broken")])
async def test_it_does_not_matter_who_ends_the_talk(world: World, hours: int, word: str) -> None:
    talk, _ = await owed(world)
    world.clock.advance(hours=hours)
    await ended(world, talk)
    assert await counted(world, talk) == {"later": 1, f"later/{word}": 1}


async def test_a_promise_that_was_broken_before_the_talk_is_passed_on_stays_broken(world: World) -> None:
    talk, viewer = await owed(world)
    world.clock.advance(hours=AFTER)
    row = await released(world, viewer, talk)
    assert row.promised_by is not None
    assert row.promised_by > world.clock.now()
    await answer(world, viewer, talk)
    assert await counted(world, talk) == {"later": 2, "later/broken": 1, "later/kept": 1}


@only_sqlite
async def test_a_promise_that_still_lies_ahead_is_passed_on_and_counted_once(world: World) -> None:
    talk, viewer = await owed(world)
    world.clock.advance(hours=BEFORE)
    await released(world, viewer, talk)
    await answer(world, viewer, talk)
    assert await counted(world, talk) == {"later": 1, "later/kept": 1}


@only_sqlite
async def test_an_answer_that_is_taken_back_after_the_end_leaves_its_promise_unanswered(world: World) -> None:
    talk, viewer = await owed(world)
    await answer(world, viewer, talk)
    sent = (await messages(world, talk))[-1]
    world.clock.advance(seconds=5)
    await closed(world, talk, viewer)
    later = world.clock.now() + timedelta(seconds=1)
    async with world.database.write() as session:
        add_taken_back(session, municipality=CITY, unit=talk.id, at=later, written=sent.created_at)
    assert await counted(world, talk) == {"later": 1, "later/void": 1}


@only_sqlite
@pytest.mark.parametrize(("minutes", "word"), [(59, "void"), (61, "broken")])
async def test_the_promise_of_the_handoff_is_judged_by_the_same_rule_and_told_once(world: World, minutes: int, word: str) -> None:
    talk = await world.talk()
    async with world.database.write() as session:
        add_fact(session, FactKind.HEARD, municipality=CITY, unit=talk.id, at=talk.opened_at)
        details = {"promised": (world.clock.now() + timedelta(hours=1)).isoformat()}
        for fact in await session.scalars(select(Fact).where(Fact.kind == FactKind.HANDED)):
            await session.delete(fact)
        add_fact(session, FactKind.HANDED, municipality=CITY, unit=talk.id, at=world.clock.now(), details=details)
    assert await counted(world, talk, "promise") == {"promise/unanswered": 1}
    world.clock.advance(minutes=minutes)
    await ended(world, talk)
    assert await counted(world, talk, "promise") == {f"promise/{word}": 1}
    assert await counted(world, talk) == {}


@only_sqlite
async def test_the_timeline_takes_no_broken_promise_for_an_answer(world: World) -> None:
    talk, viewer = await owed(world)
    world.clock.advance(hours=AFTER)
    await closed(world, talk, viewer)
    async with world.database.read() as session:
        words = [moment.words for moment in await timeline_of(session, talk.id)]
    assert words.count("職員のはじめの返事") == 1
