"""つなぎもどし and requests that were not taken over: counted once, by the reason of the list, and never as letting go."""

from handoff.desk.words import PASS_WORDS, PassReason
from handoff.statistics.board import Audience, Compare, Order, load_board
from handoff.statistics.periods import year_of
from handoff.statistics.rebuild import rebuild
from tests.statistics.support import Story
from tests.support.clock import FixedClock
from tests.support.world import CITIES, CITY, World

FIRST, SECOND = (PASS_WORDS[reason] for reason in (PassReason.DISTRICT, PassReason.CONDITIONS))
"""What a story gives as its first and its second reason."""


async def passed_on(world: World, clock: FixedClock, *deeds: str) -> Story:
    story = Story(world)
    await story.open()
    await story.says(1, "職員と話したいです")
    for deed in ("claim", *deeds):
        clock.advance(minutes=1)
        assert await story.staff_does(deed, 1), deed
    await story.sweep()
    return story


async def rows(world: World, clock: FixedClock, key: str) -> dict[str, object]:
    order = Order(municipality=CITY, period=year_of(clock.now().date()), compare=Compare.NONE, audience=Audience.INSIDE)
    async with world.database.read() as session:
        table = (await load_board(session, CITIES[CITY], order)).find(key)
    assert table is not None
    return {row.label: row.values[0] for row in table.rows if row.values[0]}


async def test_a_hand_back_is_counted_by_its_reason_and_not_as_a_release(world: World, clock: FixedClock) -> None:
    story = await passed_on(world, clock, "ask", "yes", "accept", "hand_back")
    figures = await story.figures()
    assert (figures["passing/transfer"], figures["passing/hand_back"], figures["passing/release"]) == (1, 1, 0)
    assert await rows(world, clock, "hand_back") == {FIRST: 1, "計": 1}
    await rebuild(world.database, CITY, clock)
    assert await story.figures() == figures


async def test_a_request_that_is_not_taken_over_is_counted_by_its_reason(world: World, clock: FixedClock) -> None:
    await passed_on(world, clock, "ask", "yes", "decline", "ask", "yes", "decline")
    assert await rows(world, clock, "turned_down") == {FIRST: 1, SECOND: 1, "計": 2}
    assert await rows(world, clock, "hand_back") == {}


async def test_letting_go_and_a_hand_back_in_one_talk_are_one_each(world: World, clock: FixedClock) -> None:
    story = await passed_on(world, clock, "ask", "yes", "accept", "hand_back", "claim", "release")
    figures = await story.figures()
    assert (figures["passing/hand_back"], figures["passing/release"]) == (1, 1)
