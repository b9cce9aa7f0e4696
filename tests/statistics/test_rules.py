"""The stated rules: late events, reopened talks, joined matters, unsent words, erased residents; and making all anew."""

import json
from datetime import timedelta

from sqlalchemy import select, update

from handoff.report_abuse.models import Judgement
from handoff.report_abuse.steps import judge, report_made
from handoff.report_abuse.words import Deadlines
from handoff.statistics.board import Audience, Order, load_board
from handoff.statistics.models import Grain, StatContact, StatTally
from handoff.statistics.periods import year_of
from handoff.statistics.rebuild import rebuild
from intake.facts.models import Fact, FactKind
from intake.facts.service import add_fact, join_units
from tests.statistics.support import Story
from tests.support.clock import FixedClock
from tests.support.world import CITIES, CITY, World


async def told(world: World) -> Story:
    story = Story(world)
    await story.open()
    return story


async def test_a_late_message_counts_on_the_day_on_which_it_was_written(world: World, clock: FixedClock) -> None:
    story = await told(world)
    await story.says(1, "あの", late_minutes=60 * 24 * 10)
    await story.sweep()
    async with world.database.read() as session:
        days = await session.scalars(select(StatTally.bucket).where(StatTally.slice == "all", StatTally.grain == Grain.DAY))
        assert (clock.now() - timedelta(days=10)).date() in set(days)
    assert (await story.figures())["contact"] == 1


async def test_a_late_message_moves_a_contact_that_was_counted_already(world: World) -> None:
    story = await told(world)
    await story.says(1, "あの")
    await story.sweep()
    await story.says(1, "その前に書いたものです", late_minutes=60 * 24 * 8)
    await story.sweep()
    figures = await story.figures()
    assert figures["contact"] == 1
    async with world.database.read() as session:
        march = await session.scalar(
            select(StatTally.counts).where(StatTally.slice == "all", StatTally.grain == Grain.MONTH).order_by("bucket")
        )
    assert json.loads(str(march))["contact"] == 1


async def test_a_talk_opened_again_after_five_days_keeps_its_ten_minutes(world: World, clock: FixedClock) -> None:
    story = await told(world)
    await story.says(1, "職員と話したいです")
    clock.advance(minutes=10)
    await story.staff_does("reply", 1)
    await story.staff_does("close", 1)
    clock.advance(days=5)
    talk = await story.talk(1)
    assert talk is not None
    async with world.database.write() as session:
        add_fact(session, FactKind.REOPENED, municipality=CITY, unit=talk.id, at=clock.now())
    clock.advance(minutes=30)
    async with world.database.write() as session:
        add_fact(session, FactKind.ANSWERED, municipality=CITY, unit=talk.id, at=clock.now())
    await story.sweep()
    figures = await story.figures()
    assert figures["episode"] == 1
    assert figures["answer/10"] == 1
    assert figures["close/open"] == 1
    assert figures["reply"] == 2


async def test_a_resident_who_comes_back_is_a_second_contact_and_the_same_person(world: World, clock: FixedClock) -> None:
    story = await told(world)
    await story.says(1, "家賃が払えなくて困っています")
    clock.advance(days=40)
    await story.says(1, "また来ました")
    await story.sweep()
    figures = await story.figures()
    assert figures["contact"] == 2
    assert figures["first/year"] == 1
    assert figures["first/month"] == 2
    assert figures["person/again"] == 1


async def test_two_matters_that_are_joined_count_as_one(world: World) -> None:
    story = await told(world)
    await story.says(1, "家賃が払えなくて困っています")
    await story.says(2, "母の介護のことで相談したいです")
    await story.sweep()
    first, second = await story.talk(1), await story.talk(2)
    assert first is not None
    assert second is not None
    async with world.database.write() as session:
        await join_units(session, CITY, kept=first.id, joined=second.id, now=world.clock.now())
    await story.sweep()
    figures = await story.figures()
    assert figures["contact"] == 1
    assert figures["concern/rent_loan"] == figures["concern/care"] == 1


async def test_unsent_words_leave_the_message_counted_and_nothing_that_was_read(world: World) -> None:
    story = await told(world)
    await story.says(1, "家賃が払えなくて困っています")
    await story.sweep()
    await story.unsends(1)
    await story.sweep()
    figures = await story.figures()
    assert figures["message"] == figures["unsent"] == figures["contact"] == 1
    assert figures["concern/none"] == 1
    assert "concern/rent_loan" not in figures


async def test_an_alarm_stays_counted_when_its_words_are_unsent(world: World) -> None:
    story = await told(world)
    await story.says(1, "死にたい。もう薬を手に持っています")
    await story.unsends(1)
    await story.sweep()
    figures = await story.figures()
    assert figures["alarm"] == figures["alarm_unsent"] == 1


async def test_erasing_leaves_the_count_and_cuts_every_tie(world: World) -> None:
    story = await told(world)
    await story.says(1, "家賃が払えなくて困っています")
    await story.sweep()
    talk = await story.talk(1)
    assert talk is not None
    await story.taps(1, "v1:erase")
    await story.taps(1, "v1:erase:yes")
    await story.says(1, "記録を消してください。はい、消します")
    erased = await story.talk(1)
    async with world.database.read() as session:
        gone = await session.scalar(select(Fact).where(Fact.unit == talk.id).limit(1))
    await story.sweep()
    figures = await story.figures()
    assert erased is not None
    assert gone is None
    assert figures["erased"] == 1
    assert figures["contact"] >= 1
    assert "concern/rent_loan" not in figures
    async with world.database.read() as session:
        assert await session.get(StatContact, talk.id) is None


async def test_a_report_of_abuse_is_what_the_contact_came_to_and_counts_once(world: World, clock: FixedClock) -> None:
    story = await told(world)
    await story.says(1, "隣の家の子が毎晩たたかれて泣いています。職員と話したいです")
    talk = await story.talk(1)
    assert talk is not None
    place, usual = (world.ring, story.staff, talk.id), Deadlines()
    for recipient in ("189", "こども家庭センター"):
        clock.advance(minutes=5)
        async with world.database.write() as session:
            await judge(session, *place, Judgement.APPLIES, "", usual, now=clock.now())
            await report_made(session, *place, recipient=recipient, means="電話", details="", deadlines=usual, now=clock.now())
    await story.sweep()
    async with world.database.read() as session:
        board = await load_board(
            session, CITIES[CITY], Order(municipality=CITY, period=year_of(clock.now().date()), audience=Audience.INSIDE)
        )
    table = board.find("result")
    assert table is not None
    assert {row.label for row in table.rows if row.values[0]} == {"通告・通報（職員）", "計"}


async def test_making_all_anew_gives_the_same_figures(world: World, clock: FixedClock) -> None:
    story = await told(world)
    for number in range(3):
        await story.says(number, "家賃が払えなくて困っています")
        clock.advance(days=20)
    await story.sweep()
    right = await story.figures()
    async with world.database.write() as session:
        await session.execute(update(StatTally).values(counts='{"contact": 99}'))
    assert await rebuild(world.database, CITY, clock) == 3
    assert await story.figures() == right
