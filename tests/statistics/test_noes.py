"""What residents decline, what staff correct, and when 通告・通報 was made: counted by its kind, once."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from handoff.report_abuse.models import AbuseReport, Judgement
from handoff.report_abuse.steps import judge, note_outcome, report_made
from handoff.report_abuse.words import Deadlines, Outcome
from handoff.statistics.ask import Question, ask
from handoff.statistics.board import Audience, Board, Compare, Order, load_board
from handoff.statistics.periods import year_of
from tests.statistics.support import Story
from tests.support.clock import FixedClock
from tests.support.world import CITIES, CITY, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def told(world: World) -> Story:
    story = Story(world)
    await story.open()
    return story


async def board(world: World, clock: FixedClock) -> Board:
    order = Order(municipality=CITY, period=year_of(clock.now().date()), compare=Compare.NONE, audience=Audience.INSIDE)
    async with world.database.read() as session:
        return await load_board(session, CITIES[CITY], order)


async def rows(world: World, clock: FixedClock, key: str) -> dict[str, object]:
    table = (await board(world, clock)).find(key)
    assert table is not None
    return {row.label: row.values[0] for row in table.rows if row.values[0]}


async def test_who_does_not_want_check_ins_is_counted_and_who_only_keeps_them_as_they_are_is_not(world: World, clock: FixedClock) -> None:
    story = await told(world)
    await story.says(1, "眠れない日が続いています")
    await story.taps(1, "v1:checkin:no")
    for tap in ("v1:checkin", "v1:checkin:gentle", "v1:checkin:yes", "v1:checkin:no"):
        clock.advance(seconds=30)
        await story.taps(1, tap)
    await story.sweep()
    assert await rows(world, clock, "declined") == {"声かけを受け取ること": 1}


async def test_ending_check_ins_and_stopping_notices_are_noes_of_their_own(world: World, clock: FixedClock) -> None:
    story = await told(world)
    await story.says(1, "眠れない日が続いています")
    for tap in ("v1:checkin:gentle", "v1:checkin:yes", "v1:checkin:end"):
        clock.advance(seconds=30)
        await story.taps(1, tap)
    clock.advance(seconds=30)
    await story.taps(1, "v1:stop")
    await story.sweep()
    found = await rows(world, clock, "declined")
    assert found == {"声かけを続けること（受け取ったあとで、やめた）": 1, "お知らせを受け取ること（止めた）": 1}


async def test_a_no_to_being_passed_on_is_counted(world: World, clock: FixedClock) -> None:
    story = await told(world)
    await story.says(1, "職員と話したいです")
    for deed in ("claim", "ask", "no"):
        clock.advance(minutes=1)
        assert await story.staff_does(deed, 1), deed
    await story.sweep()
    assert await rows(world, clock, "declined") == {"ほかの窓口へ伝えること": 1}


async def test_danger_that_the_reader_missed_and_danger_that_was_none_are_counted_apart_and_once(world: World, clock: FixedClock) -> None:
    story = await told(world)
    await story.says(1, "死にたい。もう薬を手に持っています")
    await story.says(2, "職員と話したいです")
    for who, deed in ((1, "open_alarms"), (1, "false"), (1, "false"), (2, "missed"), (2, "missed")):
        clock.advance(minutes=1)
        assert await story.staff_does(deed, who), deed
    await story.sweep()
    assert await rows(world, clock, "correction") == {
        "危険の見逃し（手がかりが出ていなかった）": 1,
        "危険の空振り（手がかりが出たが、危険ではなかった）": 1,
        "計": 2,
    }


async def test_a_sign_that_nobody_has_opened_cannot_be_called_false(world: World, clock: FixedClock) -> None:
    story = await told(world)
    await story.says(1, "死にたい。もう薬を手に持っています")
    clock.advance(minutes=1)
    assert not await story.staff_does("false", 1)
    await story.sweep()
    assert await rows(world, clock, "correction") == {}


async def test_the_times_of_a_report_of_abuse_are_told_from_the_sign_to_what_came_of_it(world: World, clock: FixedClock) -> None:
    story = await told(world)
    await story.says(1, "隣の家の子が毎晩たたかれて泣いています。職員と話したいです")
    talk = await story.talk(1)
    assert talk is not None
    place, usual = (world.ring, story.staff, talk.id), Deadlines()
    raised = clock.now()
    async with world.database.write() as session:
        await session.execute(update(AbuseReport).values(raised_at=raised, opened_at=raised + timedelta(minutes=4)))
    clock.advance(minutes=30)
    async with world.database.write() as session:
        await judge(session, *place, Judgement.APPLIES, "", usual, now=clock.now())
        await report_made(session, *place, recipient="189", means="電話", details="", deadlines=usual, now=clock.now())
    for outcome in (Outcome.UNKNOWN, Outcome.ACCEPTED):
        clock.advance(minutes=45)
        async with world.database.write() as session:
            await note_outcome(session, *place, outcome, "", usual, now=clock.now())
    await story.sweep()
    async with world.database.read() as session:
        figures = await ask(session, Question(municipality=CITY, period=year_of(clock.now().date())))
    assert figures.minutes("notice_opened") == {4: 1}
    assert figures.minutes("notice_made") == {30: 1}
    assert figures.minutes("notice_accepted") == {90: 1}
    waited = await rows(world, clock, "waits")
    assert waited["虐待の手がかりから通告・通報まで"] == waited["通告・通報から受理まで"] == 1
