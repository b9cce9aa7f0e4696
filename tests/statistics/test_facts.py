from sqlalchemy import event, select

from handoff.statistics.models import Grain
from intake.base.database import WriteSession
from intake.conversations.models import Message
from intake.facts.models import Fact
from tests.statistics.support import Story
from tests.support.clock import FixedClock
from tests.support.world import World


async def told(world: World) -> Story:
    story = Story(world)
    await story.open()
    return story


async def test_a_message_is_counted_with_the_concerns_that_were_read(world: World) -> None:
    story = await told(world)
    await story.says(1, "家賃が払えなくて困っています")
    await story.sweep()
    figures = await story.figures()
    assert figures["contact"] == 1
    assert figures["concern/rent_loan"] == 1
    assert figures["hour/1/10"] == 1
    assert figures["office/in"] == 1
    assert figures["person/new"] == figures["first/year"] == figures["first/month"] == 1


async def test_a_message_at_night_is_counted_as_out_of_hours(world: World, clock: FixedClock) -> None:
    story = await told(world)
    clock.advance(hours=13)
    await story.says(1, "眠れません")
    await story.sweep()
    assert (await story.figures())["office/out"] == 1


async def test_messages_within_twenty_seconds_are_one(world: World, clock: FixedClock) -> None:
    story = await told(world)
    for seconds in (0, 15, 15, 60):
        clock.advance(seconds=seconds)
        await story.says(1, "あの")
    await story.sweep()
    assert (await story.figures())["message"] == 2


async def test_a_handoff_its_wait_and_its_end_are_one_episode(world: World, clock: FixedClock) -> None:
    story = await told(world)
    await story.says(1, "職員と話したいです")
    clock.advance(minutes=12, seconds=40)
    assert await story.staff_does("claim", 1)
    clock.advance(minutes=5)
    assert await story.staff_does("reply", 1)
    clock.advance(minutes=50)
    assert await story.staff_does("close", 1)
    await story.sweep()
    figures = await story.figures()
    assert figures["episode"] == 1
    assert figures["claim/12"] == 1
    assert figures["answer/17"] == 1
    assert figures["close/connected"] == 1
    assert figures["result/connected"] == 1


async def test_the_facts_hold_no_person_and_no_words(world: World) -> None:
    story = await told(world)
    await story.says(1, "山田花子です。090-1234-5678 に電話ください。家賃が払えません")
    async with world.database.read() as session:
        rows = (await session.scalars(select(Fact))).all()
        residents = {message.conversation_id for message in await session.scalars(select(Message))}
    text = " ".join(str(row.details) + str(row.code) for row in rows)
    assert rows
    assert "山田" not in text
    assert "090" not in text
    assert not hasattr(Fact, "resident_id")
    assert {row.unit for row in rows} == residents


async def test_sweeping_twice_changes_nothing(world: World) -> None:
    story = await told(world)
    await story.says(1, "家賃が払えなくて困っています")
    await story.sweep()
    before = await story.figures()
    await story.sweep()
    assert await story.figures() == before


async def test_every_day_adds_up_to_its_month(world: World, clock: FixedClock) -> None:
    story = await told(world)
    for number in range(4):
        await story.says(number, "母の介護のことで相談したいです")
        clock.advance(hours=20)
    await story.sweep()
    assert await story.figures(grain=Grain.DAY) == await story.figures(grain=Grain.MONTH)


async def test_a_message_that_asks_for_people_costs_one_statement_of_its_own_at_the_commit(world: World) -> None:
    story = await told(world)
    await story.says(1, "こんにちは")
    spent: list[str] = []
    hooks = world.database.before_commit
    plain = hooks[0]

    async def watched(session: WriteSession) -> None:
        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            spent.append(statement)

        engine = world.database.writer.sync_engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            await plain(session)
        finally:
            event.remove(engine, "before_cursor_execute", note)

    hooks[0] = watched
    await story.says(1, "職員と話したいです")
    assert len([statement for statement in spent if statement.startswith("INSERT INTO fact ")]) == 1
    assert not [statement for statement in spent if "FROM episode" in statement]
    await story.sweep()
    assert (await story.figures())["episode"] == 1
