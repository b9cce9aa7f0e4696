"""What the talk brings about at the desk: handoffs, alarms, words taken back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from handoff.desk import actions
from handoff.desk.effects import apply
from handoff.desk.models import Alarm, Episode, HandoffReason
from intake.conversations.models import Conversation, Message
from intake.conversations.receive import Received
from intake.conversations.service import close_conversation
from intake.dialogue.turn import Controller
from intake.events.models import EventName, LoggedEvent
from nlp.reading import Risk
from tests.handoff.support import ALARM, ASKED, OTHER_WINDOW, WINDOW, World


async def alarms(world: World) -> Sequence[Alarm]:
    async with world.database.read() as session:
        return (await session.scalars(select(Alarm).order_by(Alarm.id))).all()


async def episodes(world: World) -> Sequence[Episode]:
    async with world.database.read() as session:
        return (await session.scalars(select(Episode).order_by(Episode.id))).all()


async def events(world: World) -> list[EventName]:
    async with world.database.read() as session:
        return list((await session.scalars(select(LoggedEvent.name).order_by(LoggedEvent.seq))).all())


async def test_a_handoff_waits_under_a_new_epoch_with_its_window_and_promise(world: World) -> None:
    talk = await world.talk(effects=())
    assert (await world.row(talk)).controller is Controller.BOT
    promise = world.clock.now() + timedelta(minutes=30)
    await world.says(talk, "人と話したいです", replace(ASKED, window_id=WINDOW, promised_by=promise))
    row = await world.row(talk)
    assert (row.controller, row.epoch, row.window_id) == (Controller.WAITING, 1, WINDOW)
    assert (row.waiting_since, row.promised_by) == (world.clock.now(), promise)
    [episode] = await episodes(world)
    assert (episode.reason, episode.window_id, episode.promised_by) == (HandoffReason.ASKED, WINDOW, promise)
    assert (await events(world))[-1] is EventName.HANDOFF_REQUESTED


async def test_asking_again_opens_no_second_handoff_and_moves_no_promise(world: World) -> None:
    talk = await world.talk()
    before = await world.row(talk)
    world.clock.advance(minutes=5)
    await world.says(talk, "まだですか", replace(ASKED, promised_by=None, window_id=OTHER_WINDOW))
    after = await world.row(talk)
    assert (after.epoch, after.waiting_since, after.window_id) == (before.epoch, before.waiting_since, WINDOW)
    assert len(await episodes(world)) == 1


async def test_a_message_in_another_language_is_a_reason_of_its_own(world: World) -> None:
    await world.talk(effects=(replace(ASKED, reason="language"),))
    [episode] = await episodes(world)
    assert episode.reason is HandoffReason.LANGUAGE


async def test_an_unknown_reason_is_still_a_handoff(world: World) -> None:
    await world.talk(effects=(replace(ASKED, reason="something new"),))
    [episode] = await episodes(world)
    assert episode.reason is HandoffReason.OTHER


async def test_a_talk_in_human_hands_is_not_taken_back_by_the_guide(world: World) -> None:
    talk = await world.talk()
    viewer = await world.viewer(await world.staff("a"))
    async with world.database.write() as session:
        await actions.claim(session, viewer, talk.id, now=world.clock.now())
    await world.says(talk, "急ぎです", ASKED, ALARM)
    row = await world.row(talk)
    assert (row.controller, row.owner, row.epoch) == (Controller.STAFF, viewer.staff_id, 2)
    assert len(await alarms(world)) == 1


async def test_while_an_alarm_waits_only_one_that_is_as_grave_is_added(world: World) -> None:
    talk = await world.talk(effects=(ALARM,))
    await world.says(talk, "つらい", replace(ALARM, risk=Risk.WATCH))
    await world.says(talk, "もう死にたい", ALARM)
    await world.says(talk, "薬をたくさん飲んだ", replace(ALARM, risk=Risk.EMERGENCY))
    assert [alarm.risk for alarm in await alarms(world)] == [Risk.URGENT, Risk.URGENT, Risk.EMERGENCY]
    assert (await world.row(talk)).risk is Risk.EMERGENCY


async def test_after_an_alarm_was_opened_a_lesser_one_is_raised_again(world: World) -> None:
    talk = await world.talk(effects=(ALARM, ASKED))
    viewer = await world.viewer(await world.staff("a"))
    async with world.database.write() as session:
        await actions.open_alarms(session, viewer, talk.id, now=world.clock.now())
    await world.says(talk, "つらい", replace(ALARM, risk=Risk.WATCH))
    assert [alarm.opened_at is None for alarm in await alarms(world)] == [False, True]


async def test_words_taken_back_stay_on_the_alarm_as_a_fact(world: World) -> None:
    talk = await world.talk(effects=(ALARM,))
    async with world.database.write() as session:
        message = (await session.scalars(select(Message))).one()
        row = await session.get_one(Conversation, talk.id)
        await apply(session, Received(conversation=row, unsent=message), now=world.clock.now())
    [alarm] = await alarms(world)
    assert (alarm.words_unsent, alarm.opened_at) == (True, None)


async def test_a_talk_that_intake_has_closed_has_no_open_handoff(world: World) -> None:
    talk = await world.talk()
    async with world.database.write() as session:
        row = await session.get_one(Conversation, talk.id)
        close_conversation(session, row, reason="erased", now=world.clock.now())
        await apply(session, Received(conversation=row, effects=(ASKED,)), now=world.clock.now())
    [episode] = await episodes(world)
    assert episode.close_reason == "erased"


async def test_a_resident_who_writes_to_people_waits_from_then_on(world: World) -> None:
    talk = await world.talk()
    viewer = await world.viewer(await world.staff("a"))
    async with world.database.write() as session:
        row = await actions.claim(session, viewer, talk.id, now=world.clock.now())
        row.waiting_since = None
    world.clock.advance(minutes=7)
    await world.says(talk, "もう一つ聞いていいですか")
    assert (await world.row(talk)).waiting_since == world.clock.now()
