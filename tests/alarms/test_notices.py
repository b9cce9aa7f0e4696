"""Who is told of what: mine and unclaimed, each thing once."""

from handoff.accounts.models import Role
from handoff.console.stream.hub import load_events
from handoff.desk import actions
from intake.events.models import EventName
from tests.alarms.support import EMERGENCY, notifier, on_plan, told
from tests.handoff.support import ALARM, ASKED, OTHER_WINDOW, WINDOW, World


async def test_a_new_talk_is_told_to_those_on_duty_and_to_nobody_else(world: World) -> None:
    there, _ = await world.staff("there"), await world.staff("away")
    await on_plan(world, there, window=WINDOW)
    await on_plan(world, await world.staff("elsewhere", windows=(OTHER_WINDOW,)), window=OTHER_WINDOW)
    await world.talk()
    await notifier(world).work()
    await notifier(world).work()
    assert await told(world) == [("there", "new", 0)]


async def test_an_urgent_message_is_told_as_urgent_and_not_also_as_new(world: World) -> None:
    await on_plan(world, await world.staff("there"), window=WINDOW)
    await world.talk(effects=(ALARM, ASKED))
    await notifier(world).work()
    assert await told(world) == [("there", "urgent", 0)]


async def test_what_a_resident_writes_is_told_to_the_holder_once_in_a_while(world: World) -> None:
    holder, other = await world.staff("holder"), await world.staff("other")
    for place, one in enumerate((other, holder), 1):
        await on_plan(world, one, window=WINDOW, place=place)
    talk = await world.talk()
    viewer = await world.viewer(holder)
    async with world.database.write() as session:
        await actions.claim(session, viewer, talk.id, now=world.clock.now())
    await notifier(world).work()
    before = len(await told(world))
    world.clock.advance(minutes=5)
    for text in ("あの", "聞こえますか"):
        await world.says(talk, text)
    await notifier(world).work()
    assert (await told(world))[before:] == [("holder", "new", 0)]


async def test_a_talk_that_is_given_back_is_told_to_those_on_duty(world: World) -> None:
    holder, other = await world.staff("holder"), await world.staff("other")
    await on_plan(world, other, window=WINDOW)
    talk = await world.talk()
    viewer = await world.viewer(holder)
    async with world.database.write() as session:
        await actions.claim(session, viewer, talk.id, now=world.clock.now())
    await notifier(world).work()
    world.clock.advance(minutes=5)
    row = await world.row(talk)
    async with world.database.write() as session:
        await actions.release(session, viewer, talk.id, epoch=row.epoch, now=world.clock.now())
    await notifier(world).work()
    assert ("other", "new", 0) in await told(world)


async def test_whoever_is_named_in_a_note_is_told(world: World) -> None:
    writer, named = await world.staff("writer"), await world.staff("named", name="鈴木")
    talk = await world.talk()
    viewer = await world.viewer(writer)
    async with world.database.write() as session:
        text = "@鈴木 見てください"
        await actions.write_note(session, world.ring, viewer, talk.id, text=text, client_uuid="0" * 36, now=world.clock.now())
    await notifier(world).work()
    assert [one for one in await told(world) if one[1] == "mention"] == [(named.login, "mention", 0)]


async def test_out_of_hours_an_urgent_message_wakes_nobody(world: World) -> None:
    await on_plan(world, await world.staff("there"), window=WINDOW)
    world.clock.advance(hours=12)
    await world.talk(effects=(ASKED, ALARM))
    await notifier(world).work()
    assert await told(world) == []


async def test_that_somebody_was_told_only_that_person_hears(world: World) -> None:
    there, colleague = await world.staff("there", Role.RECEPTION), await world.staff("colleague", Role.RECEPTION)
    await on_plan(world, there, window=WINDOW)
    await world.talk(effects=(ASKED, EMERGENCY))
    await notifier(world).work()
    async with world.database.read() as session:
        events = [event for event in await load_events(session, 0) if event.name is EventName.NOTIFIED]
    viewers = [await world.viewer(one) for one in (there, colleague)]
    assert [[event.is_for(viewer) for viewer in viewers] for event in events] == [[True, False]]
