"""What comes late or out of order must not undo what is newer."""

from datetime import timedelta

from sqlalchemy import select, update

from intake.inbox.models import InboxEvent, InboxStatus
from intake.residents.models import Resident
from tests.support.line import event, text_event, unsend_event
from tests.support.world import World


async def test_an_unfollow_that_comes_after_a_newer_follow_does_not_block(world: World) -> None:
    moment = world.clock.now()
    await world.hear(event("follow", moment + timedelta(seconds=2)))
    await world.hear(event("unfollow", moment))
    async with world.database.read() as session:
        assert (await session.scalars(select(Resident.blocked_at))).one() is None


async def test_words_that_were_set_aside_unread_can_be_taken_back(world: World) -> None:
    await world.deliver(text_event("家賃が払えない", world.clock.now(), message_id="m1"))
    async with world.database.write() as session:
        await session.execute(update(InboxEvent).values(status=InboxStatus.SET_ASIDE))
    await world.hear(unsend_event("m1", world.clock.now()))
    async with world.database.read() as session:
        assert set(await session.scalars(select(InboxEvent.sealed_payload))) == {None}
