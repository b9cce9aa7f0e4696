"""Wishes to erase that danger holds: carried out when it is over, or decided by a 責任者; none is forgotten."""

from datetime import timedelta

import pytest

from handoff.accounts.models import Role
from handoff.audit.models import Action
from handoff.audit.words import detail_words
from handoff.desk import actions
from handoff.desk.words import CloseReason
from handoff.report_abuse.erasing import CALM_FOR, erase_what_was_held
from handoff.report_abuse.models import WishAnswer
from handoff.report_abuse.words import WISH_WORDS
from intake.conversations.erasure import erase_talks
from intake.conversations.models import Conversation
from intake.conversations.service import close_conversation
from intake.residents.models import Resident
from nlp.reading import Reading
from tests.care.support import notes, recorded
from tests.care.test_report_abuse import SIGN
from tests.handoff.support import ALARM, ASKED, NO_READING, OTHER_WINDOW, WINDOW, Browser, World

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def wished(world: World, *, handle: str | None = None, reading: Reading = NO_READING) -> Conversation:
    """A talk that showed danger, and whose resident then asked to erase everything."""
    talk = await world.talk("もう消えたい", effects=(ASKED, ALARM), handle=handle, reading=reading)
    async with world.database.write() as session:
        resident = await session.get_one(Resident, talk.resident_id)
        await erase_talks(session, world.ring, resident, world.clock.now())
    assert (await world.row(talk)).erase_asked_at == world.clock.now()
    return talk


async def settled(world: World, talk: Conversation) -> None:
    """Somebody opens the sign, and ends the talk."""
    viewer = await world.viewer(await world.staff("a"))
    async with world.database.write() as session:
        await actions.open_alarms(session, viewer, talk.id, now=world.clock.now())
        row = await actions.claim(session, viewer, talk.id, now=world.clock.now())
        await actions.close(session, viewer, talk.id, epoch=row.epoch, reason=CloseReason.CONNECTED, now=world.clock.now())


async def sweep(world: World) -> int:
    async with world.database.write() as session:
        return await erase_what_was_held(session, world.ring, world.clock.now())


async def chief(world: World, window: str = WINDOW) -> Browser:
    return await world.browser(await world.staff("chief", Role.MANAGER, windows=(window,)))


async def decide(browser: Browser, talk: Conversation, answer: str, reason: str) -> int:
    return (await browser.post(f"/oversight/wishes/{talk.id}", answer=answer, reason=reason)).status


async def test_what_danger_held_is_erased_when_staff_have_settled_it_and_nobody_can_open_it_again(world: World) -> None:
    talk = await wished(world)
    world.clock.advance(days=30)
    assert await sweep(world) == 0, "nobody has settled it"
    await settled(world, talk)
    world.clock.advance(hours=CALM_FOR / timedelta(hours=1) - 1)
    assert await sweep(world) == 0
    world.clock.advance(hours=1)
    assert [await sweep(world), await sweep(world)] == [1, 0]
    row = await world.row(talk)
    assert (row.erased_at, row.close_reason) == (world.clock.now(), "connected")


@only_sqlite
async def test_what_ended_without_staff_waits_for_a_person_and_stands_in_the_list_with_its_age(world: World) -> None:
    talk = await wished(world, handle="すみれ 123")
    viewer = await world.viewer(await world.staff("a"))
    async with world.database.write() as session:
        await actions.open_alarms(session, viewer, talk.id, now=world.clock.now())
        close_conversation(session, await session.get_one(Conversation, talk.id), reason="silence", now=world.clock.now())
    world.clock.advance(days=40)
    assert await sweep(world) == 0
    browser = await chief(world)
    page = (await browser.get("/oversight")).text.split("wish-list")[-1]
    assert "すみれ 123さん" in page
    assert "40日前" in page
    assert "ひとりでには消えません" in page
    assert await decide(browser, talk, "erase", "本人と電話で確かめた") == 303
    assert (await world.row(talk)).erased_at == world.clock.now()
    assert "すみれ 123さん" not in (await browser.get("/oversight")).text.split("wish-list")[-1]
    assert "理由：本人と電話で確かめた" in (await notes(world, talk))[-1]
    assert [entry.details for entry in await recorded(world, Action.WISH_DECIDED)] == ["erase"]
    found = (await browser.get("/audit?action=wish_decided")).text
    assert "消去の希望を決めた" in found
    assert "本人の希望のとおり、記録を消しました" in found


async def test_what_a_person_keeps_is_not_erased_by_itself_and_stays_in_the_list(world: World) -> None:
    talk = await wished(world)
    await settled(world, talk)
    browser = await chief(world)
    assert await decide(browser, talk, "keep", "警察から照会を受けている") == 303
    world.clock.advance(days=60)
    assert await sweep(world) == 0
    browser = await world.browser(await world.staff("chief-b", Role.MANAGER))
    assert "60日前" in (await browser.get("/oversight")).text
    assert await decide(browser, talk, "erase", "照会が終わった") == 303
    assert (await world.row(talk)).erased_at is not None


@only_sqlite
@pytest.mark.parametrize(("how", "status"), [("open", 409), ("no reason", 422), ("report", 409), ("stranger", 404)])
async def test_nobody_erases_amid_danger_without_a_reason_or_from_elsewhere(world: World, how: str, status: int) -> None:
    talk = await wished(world, reading=SIGN if how == "report" else NO_READING)
    if how != "open":
        await settled(world, talk)
    await world.staff("other-chief", Role.MANAGER)
    browser = await chief(world, OTHER_WINDOW if how == "stranger" else WINDOW)
    assert await decide(browser, talk, "erase", " " if how == "no reason" else "確かめた") == status
    row = await world.row(talk)
    assert (row.erased_at, row.erase_asked_at is not None) == (None, True)


def test_a_decision_recorded_before_it_had_a_name_of_its_own_is_still_read() -> None:
    told = [detail_words(action, details, {}) for action, details in ((Action.REPORT_CHANGED, "wish:keep"), (Action.WISH_DECIDED, "keep"))]
    assert told == [WISH_WORDS[WishAnswer.KEEP]] * 2
