"""One bad row never stops the others: what cannot be opened, and what kills whoever touches it."""

from datetime import timedelta

from sqlalchemy import select, update

from intake.conversations.models import Conversation, Message
from intake.inbox.models import InboxEvent, InboxStatus
from intake.inbox.service import ATTEMPTS, claim_events
from intake.outbox.models import OutboxItem, OutboxStatus
from tests.support.line import text_event, user
from tests.support.world import World


async def test_a_message_that_cannot_be_opened_fails_alone(world: World) -> None:
    moment = world.clock.now()
    await world.deliver(text_event("こんにちは", moment, who=user(1)), text_event("こんにちは", moment, who=user(2)))
    await world.work()
    async with world.database.write() as session:
        items = (await session.scalars(select(OutboxItem).order_by(OutboxItem.id))).all()
        await session.execute(update(Message).where(Message.id == items[0].message_id).values(sealed_body=b"\1" + bytes(60)))
    await world.send()
    assert len(world.line.calls) == 1
    async with world.database.read() as session:
        settled = (await session.execute(select(OutboxItem.status, OutboxItem.reason).order_by(OutboxItem.id))).all()
    assert [tuple(row) for row in settled] == [(OutboxStatus.FAILED, "unreadable"), (OutboxStatus.ACCEPTED, None)]


async def test_an_event_whose_worker_always_dies_is_set_aside_at_last(world: World) -> None:
    await world.deliver(text_event("A", world.clock.now()), text_event("B", world.clock.now() + timedelta(seconds=1)))
    for _ in range(ATTEMPTS):
        async with world.database.write() as session:
            assert len(await claim_events(session, world.clock.now(), 1)) == 1
        world.clock.advance(seconds=31)
    await world.work()
    async with world.database.read() as session:
        rows = (await session.scalars(select(InboxEvent).order_by(InboxEvent.id))).all()
    assert [row.status for row in rows] == [InboxStatus.SET_ASIDE, InboxStatus.DONE]
    assert rows[0].reason == "process_died"
    assert rows[0].sealed_payload is not None, "an operator can still look"


async def test_a_resident_whose_state_cannot_be_opened_can_still_write(world: World) -> None:
    await world.hear(text_event("こんにちは", world.clock.now()))
    async with world.database.write() as session:
        await session.execute(update(Conversation).values(sealed_state=b"\1" + bytes(60)))
    world.clock.advance(minutes=1)
    await world.deliver(text_event("聞いてください", world.clock.now()))
    for _ in range(ATTEMPTS):
        await world.work()
        world.clock.advance(seconds=90)
    async with world.database.read() as session:
        assert set(await session.scalars(select(InboxEvent.status))) == {InboxStatus.DONE}
