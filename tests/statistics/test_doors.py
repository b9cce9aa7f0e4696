"""What is counted at the doors: pushes and who has blocked the account, by municipality, as often as one likes."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from handoff.statistics.ask import Figures, Question, ask
from handoff.statistics.doors import sweep_doors
from handoff.statistics.models import DOORS
from handoff.statistics.periods import year_of
from intake.checkins.models import PushBudget
from intake.outbox.models import OutboxItem
from intake.residents.models import Resident
from tests.statistics.support import Story
from tests.support.clock import FixedClock
from tests.support.line import ACCOUNT
from tests.support.world import CITY, World


async def at_doors(world: World, years_ago: int = 0) -> Figures:
    now = world.clock.now()
    async with world.database.read() as session:
        period = year_of(now.date().replace(year=now.year - years_ago))
        return await ask(session, Question(municipality=CITY, period=period, part=DOORS))


async def test_pushes_and_blocks_are_counted_once_however_often_they_are_counted(world: World, clock: FixedClock) -> None:
    story = Story(world)
    await story.open()
    await story.says(1, "家賃が払えなくて困っています")
    await story.says(2, "母の介護のことで相談したいです")
    await story.sweep()
    async with world.database.write() as session:
        session.add(PushBudget(account=ACCOUNT, municipality=CITY, monthly_limit=200))
        await session.execute(update(OutboxItem).values(first_push_at=clock.now()))
        await session.execute(update(Resident).values(blocked_at=clock.now()))
    for _ in range(2):
        clock.advance(minutes=11)
        async with world.database.write() as session:
            await sweep_doors(session, clock.now())
    figures = await at_doors(world)
    assert figures.total["push"] == 2
    assert figures.total["blocked"] == 2


async def test_the_doors_of_a_last_month_stay_when_the_next_one_is_counted(world: World, clock: FixedClock) -> None:
    story = Story(world)
    await story.open()
    await story.says(1, "家賃が払えなくて困っています")
    await story.sweep()
    async with world.database.write() as session:
        session.add(PushBudget(account=ACCOUNT, municipality=CITY, monthly_limit=200))
        await session.execute(update(OutboxItem).values(first_push_at=clock.now()))
    for days in (0, 35, 70):
        clock.advance(days=days)
        async with world.database.write() as session:
            await sweep_doors(session, clock.now() + timedelta(minutes=1))
    assert (await at_doors(world)).total["push"] == 1


async def test_who_had_blocked_the_account_when_a_year_ended_stays_known_in_the_next(world: World, clock: FixedClock) -> None:
    story = Story(world)
    await story.open()
    await story.says(1, "家賃が払えなくて困っています")
    await story.says(2, "母の介護のことで相談したいです")
    await story.sweep()
    clock.advance(seconds=(datetime(2027, 3, 30, 3, 0, tzinfo=UTC) - clock.now()).total_seconds())
    for moved, still in ((0, 2), (1, 2), (5, 0), (1, 0)):  # The year ends with the second count.
        clock.advance(days=moved)
        async with world.database.write() as session:
            await session.execute(update(Resident).values(blocked_at=clock.now() if still else None))
            await sweep_doors(session, clock.now())
    assert clock.now().month == 4
    assert (await at_doors(world)).total["blocked"] == 0
    assert (await at_doors(world, years_ago=1)).total["blocked"] == 2
