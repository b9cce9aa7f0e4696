"""Each referral keeps the version of the directory that it was made from, also when the tables change under a talk."""

from dataclasses import replace

from sqlalchemy import select

from intake.referrals.models import ReferralRecord
from tests.support.line import text_event
from tests.support.world import CITIES, CITY, World


async def _versions(world: World) -> list[str]:
    async with world.database.read() as session:
        return list((await session.scalars(select(ReferralRecord.directory_version).order_by(ReferralRecord.id))).all())


async def test_a_referral_keeps_the_version_it_was_made_from_and_the_next_one_the_new_version(world: World) -> None:
    cities = dict(CITIES)
    world.runtime = replace(world.runtime, cities=cities)
    world.worker = type(world.worker)(world.runtime)
    await world.hear(text_event("家賃が払えなくて困っています", world.clock.now()))
    first = await _versions(world)
    assert first
    assert set(first) == {CITIES[CITY].version}
    cities[CITY] = replace(cities[CITY], version="0000000000000001")
    world.clock.advance(minutes=5)
    await world.hear(text_event("食べるものがなくて、今日も困っています", world.clock.now()))
    after = await _versions(world)
    assert after[: len(first)] == first
    assert len(after) > len(first)
    assert after[-1] == "0000000000000001"
