"""The way of a message: from the webhook to the call to LINE, with everything that may go wrong in between."""

import itertools
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from handoff.desk.models import Alarm, Episode
from intake.conversations.models import Conversation, Message
from intake.conversations.service import close_conversation
from intake.dialogue.turn import Controller
from intake.inbox.models import InboxEvent, InboxStatus
from intake.inbox.service import ATTEMPTS, LostClaimError, claim_events, finish_event
from intake.outbox.models import OutboxItem, OutboxStatus
from intake.outbox.policy import Answer
from intake.residents.models import Resident
from nlp.reading import Reading, Risk
from tests.support.line import event, text_event, unsend_event, user
from tests.support.world import World


async def count(world: World, table: type[object]) -> int:
    async with world.database.read() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def outbox(world: World) -> list[OutboxItem]:
    async with world.database.read() as session:
        return list((await session.scalars(select(OutboxItem).order_by(OutboxItem.id))).all())


async def talk(world: World) -> Conversation:
    async with world.database.read() as session:
        return (await session.scalars(select(Conversation).where(Conversation.closed_at.is_(None)))).one()


async def test_a_first_message_is_answered_once_with_its_reply_token(world: World) -> None:
    first = text_event("母の介護のことで困っています", world.clock.now())
    await world.hear(first)
    [call] = world.line.calls
    assert (call.way, call.to) == ("reply", first["replyToken"])
    assert [item.status for item in await outbox(world)] == [OutboxStatus.ACCEPTED]


async def test_a_second_delivery_of_the_same_event_sends_no_second_answer(world: World) -> None:
    first = text_event("こんにちは", world.clock.now())
    await world.hear(first)
    await world.hear({**first, "deliveryContext": {"isRedelivery": True}})
    assert len(world.line.calls) == 1


async def test_the_same_message_under_another_event_id_is_not_told_twice(world: World) -> None:
    await world.hear(text_event("こんにちは", world.clock.now(), message_id="m-same"))
    await world.hear(text_event("こんにちは", world.clock.now(), message_id="m-same"))
    assert len(world.line.calls) == 1


async def test_two_residents_of_one_delivery_are_two_talks(world: World) -> None:
    moment = world.clock.now()
    await world.hear(text_event("借金のことで", moment, who=user(1)), text_event("死にたい", moment, who=user(2)))
    async with world.database.read() as session:
        talks = (await session.scalars(select(Conversation).order_by(Conversation.id))).all()
        residents = (await session.scalars(select(Resident))).all()
    assert len({conversation.resident_id for conversation in talks}) == 2
    assert sorted(conversation.risk.rank >= Risk.URGENT.rank for conversation in talks) == [False, True]
    assert len({resident.handle for resident in residents}) == 2


async def test_what_was_written_is_nowhere_in_the_clear(world: World) -> None:
    words = "三丁目の山田です家賃が払えません"
    await world.hear(text_event(words, world.clock.now()))
    async with world.database.read() as session:
        for table in (Message, Resident, InboxEvent, Conversation, OutboxItem):
            for row in (await session.execute(select(table.__table__))).all():
                for value in row:
                    plain = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                    assert "山田" not in plain
                    assert user(1) not in plain


async def test_events_of_one_resident_are_worked_on_in_the_order_in_which_they_happened(world: World) -> None:
    moment = world.clock.now()
    late = text_event("あと", moment + timedelta(seconds=5))
    early = text_event("さき", moment)
    await world.deliver(late, early)
    async with world.database.write() as session:
        [claimed] = await claim_events(session, world.clock.now() + timedelta(seconds=10), 16)
        assert claimed.event_id == early["webhookEventId"]
    async with world.database.write() as session:
        assert await claim_events(session, world.clock.now() + timedelta(seconds=10), 16) == []


async def test_residents_are_worked_on_side_by_side(world: World) -> None:
    moment = world.clock.now()
    await world.deliver(*(text_event("こんにちは", moment, who=user(number)) for number in range(5)))
    async with world.database.write() as session:
        assert len(await claim_events(session, world.clock.now(), 16)) == 5


async def test_a_worker_that_lost_its_lease_cannot_finish(world: World) -> None:
    await world.deliver(text_event("こんにちは", world.clock.now()))
    async with world.database.write() as session:
        [first] = await claim_events(session, world.clock.now(), 1)
    world.clock.advance(seconds=31)
    async with world.database.write() as session:
        [second] = await claim_events(session, world.clock.now(), 1)
    assert second.attempts == 2
    with pytest.raises(LostClaimError):
        await _finish(world, first)
    await _finish(world, second)


async def _finish(world: World, claimed: InboxEvent) -> None:
    async with world.database.write() as session:
        await finish_event(session, claimed)


async def test_a_message_that_the_reader_stumbles_over_goes_to_a_person(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(text: str, _: object) -> Reading:
        raise RuntimeError(text)

    monkeypatch.setattr("bot.runtime.read_message", stumble)
    broken = World(world.database, world.ring, world.clock, world.line)
    await broken.deliver(text_event("読めない文", world.clock.now()))
    for _ in range(ATTEMPTS):
        await broken.work()
        world.clock.advance(seconds=90)
    await broken.send()
    assert len(world.line.calls) == 1
    assert (await talk(world)).controller is Controller.WAITING
    assert await count(world, Episode) == 1


async def test_an_event_that_always_fails_is_set_aside_and_the_rest_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.deliver(
        text_event("A", world.clock.now(), message_id="m-poison"), text_event("B", world.clock.now() + timedelta(seconds=1))
    )
    genuine = world.worker._payload
    monkeypatch.setattr(world.worker, "_payload", lambda row: _poison(genuine(row)))
    for _ in range(ATTEMPTS + 2):
        await world.work()
        world.clock.advance(seconds=120)
    async with world.database.read() as session:
        rows = (await session.scalars(select(InboxEvent).order_by(InboxEvent.id))).all()
    assert [row.status for row in rows] == [InboxStatus.SET_ASIDE, InboxStatus.DONE]
    assert rows[0].reason == "RuntimeError"
    assert rows[0].sealed_payload is not None, "nothing is lost: an operator can still look"


def _poison(payload: dict[str, object]) -> dict[str, object]:
    if "m-poison" in str(payload):
        raise RuntimeError
    return payload


async def test_a_message_taken_back_vanishes_but_its_alarm_stays(world: World) -> None:
    await world.hear(text_event("もう死にたい", world.clock.now(), message_id="m-1"))
    await world.hear(unsend_event("m-1", world.clock.now()))
    async with world.database.read() as session:
        message = (await session.scalars(select(Message).where(Message.line_message_id == "m-1"))).one()
        alarm = (await session.scalars(select(Alarm))).one()
    assert message.sealed_body is None
    assert message.sealed_reading is None
    assert message.unsent_at is not None
    assert alarm.words_unsent
    assert alarm.opened_at is None


async def test_a_message_taken_back_before_it_came_is_never_kept(world: World) -> None:
    moment = world.clock.now()
    await world.hear(unsend_event("m-2", moment))
    await world.hear(text_event("ひみつ", moment, message_id="m-2"))
    assert await count(world, Message) == 0
    assert world.line.calls == []


async def test_an_old_token_is_not_used_and_a_push_goes_out(world: World) -> None:
    await world.deliver(text_event("こんにちは", world.clock.now()))
    world.clock.advance(seconds=51)
    await world.work()
    await world.send()
    [call] = world.line.calls
    assert (call.way, call.to) == ("push", user(1))


async def test_a_refused_token_is_followed_by_one_push(world: World) -> None:
    world.line.answers = iter([Answer.REFUSED, Answer.ACCEPTED])
    await world.hear(text_event("こんにちは", world.clock.now()))
    assert [call.way for call in world.line.calls] == ["reply", "push"]


async def test_a_push_without_an_answer_is_repeated_under_the_same_key_with_the_same_body(world: World) -> None:
    world.line.answers = iter([Answer.REFUSED, Answer.UNKNOWN, Answer.THROTTLED, Answer.ACCEPTED])
    await world.hear(text_event("こんにちは", world.clock.now()))
    for _ in range(4):
        world.clock.advance(seconds=40)
        await world.send()
    pushes = [call for call in world.line.calls if call.way == "push"]
    assert len(pushes) == 3
    assert len({call.retry_key for call in pushes}) == 1
    assert pushes[0].messages == pushes[-1].messages
    assert [item.status for item in await outbox(world)] == [OutboxStatus.ACCEPTED]


async def test_a_reply_without_an_answer_is_uncertain_in_the_end_and_never_pushed(world: World) -> None:
    world.line.answers = itertools.repeat(Answer.UNKNOWN)
    await world.hear(text_event("こんにちは", world.clock.now()))
    for _ in range(8):
        world.clock.advance(seconds=10)
        await world.send()
    assert {call.way for call in world.line.calls} == {"reply"}
    assert [item.status for item in await outbox(world)] == [OutboxStatus.UNCERTAIN]


async def test_a_spent_token_at_the_second_try_means_that_the_first_was_heard(world: World) -> None:
    world.line.answers = iter([Answer.UNKNOWN, Answer.REFUSED])
    await world.hear(text_event("こんにちは", world.clock.now()))
    world.clock.advance(seconds=10)
    await world.send()
    assert [call.way for call in world.line.calls] == ["reply", "reply"]
    assert [item.status for item in await outbox(world)] == [OutboxStatus.ACCEPTED]


async def test_answers_to_one_resident_keep_their_order_when_the_first_must_wait(world: World) -> None:
    world.line.answers = iter([Answer.THROTTLED, Answer.ACCEPTED, Answer.ACCEPTED])
    first, second = text_event("こんにちは", world.clock.now()), text_event("介護のことで", world.clock.now() + timedelta(seconds=1))
    await world.hear(first, second)
    assert len(world.line.calls) == 1
    world.clock.advance(seconds=5)
    await world.send()
    assert [call.to for call in world.line.calls] == [first["replyToken"], first["replyToken"], second["replyToken"]]


async def test_a_resident_who_blocked_us_is_not_sent_anything_and_may_come_back(world: World) -> None:
    await world.deliver(text_event("こんにちは", world.clock.now()))
    await world.work()
    await world.deliver(event("unfollow", world.clock.now() + timedelta(seconds=1)))
    await world.work()
    await world.send()
    assert world.line.calls == []
    assert [item.reason for item in await outbox(world)] == ["blocked"]
    await world.hear(event("follow", world.clock.now() + timedelta(seconds=2)))
    assert len(world.line.calls) == 1


async def test_words_of_danger_open_a_handoff_and_an_alarm(world: World) -> None:
    await world.hear(text_event("もう死にたい", world.clock.now()))
    conversation = await talk(world)
    assert conversation.controller is Controller.WAITING
    assert conversation.epoch == 1
    assert conversation.risk.rank >= Risk.URGENT.rank
    assert await count(world, Alarm) == 1
    assert await count(world, Episode) == 1


async def test_a_day_of_silence_ends_the_contact_and_the_next_message_begins_another(world: World) -> None:
    await world.hear(text_event("こんにちは", world.clock.now()))
    before = await talk(world)
    world.clock.advance(hours=25)
    await world.hear(text_event("こんにちは", world.clock.now()))
    assert (await talk(world)).id != before.id


async def test_events_of_groups_are_kept_and_passed_over(world: World) -> None:
    await world.hear({**text_event("こんにちは", world.clock.now()), "source": {"type": "group", "groupId": "C1", "userId": user(1)}})
    assert world.line.calls == []
    assert await count(world, Resident) == 0


async def test_a_new_contact_still_makes_no_sound_after_words_of_violence(world: World) -> None:
    await world.hear(text_event("夫に殴られました", world.clock.now()))
    assert world.line.calls[-1].silent
    await _end_talk(world)
    await world.hear(text_event("こんにちは", world.clock.now()))
    assert world.line.calls[-1].silent


async def _end_talk(world: World) -> None:
    async with world.database.write() as session:
        conversation = (await session.scalars(select(Conversation))).one()
        close_conversation(session, conversation, reason="answered", now=world.clock.now())
    world.clock.advance(minutes=5)


async def test_who_waits_for_staff_may_still_end_the_talk(world: World) -> None:
    await world.hear(event("postback", world.clock.now(), postback={"data": "v1:staff"}))
    assert (await talk(world)).controller is Controller.WAITING
    await world.hear(event("postback", world.clock.now() + timedelta(minutes=1), postback={"data": "v1:end"}))
    async with world.database.read() as session:
        assert (await session.scalars(select(Conversation.closed_at))).one() is not None
        assert (await session.scalars(select(Episode.closed_at))).one() is not None
