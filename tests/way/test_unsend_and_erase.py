"""送信取消 and 記録を消す: whose words go, whose stay, and that people still learn of a danger."""

from collections.abc import Sequence

from sqlalchemy import select, update

from handoff.desk.models import Alarm
from intake.conversations.models import Author, Conversation, Message
from intake.conversations.service import open_utterance, open_words, say
from intake.inbox.models import InboxEvent, InboxStatus
from intake.outbox.models import OutboxItem, OutboxStatus
from intake.referrals.models import ReferralRecord
from intake.wording.bubbles import TextBubble, Utterance
from tests.support.line import event, text_event, unsend_event
from tests.support.world import World


async def messages(world: World, author: Author) -> Sequence[Message]:
    async with world.database.read() as session:
        return (await session.scalars(select(Message).where(Message.author == author).order_by(Message.id))).all()


async def talks(world: World) -> Sequence[Conversation]:
    async with world.database.read() as session:
        return (await session.scalars(select(Conversation).order_by(Conversation.id))).all()


async def tap(world: World, data: str) -> None:
    world.clock.advance(seconds=30)
    await world.hear(event("postback", world.clock.now(), postback={"data": data}))


async def say_as_staff(world: World, words: str) -> None:
    async with world.database.write() as session:
        talk = (await session.scalars(select(Conversation))).one()
        say(
            session,
            world.ring,
            talk,
            Utterance(bubbles=(TextBubble(text=words),)),
            author=Author.STAFF,
            staff_id="S",
            now=world.clock.now(),
        )


async def test_words_taken_back_afterwards_are_gone_with_what_was_read_from_them(world: World) -> None:
    await world.hear(text_event("家賃が払えない", world.clock.now(), message_id="m1"))
    await world.hear(unsend_event("m1", world.clock.now()))
    [message] = await messages(world, Author.RESIDENT)
    assert (message.sealed_body, message.sealed_reading) == (None, None)
    assert message.unsent_at == world.clock.now()


async def test_words_taken_back_twice_keep_the_first_time(world: World) -> None:
    await world.hear(text_event("家賃が払えない", world.clock.now(), message_id="m1"))
    first = world.clock.now()
    await world.hear(unsend_event("m1", first))
    world.clock.advance(minutes=1)
    await world.hear(unsend_event("m1", world.clock.now()))
    assert [message.unsent_at for message in await messages(world, Author.RESIDENT)] == [first]


async def test_words_taken_back_before_they_came_are_never_kept(world: World) -> None:
    await world.hear(unsend_event("m1", world.clock.now()))
    await world.hear(unsend_event("m1", world.clock.now()))
    await world.hear(text_event("家賃が払えない", world.clock.now(), message_id="m1"))
    assert await messages(world, Author.RESIDENT) == []
    async with world.database.read() as session:
        assert set(await session.scalars(select(InboxEvent.sealed_payload))) == {None}


async def test_taking_back_what_never_came_harms_nothing(world: World) -> None:
    await world.hear(text_event("こんにちは", world.clock.now(), message_id="m1"))
    await world.hear(unsend_event("m-unknown", world.clock.now()))
    [message] = await messages(world, Author.RESIDENT)
    assert open_words(world.ring, message) == "こんにちは"


async def test_an_alarm_stays_when_its_words_are_taken_back(world: World) -> None:
    await world.hear(text_event("もう死にたい", world.clock.now(), message_id="m1"))
    await world.hear(unsend_event("m1", world.clock.now()))
    async with world.database.read() as session:
        [alarm] = (await session.scalars(select(Alarm))).all()
    assert (alarm.words_unsent, alarm.opened_at) == (True, None)
    [message] = await messages(world, Author.RESIDENT)
    assert (message.sealed_body, message.risk) == (None, alarm.risk)


async def test_erasing_takes_all_words_of_the_resident_and_the_guide_and_still_says_that_it_was_done(world: World) -> None:
    await world.hear(text_event("三丁目の山田です。家賃が払えない", world.clock.now()))
    world.clock.advance(seconds=30)
    await say_as_staff(world, "担当です")
    await world.send()
    await tap(world, "v1:erase")
    before = len(world.line.calls)
    await tap(world, "v1:erase:yes")
    assert len(world.line.calls) == before + 1, "the confirmation is sent"
    assert {message.sealed_body for message in await messages(world, Author.RESIDENT)} == {None}
    assert {message.sealed_reading for message in await messages(world, Author.RESIDENT)} == {None}
    *earlier, confirmation = await messages(world, Author.BOT)
    assert {message.sealed_body for message in earlier} == {None}
    assert open_utterance(world.ring, confirmation) is not None
    [from_staff] = await messages(world, Author.STAFF)
    assert open_utterance(world.ring, from_staff) == Utterance(bubbles=(TextBubble(text="担当です"),))
    [talk] = await talks(world)
    assert (talk.erased_at, talk.close_reason) == (world.clock.now(), "erased")
    async with world.database.read() as session:
        assert set(await session.scalars(select(ReferralRecord.sealed_referral))) <= {None}


async def test_the_words_with_which_somebody_asks_to_erase_go_too(world: World) -> None:
    await world.hear(text_event("家賃が払えない", world.clock.now()))
    await tap(world, "v1:erase")
    world.clock.advance(seconds=30)
    await world.hear(text_event("はい", world.clock.now()))
    assert (await talks(world))[0].erased_at is not None
    assert {message.sealed_body for message in await messages(world, Author.RESIDENT)} == {None}


async def test_what_waits_to_be_sent_when_all_is_erased_is_not_sent(world: World) -> None:
    await world.hear(text_event("家賃が払えない", world.clock.now()))
    await tap(world, "v1:erase")
    async with world.database.write() as session:
        talk = (await session.scalars(select(Conversation))).one()
        utterance = Utterance(bubbles=(TextBubble(text="山田さん"),))
        waiting = say(session, world.ring, talk, utterance, author=Author.BOT, now=world.clock.now())
    before = len(world.line.calls)
    await tap(world, "v1:erase:yes")
    assert len(world.line.calls) == before + 1
    async with world.database.read() as session:
        [item] = (await session.scalars(select(OutboxItem).where(OutboxItem.message_id == waiting.id))).all()
    assert (item.status, item.reason) == (OutboxStatus.CANCELLED, "erased")


async def test_a_talk_of_danger_is_held_for_people_and_remembers_the_wish(world: World) -> None:
    await world.hear(text_event("もう死にたい", world.clock.now()))
    await tap(world, "v1:erase")
    await tap(world, "v1:erase:yes")
    [talk] = await talks(world)
    assert (talk.erased_at, talk.erase_asked_at, talk.closed_at) == (None, world.clock.now(), None)
    first, *_ = await messages(world, Author.RESIDENT)
    assert open_words(world.ring, first) == "もう死にたい"


async def test_erasing_also_takes_what_was_set_aside_unread(world: World) -> None:
    await world.hear(text_event("家賃が払えない", world.clock.now()))
    world.clock.advance(seconds=5)
    await world.deliver(text_event("こわれた文", world.clock.now()))
    async with world.database.write() as session:
        await session.execute(update(InboxEvent).where(InboxEvent.status == InboxStatus.PENDING).values(status=InboxStatus.SET_ASIDE))
    await tap(world, "v1:erase")
    await tap(world, "v1:erase:yes")
    async with world.database.read() as session:
        assert set(await session.scalars(select(InboxEvent.sealed_payload))) == {None}
